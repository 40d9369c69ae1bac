-- name: Marks :many
SELECT name AS "name?", bio AS "bio!" FROM authors ORDER BY id;

-- Lines are of Austen.
-- column: of this comment nothing is said, so it stays
-- name: Lines :many
-- column: bio nullable=false
-- column: years type=bigint
SELECT name, bio, max(id) AS years FROM authors WHERE id = 1 GROUP BY id;

-- sqlc takes this total for a number that is always there.
-- name: Total :one
-- column: total type=bigint nullable=true
SELECT (SELECT sum(id) FROM authors WHERE name = $1) AS total;

-- name: Strict :many
-- strict: true
SELECT name, bio AS "bio!" FROM authors WHERE id = 1;
