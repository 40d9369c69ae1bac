-- name: GetNote :one
SELECT * FROM note WHERE id = ?;

-- name: NotesOfOwner :many
SELECT * FROM note WHERE owner = ? ORDER BY id;

-- name: NoteByRef :one
SELECT id, title FROM note WHERE ref = ?;

-- name: NotesIn :many
SELECT * FROM note WHERE id IN (sqlc.slice('ids')) ORDER BY id;

-- name: AddNote :exec
INSERT INTO note (owner, title, ref) VALUES (?, ?, ?);

-- name: AllNotes :many
SELECT * FROM note ORDER BY id LIMIT 500;
