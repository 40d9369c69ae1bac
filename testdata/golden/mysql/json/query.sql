-- name: Add :exec
INSERT INTO events (id, body, raw) VALUES (?, ?, ?);

-- name: Events :many
SELECT * FROM events ORDER BY id;

-- A key may be missing.
-- name: Extracted :many
SELECT json_extract(body, '$.user') AS user, json_unquote(json_extract(body, '$.kind')) AS kind, json_length(body) AS size FROM events ORDER BY id;

-- name: Made :one
SELECT json_object('id', id, 'kind', 'x') AS made, json_array(1, 2) AS list, json_valid(raw) AS valid FROM events WHERE id = ?;

-- name: Elements :many
SELECT e.id, item.n, item.place
FROM events e, json_table(e.body, '$.items[*]' COLUMNS (place FOR ORDINALITY, n int PATH '$')) AS item
ORDER BY e.id, item.place;
