-- name: Open :one
INSERT INTO accounts (owner, balance) VALUES (?, ?) RETURNING *;

-- name: Balance :one
SELECT balance FROM accounts WHERE id = ?;

-- name: Change :exec
UPDATE accounts SET balance = balance + @amount WHERE id = @id;

-- name: Note :exec
INSERT INTO transfers (payer, payee, amount) VALUES (?, ?, ?);

-- Rename may be run twice: it leaves the same.
-- name: Rename :exec
UPDATE accounts SET owner = ? WHERE id = ?;

-- Owners is kept in memory for a minute, or until a query has written accounts.
-- name: Owners :many
-- cache: 1m
SELECT owner FROM accounts ORDER BY owner;

-- Turnover reads all transfers: few of its kind run at a time.
-- name: Turnover :many
-- class: reports
SELECT a.owner, CAST(sum(t.amount) AS integer) AS paid
FROM accounts a JOIN transfers t ON t.payer = a.id
GROUP BY a.id, a.owner
ORDER BY paid DESC, a.owner;
