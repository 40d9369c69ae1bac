-- Marks lists what was written.
-- name: Marks :many
SELECT a.name AS `name?`, b.title AS `title!`
FROM authors a LEFT JOIN books b ON b.author_id = a.id
ORDER BY `title!`;

-- Lines counts what was spent.
-- name: Lines :many
-- column: spent type=double nullable=false
SELECT a.name, sum(b.price) AS spent
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id HAVING a.id <> ?;

-- name: Positions :many
-- column: 2 nullable=false
SELECT a.id, b.id FROM authors a LEFT JOIN books b ON b.author_id = a.id ORDER BY 1;

-- The table's own struct has a bio that may be NULL; this row's never is.
-- name: Star :many
-- column: bio nullable=false
SELECT * FROM authors WHERE id <> 2;

-- name: InStock :many
-- column: stock type=tinyint(1)
SELECT stock FROM books ORDER BY id;

-- name: Pages :one
-- column: pages type=bigint nullable=false
SELECT JSON_EXTRACT(doc, '$.pages') AS pages FROM books WHERE id = ?;

-- name: Counts :one
-- column: MAX(id) nullable=false
-- column: COUNT(*) type=int
SELECT MAX(id), COUNT(*) FROM books;

-- A mark that is not so fails when the NULL comes.
-- name: Bio :one
SELECT bio AS `bio!` FROM authors WHERE id = ?;

-- A mark further in is a part of a name.
-- name: Inside :many
SELECT x.`bio!` AS bio FROM (SELECT bio AS `bio!` FROM authors) x ORDER BY bio;
