-- name: More :many
SELECT * FROM more ORDER BY id;

-- name: AddMore :exec
INSERT INTO more (id, mi_not, mi_null, mn_not, mn_null, md_not, md_null, n_not, n_null, i_not, i_null, j_not, j_null) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: SameMore :one
SELECT count(*) FROM more a JOIN more b ON b.id = a.id + 10 AND to_jsonb(a) - 'id' = to_jsonb(b) - 'id';
