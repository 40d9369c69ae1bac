-- name: Numbers :many
SELECT * FROM numbers ORDER BY id;

-- name: AddNumbers :exec
INSERT INTO numbers (id, i_not, i_null, t_not, t_null, b_not, b_null, u_not, u_null, r_not, r_null, d_not, d_null, n_not, n_null, nn_not, nn_null, de_not, de_null, bo_not, bo_null) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: SameNumbers :one
SELECT count(*) FROM numbers a JOIN numbers b ON b.id = a.id + 10
  AND a.i_not IS b.i_not
  AND a.i_null IS b.i_null
  AND a.t_not IS b.t_not
  AND a.t_null IS b.t_null
  AND a.b_not IS b.b_not
  AND a.b_null IS b.b_null
  AND a.u_not IS b.u_not
  AND a.u_null IS b.u_null
  AND a.r_not IS b.r_not
  AND a.r_null IS b.r_null
  AND a.d_not IS b.d_not
  AND a.d_null IS b.d_null
  AND a.n_not IS b.n_not
  AND a.n_null IS b.n_null
  AND a.nn_not IS b.nn_not
  AND a.nn_null IS b.nn_null
  AND a.de_not IS b.de_not
  AND a.de_null IS b.de_null
  AND a.bo_not IS b.bo_not
  AND a.bo_null IS b.bo_null;

-- name: Texts :many
SELECT * FROM texts ORDER BY id;

-- name: AddTexts :exec
INSERT INTO texts (id, t_not, t_null, v_not, v_null, nv_not, nv_null, c_not, c_null, cl_not, cl_null, u_not, u_null, j_not, j_null, b_not, b_null) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: SameTexts :one
SELECT count(*) FROM texts a JOIN texts b ON b.id = a.id + 10
  AND a.t_not IS b.t_not
  AND a.t_null IS b.t_null
  AND a.v_not IS b.v_not
  AND a.v_null IS b.v_null
  AND a.nv_not IS b.nv_not
  AND a.nv_null IS b.nv_null
  AND a.c_not IS b.c_not
  AND a.c_null IS b.c_null
  AND a.cl_not IS b.cl_not
  AND a.cl_null IS b.cl_null
  AND a.u_not IS b.u_not
  AND a.u_null IS b.u_null
  AND a.j_not IS b.j_not
  AND a.j_null IS b.j_null
  AND a.b_not IS b.b_not
  AND a.b_null IS b.b_null;

-- name: Times :many
SELECT * FROM times ORDER BY id;

-- name: AddTimes :exec
INSERT INTO times (id, d_not, d_null, dt_not, dt_null, ts_not, ts_null, t_not, t_null) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: Others :many
SELECT * FROM others ORDER BY id;

-- name: AddOthers :exec
INSERT INTO others (id, s_not, s_null) VALUES (?, ?, ?);

-- name: SameOthers :one
SELECT count(*) FROM others a JOIN others b ON b.id = a.id + 10
  AND a.s_not IS b.s_not
  AND a.s_null IS b.s_null;
