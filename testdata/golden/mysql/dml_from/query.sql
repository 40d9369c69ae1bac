-- name: Apply :execrows
UPDATE books b JOIN offers o ON o.book_id = b.id SET b.price = o.price, b.title = concat(b.title, sqlc.arg(mark)) WHERE o.price > sqlc.arg(least);

-- name: Withdraw :execrows
DELETE o FROM offers o JOIN books b ON b.id = o.book_id WHERE b.title = ?;

-- name: WithdrawUsing :execrows
DELETE FROM o USING offers AS o LEFT JOIN books AS b ON b.id = o.book_id WHERE b.price = ?;

-- name: CopyBook :execrows
INSERT INTO books (id, title, price) SELECT id + 10, title, sqlc.narg(price) FROM books WHERE id = sqlc.arg(id);

-- name: CutPrices :execrows
UPDATE books SET price = price - ? ORDER BY id LIMIT 1;

-- name: Books :many
SELECT * FROM books ORDER BY id;
