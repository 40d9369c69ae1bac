-- name: Range :many
SELECT id FROM people WHERE id >= sqlc.arg(range_start);

-- name: Type :one
SELECT type FROM people WHERE type = ?;

-- name: Select :one
SELECT home_url AS `select` FROM people WHERE e_mail = ?;

-- name: Query :many
SELECT id AS query FROM people WHERE id IN (sqlc.slice(query));

-- name: Whole :many
SELECT * FROM people;

-- name: Doubled :many
SELECT a.id, b.id, a.id AS id, count(*) OVER () FROM people a, people b;
