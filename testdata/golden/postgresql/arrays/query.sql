-- name: Add :one
INSERT INTO notes (id, tags, scores, moods) VALUES ($1, $2, $3, $4) RETURNING *;

-- name: Tagged :many
SELECT id FROM notes WHERE sqlc.arg(tag)::text = ANY (tags) ORDER BY id;

-- name: Overlapping :many
SELECT id FROM notes WHERE tags && sqlc.arg(tags) ORDER BY id;

-- name: WithScores :many
SELECT id FROM notes WHERE scores @> $1 ORDER BY id;

-- Behind the end of an array there is NULL, and the length of an empty array is NULL too.
-- name: Parts :many
SELECT tags[1] AS first, scores[1:2] AS some, array_length(tags, 1) AS length, cardinality(tags) AS size,
       array_to_string(tags, ',') AS text
FROM notes ORDER BY id;

-- name: Grow :one
UPDATE notes SET tags = array_append(tags, sqlc.arg(tag)), scores = scores || ARRAY[1, 2] WHERE id = sqlc.arg(id) RETURNING tags, scores;

-- name: Literal :one
SELECT ARRAY[1, 2]::bigint[] AS numbers, '{a,b}'::text[] AS words, ARRAY(SELECT id FROM notes ORDER BY id) AS ids;

-- name: Unnested :many
SELECT n.id, tag FROM notes n, unnest(n.tags) AS tag ORDER BY n.id, tag;

-- name: AddMany :many
INSERT INTO notes (id, tags) SELECT unnest(sqlc.arg(ids)::integer[]), '{}' RETURNING id;

-- Where an element comes from something that may be NULL, it may be NULL itself.
-- name: NullElements :one
SELECT array_agg(m.tag ORDER BY n.id) AS tags, array_agg(m.tag ORDER BY n.id) FILTER (WHERE m.id IS NOT NULL) AS known,
       ARRAY[max(m.id), 7] AS ids, ARRAY(SELECT nullif(id, 1) FROM notes ORDER BY id) AS others,
       coalesce(array_agg(m.tag ORDER BY n.id), '{}') AS list, array_agg(n.id ORDER BY n.id) AS notes
FROM notes n LEFT JOIN (SELECT id, tags[1] || '!' AS tag FROM notes WHERE tags[1] IS NOT NULL) m ON m.id = n.id
WHERE n.id < 3;

-- name: Clear :exec
UPDATE notes SET tags = '{}' WHERE id = $1;
