-- name: InnerJoin :many
SELECT b.title, a.name, a.born FROM books b JOIN authors a ON a.id = b.author_id ORDER BY b.id;

-- name: LeftJoin :many
SELECT b.title, a.name, a.born FROM books b LEFT JOIN authors a ON a.id = b.author_id ORDER BY b.id;

-- name: RightJoin :many
SELECT b.title, a.name FROM books b RIGHT JOIN authors a ON a.id = b.author_id ORDER BY a.id;

-- name: LeftNeeded :many
SELECT b.title, a.name FROM books b LEFT JOIN authors a ON a.id = b.author_id WHERE a.name <> '' ORDER BY b.id;

-- name: Nested :many
SELECT a.name, b.title, c.title AS next
FROM authors a LEFT JOIN (books b JOIN books c ON c.id = b.id + 1) ON b.author_id = a.id
ORDER BY a.id;

-- name: JoinUsing :many
SELECT id, b.title, a.name FROM books b LEFT JOIN authors a USING (id) ORDER BY id;

-- name: Star :many
SELECT b.*, a.* FROM books b LEFT JOIN authors a ON a.id = b.author_id ORDER BY b.id;
