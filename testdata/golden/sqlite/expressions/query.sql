-- name: Items :many
SELECT * FROM items ORDER BY id;

-- name: Case :many
SELECT CASE WHEN stock > 5 THEN 'many' WHEN stock >= 0 THEN 'few' ELSE 'none' END AS level,
       CASE WHEN stock > 5 THEN 'many' END AS many,
       iif(stock IS NULL, 'unknown', 'known') AS known
FROM items ORDER BY id;

-- name: Nulls :many
SELECT coalesce(note, 'no note') AS note, ifnull(stock, 0) AS stock, nullif(name, 'Pen') AS other, note IS NULL AS missing,
       note IS 'blue' AS is_blue, max(price, 2.0) AS most
FROM items ORDER BY id;

-- name: Proved :many
SELECT note, rebate + 1 AS more FROM items WHERE note IS NOT NULL AND rebate > 0;

-- name: Casts :many
SELECT CAST(id AS TEXT) AS id, CAST(price AS INTEGER) AS whole, CAST(stock AS REAL) AS stock FROM items ORDER BY id;

-- Whole numbers are divided whole, and by zero there is NULL.
-- name: Arithmetic :many
SELECT price * 2 AS double, price - rebate AS paid, id / 2 AS halves, 7 / 2.0 AS half, id / 0 AS none, id % 2 AS odd FROM items ORDER BY id;

-- name: Dates :many
SELECT date(added) AS day, strftime('%Y', sold) AS year, julianday(added) > 0 AS known, datetime(added, '+1 day') AS later FROM items ORDER BY id;

-- name: Texts :many
SELECT upper(name) AS upper, name || ' ' || note AS both, length(note) AS length, name LIKE 'P%' AS p, substr(name, 1, 1) AS initial,
       printf('%s!', name) AS loud, typeof(note) AS kind
FROM items ORDER BY id;

-- name: Literals :one
SELECT 1 AS one, 1.5 AS fraction, 'text' AS text, x'00' AS bytes, NULL AS none;

-- name: Since :many
SELECT name FROM items WHERE added > ? AND fresh = ? ORDER BY id;
