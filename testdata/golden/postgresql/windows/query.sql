-- name: Ranks :many
SELECT city, copies,
       row_number() OVER w AS number,
       rank() OVER w AS rank,
       dense_rank() OVER w AS dense,
       percent_rank() OVER w AS percent,
       cume_dist() OVER w AS share,
       ntile(2) OVER w AS half
FROM sales
WINDOW w AS (ORDER BY copies DESC, day)
ORDER BY number;

-- Beside the first row there is none before, beside the last none after; a default helps.
-- name: Neighbours :many
SELECT day, lag(copies) OVER w AS before, lag(copies, 1, 0) OVER w AS before_or_none, lead(city) OVER w AS after
FROM sales
WINDOW w AS (ORDER BY day)
ORDER BY day;

-- name: Running :many
SELECT day, sum(copies) OVER (ORDER BY day) AS so_far,
       sum(copies) OVER (ORDER BY day ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS previous,
       count(*) OVER (PARTITION BY city) AS in_city,
       avg(copies) OVER () AS mean
FROM sales
ORDER BY day;

-- name: Ends :many
SELECT DISTINCT city,
       first_value(copies) OVER w AS first,
       last_value(copies) OVER w AS last,
       nth_value(copies, 2) OVER w AS second
FROM sales
WINDOW w AS (PARTITION BY city ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
ORDER BY city;
