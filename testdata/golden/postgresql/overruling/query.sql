-- Marks lists what was written.
-- name: Marks :many
SELECT a.name AS "name?", b.title AS "title!"
FROM authors a LEFT JOIN books b ON b.author_id = a.id
ORDER BY "title!";

-- Lines counts what was spent.
-- name: Lines :many
-- column: spent type=double precision nullable=false
SELECT a.name, sum(b.price) AS spent
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id HAVING a.id <> $1;

-- name: Positions :many
-- column: 2 nullable=false
SELECT a.id, b.id FROM authors a LEFT JOIN books b ON b.author_id = a.id ORDER BY 1;

-- The table's own struct has a bio that may be NULL; this row's never is.
-- name: Star :many
-- column: bio nullable=false
SELECT * FROM authors WHERE id <> 2;

-- name: Moods :many
-- column: mood type=public.mood
SELECT CASE WHEN price > 1 THEN 'glad' ELSE 'sad' END AS mood FROM books ORDER BY id;

-- name: Pages :one
-- column: pages type=int nullable=false
SELECT doc -> 'pages' AS pages FROM books WHERE id = $1;

-- name: Returned :one
INSERT INTO authors (id, name, bio) VALUES ($1, $2, $3) RETURNING name AS "name?", bio AS "bio!";

-- A mark that is not so fails when the NULL comes.
-- name: Bio :one
SELECT bio AS "bio!" FROM authors WHERE id = $1;

-- A mark further in is a part of a name.
-- name: Inside :many
SELECT x."bio!" AS bio FROM (SELECT bio AS "bio!" FROM authors) x ORDER BY bio;
