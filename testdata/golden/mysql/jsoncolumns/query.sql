-- name: Add :exec
INSERT INTO users (id, profile, extra, tags) VALUES (?, ?, ?, ?);

-- name: Users :many
SELECT * FROM users ORDER BY id;

-- name: Extra :one
SELECT extra FROM users WHERE id = ?;

-- A missing user is nil, and so is a missing profile.
-- name: Pairs :many
SELECT a.id, a.profile, b.profile AS other, sqlc.embed(b) FROM users a LEFT JOIN users b ON b.id = a.id + 1 ORDER BY a.id;

-- name: AddMany :bulkinsert
INSERT INTO users (id, profile, extra, tags) VALUES (?, ?, ?, ?);
