-- name: Arrive :copyfrom
INSERT INTO arrivals (id, name, email, bio, age, score, active, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
