-- name: AddBook :execlastid
INSERT INTO books (title, author, price) VALUES (?, ?, ?);

-- name: Book :one
SELECT * FROM books WHERE id = ?;

-- name: Author :one
SELECT author FROM books WHERE title = ?;

-- name: Books :many
SELECT * FROM books ORDER BY id;

-- name: Authors :many
SELECT author FROM books ORDER BY id;

# name: Titles :many
SELECT title, price FROM books WHERE price < ? ORDER BY title;

/* name: Retitle :exec */
UPDATE books SET title = ? WHERE id = ?;

-- name: Discount :execrows
UPDATE books SET price = price - sqlc.arg(price) WHERE price > sqlc.arg(price);

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
