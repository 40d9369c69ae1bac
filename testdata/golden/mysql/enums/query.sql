-- name: Add :exec
INSERT INTO people (id, mood, wish, likes) VALUES (?, ?, ?, ?);

-- name: People :many
SELECT * FROM people ORDER BY id;

-- name: InMood :many
SELECT id FROM people WHERE mood = ?;

-- name: Wishes :many
SELECT DISTINCT wish FROM people ORDER BY wish;

-- name: InMoods :many
SELECT id FROM people WHERE mood IN (sqlc.slice(moods)) ORDER BY id;
