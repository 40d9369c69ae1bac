-- Words of Go may be names of queries.
-- name: Range :many
SELECT id FROM people WHERE id >= sqlc.arg(range);

-- name: Type :one
SELECT type FROM people WHERE type = sqlc.arg(type);

-- name: Select :one
SELECT home_url AS "select" FROM people WHERE e_mail = sqlc.arg("func");

-- name: Len :one
SELECT count(*) AS len FROM people;

-- name: String :one
SELECT id::text AS string FROM people WHERE home_url = sqlc.arg(error);

-- name: Context :one
SELECT id AS ctx FROM people WHERE type = sqlc.arg(ctx);

-- name: Err :many
SELECT id AS err FROM people WHERE type = sqlc.arg(rows);

-- name: Q :one
SELECT id AS q FROM people WHERE id = sqlc.arg(q);

-- All columns of a table in its order are its model, in another order or fewer they are a row.
-- name: Whole :many
SELECT * FROM people;

-- name: Listed :many
SELECT id, home_url, e_mail, "Weird-col", "2nd", type FROM people;

-- name: Aliased :many
SELECT p.* FROM people p;

-- name: Fewer :many
SELECT id, e_mail FROM people;

-- name: Doubled :many
SELECT a.id, b.id, a.id AS id, 1, 2, count(*) OVER () FROM people a, people b;

-- name: News :many
SELECT * FROM back_office.news;

-- name: Bus :many
SELECT bus.*, odd_tables.* FROM bus, odd_tables;

-- name: Odd :many
SELECT sqlc.embed(odd_tables), sqlc.embed(bus), people.e_mail FROM bus, odd_tables, people;
