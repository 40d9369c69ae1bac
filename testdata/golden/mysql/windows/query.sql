-- name: Ranks :many
SELECT city, row_number() OVER w AS number, rank() OVER (ORDER BY copies DESC) AS place, percent_rank() OVER w AS percent, ntile(2) OVER w AS half
FROM sales
WINDOW w AS (ORDER BY copies DESC, day)
ORDER BY number;

-- name: Neighbours :many
SELECT day, lag(copies) OVER w AS previous, lead(city) OVER w AS following
FROM sales
WINDOW w AS (ORDER BY day)
ORDER BY day;

-- name: Running :many
SELECT day, sum(copies) OVER (ORDER BY day) AS so_far,
       max(copies) OVER (ORDER BY day ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS previous,
       count(*) OVER (PARTITION BY city) AS in_city
FROM sales
ORDER BY day;
