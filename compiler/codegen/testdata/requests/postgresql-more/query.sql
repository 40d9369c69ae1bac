-- name: CopyItems :copyfrom
INSERT INTO order_items (order_id, n, label) VALUES ($1, $2, $3);

-- name: BatchLabel :batchexec
UPDATE order_items SET label = @label, price = sqlc.narg(price) WHERE order_id = @id AND n = ANY(@ns::smallint[]);

-- name: Orders :many
-- Orders of a customer,
-- newest first.
SELECT o.*, sqlc.embed(i), t.top AS "Top", twice(3), o.st = 'open' AS is_open, o.doc ->> 'k' AS k
FROM "Shop"."Orders" o
LEFT JOIN order_items i ON i.order_id = o."ID"
LEFT JOIN totals AS t ON t.order_id = o."ID"
WHERE o.customer = sqlc.narg('customer') AND (o.at > @since OR @since IS NULL) AND o.st = ANY(sqlc.slice('states')::status[])
ORDER BY o.at DESC LIMIT @page OFFSET @skip;

-- name: Upsert :one
INSERT INTO "Shop"."Orders" (st, all_st, total, at) VALUES ('open', $1, $2, now())
ON CONFLICT ("ID") DO UPDATE SET total = excluded.total RETURNING *;

-- name: Removed :many
WITH gone AS (DELETE FROM order_items WHERE order_items.order_id = $1 RETURNING n, label), c AS (SELECT count(*) AS many FROM gone)
SELECT gone.n, gone.label, c.many, CASE WHEN $2::int > 1 THEN 'late'::text ELSE 'early'::text END AS class, NULL, EXISTS (SELECT 1 FROM big)
FROM gone, c;

-- name: Big :many
SELECT * FROM big UNION ALL SELECT order_id, n, top FROM totals;

-- name: Tables :many
SELECT c.relname, n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = $1;
