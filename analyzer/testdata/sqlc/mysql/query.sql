-- name: Get :one
SELECT * FROM authors WHERE id = ? LIMIT 1;

-- name: List :many
SELECT * FROM authors ORDER BY bio;

-- name: ByAll :many
SELECT id FROM authors WHERE name = ? AND t > ? AND n < ? AND f = ? AND b = ? AND y = ? AND bio = sqlc.narg(bio) AND name <> sqlc.arg(x) AND bio <> sqlc.arg(x);

-- name: ByDate :many
SELECT id FROM authors WHERE born = ?;

-- name: ByDateTime :many
SELECT id FROM authors WHERE at > ?;

-- name: Join :many
SELECT a.name, b.title FROM authors a JOIN books b ON b.author_id = a.id WHERE a.name = ?;

-- name: Ids :many
SELECT id FROM authors WHERE id IN (sqlc.slice(ids));

-- name: Del :exec
DELETE FROM authors WHERE id = ?;

-- name: Ins :execlastid
INSERT INTO authors (name, bio) VALUES (?, ?);

-- name: Never :many
SELECT id FROM authors WHERE 1 = 2;
