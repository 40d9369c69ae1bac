-- name: Named :many
SELECT title FROM books WHERE price BETWEEN sqlc.arg(low) AND sqlc.arg(high) ORDER BY id;

-- name: Twice :many
SELECT title FROM books WHERE title = sqlc.arg(word) OR author_id = (SELECT id FROM authors WHERE name = sqlc.arg(word)) ORDER BY id;

-- name: Optional :many
SELECT title FROM books
WHERE (price <= sqlc.narg(most) OR sqlc.narg(most) IS NULL)
  AND title LIKE sqlc.arg(pattern)
ORDER BY id;

-- name: Patch :execrows
UPDATE books SET title = coalesce(sqlc.narg(title), title), price = coalesce(sqlc.narg(price), price) WHERE id = sqlc.arg(id);

-- name: In :many
SELECT title FROM books WHERE id IN (sqlc.slice(ids)) ORDER BY id;

-- name: NotIn :many
SELECT title FROM books WHERE id NOT IN (sqlc.slice(ids)) ORDER BY id;

-- name: SameSliceTwice :many
SELECT title FROM books WHERE id IN (sqlc.slice(ids)) OR author_id IN (sqlc.slice(ids)) ORDER BY id;

-- name: SliceBeside :many
SELECT title FROM books
WHERE price > sqlc.arg(low) AND id IN (sqlc.slice(ids)) AND price < sqlc.arg(high) AND title IN (sqlc.slice(titles)) AND price > ?
ORDER BY id;

-- name: Page :many
SELECT title FROM books ORDER BY id LIMIT ? OFFSET ?;

-- An embedded table behind an outer join may have no row.
-- name: EmbeddedOuter :many
SELECT sqlc.embed(b), sqlc.embed(a)
FROM books b LEFT JOIN authors a ON a.id = b.author_id
ORDER BY b.id;

-- name: Embedded :many
SELECT sqlc.embed(books), sqlc.embed(authors)
FROM books JOIN authors ON authors.id = books.author_id
ORDER BY books.id;

-- The list may be empty: nothing is in it, and every book is not.
-- name: Listed :many
SELECT id IN (sqlc.slice(ids)) AS listed, author_id NOT IN (sqlc.slice(ids)) AS others FROM books ORDER BY id;

-- name: ListedBeside :many
SELECT title FROM books WHERE id NOT IN (3, sqlc.slice(ids)) AND id NOT IN (sqlc.slice(ids), 2) ORDER BY id;
