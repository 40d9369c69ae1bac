-- name: Numbers :many
SELECT n FROM generate_series(1, sqlc.arg(most)::integer) AS n;

-- name: Days :many
SELECT d::date AS day, count(b.id) AS books
FROM generate_series(sqlc.arg(first)::timestamptz, sqlc.arg(last)::timestamptz, '1 day') AS d
LEFT JOIN books b ON b.id = extract(day FROM d)
GROUP BY d ORDER BY d;

-- name: Ordered :many
SELECT b.title, x.place
FROM unnest(sqlc.arg(ids)::integer[]) WITH ORDINALITY AS x (id, place)
JOIN books b ON b.id = x.id
ORDER BY x.place;

-- Rows of the longer list stand alone.
-- name: Zipped :many
SELECT number, word FROM unnest(sqlc.arg(numbers)::integer[], sqlc.arg(words)::text[]) AS z (number, word);

-- name: Words :many
SELECT word FROM regexp_split_to_table(sqlc.arg(line)::text, ' +') AS word;

-- What a function of the schema gives is what its body selects.
-- name: Cheaper :many
SELECT id, title FROM cheaper_than(sqlc.arg(most));

-- name: AllBooks :many
SELECT * FROM all_books();

-- name: Titles :many
SELECT * FROM titles();

-- name: Doubled :many
SELECT double(price) AS price, double(id) AS id FROM books ORDER BY books.id;
