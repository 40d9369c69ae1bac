-- Every type of the server twice: never NULL, and maybe NULL.
CREATE TABLE numbers (
    id INTEGER PRIMARY KEY,
    i_not INTEGER NOT NULL,
    i_null INTEGER,
    t_not TINYINT NOT NULL,
    t_null TINYINT,
    b_not BIGINT NOT NULL,
    b_null BIGINT,
    u_not UNSIGNED BIG INT NOT NULL,
    u_null UNSIGNED BIG INT,
    r_not REAL NOT NULL,
    r_null REAL,
    d_not DOUBLE PRECISION NOT NULL,
    d_null DOUBLE PRECISION,
    n_not NUMERIC NOT NULL,
    n_null NUMERIC,
    nn_not NUMERIC(8, 2) NOT NULL,
    nn_null NUMERIC(8, 2),
    de_not DECIMAL(8, 2) NOT NULL,
    de_null DECIMAL(8, 2),
    bo_not BOOLEAN NOT NULL,
    bo_null BOOLEAN
);

INSERT INTO numbers VALUES
    (1, -1, -1, 1, 1, 9223372036854775807, 9223372036854775807, 8, 8, 0.5, 0.5, 0.25, 0.25, 12.5, 12.5, 12, 12, 12.5, 12.5, TRUE, TRUE),
    (2, -1, NULL, 1, NULL, 9223372036854775807, NULL, 8, NULL, 0.5, NULL, 0.25, NULL, 12.5, NULL, 12, NULL, 12.5, NULL, TRUE, NULL);

CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    t_not TEXT NOT NULL,
    t_null TEXT,
    v_not VARCHAR(9) NOT NULL,
    v_null VARCHAR(9),
    nv_not NVARCHAR(9) NOT NULL,
    nv_null NVARCHAR(9),
    c_not CHARACTER(3) NOT NULL,
    c_null CHARACTER(3),
    cl_not CLOB NOT NULL,
    cl_null CLOB,
    u_not UUID NOT NULL,
    u_null UUID,
    j_not JSON NOT NULL,
    j_null JSON,
    b_not BLOB NOT NULL,
    b_null BLOB
);

INSERT INTO texts VALUES
    (1, 'text', 'text', 'var', 'var', 'nvar', 'nvar', 'c', 'c', 'clob', 'clob', 'u', 'u', '{"a":1}', '{"a":1}', x'00ff', x'00ff'),
    (2, 'text', NULL, 'var', NULL, 'nvar', NULL, 'c', NULL, 'clob', NULL, 'u', NULL, '{"a":1}', NULL, x'00ff', NULL);

CREATE TABLE times (
    id INTEGER PRIMARY KEY,
    d_not DATE NOT NULL,
    d_null DATE,
    dt_not DATETIME NOT NULL,
    dt_null DATETIME,
    ts_not TIMESTAMP NOT NULL,
    ts_null TIMESTAMP,
    t_not TIME NOT NULL,
    t_null TIME
);

INSERT INTO times VALUES
    (1, '2026-05-04', '2026-05-04', '2026-05-04 10:30:00', '2026-05-04 10:30:00', '2026-05-04 10:30:00', '2026-05-04 10:30:00', '10:30:00', '10:30:00'),
    (2, '2026-05-04', NULL, '2026-05-04 10:30:00', NULL, '2026-05-04 10:30:00', NULL, '10:30:00', NULL);

CREATE TABLE others (
    id INTEGER PRIMARY KEY,
    s_not STRING NOT NULL,
    s_null STRING
);

INSERT INTO others VALUES
    (1, 's', 's'),
    (2, 's', NULL);
