-- name: Add :one
INSERT INTO people (id, mood, wish, size, email, age) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *;

-- name: InMood :many
SELECT id FROM people WHERE mood = $1;

-- name: InMoods :many
SELECT id FROM people WHERE mood = ANY (sqlc.arg(moods)::mood[]) ORDER BY id;

-- name: Moods :many
SELECT DISTINCT mood, wish FROM people ORDER BY mood;

-- name: Best :one
SELECT max(mood)::mood AS best, 'sad'::mood AS worst FROM people;

-- name: Contact :many
SELECT email, age, age + 1 AS next FROM people ORDER BY id;
