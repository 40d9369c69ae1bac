-- name: Add :one
INSERT INTO tasks (title, due) VALUES (?, ?) RETURNING id;

-- name: AddMany :many
INSERT INTO tasks (title) VALUES (sqlc.arg(first)), (sqlc.arg(second)) RETURNING title, due IS NULL AS open_ended;

-- name: Finish :many
UPDATE tasks SET done = TRUE, due = NULL WHERE NOT done AND id > ? RETURNING id, title, due;

-- name: SetDue :one
UPDATE tasks SET due = ? WHERE id = ? RETURNING *;

-- name: Drop :many
DELETE FROM tasks WHERE done RETURNING *;
