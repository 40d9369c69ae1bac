-- name: CopyNames :copyfrom
INSERT INTO things (id, name, tags, price) VALUES ($1, $2, $3, $4);

-- name: RenameAll :batchexec
UPDATE things SET name = $2 WHERE id = $1;

-- name: Find :batchone
SELECT name, price FROM things WHERE id = $1;

-- name: After :batchmany
SELECT id FROM things WHERE id > $1 ORDER BY id;
