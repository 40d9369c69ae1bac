-- AddReadings brings what the sensors sent.
-- name: AddReadings :bulkinsert
INSERT INTO readings (id, place, value) VALUES (?, ?, ?);

-- name: AddNotes :bulkinsert
INSERT INTO readings (id, place, note)
VALUES (sqlc.arg(id), 'here (or "there")', substr(sqlc.arg(note), 1, 20)); -- cut to what a label holds

-- name: SeePlaces :bulkinsert
INSERT INTO places (name, seen) VALUES (sqlc.arg(name), sqlc.arg(seen))
ON CONFLICT (name) DO UPDATE SET seen = places.seen + excluded.seen;

-- name: Rename :bulkinsert
INSERT OR REPLACE INTO readings (id, place) VALUES (sqlc.arg(id), concat(sqlc.arg(place), '-', sqlc.arg(id), '-', sqlc.arg(place)));

-- name: Names :bulkinsert
INSERT INTO places (name, seen) VALUES (?, 1);

-- name: Readings :many
SELECT * FROM readings ORDER BY id;

-- name: Places :many
SELECT * FROM places ORDER BY name;
