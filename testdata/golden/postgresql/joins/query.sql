-- name: Inner :many
SELECT b.title, a.name, a.born FROM books b JOIN authors a ON a.id = b.author_id ORDER BY b.id;

-- name: Left :many
SELECT b.title, a.name, a.born FROM books b LEFT JOIN authors a ON a.id = b.author_id ORDER BY b.id;

-- name: Right :many
SELECT b.title, a.name FROM books b RIGHT JOIN authors a ON a.id = b.author_id ORDER BY a.id;

-- name: Full :many
SELECT b.title, a.name FROM books b FULL JOIN authors a ON a.id = b.author_id ORDER BY b.id NULLS LAST;

-- name: Cross :many
SELECT b.title, a.name FROM books b CROSS JOIN authors a ORDER BY b.id, a.id;

-- A left join under an inner one that needs its row can not leave a NULL.
-- name: LeftNeeded :many
SELECT b.title, a.name
FROM books b LEFT JOIN authors a ON a.id = b.author_id
WHERE a.name <> ''
ORDER BY b.id;

-- name: LeftOfInner :many
SELECT a.name, b.title, s.copies
FROM authors a
LEFT JOIN (books b JOIN sales s ON s.book_id = b.id) ON b.author_id = a.id
ORDER BY a.id, s.copies;

-- name: Using :many
SELECT id, x.title, y.title AS other
FROM books x LEFT JOIN (SELECT id, title FROM books WHERE id > 1) y USING (id)
ORDER BY id;

-- A full join's merged column comes from either side.
-- name: FullUsing :many
SELECT id, b.title, a.name FROM books b FULL JOIN authors a USING (id) WHERE id < 9 ORDER BY id;

-- name: Lateral :many
SELECT b.title, s.copies, s.total
FROM books b
CROSS JOIN LATERAL (SELECT sum(copies) AS copies, count(*) AS total FROM sales WHERE book_id = b.id) s
ORDER BY b.id;

-- name: LateralLeft :many
SELECT b.title, top.copies
FROM books b
LEFT JOIN LATERAL (SELECT copies FROM sales WHERE book_id = b.id ORDER BY copies DESC LIMIT 1) top ON true
ORDER BY b.id;

-- name: Star :many
SELECT b.*, a.* FROM books b LEFT JOIN authors a ON a.id = b.author_id ORDER BY b.id;

-- name: SelfJoin :many
SELECT x.title, y.title AS next FROM books x LEFT JOIN books y ON y.id = x.id + 1 ORDER BY x.id;
