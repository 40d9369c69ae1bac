-- name: Beside :many
SELECT title FROM books WHERE price > sqlc.arg(low) AND id IN (sqlc.slice(ids)) AND price < sqlc.arg(high) ORDER BY id;

-- name: Twice :many
SELECT title FROM books WHERE id IN (sqlc.slice(ids)) OR price IN (sqlc.slice(ids)) ORDER BY id;

-- name: Repeated :many
SELECT title FROM books WHERE title = sqlc.arg(word) OR id IN (sqlc.slice(ids)) OR title || '!' = sqlc.arg(word) ORDER BY id;
