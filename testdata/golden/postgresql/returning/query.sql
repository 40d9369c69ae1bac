-- name: Add :one
INSERT INTO tasks (title, due) VALUES ($1, $2) RETURNING id, slug;

-- name: AddDefaults :one
INSERT INTO tasks (title) VALUES ($1) RETURNING *;

-- name: AddMany :many
INSERT INTO tasks (title) VALUES (sqlc.arg(first)), (sqlc.arg(second)) RETURNING title, due IS NULL AS open_ended;

-- name: Finish :many
UPDATE tasks SET done = true, due = NULL WHERE NOT done AND id > $1 RETURNING id, title, due;

-- name: SetDue :one
UPDATE tasks SET due = $2 WHERE id = $1 RETURNING due;

-- name: Drop :many
DELETE FROM tasks WHERE done RETURNING tasks.*;
