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

-- name: AddParcel :one
INSERT INTO parcels (id, parcel, places) VALUES (sqlc.arg(id), sqlc.arg(parcel), sqlc.arg(places)) RETURNING *;

-- What PostgreSQL itself makes of a parcel that was sent to it.
-- name: Written :one
SELECT parcel::text AS parcel, places::text AS places FROM parcels WHERE id = sqlc.arg(id);

-- name: ParcelOf :one
SELECT parcel, (parcel)."to" AS place FROM parcels WHERE id = sqlc.arg(id);

-- name: Post :one
SELECT sqlc.narg(parcel)::parcel AS parcel, (sqlc.arg(place)::place).city AS city;

-- name: AddPerson :exec
INSERT INTO people (id, home, work) VALUES (sqlc.arg(id), sqlc.arg(home), sqlc.arg(work));

-- A table's rows are a composite type too.
-- name: Moves :many
SELECT * FROM moves ORDER BY id;

-- name: AddMove :exec
INSERT INTO moves (id, person) VALUES ($1, $2);
