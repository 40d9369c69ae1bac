-- name: AddAuthor :exec
INSERT INTO authors (id, name, born) VALUES ($1, $2, $3);

-- name: AddBook :exec
INSERT INTO books (id, author_id, title) VALUES ($1, $2, $3);

-- name: Card :one
-- returns: AuthorCard
SELECT a.id, a.name, count(b.id) AS books
FROM authors a LEFT JOIN books b ON b.author_id = a.id
WHERE a.id = $1
GROUP BY a.id, a.name;

-- Cards are ordered by name.
-- name: Cards :many
-- returns: AuthorCard
SELECT count(b.id) AS books, a.name, a.id
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id, a.name
ORDER BY a.name;

-- name: EachCard :iter
-- returns: AuthorCard
SELECT a.id, a.name, count(b.id) AS books
FROM authors a JOIN books b ON b.author_id = a.id
GROUP BY a.id, a.name
ORDER BY a.id;

-- WriterOf gives a table's model: its columns, in any order.
-- name: WriterOf :maybe
-- returns: Author
SELECT a.born, a.id, upper(a.name) AS name
FROM books b JOIN authors a ON a.id = b.author_id
WHERE b.title = $1;

-- name: FirstBorn :one
-- returns: Author
SELECT name, born, id FROM authors WHERE born IS NOT NULL ORDER BY born, id LIMIT 1;

-- returns: what is longer than a word is documentation
-- name: Names :many
SELECT name FROM authors ORDER BY name;
