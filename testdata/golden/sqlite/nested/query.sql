-- name: AddPublisher :exec
INSERT INTO publishers (id, name) VALUES (?, ?);

-- name: AddAuthor :exec
INSERT INTO authors (id, name, born) VALUES (?, ?, ?);

-- name: AddBook :exec
INSERT INTO books (id, author_id, publisher_id, title, price) VALUES (?, ?, ?, ?, ?);

-- name: AddReview :exec
INSERT INTO reviews (book_id, reader, stars) VALUES (?, ?, ?);

-- name: AddPrize :exec
INSERT INTO prizes (author_id, year, name) VALUES (?, ?, ?);

-- Authors are in the order of their names, each with all of its books.
-- name: Authors :many
-- nest: b as Books
SELECT a.id, a.name, sqlc.embed(b)
FROM authors a LEFT JOIN books b ON b.author_id = a.id
ORDER BY a.name, b.title;

-- name: AuthorsInAnyOrder :many
-- nest: b as Books
SELECT a.*, sqlc.embed(b)
FROM authors a LEFT JOIN books b ON b.author_id = a.id
ORDER BY b.title;

-- name: EachAuthor :iter
-- nest: b as Books
SELECT a.id, a.name, sqlc.embed(b)
FROM authors a JOIN books b ON b.author_id = a.id
ORDER BY a.name, a.id, b.id;

-- name: Author :one
-- nest: b as Books
SELECT sqlc.embed(a), sqlc.embed(b)
FROM authors a LEFT JOIN books b ON b.author_id = a.id
WHERE a.id = ?
ORDER BY b.id;

-- Catalog has nests beside and within each other: joined rows multiply, books and prizes do not.
-- name: Catalog :many
-- nest: b as Books
-- nest: r as Books.Reviews
-- nest: p as Books.Publisher :maybe
-- nest: w as Prizes
SELECT a.id, a.name, sqlc.embed(b), sqlc.embed(r), sqlc.embed(p), sqlc.embed(w)
FROM authors a
LEFT JOIN books b ON b.author_id = a.id
LEFT JOIN reviews r ON r.book_id = b.id
LEFT JOIN publishers p ON p.id = b.publisher_id
LEFT JOIN prizes w ON w.author_id = a.id
ORDER BY b.title, r.reader, w.year;

-- Only some columns, which begin with the name of the nest.
-- name: Shelf :many
-- nest: books
-- nest: books.publisher :maybe
SELECT a.id, a.name, b.id AS "books.id", upper(b.title) AS "books.title", b.price AS "books.price",
  p.id AS "books.publisher.id", p.name AS "books.publisher.name"
FROM authors a
LEFT JOIN books b ON b.author_id = a.id
LEFT JOIN publishers p ON p.id = b.publisher_id
ORDER BY a.id, b.id;

-- name: Page :many
-- nest: b as Books
SELECT a.*, sqlc.embed(b)
FROM (SELECT * FROM authors ORDER BY id LIMIT ?) a
LEFT JOIN books b ON b.author_id = a.id
ORDER BY a.id, b.id;

-- name: Cheapest :maybe
-- nest: b as Books
-- nest: p as Books.Publisher :one
SELECT a.id, sqlc.embed(b), sqlc.embed(p)
FROM authors a JOIN books b ON b.author_id = a.id JOIN publishers p ON p.id = b.publisher_id
WHERE a.id = ? ORDER BY b.price, b.id LIMIT ?;

-- name: Searched :many
-- nest: b as Books
SELECT a.*, sqlc.embed(b)
FROM authors a JOIN books b ON b.author_id = a.id
WHERE TRUE
  AND a.name = @name    -- :if name
  AND b.price <= @most  -- :if most
ORDER BY /* :order by */ a.id, a.name, b.title /* :end */, b.id;

-- name: Born :many
-- nest: b as Books
-- returns: AuthorBooks
SELECT a.id, a.name, sqlc.embed(b)
FROM authors a JOIN books b ON b.author_id = a.id
WHERE a.born > ? ORDER BY a.id, b.id;

-- name: Unborn :many
-- nest: b as Books
-- returns: AuthorBooks
SELECT a.name, a.id, sqlc.embed(b)
FROM authors a JOIN books b ON b.author_id = a.id
WHERE a.born IS NULL ORDER BY a.id, b.id;

-- Counts are of the children where the rows are grouped by them.
-- name: Rated :many
-- nest: books
SELECT a.id, a.name, b.id AS "books.id", b.title AS "books.title", count(r.stars) AS "books.reviews"
FROM authors a JOIN books b ON b.author_id = a.id LEFT JOIN reviews r ON r.book_id = b.id
GROUP BY a.id, b.id
ORDER BY a.id, b.id;

-- name: AddBlob :exec
INSERT INTO blobs (hash, author_id, note) VALUES (?, ?, ?);

-- name: Blobs :many
-- nest: b as Blobs
-- nest: o as Others
-- nest: hashes
SELECT a.id, sqlc.embed(b), sqlc.embed(o), h.hash AS "hashes.hash"
FROM authors a
LEFT JOIN blobs b ON b.author_id = a.id
LEFT JOIN blobs o ON o.author_id = a.id
LEFT JOIN blobs h ON h.author_id = a.id
ORDER BY a.id, b.hash, o.hash, h.hash;

-- name: BlobOf :many
SELECT a.id, sqlc.embed(b) FROM authors a LEFT JOIN blobs b ON b.author_id = a.id ORDER BY a.id, b.hash;
