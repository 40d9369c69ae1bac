-- name: Books :many
SELECT * FROM books ORDER BY id;

-- name: EachBook :iter
SELECT * FROM books ORDER BY id;

-- A text may not be called as a package that the file imports.
-- name: Tags :many
SELECT tags FROM books ORDER BY id;

-- name: Prices :many
SELECT price FROM books ORDER BY id;

-- name: Raws :many
SELECT raw FROM books ORDER BY id;

-- name: Names :many
SELECT names, name FROM authors ORDER BY id;

-- name: Writers :many
SELECT books.id, sqlc.embed(authors) FROM books LEFT JOIN authors ON authors.id = books.author_id ORDER BY books.id;

-- Room is made for three rows, when the first one comes.
-- name: Cheapest :many
SELECT id, title FROM books WHERE price <= @most ORDER BY price LIMIT 3;

-- Arguments may be called as the method's own variables.
-- name: Into :many
SELECT title FROM books WHERE id = @into;

-- name: I :many
SELECT title FROM books WHERE id = @i;

-- name: Row :iter
SELECT id, title FROM books WHERE id = @row;

-- name: NoAuthor :many
SELECT sqlc.embed(authors) FROM books LEFT JOIN authors ON authors.id = books.author_id WHERE books.id = sqlc.arg(no_author);

-- Names may be those of functions that the method calls.
-- name: Max :many
SELECT title FROM books ORDER BY id LIMIT sqlc.arg(max)::integer;

-- name: Min :many
SELECT price FROM books WHERE id >= @min ORDER BY id LIMIT sqlc.arg(make)::bigint;

-- name: New :many
SELECT author_id FROM books WHERE id = sqlc.arg(new);

-- name: Append :many
SELECT title FROM books WHERE id > sqlc.arg(append) ORDER BY id;

-- name: Spoil :exec
UPDATE books SET tags = 'panic' WHERE id = $1;
