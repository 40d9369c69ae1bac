-- name: GetUser :one
SELECT * FROM users WHERE id = $1;

-- name: GetUserByEmail :one
SELECT * FROM users WHERE email = $1;

-- name: UserExists :one
SELECT EXISTS (SELECT 1 FROM users WHERE email = $1);

-- name: ListUsers :many
SELECT * FROM users ORDER BY id;

-- name: ListUsersByIDs :many
SELECT * FROM users WHERE id = ANY($1::bigint[]);

-- name: ListUsersAfter :many
SELECT * FROM users WHERE id > $1 ORDER BY id LIMIT $2;

-- name: ListUsersOffset :many
SELECT * FROM users ORDER BY id LIMIT $1 OFFSET $2;

-- name: SearchUsers :many
SELECT * FROM users WHERE name LIKE $1 ORDER BY id;

-- name: GetTeam :one
SELECT * FROM teams WHERE id = $1;

-- name: GetTeamBySlug :one
SELECT id, name FROM teams WHERE slug = @slug;

-- name: ListOrdersByUser :many
SELECT * FROM orders WHERE user_id = $1 ORDER BY id;

-- name: ListOpenOrders :many
SELECT id, total FROM orders WHERE user_id = @user_id AND status = @status ORDER BY id;

-- name: CountOrders :one
SELECT count(*) FROM orders WHERE user_id = $1;

-- name: CountOrdersBetween :one
SELECT count(*) FROM orders WHERE created_at >= $1 AND created_at < $2;

-- name: LastOrder :one
SELECT * FROM orders WHERE user_id = $1 ORDER BY id DESC LIMIT 1;

-- name: InsertOrder :one
INSERT INTO orders (user_id, total, status) VALUES ($1, $2, $3) RETURNING id;

-- name: InsertItem :exec
INSERT INTO items (id, order_id, product, quantity) VALUES ($1, $2, $3, $4);

-- name: CopyItems :copyfrom
INSERT INTO items (id, order_id, product, quantity) VALUES ($1, $2, $3, $4);

-- name: UpsertSetting :exec
INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: GetSetting :one
SELECT value FROM settings WHERE name = $1;

-- name: SetOrderStatus :exec
UPDATE orders SET status = @status WHERE id = @id;

-- name: SetOrderStatuses :batchexec
UPDATE orders SET status = @status WHERE id = @id;

-- name: SetStatusOfOrders :exec
UPDATE orders SET status = @status WHERE id = ANY(@ids::bigint[]);

-- name: DeleteOrder :exec
DELETE FROM orders WHERE id = $1;

-- name: DeleteOrdersBefore :execrows
DELETE FROM orders WHERE id IN (SELECT o.id FROM orders o WHERE o.created_at < $1 LIMIT $2);

-- name: SetLogins :exec
UPDATE users SET logins = $2 WHERE id = $1;

-- name: AddLogin :exec
UPDATE users SET logins = logins + 1 WHERE id = $1;

-- name: GetUserForUpdate :one
SELECT * FROM users WHERE id = $1 FOR UPDATE;

-- name: InsertUser :one
INSERT INTO users (team_id, email, name) VALUES ($1, $2, $3) RETURNING id;

-- name: ListChildren :many
SELECT * FROM categories WHERE parent_id = $1 ORDER BY id;

-- name: GetCategory :one
SELECT * FROM categories WHERE id = $1;

-- name: ClaimOrder :one
UPDATE orders SET status = 'claimed' WHERE id = (SELECT o.id FROM orders o WHERE o.status = 'open' LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *;

-- name: NotUsed :many
SELECT * FROM teams ORDER BY id;

-- name: ListTeams :many
SELECT * FROM teams;
