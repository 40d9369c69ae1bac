-- name: AddAuthor :execlastid
INSERT INTO authors (name, born) VALUES (?, ?);

-- name: AddBook :execlastid
INSERT INTO books (author_id, title, price, published) VALUES (?, ?, ?, ?);

-- Deliver puts copies on the shelf.
-- name: Deliver :exec
INSERT INTO stock (book_id, copies) VALUES (sqlc.arg(book_id), sqlc.arg(copies))
ON DUPLICATE KEY UPDATE copies = copies + VALUES(copies);

-- name: Copies :one
SELECT copies FROM stock WHERE book_id = ?;

-- Take removes copies from the shelf. It changes no row where there are not enough.
-- name: Take :execrows
UPDATE stock SET copies = copies - sqlc.arg(copies) WHERE book_id = sqlc.arg(book_id) AND copies >= sqlc.arg(copies);

-- name: RecordSale :exec
INSERT INTO sales (book_id, copies, sold_at) VALUES (?, ?, ?);

-- Search finds books; a filter that is NULL is no filter.
-- name: Search :many
SELECT b.title, a.name AS author, b.price, s.copies
FROM books b
LEFT JOIN authors a ON a.id = b.author_id
LEFT JOIN stock s ON s.book_id = b.id
WHERE (b.title LIKE concat('%', sqlc.narg(word), '%') OR sqlc.narg(word) IS NULL)
  AND (b.price <= sqlc.narg(max_price) OR sqlc.narg(max_price) IS NULL)
ORDER BY b.title;

-- Browse lists books as the customer asks: what is not set is not looked at.
-- name: Browse :many
SELECT b.title, b.price
FROM books b
JOIN authors a ON a.id = b.author_id        -- :if author
WHERE TRUE
  AND a.name = sqlc.arg(author)            -- :if author
  AND b.price <= sqlc.arg(max_price)       -- :if max_price
ORDER BY
  b.title, b.price DESC, b.published DESC,  -- :order sort
  b.id;

-- Listing pages through the books by title.
-- name: Listing :many
-- paginate: title, id
SELECT id, title, price FROM books;

-- AuthorSummary counts what each author's books have brought in.
-- name: AuthorSummary :many
SELECT a.name, a.born, count(DISTINCT b.id) AS books, CAST(sum(s.copies * b.price) AS SIGNED) AS revenue
FROM authors a
LEFT JOIN books b ON b.author_id = a.id
LEFT JOIN sales s ON s.book_id = b.id
GROUP BY a.id
ORDER BY a.name;

-- Catalogue lists the authors with their books, in one query.
-- name: Catalogue :many
-- column: books json=CatalogueBook
SELECT a.name, json_arrayagg(json_object('title', b.title, 'price', b.price, 'copies', s.copies)) AS books
FROM authors a
JOIN books b ON b.author_id = a.id
LEFT JOIN stock s ON s.book_id = b.id
GROUP BY a.id
ORDER BY a.name;

-- Shelf is each author with all of the books, and with each book what was sold of it.
-- name: Shelf :many
-- nest: b as Books
-- nest: s as Books.Sales
SELECT a.id, a.name, sqlc.embed(b), sqlc.embed(s)
FROM authors a
LEFT JOIN books b ON b.author_id = a.id
LEFT JOIN sales s ON s.book_id = b.id
ORDER BY a.name, b.title, s.id;

-- name: BestSellers :many
WITH sold AS (
    SELECT book_id, CAST(sum(copies) AS SIGNED) AS copies, max(sold_at) AS last_sold
    FROM sales
    GROUP BY book_id
)
SELECT b.title, sold.copies, rank() OVER (ORDER BY sold.copies DESC) AS place
FROM sold
JOIN books b ON b.id = sold.book_id
ORDER BY place, b.title, b.id
LIMIT ?;

-- name: Titles :many
SELECT id, title FROM books WHERE id IN (sqlc.slice(ids)) ORDER BY id;

-- name: DropUnsold :execrows
DELETE FROM stock
WHERE NOT EXISTS (SELECT 1 FROM sales WHERE sales.book_id = stock.book_id);

-- The columns of an offer, and where they are from.
-- fragment: offer
b.title, b.price, s.copies
FROM books b
JOIN stock s ON s.book_id = b.id;

-- OfferOf gives nil where there is no book of that title.
-- name: OfferOf :maybe
-- returns: Offer
SELECT sqlc.fragment(offer)
WHERE b.title = ?
ORDER BY b.id
LIMIT 1;

-- Offers are the books on the shelf, the cheapest first.
-- name: Offers :many
-- returns: Offer
SELECT sqlc.fragment(offer)
WHERE s.copies > 0
ORDER BY b.price;

-- EachSale streams the till's roll.
-- name: EachSale :iter
SELECT b.title, s.copies, s.sold_at
FROM sales s
JOIN books b ON b.id = s.book_id
ORDER BY s.id;

-- Restock puts the books of a whole delivery on the shelf.
-- name: Restock :bulkinsert
INSERT INTO stock (book_id, copies) VALUES (sqlc.arg(book_id), sqlc.arg(copies))
ON DUPLICATE KEY UPDATE copies = copies + VALUES(copies);
