-- name: AddBook :one
INSERT INTO books (title, author, price) VALUES ($1, $2, $3) RETURNING *;

-- name: Book :one
SELECT * FROM books WHERE id = $1;

-- name: Author :one
SELECT author FROM books WHERE title = $1;

-- name: Books :many
SELECT * FROM books ORDER BY id;

-- name: Authors :many
SELECT author FROM books ORDER BY id;

-- name: Titles :many
SELECT title, price FROM books WHERE price < $1 ORDER BY title;

-- name: Retitle :exec
UPDATE books SET title = $2 WHERE id = $1;

-- name: Discount :execrows
UPDATE books SET price = price - $1 WHERE price > $1;

-- name: Remove :execresult
DELETE FROM books WHERE author = $1;

-- FindBook gives nil where there is no such book.
-- name: FindBook :maybe
SELECT * FROM books WHERE id = $1;

-- name: FindAuthor :maybe
SELECT author FROM books WHERE id = $1;

-- EachBook streams: no more than one book is held at a time.
-- name: EachBook :iter
SELECT * FROM books WHERE price >= $1 ORDER BY id;

-- name: EachAuthor :iter
SELECT author FROM books ORDER BY id;

-- name: CopyBooks :copyfrom
INSERT INTO books (title, author, price) VALUES ($1, $2, $3);

-- Cheap is kept in memory until a query that writes books has run.
-- name: Cheap :many
-- cache: 1m, stale 1m
SELECT title FROM books WHERE price <= $1 ORDER BY title;

-- name: CheapAuthor :one
-- cache: 1m
SELECT author FROM books WHERE price <= $1 AND author = $2 LIMIT 1;

-- name: Report :many
-- class: reports
SELECT author, count(*) AS books FROM books GROUP BY author ORDER BY 2 DESC, 1;

-- name: SetTitle :exec
UPDATE books SET title = $2 WHERE id = $1;
