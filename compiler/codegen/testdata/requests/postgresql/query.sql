-- name: GetAuthor :one
-- Gets an author.
--   Indented.
SELECT * FROM authors WHERE id = $1 LIMIT 1;

-- name: List :many
SELECT a.id AS aid, sqlc.embed(b), lower(a.name), count(*) OVER (), a.id::text, 1, 'x' AS y, coalesce(a.bio,'') , now()
FROM public.authors a LEFT JOIN books AS b ON b.author_id = a.id WHERE a.name = sqlc.narg(nm) AND a.id = ANY(sqlc.arg(ids)::bigint[]) OR b.title IN ('a') LIMIT sqlc.arg(lim);

-- name: Ins :exec
INSERT INTO public.books (id, author_id, title) VALUES ($1,$2,$3);

-- name: V :many
SELECT * FROM v;

-- name: Bars :many
WITH x AS (SELECT id, n FROM foo.bar) SELECT x.*, (SELECT max(id) FROM authors) FROM x WHERE n BETWEEN $1 AND $2;

-- name: Types :many
SELECT oid, typname FROM pg_catalog.pg_type;
