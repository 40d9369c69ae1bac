-- name: Add :exec
INSERT INTO events (id, body, raw) VALUES (?, ?, ?);

-- name: Events :many
SELECT * FROM events ORDER BY id;

-- A key may be missing.
-- name: Read :many
SELECT json_extract(body, '$.kind') AS kind, body ->> '$.user.name' AS name, body -> 'user' AS user FROM events ORDER BY id;

-- name: Numbers :many
SELECT CAST(body ->> 'n' AS INTEGER) AS n FROM events ORDER BY id;

-- name: Make :one
SELECT json_object('id', id, 'kind', 'x') AS made, json_array(1, 2) AS list, json_valid(raw) AS valid FROM events WHERE id = ?;

-- name: Elements :many
SELECT events.id, CAST(item.value AS INTEGER) AS value FROM events, json_each(events.body, '$.items') AS item ORDER BY events.id, value;

-- name: Keys :many
SELECT key, type FROM json_each('{"a": 1, "b": null}') ORDER BY key;

-- name: Grouped :one
SELECT json_group_array(id) AS ids FROM events WHERE id > ?;
