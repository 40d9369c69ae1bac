-- name: AddSale :exec
INSERT INTO sales (id, city, seller, copies, price) VALUES (?, ?, ?, ?, ?);

-- Over no rows every aggregate but count and total is NULL.
-- name: Totals :one
SELECT count(*) AS sales, count(seller) AS sellers, sum(copies) AS copies, sum(price) AS revenue, avg(copies) AS mean,
       min(city) AS first, max(price) AS dearest, total(copies) AS total, group_concat(seller) AS names
FROM sales;

-- name: TotalsKnown :one
SELECT coalesce(sum(copies), 0) AS copies, ifnull(max(price), 0.0) AS dearest FROM sales;

-- name: ByCity :many
SELECT city, count(*) AS sales, sum(copies) AS copies, min(seller) AS seller FROM sales GROUP BY city ORDER BY city;

-- name: Having :many
SELECT city, sum(copies) AS copies FROM sales GROUP BY city HAVING sum(copies) > sqlc.arg(least) ORDER BY city;

-- name: Filtered :many
SELECT city, count(*) FILTER (WHERE copies > 5) AS large, sum(copies) FILTER (WHERE copies > 5) AS copies
FROM sales GROUP BY city ORDER BY city;

-- With max alone, other columns are those of the row that has it; there may be no row.
-- name: Largest :one
SELECT city, max(copies) AS copies FROM sales;
