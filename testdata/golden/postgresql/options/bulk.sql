-- name: AddAll :copyfrom
INSERT INTO people (person_id, full_name) VALUES ($1, $2);

-- name: RemoveAll :batchexec
DELETE FROM people WHERE person_id = $1;

-- name: FindAll :batchone
SELECT * FROM people WHERE person_id = $1;
