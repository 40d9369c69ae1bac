-- name: Numbers :many
SELECT * FROM numbers ORDER BY id;

-- name: AddNumbers :exec
INSERT INTO numbers (id, b_not, b_null, i2_not, i2_null, i4_not, i4_null, i8_not, i8_null, f4_not, f4_null, f8_not, f8_null, n_not, n_null, m_not, m_null, o_not, o_null) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- name: SameNumbers :one
SELECT count(*) FROM numbers a JOIN numbers b ON b.id = a.id + 10 AND to_jsonb(a) - 'id' = to_jsonb(b) - 'id';

-- name: Texts :many
SELECT * FROM texts ORDER BY id;

-- name: AddTexts :exec
INSERT INTO texts (id, t_not, t_null, v_not, v_null, c_not, c_null, n_not, n_null, q_not, q_null, x_not, x_null, tv_not, tv_null, tq_not, tq_null, by_not, by_null, bi_not, bi_null, vb_not, vb_null, u_not, u_null, j_not, j_null, jb_not, jb_null, jp_not, jp_null) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31);

-- name: SameTexts :one
SELECT count(*) FROM texts a JOIN texts b ON b.id = a.id + 10 AND to_jsonb(a) - 'id' = to_jsonb(b) - 'id';

-- name: Times :many
SELECT * FROM times ORDER BY id;

-- name: AddTimes :exec
INSERT INTO times (id, d_not, d_null, ts_not, ts_null, tz_not, tz_null, i_not, i_null) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: SameTimes :one
SELECT count(*) FROM times a JOIN times b ON b.id = a.id + 10 AND to_jsonb(a) - 'id' = to_jsonb(b) - 'id';

-- name: Nets :many
SELECT * FROM nets ORDER BY id;

-- name: AddNets :exec
INSERT INTO nets (id, i_not, i_null, c_not, c_null, m_not, m_null, m8_not, m8_null, l_not, l_null, x8_not, x8_null) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: SameNets :one
SELECT count(*) FROM nets a JOIN nets b ON b.id = a.id + 10 AND to_jsonb(a) - 'id' = to_jsonb(b) - 'id';

-- name: Shapes :many
SELECT * FROM shapes ORDER BY id;

-- name: AddShapes :exec
INSERT INTO shapes (id, p_not, p_null, l_not, l_null, b_not, b_null, pa_not, pa_null, po_not, po_null, c_not, c_null, li_not, li_null) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: SameShapes :one
SELECT count(*) FROM shapes a JOIN shapes b ON b.id = a.id + 10 AND to_jsonb(a) - 'id' = to_jsonb(b) - 'id';

-- name: Ranges :many
SELECT * FROM ranges ORDER BY id;

-- name: AddRanges :exec
INSERT INTO ranges (id, i_not, i_null, l_not, l_null, n_not, n_null, t_not, t_null, tz_not, tz_null, d_not, d_null) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: SameRanges :one
SELECT count(*) FROM ranges a JOIN ranges b ON b.id = a.id + 10 AND to_jsonb(a) - 'id' = to_jsonb(b) - 'id';

-- name: Lists :many
SELECT * FROM lists ORDER BY id;

-- name: AddLists :exec
INSERT INTO lists (id, b_not, b_null, i_not, i_null, f_not, f_null, s_not, s_null, d_not, d_null, tz_not, tz_null, jb_not, jb_null, t_not, t_null, v_not, v_null, u_not, u_null, by_not, by_null) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23);

-- name: SameLists :one
SELECT count(*) FROM lists a JOIN lists b ON b.id = a.id + 10 AND to_jsonb(a) - 'id' = to_jsonb(b) - 'id';
