-- name: A :one
SELECT * FROM t WHERE id = ?;
-- name: B :many
SELECT id FROM t WHERE id IN (sqlc.slice(ids)) AND name = @name;
-- name: C :exec
INSERT INTO t (name) VALUES (?);
-- name: D :exec
/* @sqlc-vet-disable sqlc/db-prepare
*/
DELETE FROM t WHERE id = ?;
-- name: E :exec
/* @sqlc-vet-disable a */
DELETE FROM t WHERE id = ?;
