-- name: Plain :many
WITH named AS (SELECT id, upper(name) AS name FROM staff WHERE id > $1)
SELECT named.name, named.id FROM named ORDER BY id;

-- name: Tree :many
WITH RECURSIVE tree AS (
    SELECT id, name, 1 AS depth, name AS path FROM staff WHERE boss IS NULL
    UNION ALL
    SELECT s.id, s.name, tree.depth + 1, tree.path || '/' || s.name
    FROM staff s JOIN tree ON s.boss = tree.id
)
SELECT * FROM tree ORDER BY depth;

-- name: Counted :many
WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < sqlc.arg(most)::integer)
SELECT i FROM n;

-- A row that the recursion adds may be NULL though the first row is not.
-- name: Bosses :many
WITH RECURSIVE up AS (
    SELECT id, 0 AS seen FROM staff WHERE id = $1
    UNION ALL
    SELECT s.boss, up.seen + 1 FROM staff s JOIN up ON s.id = up.id
)
SELECT id, seen FROM up ORDER BY seen;

-- name: Dismiss :many
WITH gone AS (DELETE FROM staff WHERE id = $1 RETURNING id, name)
INSERT INTO leavers (id, name) SELECT id, name FROM gone RETURNING *;

-- name: Hire :one
WITH added AS (INSERT INTO staff (id, boss, name) VALUES ($1, $2, $3) RETURNING *)
SELECT added.name, b.name AS boss FROM added LEFT JOIN staff b ON b.id = added.boss;

-- name: Materialized :many
WITH a AS MATERIALIZED (SELECT 1 AS x), b AS NOT MATERIALIZED (SELECT x + 1 AS y FROM a)
SELECT x, y FROM a, b;
