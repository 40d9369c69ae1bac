-- name: GetUser :one
SELECT * FROM users WHERE id = $1;

-- name: ListUsers :many
SELECT * FROM users ORDER BY id;

-- name: ListUsersByIDs :many
SELECT * FROM users WHERE id = ANY($1::bigint[]);

-- name: ListUsersAfter :many
SELECT * FROM users WHERE id > $1 ORDER BY id LIMIT $2;

-- name: GetTeam :one
SELECT * FROM teams WHERE id = $1;

-- name: ListOrdersByUser :many
SELECT * FROM orders WHERE user_id = $1 ORDER BY id;

-- name: CountOrders :one
SELECT count(*) FROM orders WHERE user_id = $1;

-- name: InsertOrder :one
INSERT INTO orders (user_id, total, status) VALUES ($1, $2, $3) RETURNING id;

-- name: InsertItem :exec
INSERT INTO items (id, order_id, product, quantity) VALUES ($1, $2, $3, $4);

-- name: UpsertSetting :exec
INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: SetOrderStatus :exec
UPDATE orders SET status = @status WHERE id = @id;
