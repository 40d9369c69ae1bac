-- name: GetUser :one
SELECT * FROM users WHERE id = ?;

-- name: GetUserByEmail :one
SELECT * FROM users WHERE email = ?;

-- name: UserExists :one
SELECT EXISTS (SELECT 1 FROM users WHERE email = ?);

-- name: ListUsers :many
SELECT * FROM users ORDER BY id;

-- name: ListUsersByIDs :many
SELECT * FROM users WHERE id IN (sqlc.slice('ids'));

-- name: ListUsersAfter :many
SELECT * FROM users WHERE id > ? ORDER BY id LIMIT ?;

-- name: GetTeam :one
SELECT * FROM teams WHERE id = ?;

-- name: ListOrdersByUser :many
SELECT * FROM orders WHERE user_id = ? ORDER BY id;

-- name: ListOpenOrders :many
SELECT id, total FROM orders WHERE user_id = sqlc.arg(user_id) AND status = sqlc.arg(status) ORDER BY id;

-- name: CountOrders :one
SELECT count(*) FROM orders WHERE user_id = ?;

-- name: InsertItem :exec
INSERT INTO items (id, order_id, product, quantity) VALUES (?, ?, ?, ?);

-- name: UpsertSetting :exec
INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: SetOrderStatus :exec
UPDATE orders SET status = sqlc.arg(status) WHERE id = sqlc.arg(id);

-- name: DeleteOrder :exec
DELETE FROM orders WHERE id = ?;

-- name: ListChildren :many
SELECT * FROM categories WHERE parent_id = ? ORDER BY id;
