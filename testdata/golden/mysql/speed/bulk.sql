-- name: Arrive :bulkinsert
INSERT INTO arrivals (id, name, email, bio, age, score, active, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?);
