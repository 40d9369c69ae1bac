-- name: Add :one
INSERT INTO people (id, mail, work, owes, part, loud, born, words, other) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *;

-- name: ByMail :many
SELECT id, mail, work FROM people WHERE mail = $1 OR work = sqlc.narg(work) ORDER BY id;

-- name: ByMails :many
SELECT id, lower(mail) AS lowered FROM people WHERE mail = ANY (@mails::text[]) ORDER BY id;

-- name: Owing :many
SELECT owes, sum(owes) AS total, max(part) AS most FROM people GROUP BY owes ORDER BY owes;

-- name: Cast :one
SELECT CAST('a@b' AS email) AS mail;

-- name: People :many
-- nest: b as Others
SELECT a.mail, sqlc.embed(b) FROM people a LEFT JOIN people b ON b.id > a.id WHERE a.id = 1 ORDER BY b.id;

-- A varchar is compared as a text.
-- name: BySKU :one
SELECT name FROM goods WHERE sku = $1;
