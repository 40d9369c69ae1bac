-- name: AddAuthor :exec
INSERT INTO authors (id, name) VALUES (?, ?);

-- name: AddBook :exec
INSERT INTO books (id, author_id, title, price, hidden) VALUES (?, ?, ?, ?, ?);

-- The columns of a card, and where they are from.
-- fragment: card
b.id, b.title, a.name AS author, b.price;

-- fragment: cards
books b JOIN authors a ON a.id = b.author_id;

-- fragment: on_sale
b.price > 0 OR a.name = 'Anonymous';

-- name: Cards :many
-- returns: Card
SELECT sqlc.fragment(card)
FROM sqlc.fragment(cards)
WHERE sqlc.fragment(visible) AND sqlc.fragment(on_sale)
ORDER BY b.title;

-- name: CardOf :maybe
-- returns: Card
SELECT sqlc.fragment(card)
FROM sqlc.fragment(cards)
WHERE sqlc.fragment(visible) AND b.id = @id;

-- name: Found :many
SELECT b.title
FROM sqlc.fragment(cards)
WHERE sqlc.fragment(wanted)
ORDER BY b.price, b.id;

-- name: CountFound :one
SELECT count(*)
FROM sqlc.fragment(cards)
WHERE sqlc.fragment(wanted);

-- name: Doubled :one
SELECT id, sqlc.fragment(cost) * 2 AS cost FROM books b WHERE id = ?;

-- name: Prolific :many
WITH sqlc.fragment(shelf)
SELECT a.name, shelf.books FROM shelf JOIN authors a ON a.id = shelf.author_id
WHERE shelf.books > 1 ORDER BY a.id;
