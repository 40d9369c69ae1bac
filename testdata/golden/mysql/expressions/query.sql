-- name: Items :many
SELECT * FROM items ORDER BY id;

-- name: Cases :many
SELECT CASE WHEN stock > 5 THEN 'many' WHEN stock >= 0 THEN 'few' ELSE 'none' END AS level,
       CASE WHEN stock > 5 THEN 'many' END AS many,
       if(stock IS NULL, 'unknown', 'known') AS known
FROM items ORDER BY id;

-- name: Nulls :many
SELECT coalesce(note, 'no note') AS note, ifnull(stock, 0) AS stock, nullif(name, 'Pen') AS other, note IS NULL AS missing,
       note <=> 'blue' AS is_blue, greatest(id, 2) AS most
FROM items ORDER BY id;

-- name: Proved :many
SELECT note, rebate FROM items WHERE note IS NOT NULL AND rebate > 0;

-- 0000-00-00 is a date and time, but its day is NULL.
-- name: Casts :many
SELECT CAST(id AS char) AS id, CAST(price AS signed) AS whole, CAST(note AS char) AS note, CAST(added AS date) AS day FROM items ORDER BY id;

-- A division by zero is NULL.
-- name: Arithmetic :many
SELECT price * 2 AS `double`, price - rebate AS paid, stock + 1 AS more, id / 2 AS half, id DIV 2 AS halves, id % 2 AS odd, id / 0 AS none
FROM items ORDER BY id;

-- name: Dates :many
SELECT date(added) AS day, year(sold) AS year, datediff(sold, added) AS days, date_add(added, INTERVAL 1 DAY) AS later,
       date_format(added, '%Y-%m') AS month
FROM items ORDER BY id;

-- name: Texts :many
SELECT upper(name) AS upper, concat(name, ' ', note) AS two, concat_ws(' ', name, note) AS joined, char_length(note) AS length,
       name LIKE 'P%' AS p, left(name, 1) AS initial
FROM items ORDER BY id;

-- name: Since :many
SELECT name FROM items WHERE added > ? AND fresh = ? ORDER BY id;
