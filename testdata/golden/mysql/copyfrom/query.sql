-- name: CopyBooks :copyfrom
INSERT INTO books (id, title, author, price, state, fresh) VALUES (?, ?, ?, ?, ?, ?);

-- name: CopyNotes :copyfrom
INSERT INTO notes (`the note`) VALUES (?);

-- name: Books :many
SELECT * FROM books ORDER BY id;

-- name: Notes :many
SELECT `the note` FROM notes ORDER BY 1;
