-- Authors come with their books; one without books has an empty list.
-- name: Authors :many
-- column: books json=BookCard
SELECT a.name,
       coalesce(json_agg(json_build_object('id', b.id, 'title', b.title, 'price', b.price, 'mood', b.mood) ORDER BY b.id)
                FILTER (WHERE b.id IS NOT NULL), '[]') AS books
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id ORDER BY a.id;

-- Where nothing leaves the missing book out, it is a null in the list.
-- name: Rows :many
-- column: books json=auto
SELECT a.name, jsonb_agg(b ORDER BY b.id) AS books
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id ORDER BY a.id;

-- An object of NULLs is an object.
-- name: Titles :many
-- column: books json=TitleCard
SELECT a.name, json_agg(json_build_object('title', b.title) ORDER BY b.id) AS books
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id ORDER BY a.id;

-- name: Whole :one
-- column: 1 json=Library
SELECT json_build_object(
    'authors', (SELECT json_agg(json_build_object('name', a.name, 'books',
        (SELECT coalesce(jsonb_agg(to_jsonb(x)), '[]') FROM (SELECT b.id, upper(b.title) AS title FROM books b WHERE b.author_id = a.id ORDER BY b.id) x))
        ORDER BY a.id) FROM authors a),
    'prices', (SELECT json_object_agg(b.id, b.price ORDER BY b.id) FROM books b),
    'most', json_build_object('price', (SELECT max(price) FROM books)),
    'none', NULL, 'mixed', json_build_array(1, 'a')) AS library;

-- name: Maybe :many
-- column: book json=BookCard
SELECT a.name, (SELECT json_build_object('id', b.id, 'title', b.title, 'price', b.price, 'mood', b.mood) FROM books b WHERE b.author_id = a.id LIMIT 1) AS book
FROM authors a ORDER BY a.id;

-- name: Ids :one
-- column: ids json=auto
SELECT json_agg(id ORDER BY id) AS ids FROM books WHERE id > sqlc.arg(id);

-- name: Kinds :one
-- column: kinds json=KindCard
SELECT json_agg(k ORDER BY k.id) AS kinds FROM kinds k WHERE id <= sqlc.arg(most);

-- name: KindsB :one
-- column: kinds json=KindCard
SELECT jsonb_agg(k ORDER BY k.id) AS kinds FROM kinds k WHERE id <= sqlc.arg(most);

-- name: EachBook :iter
-- column: book json=Single
SELECT row_to_json(b) AS book FROM books b ORDER BY id;

-- name: FindBook :maybe
-- column: book json=Single
SELECT row_to_json(b) AS book FROM books b WHERE id = sqlc.arg(id);

-- Keys that Go has no such names for, and ones that would be called the same.
-- name: Keys :one
-- column: keys json=KeysCard
SELECT json_build_object('1x', 1, 'a', 2, 'A', 3, 'UnmarshalJSON', '\x00'::bytea, 'book', json_build_object('id', 4), 'books',
    json_agg(json_build_object('title', title))) AS keys FROM books WHERE id = 1;

-- A row of one column is an object, as any row.
-- name: SingleRows :one
-- column: rows json=SingleRow
SELECT json_agg(r) AS rows FROM (VALUES (1), (NULL)) AS r (n);
