-- name: Scalar :many
SELECT name,
       (SELECT title FROM books WHERE author_id = a.id ORDER BY price LIMIT 1) AS cheapest,
       (SELECT count(*) FROM books WHERE author_id = a.id) AS books,
       (SELECT max(price) FROM books WHERE author_id = a.id) AS dearest
FROM authors a ORDER BY id;

-- name: HasCheap :many
SELECT name, EXISTS (SELECT 1 FROM books WHERE author_id = a.id AND price < ?) AS cheap FROM authors a ORDER BY id;

-- name: Writers :many
SELECT name FROM authors WHERE id IN (SELECT author_id FROM books WHERE price > ?);

-- name: Derived :many
SELECT d.name, d.most FROM (
    SELECT a.name, max(b.price) AS most FROM authors a LEFT JOIN books b ON b.author_id = a.id GROUP BY a.name
) d WHERE d.most IS NULL OR d.most > sqlc.arg(least) ORDER BY d.name;

-- name: Both :many
SELECT name AS title, NULL AS price FROM authors UNION ALL SELECT title, price FROM books ORDER BY title;

-- name: NoBooks :many
SELECT id FROM authors EXCEPT SELECT author_id FROM books;
