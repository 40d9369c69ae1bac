-- name: Named :many
SELECT title FROM books WHERE price BETWEEN sqlc.arg(low) AND sqlc.arg(high) ORDER BY id;

-- name: At :many
SELECT title FROM books WHERE price > @low::integer OR title = @title ORDER BY id;

-- name: Twice :many
SELECT title FROM books WHERE title = @word OR author_id = (SELECT id FROM authors WHERE name = @word) ORDER BY id;

-- narg takes a NULL where arg does not.
-- name: Optional :many
SELECT title FROM books
WHERE (price <= sqlc.narg(most) OR sqlc.narg(most) IS NULL)
  AND title LIKE sqlc.arg(pattern)
ORDER BY id;

-- name: Patch :one
UPDATE books SET title = coalesce(sqlc.narg(title), title), price = coalesce(sqlc.narg(price), price)
WHERE id = sqlc.arg(id)
RETURNING *;

-- name: In :many
SELECT title FROM books WHERE id = ANY (sqlc.arg(ids)::integer[]) ORDER BY id;

-- name: NotIn :many
SELECT title FROM books WHERE id <> ALL (@ids::integer[]) ORDER BY id;

-- name: Embedded :many
SELECT sqlc.embed(books), sqlc.embed(authors)
FROM books JOIN authors ON authors.id = books.author_id
ORDER BY books.id;

-- An embedded table behind an outer join may have no row.
-- name: EmbeddedOuter :many
SELECT sqlc.embed(b), sqlc.embed(a)
FROM books b LEFT JOIN authors a ON a.id = b.author_id
ORDER BY b.id;
