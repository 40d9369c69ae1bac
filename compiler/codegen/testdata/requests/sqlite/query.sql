-- name: Get :one
-- Reads one.
SELECT * FROM authors WHERE id = ? LIMIT 1;
-- name: Two :many
SELECT a.id AS x, upper(a.name), b.*, count(*) FROM authors a LEFT JOIN "Books" b ON b.author_id = a.id WHERE a.name = @nm AND a.bio IS NOT NULL AND b.id IN (sqlc.slice('ids')) AND a.id > ? LIMIT ?;
-- name: Ins :exec
INSERT INTO main.authors (name, bio) VALUES (?, ?);
-- name: Ret :one
INSERT INTO authors (name, bio) VALUES (?1, ?2) RETURNING id, name AS nn;
-- name: VV :many
SELECT * FROM vw WHERE c > ?;
-- name: Emb :many
SELECT sqlc.embed(authors), cast(bio as text) FROM authors;
