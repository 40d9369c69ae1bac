-- name: Inner :many
SELECT b.title, a.name, a.born FROM books b JOIN authors a ON a.id = b.author_id ORDER BY b.id;

-- name: Left :many
SELECT b.title, a.name, a.born FROM books b LEFT JOIN authors a ON a.id = b.author_id ORDER BY b.id;

-- name: Right :many
SELECT b.title, a.name FROM books b RIGHT JOIN authors a ON a.id = b.author_id ORDER BY a.id;

-- name: Full :many
SELECT b.title, a.name FROM books b FULL JOIN authors a ON a.id = b.author_id ORDER BY b.id NULLS LAST;

-- name: LeftNeeded :many
SELECT b.title, a.name FROM books b LEFT JOIN authors a ON a.id = b.author_id WHERE a.name <> '' ORDER BY b.id;

-- name: Using :many
SELECT id, b.title, a.name FROM books b LEFT JOIN authors a USING (id) ORDER BY id;

-- name: Star :many
SELECT b.*, a.* FROM books b LEFT JOIN authors a ON a.id = b.author_id ORDER BY b.id;

-- name: SelfJoin :many
SELECT x.title, y.title AS next FROM books x LEFT JOIN books y ON y.id = x.id + 1 ORDER BY x.id;
