-- Fields of a composite type may be NULL, whatever the column is.
-- name: Cities :many
SELECT (home).city, (work).zip AS work_zip FROM people ORDER BY id;

-- name: From :many
SELECT id FROM people WHERE (home).city = sqlc.arg(city) ORDER BY id;

-- name: Move :execrows
UPDATE people SET home = ROW (sqlc.arg(city)::text, sqlc.arg(zip)::text) WHERE id = sqlc.arg(id);

-- name: Texts :many
SELECT home::text AS home, work::text AS work FROM people ORDER BY id;

-- name: Homes :many
SELECT home, work FROM people ORDER BY id;
