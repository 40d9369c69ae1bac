-- name: AddBook :one
INSERT INTO books (title, author, price) VALUES (?, ?, ?) RETURNING *;

-- name: AddTitle :execlastid
INSERT INTO books (title, price) VALUES (?, 0);

-- name: Book :one
SELECT * FROM books WHERE id = ?;

-- name: Author :one
SELECT author FROM books WHERE title = ?;

-- name: Books :many
SELECT * FROM books ORDER BY id;

-- name: Authors :many
SELECT author FROM books ORDER BY id;

-- name: Titles :many
SELECT title, price FROM books WHERE price < ? ORDER BY title;

-- name: Retitle :exec
UPDATE books SET title = ?2 WHERE id = ?1;

-- name: Discount :execrows
UPDATE books SET price = price - ?1 WHERE price > ?1;

-- name: Remove :execresult
DELETE FROM books WHERE author = ?;

-- FindBook gives nil where there is no such book.
-- name: FindBook :maybe
SELECT * FROM books WHERE id = ?;

-- name: FindAuthor :maybe
SELECT author FROM books WHERE id = ?;

-- EachBook streams: no more than one book is held at a time.
-- name: EachBook :iter
SELECT * FROM books WHERE price >= ? ORDER BY id;

-- name: EachAuthor :iter
SELECT author FROM books ORDER BY id;
