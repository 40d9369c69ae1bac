-- name: Put :execrows
INSERT INTO stock (isbn, copies, note) VALUES (?, ?, ?)
ON DUPLICATE KEY UPDATE copies = copies + VALUES(copies), note = coalesce(VALUES(note), note);

-- name: PutLess :execrows
INSERT INTO stock (isbn, copies) VALUES (sqlc.arg(isbn), sqlc.arg(copies)) ON DUPLICATE KEY UPDATE copies = copies - sqlc.arg(less);

-- name: IgnoreOld :execrows
INSERT IGNORE INTO stock (isbn, copies) VALUES (?, ?);

-- name: Replaced :execrows
REPLACE INTO stock (isbn, copies) VALUES (?, ?);

-- name: SetOne :execrows
INSERT INTO stock SET isbn = ?, copies = ?;

-- name: Stock :one
SELECT * FROM stock WHERE isbn = ?;
