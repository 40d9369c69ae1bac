-- name: Add :exec
INSERT INTO people (id, name, pay, state) VALUES (?, ?, ?, ?);

-- name: Person :one
SELECT * FROM people WHERE id = ?;

-- name: Some :many
SELECT name FROM people WHERE id IN (sqlc.slice(ids)) ORDER BY id;

-- name: SetPay :execrows
UPDATE people SET pay = sqlc.arg(pay) WHERE id = sqlc.arg(id) AND (pay IS NULL OR pay < sqlc.arg(pay));
