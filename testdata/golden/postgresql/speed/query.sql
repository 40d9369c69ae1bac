-- name: Person :one
SELECT * FROM people WHERE id = $1;

-- name: People :many
SELECT * FROM people WHERE id <= $1 ORDER BY id;
