-- name: Add :one
INSERT INTO notes (id, tags, nums, days, spans, known, other) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *;

-- name: Notes :many
SELECT * FROM notes ORDER BY id;

-- What is made of an array keeps its elements.
-- name: Made :one
SELECT tags || 'x'::text AS tags, coalesce(nums, '{}') AS nums, nums[1:1] AS part, array_append(known, 'x') AS known, known || tags AS both,
       array_append(known, tags[1]) AS added, string_to_array('a,b', ',') AS split, ARRAY(SELECT unnest(known)) AS list
FROM notes WHERE id = $1;

-- name: Tagged :many
SELECT id FROM notes WHERE sqlc.arg(tag)::text = ANY (tags) OR id = ANY (sqlc.arg(ids)::integer[]) ORDER BY id;
