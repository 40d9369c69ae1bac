-- name: Orders :many
-- Orders with what they cost.
SELECT o.*, t.total, CONCAT(o.note, '!') AS loud, o.paid OR o.small > 3, IFNULL(o.note, ''), COUNT(*) OVER ()
FROM `Orders` o LEFT JOIN totals t ON t.order_id = o.id
WHERE o.state = ? AND o.id IN (sqlc.slice('ids')) AND (o.note LIKE sqlc.arg(pattern) OR sqlc.arg(pattern) = '') AND o.made > DATE_SUB(NOW(), INTERVAL ? DAY)
ORDER BY o.made LIMIT ? OFFSET ?;

-- name: Add :execlastid
INSERT INTO items (order_id, qty, label, price) VALUES (sqlc.arg(order_id), ?, sqlc.narg(label), ?) ON DUPLICATE KEY UPDATE qty = VALUES(qty) + ?;

-- name: Close :execrows
UPDATE `Orders` SET state = 'closed', note = sqlc.narg('note'), paid = COALESCE(sqlc.narg('paid'), paid) WHERE id = sqlc.arg('id') AND state IN (?, ?);

-- name: Embedded :many
SELECT sqlc.embed(o), sqlc.embed(i) FROM Orders o JOIN items i ON i.order_id = o.id WHERE i.price BETWEEN ? AND ?;

-- name: Both :many
SELECT id FROM Orders WHERE id = ? UNION SELECT order_id FROM items WHERE label = ?;

-- name: Del :exec
DELETE FROM items WHERE order_id = ? LIMIT ?;
