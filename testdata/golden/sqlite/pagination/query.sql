-- name: AddAuthor :exec
INSERT INTO authors (id, name) VALUES (?, ?);

-- name: AddBook :exec
INSERT INTO books (id, author_id, title, price, created_at) VALUES (?, ?, ?, ?, ?);

-- Latest pages through books, the oldest first.
-- name: Latest :many
-- paginate: created_at, id
SELECT id, title, created_at FROM books
WHERE price >= @least;

-- name: Titles :many
-- paginate: title desc, id
SELECT * FROM books;

-- name: Everything :many
-- paginate: id
SELECT id FROM books;

-- name: Wanted :many
-- paginate: author, title, id desc
SELECT b.id, b.title, a.name AS author
FROM books b JOIN authors a ON a.id = b.author_id
WHERE TRUE
  AND a.name = @author  -- :if author
  AND b.price <= @most  -- :if most
;

-- name: Dear :many
-- paginate: price desc, b.id
SELECT sqlc.embed(b), sqlc.embed(a)
FROM books b JOIN authors a ON a.id = b.author_id
WHERE b.title <> '' OR a.name = @author;

-- name: Prolific :many
-- paginate: books desc, name, author_id
SELECT b.author_id, a.name, count(*) AS books
FROM books b JOIN authors a ON a.id = b.author_id
GROUP BY b.author_id, a.name;

-- name: Named :many
-- paginate: name
SELECT title AS name FROM books UNION SELECT name FROM authors;

-- name: AddFile :exec
INSERT INTO files (path, hash) VALUES (?, ?);

-- name: Hashes :many
-- paginate: hash, path
SELECT hash, path FROM files;
