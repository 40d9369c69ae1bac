-- name: Add :exec
INSERT INTO things (id, name, mood, price, weight, on_sale, tags, sizes, data, raw, key, day, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: Things :many
SELECT * FROM things ORDER BY id;

-- name: Thing :one
SELECT * FROM things WHERE id = $1;

-- name: Some :many
SELECT name FROM things WHERE id = ANY ($1::bigint[]) ORDER BY id;

-- name: Totals :one
SELECT count(*) AS things, sum(price) AS price, max(at) AS latest, array_agg(name) AS names FROM things WHERE id > $1;

-- Elements that may be NULL.
-- name: Lists :one
SELECT array_agg(mood::text ORDER BY id) AS moods, array_agg(weight ORDER BY id) AS weights, array_agg(key ORDER BY id) AS keys,
       array_agg(day ORDER BY id) AS days, array_agg(day ORDER BY id) FILTER (WHERE day IS NOT NULL) AS known
FROM things;

-- name: Rename :execrows
UPDATE things SET name = $2 WHERE id = $1;

-- name: Remove :execresult
DELETE FROM things WHERE id = $1;
