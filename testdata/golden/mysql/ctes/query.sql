-- name: Plain :many
WITH named AS (SELECT id, upper(name) AS name FROM staff WHERE id > ?) SELECT name, id FROM named ORDER BY id;

-- name: Tree :many
WITH RECURSIVE tree AS (
    SELECT id, name, 1 AS depth, CAST(name AS char(100)) AS path FROM staff WHERE boss IS NULL
    UNION ALL
    SELECT s.id, s.name, tree.depth + 1, concat(tree.path, '/', s.name) FROM staff s JOIN tree ON s.boss = tree.id
)
SELECT * FROM tree ORDER BY depth;

-- name: Counted :many
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < sqlc.arg(most)) SELECT i FROM n;

-- name: Bosses :many
WITH RECURSIVE up AS (
    SELECT id, 0 AS seen FROM staff WHERE id = ?
    UNION ALL
    SELECT s.boss, up.seen + 1 FROM staff s JOIN up ON s.id = up.id
)
SELECT id, seen FROM up ORDER BY seen;
