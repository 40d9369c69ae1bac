-- name: AddSale :exec
INSERT INTO sales (id, city, seller, copies, price, weight) VALUES (?, ?, ?, ?, ?, ?);

-- Over no rows every aggregate but count is NULL.
-- name: Totals :one
SELECT count(*) AS sales, count(seller) AS sellers, sum(copies) AS copies, sum(price) AS revenue, avg(copies) AS mean,
       avg(weight) AS weight, min(city) AS first, max(price) AS dearest, group_concat(seller ORDER BY id) AS names
FROM sales;

-- name: TotalsKnown :one
SELECT coalesce(sum(copies), 0) AS copies, ifnull(max(id), 0) AS last FROM sales;

-- name: ByCity :many
SELECT city, count(*) AS sales, sum(copies) AS copies, min(seller) AS seller FROM sales GROUP BY city ORDER BY city;

-- name: HavingMore :many
SELECT city, max(copies) AS copies FROM sales GROUP BY city HAVING max(copies) > sqlc.arg(least) ORDER BY city;

-- Rollup has rows in which the grouped column is NULL.
-- name: Rollup :many
SELECT city, sum(copies) AS copies FROM sales GROUP BY city WITH ROLLUP;

-- name: Bits :one
SELECT bit_or(copies) AS bits, count(DISTINCT city) AS cities FROM sales;
