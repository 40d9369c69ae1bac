-- name: Numbers :many
SELECT * FROM numbers ORDER BY id;

-- name: AddNumbers :exec
INSERT INTO numbers (id, t_not, t_null, tu_not, tu_null, s_not, s_null, su_not, su_null, m_not, m_null, mu_not, mu_null, i_not, i_null, iu_not, iu_null, b_not, b_null, bu_not, bu_null, f_not, f_null, d_not, d_null, n_not, n_null, nu_not, nu_null, bo_not, bo_null, bi_not, bi_null, y_not, y_null) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: SameNumbers :one
SELECT count(*) FROM numbers a JOIN numbers b ON b.id = a.id + 10
  AND a.t_not <=> b.t_not
  AND a.t_null <=> b.t_null
  AND a.tu_not <=> b.tu_not
  AND a.tu_null <=> b.tu_null
  AND a.s_not <=> b.s_not
  AND a.s_null <=> b.s_null
  AND a.su_not <=> b.su_not
  AND a.su_null <=> b.su_null
  AND a.m_not <=> b.m_not
  AND a.m_null <=> b.m_null
  AND a.mu_not <=> b.mu_not
  AND a.mu_null <=> b.mu_null
  AND a.i_not <=> b.i_not
  AND a.i_null <=> b.i_null
  AND a.iu_not <=> b.iu_not
  AND a.iu_null <=> b.iu_null
  AND a.b_not <=> b.b_not
  AND a.b_null <=> b.b_null
  AND a.bu_not <=> b.bu_not
  AND a.bu_null <=> b.bu_null
  AND a.f_not <=> b.f_not
  AND a.f_null <=> b.f_null
  AND a.d_not <=> b.d_not
  AND a.d_null <=> b.d_null
  AND a.n_not <=> b.n_not
  AND a.n_null <=> b.n_null
  AND a.nu_not <=> b.nu_not
  AND a.nu_null <=> b.nu_null
  AND a.bo_not <=> b.bo_not
  AND a.bo_null <=> b.bo_null
  AND a.bi_not <=> b.bi_not
  AND a.bi_null <=> b.bi_null
  AND a.y_not <=> b.y_not
  AND a.y_null <=> b.y_null;

-- name: Texts :many
SELECT * FROM texts ORDER BY id;

-- name: AddTexts :exec
INSERT INTO texts (id, c_not, c_null, v_not, v_null, t_not, t_null, m_not, m_null, l_not, l_null, e_not, e_null, s_not, s_null, j_not, j_null) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: SameTexts :one
SELECT count(*) FROM texts a JOIN texts b ON b.id = a.id + 10
  AND a.c_not <=> b.c_not
  AND a.c_null <=> b.c_null
  AND a.v_not <=> b.v_not
  AND a.v_null <=> b.v_null
  AND a.t_not <=> b.t_not
  AND a.t_null <=> b.t_null
  AND a.m_not <=> b.m_not
  AND a.m_null <=> b.m_null
  AND a.l_not <=> b.l_not
  AND a.l_null <=> b.l_null
  AND a.e_not <=> b.e_not
  AND a.e_null <=> b.e_null
  AND a.s_not <=> b.s_not
  AND a.s_null <=> b.s_null
  AND a.j_not <=> b.j_not
  AND a.j_null <=> b.j_null;

-- name: Bytes :many
SELECT * FROM bytes ORDER BY id;

-- name: AddBytes :exec
INSERT INTO bytes (id, b_not, b_null, v_not, v_null, t_not, t_null, bl_not, bl_null, m_not, m_null, l_not, l_null) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: SameBytes :one
SELECT count(*) FROM bytes a JOIN bytes b ON b.id = a.id + 10
  AND a.b_not <=> b.b_not
  AND a.b_null <=> b.b_null
  AND a.v_not <=> b.v_not
  AND a.v_null <=> b.v_null
  AND a.t_not <=> b.t_not
  AND a.t_null <=> b.t_null
  AND a.bl_not <=> b.bl_not
  AND a.bl_null <=> b.bl_null
  AND a.m_not <=> b.m_not
  AND a.m_null <=> b.m_null
  AND a.l_not <=> b.l_not
  AND a.l_null <=> b.l_null;

-- name: Times :many
SELECT * FROM times ORDER BY id;

-- name: AddTimes :exec
INSERT INTO times (id, d_not, d_null, t_not, t_null, dt_not, dt_null, ts_not, ts_null) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: SameTimes :one
SELECT count(*) FROM times a JOIN times b ON b.id = a.id + 10
  AND a.d_not <=> b.d_not
  AND a.d_null <=> b.d_null
  AND a.t_not <=> b.t_not
  AND a.t_null <=> b.t_null
  AND a.dt_not <=> b.dt_not
  AND a.dt_null <=> b.dt_null
  AND a.ts_not <=> b.ts_not
  AND a.ts_null <=> b.ts_null;

-- name: Shapes :many
SELECT * FROM shapes ORDER BY id;

-- name: AddShapes :exec
INSERT INTO shapes (id, p_not, p_null, l_not, l_null, g_not, g_null, po_not, po_null) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: SameShapes :one
SELECT count(*) FROM shapes a JOIN shapes b ON b.id = a.id + 10
  AND a.p_not <=> b.p_not
  AND a.p_null <=> b.p_null
  AND a.l_not <=> b.l_not
  AND a.l_null <=> b.l_null
  AND a.g_not <=> b.g_not
  AND a.g_null <=> b.g_null
  AND a.po_not <=> b.po_not
  AND a.po_null <=> b.po_null;
