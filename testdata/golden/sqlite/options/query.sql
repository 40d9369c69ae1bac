-- name: Add :one
INSERT INTO people (person_id, full_name, nick_name) VALUES (?, ?, ?) RETURNING *;

-- name: Person :one
SELECT * FROM people WHERE person_id = ?;

-- name: Called :many
SELECT person_id, nick_name FROM people WHERE nick_name = ? AND person_id > ?;

-- name: Some :many
SELECT nick_name FROM people WHERE person_id IN (sqlc.slice(ids)) ORDER BY person_id;

-- name: Remove :execrows
DELETE FROM people WHERE person_id = ?;
