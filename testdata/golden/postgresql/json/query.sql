-- name: Add :exec
INSERT INTO events (id, body, raw) VALUES ($1, $2, $3);

-- name: Events :many
SELECT * FROM events ORDER BY id;

-- A key may be missing, so what the operators give may be NULL.
-- name: Read :many
SELECT body -> 'user' AS "user", body ->> 'kind' AS kind, body #>> '{user,name}' AS name, (body ->> 'n')::integer AS n
FROM events ORDER BY id;

-- name: With :many
SELECT id FROM events WHERE body @> sqlc.arg(part)::jsonb AND body ? sqlc.arg(key) ORDER BY id;

-- name: Make :one
SELECT jsonb_build_object('id', id, 'kind', body -> 'kind') AS made, to_jsonb(id) AS number, jsonb_typeof(body) AS kind
FROM events WHERE id = $1;

-- name: All :one
SELECT jsonb_agg(id ORDER BY id) AS ids, coalesce(json_agg(id ORDER BY id), '[]') AS list FROM events WHERE id > $1;

-- name: Elements :many
SELECT e.id, item.value FROM events e, jsonb_array_elements(e.body -> 'items') AS item (value) ORDER BY e.id, item.value;

-- name: Pairs :many
SELECT key, value FROM jsonb_each_text('{"a": 1, "b": null}') ORDER BY key;

-- name: Set :one
UPDATE events SET body = jsonb_set(body, '{kind}', to_jsonb(sqlc.arg(kind)::text)) WHERE id = sqlc.arg(id) RETURNING body;
