-- name: Range :many
SELECT id FROM people WHERE id >= sqlc.arg(range);

-- name: Type :one
SELECT type FROM people WHERE type = ?;

-- name: Sql :one
SELECT home_url AS `select` FROM people WHERE e_mail = sqlc.arg("func");

-- name: Query :many
SELECT id AS query FROM people WHERE id IN (sqlc.slice(query));

-- name: Strings :many
SELECT e_mail FROM people WHERE id IN (sqlc.slice(rows));

-- name: Whole :many
SELECT * FROM people;

-- name: Doubled :many
SELECT a.id, b.id, a.id AS id, 1, 2, count(*) OVER () FROM people a, people b;
