-- name: Add :exec
INSERT INTO books (id, author_id, title, price) VALUES (@id, @author_id, @title, @price);

-- Search finds books; every filter may be left out.
-- name: Search :many
SELECT b.id, b.title, b.price
FROM books b
JOIN authors a ON a.id = b.author_id   -- :if author
WHERE b.id > @after
  AND b.price <= @most                 -- :if most
  AND a.name = @author                 -- :if author
ORDER BY
  b.title, b.price DESC, b.author_id,  -- :order sort
  b.id
LIMIT @most_rows;                      -- :if most_rows

-- A flag has no parameter in the SQL.
-- name: Titles :many
SELECT title FROM books WHERE TRUE
-- :if priced
  AND price IS NOT NULL
  AND price > 0
-- :end
ORDER BY id;

-- name: Last :maybe
SELECT id, title FROM books
WHERE TRUE /* :if author_id */ AND author_id = @author_id /* :end */
ORDER BY /* :order by */ id DESC, title DESC /* :end */
LIMIT 1;

-- name: Dearest :one
SELECT max(price) AS price FROM books
WHERE TRUE
  AND author_id = @author_id -- :if author_id
  AND price < @below         -- :if below
;

-- name: EachTitle :iter
SELECT title FROM books
ORDER BY
  title -- :order sort
;

-- name: Named :one
SELECT count(*) FROM books
WHERE title = @word
   OR author_id = @author_id -- :if author_id
   OR title LIKE @word;

-- What is not set stays as it is.
-- name: Patch :execrows
UPDATE books SET id = id
  , title = @title -- :if title
  , price = sqlc.narg(price) -- :if price
WHERE id = @id;

-- name: Among :many
SELECT title FROM books
WHERE TRUE
  AND id IN (sqlc.slice(ids))         -- :if ids
  AND id NOT IN (sqlc.slice(others))  -- :if others
ORDER BY id;
