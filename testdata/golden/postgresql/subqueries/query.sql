-- A scalar subquery may have no row, a count always has one.
-- name: Scalar :many
SELECT name,
       (SELECT title FROM books WHERE author_id = a.id ORDER BY price LIMIT 1) AS cheapest,
       (SELECT count(*) FROM books WHERE author_id = a.id) AS books,
       (SELECT max(price) FROM books WHERE author_id = a.id) AS dearest
FROM authors a ORDER BY id;

-- name: Exists :many
SELECT name, EXISTS (SELECT 1 FROM books WHERE author_id = a.id AND price < $1) AS cheap FROM authors a ORDER BY id;

-- name: In :many
SELECT name FROM authors WHERE id IN (SELECT author_id FROM books WHERE price > $1);

-- name: NotIn :many
SELECT name FROM authors WHERE id NOT IN (SELECT author_id FROM books);

-- name: Any :many
SELECT title FROM books WHERE price >= ALL (SELECT price FROM books) OR title = ANY (SELECT name FROM authors);

-- name: Derived :many
SELECT d.name, d.total FROM (
    SELECT a.name, sum(b.price) AS total FROM authors a LEFT JOIN books b ON b.author_id = a.id GROUP BY a.name
) d WHERE d.total IS NULL OR d.total > sqlc.arg(least) ORDER BY d.name;

-- name: Rows :many
SELECT title FROM books WHERE (author_id, price) IN (SELECT id, 12 FROM authors);

-- name: Array :many
SELECT name, ARRAY(SELECT title FROM books WHERE author_id = a.id ORDER BY title) AS titles FROM authors a ORDER BY id;

-- name: InsertFrom :many
INSERT INTO books (id, author_id, title, price)
SELECT sqlc.arg(id), id, 'On ' || name, (SELECT max(price) + 1 FROM books) FROM authors WHERE name = sqlc.arg(name)
RETURNING title, price;
