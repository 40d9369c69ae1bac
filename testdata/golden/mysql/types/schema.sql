-- Every type of the server twice: never NULL, and maybe NULL.
CREATE TABLE numbers (
    id int PRIMARY KEY,
    t_not tinyint NOT NULL,
    t_null tinyint,
    tu_not tinyint unsigned NOT NULL,
    tu_null tinyint unsigned,
    s_not smallint NOT NULL,
    s_null smallint,
    su_not smallint unsigned NOT NULL,
    su_null smallint unsigned,
    m_not mediumint NOT NULL,
    m_null mediumint,
    mu_not mediumint unsigned NOT NULL,
    mu_null mediumint unsigned,
    i_not int NOT NULL,
    i_null int,
    iu_not int unsigned NOT NULL,
    iu_null int unsigned,
    b_not bigint NOT NULL,
    b_null bigint,
    bu_not bigint unsigned NOT NULL,
    bu_null bigint unsigned,
    f_not float NOT NULL,
    f_null float,
    d_not double NOT NULL,
    d_null double,
    n_not decimal(8, 2) NOT NULL,
    n_null decimal(8, 2),
    nu_not decimal(8, 2) unsigned NOT NULL,
    nu_null decimal(8, 2) unsigned,
    bo_not boolean NOT NULL,
    bo_null boolean,
    bi_not bit(8) NOT NULL,
    bi_null bit(8),
    y_not year NOT NULL,
    y_null year
);

INSERT INTO numbers VALUES
    (1, -1, -1, 255, 255, -2, -2, 65535, 65535, -3, -3, 16777215, 16777215, -4, -4, 4294967295, 4294967295, -5, -5, 18446744073709551615, 18446744073709551615, 0.5, 0.5, 0.25, 0.25, 12.50, 12.50, 12.50, 12.50, true, true, b'101', b'101', 2026, 2026),
    (2, -1, NULL, 255, NULL, -2, NULL, 65535, NULL, -3, NULL, 16777215, NULL, -4, NULL, 4294967295, NULL, -5, NULL, 18446744073709551615, NULL, 0.5, NULL, 0.25, NULL, 12.50, NULL, 12.50, NULL, true, NULL, b'101', NULL, 2026, NULL);

CREATE TABLE texts (
    id int PRIMARY KEY,
    c_not char(5) NOT NULL,
    c_null char(5),
    v_not varchar(9) NOT NULL,
    v_null varchar(9),
    t_not tinytext NOT NULL,
    t_null tinytext,
    m_not mediumtext NOT NULL,
    m_null mediumtext,
    l_not longtext NOT NULL,
    l_null longtext,
    e_not enum ('a', 'b') NOT NULL,
    e_null enum ('a', 'b'),
    s_not set ('a', 'b') NOT NULL,
    s_null set ('a', 'b'),
    j_not json NOT NULL,
    j_null json
);

INSERT INTO texts VALUES
    (1, 'char', 'char', 'var', 'var', 'tiny', 'tiny', 'medium', 'medium', 'long', 'long', 'b', 'b', 'a,b', 'a,b', '{"a": 1}', '{"a": 1}'),
    (2, 'char', NULL, 'var', NULL, 'tiny', NULL, 'medium', NULL, 'long', NULL, 'b', NULL, 'a,b', NULL, '{"a": 1}', NULL);

CREATE TABLE bytes (
    id int PRIMARY KEY,
    b_not binary(3) NOT NULL,
    b_null binary(3),
    v_not varbinary(9) NOT NULL,
    v_null varbinary(9),
    t_not tinyblob NOT NULL,
    t_null tinyblob,
    bl_not blob NOT NULL,
    bl_null blob,
    m_not mediumblob NOT NULL,
    m_null mediumblob,
    l_not longblob NOT NULL,
    l_null longblob
);

INSERT INTO bytes VALUES
    (1, x'00ff01', x'00ff01', x'00ff', x'00ff', x'00ff', x'00ff', x'00ff', x'00ff', x'00ff', x'00ff', x'00ff', x'00ff'),
    (2, x'00ff01', NULL, x'00ff', NULL, x'00ff', NULL, x'00ff', NULL, x'00ff', NULL, x'00ff', NULL);

CREATE TABLE times (
    id int PRIMARY KEY,
    d_not date NOT NULL,
    d_null date,
    t_not time(3) NOT NULL,
    t_null time(3),
    dt_not datetime(3) NOT NULL,
    dt_null datetime(3),
    ts_not timestamp NOT NULL,
    ts_null timestamp NULL
);

INSERT INTO times VALUES
    (1, '2026-05-04', '2026-05-04', '-100:30:00.5', '-100:30:00.5', '2026-05-04 10:30:00.5', '2026-05-04 10:30:00.5', '2026-05-04 10:30:00', '2026-05-04 10:30:00'),
    (2, '2026-05-04', NULL, '-100:30:00.5', NULL, '2026-05-04 10:30:00.5', NULL, '2026-05-04 10:30:00', NULL);

CREATE TABLE shapes (
    id int PRIMARY KEY,
    p_not point NOT NULL,
    p_null point,
    l_not linestring NOT NULL,
    l_null linestring,
    g_not geometry NOT NULL,
    g_null geometry,
    po_not polygon NOT NULL,
    po_null polygon
);

INSERT INTO shapes VALUES
    (1, ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('LINESTRING(1 2, 3 4)'), ST_GeomFromText('LINESTRING(1 2, 3 4)'), ST_GeomFromText('POINT(3 4)'), ST_GeomFromText('POINT(3 4)'), ST_GeomFromText('POLYGON((0 0, 0 1, 1 1, 0 0))'), ST_GeomFromText('POLYGON((0 0, 0 1, 1 1, 0 0))')),
    (2, ST_GeomFromText('POINT(1 2)'), NULL, ST_GeomFromText('LINESTRING(1 2, 3 4)'), NULL, ST_GeomFromText('POINT(3 4)'), NULL, ST_GeomFromText('POLYGON((0 0, 0 1, 1 1, 0 0))'), NULL);
