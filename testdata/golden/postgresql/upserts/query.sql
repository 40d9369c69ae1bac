-- name: Put :one
INSERT INTO stock (isbn, copies, note) VALUES ($1, $2, $3)
ON CONFLICT (isbn) DO UPDATE SET copies = stock.copies + excluded.copies, note = coalesce(excluded.note, stock.note)
RETURNING *;

-- Where nothing was inserted there is no row.
-- name: PutNew :one
INSERT INTO stock (isbn, copies) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING isbn, copies;

-- name: PutSmaller :execrows
INSERT INTO stock (isbn, copies) VALUES ($1, $2)
ON CONFLICT (isbn) DO UPDATE SET copies = excluded.copies WHERE stock.copies > excluded.copies;

-- name: PutOr :one
INSERT INTO stock AS s (isbn, copies) VALUES (sqlc.arg(isbn), sqlc.arg(copies))
ON CONFLICT ON CONSTRAINT stock_pkey DO UPDATE SET note = sqlc.arg(note), copies = s.copies - sqlc.arg(less)
RETURNING s.note, s.copies, xmax = 0 AS inserted;
