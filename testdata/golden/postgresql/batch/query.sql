-- name: AddBook :batchexec
INSERT INTO books (id, title, author) VALUES ($1, $2, $3);

-- name: Book :batchone
SELECT * FROM books WHERE id = $1;

-- name: AuthorOf :batchone
SELECT author FROM books WHERE title = $1;

-- name: TitlesBy :batchmany
SELECT id, title FROM books WHERE author = $1 ORDER BY id;
