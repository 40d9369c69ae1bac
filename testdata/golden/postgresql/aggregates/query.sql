-- name: AddSale :exec
INSERT INTO sales (id, city, seller, copies, price, weight) VALUES ($1, $2, $3, $4, $5, $6);

-- Over no rows every aggregate but count is NULL.
-- name: Totals :one
SELECT count(*) AS sales, count(seller) AS sellers, sum(copies) AS copies, sum(price) AS revenue,
       avg(copies) AS mean, avg(weight) AS weight, min(city) AS first, max(price) AS dearest
FROM sales;

-- name: TotalsKnown :one
SELECT coalesce(sum(copies), 0) AS copies, coalesce(max(price), 0) AS dearest FROM sales;

-- A group has a row, so the aggregate of a column that is never NULL is never NULL.
-- name: ByCity :many
SELECT city, count(*) AS sales, sum(copies) AS copies, min(seller) AS seller, bool_or(copies > 5) AS large
FROM sales GROUP BY city ORDER BY city;

-- name: Having :many
SELECT city, sum(copies) AS copies FROM sales GROUP BY city HAVING sum(copies) > sqlc.arg(least) ORDER BY city;

-- A filter may leave no row of the group.
-- name: Filtered :many
SELECT city, count(*) FILTER (WHERE copies > 5) AS large, sum(copies) FILTER (WHERE copies > 5) AS copies
FROM sales GROUP BY city ORDER BY city;

-- Rollup has rows in which the grouped column is NULL.
-- name: Rollup :many
SELECT city, sum(copies) AS copies, grouping(city) AS level
FROM sales GROUP BY ROLLUP (city) ORDER BY city NULLS LAST;

-- name: Lists :one
SELECT array_agg(city ORDER BY id) AS cities, string_agg(city, ',' ORDER BY id) AS text FROM sales;

-- name: ListsByCity :many
SELECT city, array_agg(copies ORDER BY id) AS copies, string_agg(seller, ',' ORDER BY id) AS sellers
FROM sales GROUP BY city ORDER BY city;

-- name: Distinct :one
SELECT count(DISTINCT city) FROM sales;

-- name: Median :one
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY copies) AS median FROM sales;
