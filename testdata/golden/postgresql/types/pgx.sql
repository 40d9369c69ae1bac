-- name: Clocks :many
SELECT * FROM clocks ORDER BY id;

-- name: AddClocks :exec
INSERT INTO clocks (id, t_not, t_null, tt_not, tt_null) VALUES ($1, $2, $3, $4, $5);

-- name: SameClocks :one
SELECT count(*) FROM clocks a JOIN clocks b ON b.id = a.id + 10 AND to_jsonb(a) - 'id' = to_jsonb(b) - 'id';
