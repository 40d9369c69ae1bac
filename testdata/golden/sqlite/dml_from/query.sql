-- name: Apply :execrows
UPDATE books SET price = o.price FROM offers o WHERE o.book_id = books.id AND o.price > sqlc.arg(least);

-- name: ApplyReturning :many
UPDATE books SET price = o.price FROM offers o WHERE o.book_id = books.id RETURNING id, price;

-- name: Withdraw :execrows
DELETE FROM offers WHERE book_id IN (SELECT id FROM books WHERE title = ?);

-- name: Copy :execrows
INSERT INTO books (title, price) SELECT title || '!', price FROM books WHERE id = ?;
