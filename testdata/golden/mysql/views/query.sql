-- name: Shelf :many
SELECT * FROM shelf ORDER BY id;

-- name: Totals :many
SELECT * FROM totals WHERE books >= sqlc.arg(least) ORDER BY author;

-- name: Joined :many
SELECT s.title, t.books FROM shelf s LEFT JOIN totals t ON t.author = s.author ORDER BY s.id;
