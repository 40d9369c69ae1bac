-- name: Person :one
SELECT * FROM people WHERE id = ?;

-- name: People :many
SELECT * FROM people WHERE id <= ? ORDER BY id;
