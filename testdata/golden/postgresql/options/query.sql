-- Add is the first of all.
-- name: Add :one
INSERT INTO people (person_id, full_name, nick_name, mood) VALUES ($1, $2, $3, $4) RETURNING *;

-- name: Person :one
SELECT * FROM people WHERE person_id = $1;

-- name: Called :many
SELECT person_id, nick_name FROM people WHERE full_name = $1 AND person_id > $2;

-- name: Rename :execrows
UPDATE people SET full_name = $2 WHERE person_id = $1;

-- name: Remove :exec
DELETE FROM people WHERE person_id = $1;
