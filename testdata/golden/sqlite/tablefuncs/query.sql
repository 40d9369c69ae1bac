-- name: Tags :many
SELECT b.title, CAST(t.value AS TEXT) AS tag FROM books b, json_each(b.tags) AS t ORDER BY b.id, tag;

-- name: Ordered :many
SELECT b.title FROM json_each(sqlc.arg(ids)) AS i JOIN books b ON b.id = i.value ORDER BY i.key;

-- name: Columns :many
SELECT name, type, pk FROM pragma_table_info('books') ORDER BY cid;

-- name: Search :many
SELECT title FROM pages WHERE pages MATCH ? ORDER BY rank;

-- name: Rowids :many
SELECT rowid, title FROM books ORDER BY rowid;
