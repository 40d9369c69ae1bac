-- One branch that may be NULL makes the column so.
-- name: Names :many
SELECT name FROM staff UNION SELECT name FROM guests ORDER BY name NULLS LAST;

-- name: NoNulls :many
SELECT name FROM staff UNION ALL SELECT name FROM guests WHERE name IS NOT NULL ORDER BY name;

-- name: Tagged :many
SELECT 'staff' AS kind, name, pay, NULL::date AS since FROM staff
UNION ALL
SELECT 'guest', name, NULL, since FROM guests
ORDER BY kind, name;

-- What both have is as good as the better one, what the first has alone as the first.
-- name: Both :many
SELECT name FROM guests INTERSECT SELECT name FROM staff;

-- name: OnlyStaff :many
SELECT name FROM staff EXCEPT SELECT name FROM guests;

-- name: Wider :many
SELECT 1 AS n UNION ALL SELECT 3000000000 UNION ALL SELECT pay FROM staff ORDER BY n;

-- name: Limited :many
(SELECT name FROM staff ORDER BY name DESC LIMIT 1) UNION ALL SELECT name FROM staff WHERE name = $1;

-- name: Values :many
SELECT * FROM (VALUES (1, 'one'), (2, NULL)) AS v (number, word) ORDER BY number;
