-- name: Get :one
SELECT * FROM authors WHERE id = $1 LIMIT 1;

-- name: List :many
SELECT * FROM authors ORDER BY name;

-- name: ByAll :many
SELECT id FROM authors WHERE name = @name AND born > @born AND m = @m AND tags && @tags::text[] AND r < @r AND n > @n AND u = @u AND j @> @j AND ip = @ip AND net = @net AND at > @at AND bio = sqlc.narg(bio);

/* name: Ids :many */
/* @sqlc-vet-disable no-seq no-such */
SELECT id FROM authors WHERE id = ANY(@ids::bigint[]);

-- name: Del :exec
-- @sqlc-vet-disable
DELETE FROM authors WHERE id = $1;

-- name: Del2 :execrows
-- @sqlc-vet-disable no-delete
-- @sqlc-vet-disable cost
DELETE FROM authors WHERE name = $1;

-- name: Ins :one
INSERT INTO authors (name, bio) VALUES ($1, $2) RETURNING *;

-- name: InsMany :copyfrom
INSERT INTO authors (name, bio) VALUES ($1, $2);

-- name: Upd :batchexec
UPDATE authors SET bio = $1 WHERE id = $2;

-- name: Refused :many
SELECT id FROM authors WHERE name > 1;
