-- name: Case :many
SELECT CASE WHEN stock > 5 THEN 'many' WHEN stock >= 0 THEN 'few' ELSE 'none' END AS level,
       CASE WHEN stock > 5 THEN 'many' END AS many,
       CASE name WHEN 'Pen' THEN note ELSE name END AS label
FROM items ORDER BY id;

-- name: Nulls :many
SELECT coalesce(note, 'no note') AS note, coalesce(note, rebate::text) AS either, nullif(name, 'Pen') AS other,
       note IS NULL AS missing, note IS DISTINCT FROM 'blue' AS differs, greatest(stock, 3) AS most
FROM items ORDER BY id;

-- A condition proves that a column is no longer NULL.
-- name: Proved :many
SELECT note, rebate + 1 AS more FROM items WHERE note IS NOT NULL AND rebate > 0;

-- name: Casts :many
SELECT id::text AS id, price::integer AS whole, CAST(stock AS bigint) AS stock, added::date AS day, '7'::smallint AS seven
FROM items ORDER BY id;

-- name: Arithmetic :many
SELECT price * 2 AS double, price - rebate AS paid, stock / 3 AS thirds, 7 / 2 AS whole, 7.0 / 2 AS half, id % 2 = 1 AS odd,
       round(price, 1) AS rounded, power(id, 2) AS square
FROM items ORDER BY id;

-- name: Dates :many
SELECT date_trunc('day', added) AS day, extract(year FROM sold) AS year, sold - added AS lasted,
       added + interval '1 day' AS later, due - 1 AS before, due + 7 AS after, to_char(added, 'YYYY-MM') AS month
FROM items ORDER BY id;

-- name: Texts :many
SELECT upper(name) AS upper, name || ' ' || note AS both, concat(name, note) AS joined, length(note) AS length,
       name LIKE 'P%' AS p, name || '!' AS loud, substring(name FROM 1 FOR 1) AS initial
FROM items ORDER BY id;

-- Three-valued logic: a comparison with a NULL is NULL, but not always the whole condition.
-- name: Logic :many
SELECT stock > 5 AS many, stock > 5 OR id > 0 AS yes, (stock > 5) IS TRUE AS sure, id IN (1, 3) AS listed, stock IN (1, 10) AS maybe
FROM items ORDER BY id;

-- name: Literals :one
SELECT 1 AS one, 1.5 AS fraction, 'text' AS text, true AS yes, NULL AS nothing, 3000000000 AS large, current_date IS NULL AS never;

-- name: Rows :many
SELECT id FROM items WHERE (name, price) = (sqlc.arg(name), sqlc.arg(price)) OR id > sqlc.arg(least) + 1;
