-- name: Place :one
INSERT INTO orders (id, parent, total, rate, note, labels, placed, shipped) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *;

-- name: Orders :many
SELECT id, total, note, shipped FROM orders WHERE total >= sqlc.arg(least) AND note IS NOT DISTINCT FROM sqlc.arg(note) ORDER BY total;

-- name: Sum :one
SELECT sum(total)::bigint AS total FROM orders;
