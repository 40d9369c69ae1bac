-- name: Put :one
INSERT INTO stock (isbn, copies, note) VALUES (?, ?, ?)
ON CONFLICT (isbn) DO UPDATE SET copies = stock.copies + excluded.copies, note = coalesce(excluded.note, stock.note)
RETURNING *;

-- name: PutNew :execrows
INSERT INTO stock (isbn, copies) VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: PutSmaller :execrows
INSERT INTO stock (isbn, copies) VALUES (?, ?)
ON CONFLICT (isbn) DO UPDATE SET copies = excluded.copies WHERE stock.copies > excluded.copies;

-- name: Ignore :execrows
INSERT OR IGNORE INTO stock (isbn, copies) VALUES (?, ?);

-- name: Replace :one
REPLACE INTO stock (isbn, copies) VALUES (?, ?) RETURNING isbn, copies, note;
