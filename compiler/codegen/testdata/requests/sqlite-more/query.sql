-- name: Orders :many
-- Orders with what they cost.
SELECT o.*, t.total AS sum, o.state || '!' AS loud, coalesce(o.doc, '{}') AS doc2, max(o.id)
FROM orders o LEFT JOIN totals t ON t.order_id = o.id
WHERE o.state = ? AND o.id IN (sqlc.slice('ids')) AND o.made > ? AND (o.doc LIKE ? OR o.total > 5)
ORDER BY o.made LIMIT ? OFFSET ?;

-- name: Add :execlastid
INSERT INTO items (order_id, label, price) VALUES (?, ?, ?) ON CONFLICT (order_id, label) DO UPDATE SET price = excluded.price;

-- name: Close :one
UPDATE orders SET state = 'closed', total = @total WHERE id = @id RETURNING id, total AS t;

-- name: Found :many
SELECT title, body FROM notes WHERE title = ?;

-- name: Embedded :many
SELECT sqlc.embed(o), i.label FROM orders o JOIN items i ON i.order_id = o.id WHERE i.price BETWEEN ?1 AND ?2;

-- name: Del :execrows
DELETE FROM items WHERE order_id = ? AND label = ?;
