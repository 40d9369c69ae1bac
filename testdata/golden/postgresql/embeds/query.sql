-- name: Lefts :many
SELECT books.id, sqlc.embed(authors) FROM books LEFT JOIN authors ON authors.id = books.author_id ORDER BY books.id;

-- name: Fulls :many
SELECT sqlc.embed(b), sqlc.embed(a) FROM books b FULL JOIN authors a ON a.id = b.author_id ORDER BY b.id NULLS LAST;

-- name: One :one
SELECT sqlc.embed(b), sqlc.embed(n) FROM books b LEFT JOIN notes n ON n.book_id = b.id WHERE b.id = $1;

-- name: Needed :many
SELECT sqlc.embed(b), sqlc.embed(a) FROM books b LEFT JOIN authors a ON a.id = b.author_id WHERE a.id > 0;

-- name: Two :many
SELECT sqlc.embed(x), sqlc.embed(y) FROM books x LEFT JOIN books y ON y.id = x.id + 1 ORDER BY x.id;
