-- Authors come with their books; one without books has an empty list.
-- name: Authors :many
-- column: books json=BookCard
SELECT a.name,
       json_group_array(json_object('id', b.id, 'title', b.title, 'price', b.price) ORDER BY b.id) FILTER (WHERE b.id IS NOT NULL) AS books
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id ORDER BY a.id;

-- An object of NULLs is an object.
-- name: Titles :many
-- column: books json=TitleCard
SELECT a.name, json_group_array(json_object('title', b.title, 'cheap', b.price < 10)) AS books
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id ORDER BY a.id;

-- name: Whole :one
-- column: 1 json=Library
SELECT json_object(
    'authors', (SELECT json_group_array(json_object('name', a.name, 'books',
        (SELECT json_group_array(json_object('id', b.id)) FROM books b WHERE b.author_id = a.id))) FROM authors a),
    'prices', (SELECT json_group_object(b.id, b.price) FROM books b),
    'most', json_object('price', (SELECT max(price) FROM books)),
    'docs', (SELECT json_group_array(json(doc)) FROM books),
    'texts', (SELECT json_group_array(doc) FROM books),
    'mixed', json_array(1, 'a')) AS library;

-- A column of a subquery may be JSON or a text to the function around it: what is made of it is not taken for either.
-- name: Outside :one
-- column: 1 json=Outside
SELECT json_object('books', x.books, 'again', json(x.books), 'either', coalesce(x.books, '[]'), 'set', json_set('{}', '$.a', 1),
    'case', CASE WHEN true THEN json_group_array(1) END) AS outside
FROM (SELECT json_group_array(json_object('id', id)) AS books FROM books) x GROUP BY x.books;

-- name: Ids :one
-- column: ids json=auto
SELECT json_group_array(id ORDER BY id) AS ids FROM books WHERE id > sqlc.arg(id);

-- name: Kinds :many
-- column: kind json=KindCard
SELECT json_object('id', id, 'flag', flag, 'opt', opt, 'big', big, 'f', f, 'n', n, 'day', day, 'at', at, 'note', note, 'more', id > 1, 'a-b', upper(note)) AS kind
FROM kinds ORDER BY id;

-- A row that SQLite sorts is a text to the function around its query.
-- name: Sorted :one
-- column: sorted json=SortedCard
SELECT json_object('first', (SELECT json_object('id', id) FROM books LIMIT 1),
    'sorted', (SELECT json_object('id', id) FROM books ORDER BY title LIMIT 1),
    'again', json((SELECT json_object('id', id) FROM books ORDER BY title LIMIT 1))) AS sorted;
