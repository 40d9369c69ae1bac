-- Authors come with their books; one without books has an empty list.
-- name: Authors :many
-- column: books json=BookCard
SELECT a.name,
       coalesce((SELECT json_arrayagg(json_object('id', b.id, 'title', b.title, 'price', b.price, 'mood', b.mood)) FROM books b WHERE b.author_id = a.id), '[]') AS books
FROM authors a ORDER BY a.id;

-- An object of NULLs is an object.
-- name: Titles :many
-- column: books json=TitleCard
SELECT a.name, json_arrayagg(json_object('title', b.title, 'cheap', b.price < 10)) AS books
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id, a.name ORDER BY a.id;

-- name: Whole :one
-- column: 1 json=Library
SELECT json_object(
    'authors', (SELECT json_arrayagg(json_object('name', a.name, 'books',
        (SELECT json_arrayagg(json_object('id', b.id)) FROM books b WHERE b.author_id = a.id))) FROM authors a),
    'prices', (SELECT json_objectagg(b.id, b.price) FROM books b),
    'most', json_object('price', (SELECT max(price) FROM books)),
    'mixed', json_array(1, 'a')) AS `all`;

-- name: Ids :one
-- column: ids json=auto
SELECT json_arrayagg(id) AS ids FROM books WHERE id > sqlc.arg(id);

-- name: Kinds :many
-- column: kind json=KindCard
SELECT json_object('id', id, 'flag', flag, 'maybe', maybe, 'small', small, 'big', big, 'f4', f4, 'f8', f8, 'n', n, 'day', day, 'at', at, 'ts', ts,
    'took', took, 'y', y, 'body', body, 'doc', doc, 'note', note, 'true', true, 'more', id > 1, 'a-b', upper(note)) AS kind FROM kinds ORDER BY id;

-- What a text is beside JSON is a text to the function around it, and is not taken for JSON.
-- name: Outside :one
-- column: 1 json=Outside
SELECT json_object('books', x.books, 'either', coalesce(x.books, '[]'), 'list', coalesce(x.books, json_array()),
    'case', CASE WHEN x.n > 0 THEN x.books ELSE json_array() END) AS outside
FROM (SELECT json_arrayagg(json_object('id', id)) AS books, count(*) AS n FROM books) x;

-- name: Direct :one
-- column: 1 json=Direct
SELECT json_object('list', coalesce((SELECT json_arrayagg(json_object('id', id)) FROM books), json_array()), 'if', if(true, json_array(), NULL)) AS direct;
