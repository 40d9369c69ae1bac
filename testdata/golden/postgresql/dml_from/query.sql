-- name: Apply :many
UPDATE books SET price = o.price FROM offers o WHERE o.book_id = books.id RETURNING books.id, books.price, o.ends;

-- name: RaiseBy :execrows
UPDATE books b SET price = b.price + sqlc.arg(more)
FROM offers o LEFT JOIN books other ON other.id = o.book_id + 1
WHERE o.book_id = b.id AND b.title = sqlc.arg(title);

-- name: Withdraw :many
DELETE FROM offers o USING books b WHERE b.id = o.book_id AND b.title = $1 RETURNING b.title, o.price;

-- name: SetBoth :one
UPDATE books SET (title, price) = (SELECT title || '!', sqlc.arg(price)::integer FROM books WHERE id = sqlc.arg(source))
WHERE id = sqlc.arg(id) RETURNING title, price;

-- name: Merge :execrows
MERGE INTO books b USING (SELECT sqlc.arg(id)::integer AS id, sqlc.arg(title)::text AS title) AS new ON new.id = b.id
WHEN MATCHED THEN UPDATE SET title = new.title
WHEN NOT MATCHED THEN INSERT (id, title) VALUES (new.id, new.title);

-- name: Books :many
SELECT * FROM books ORDER BY id;
