-- name: Shelf :many
SELECT * FROM shelf ORDER BY id;

-- name: Totals :many
SELECT * FROM totals WHERE books >= sqlc.arg(least) ORDER BY author;

-- name: Refresh :exec
REFRESH MATERIALIZED VIEW cheap;

-- name: Cheap :many
SELECT title FROM cheap;

-- name: Joined :many
SELECT s.title, t.books FROM shelf s LEFT JOIN totals t ON t.author = s.author ORDER BY s.id;
