-- name: A :many
SELECT * FROM t;
-- name: P :many
SELECT id FROM u WHERE name = ? AND id > ? LIMIT ? OFFSET ?;
-- name: N :many
SELECT id, upper(name), cast(id as char) FROM u WHERE name = sqlc.arg(n) AND id IN (sqlc.slice(ids)) AND k = sqlc.narg('kk') LIMIT ?;
-- name: I :exec
INSERT INTO u (name, k) VALUES (?, ?);
-- name: UU :execresult
UPDATE u SET name = ?, k = sqlc.arg(k) WHERE id = ?;
-- name: E :many
SELECT sqlc.embed(u), t.a FROM u LEFT JOIN t ON t.d = u.id WHERE t.q > ? AND t.p BETWEEN ? AND ? ORDER BY t.a;
