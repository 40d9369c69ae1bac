-- name: Ranks :many
SELECT city, row_number() OVER w AS number, rank() OVER (ORDER BY copies DESC) AS rank, percent_rank() OVER w AS percent, ntile(2) OVER w AS half
FROM sales
WINDOW w AS (ORDER BY copies DESC, day)
ORDER BY number;

-- name: Neighbours :many
SELECT day, lag(copies) OVER w AS before, lag(copies, 1, 0) OVER w AS before_or_none, lead(city) OVER w AS after
FROM sales
WINDOW w AS (ORDER BY day)
ORDER BY day;

-- name: Running :many
SELECT day, sum(copies) OVER (ORDER BY day) AS so_far,
       sum(copies) OVER (ORDER BY day ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS previous,
       count(*) OVER (PARTITION BY city) AS in_city
FROM sales
ORDER BY day;
