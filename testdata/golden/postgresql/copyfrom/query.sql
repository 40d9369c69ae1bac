-- name: CopyBooks :copyfrom
INSERT INTO books (id, title, author, price, published, tags) VALUES ($1, $2, $3, $4, $5, $6);

-- name: CopyNotes :copyfrom
INSERT INTO shop.notes ("the note") VALUES ($1);

-- name: CopyMoods :copyfrom
INSERT INTO feelings (feeling) VALUES ($1);

-- name: Books :many
SELECT * FROM books ORDER BY id;

-- name: Notes :many
SELECT "the note" FROM shop.notes ORDER BY 1;

-- name: Moods :many
SELECT feeling FROM feelings ORDER BY feeling NULLS FIRST;
