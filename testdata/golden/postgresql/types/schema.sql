-- Every type of the server twice: never NULL, and maybe NULL.
CREATE TABLE numbers (
    id integer PRIMARY KEY,
    b_not boolean NOT NULL,
    b_null boolean,
    i2_not smallint NOT NULL,
    i2_null smallint,
    i4_not integer NOT NULL,
    i4_null integer,
    i8_not bigint NOT NULL,
    i8_null bigint,
    f4_not real NOT NULL,
    f4_null real,
    f8_not double precision NOT NULL,
    f8_null double precision,
    n_not numeric NOT NULL,
    n_null numeric,
    m_not money NOT NULL,
    m_null money,
    o_not oid NOT NULL,
    o_null oid
);

INSERT INTO numbers VALUES
    (1, true, true, -2, -2, 4, 4, 8, 8, 0.5, 0.5, 0.25, 0.25, 12.50, 12.50, '12.50', '12.50', 7, 7),
    (2, true, NULL, -2, NULL, 4, NULL, 8, NULL, 0.5, NULL, 0.25, NULL, 12.50, NULL, '12.50', NULL, 7, NULL);

CREATE TABLE texts (
    id integer PRIMARY KEY,
    t_not text NOT NULL,
    t_null text,
    v_not varchar(5) NOT NULL,
    v_null varchar(5),
    c_not char(3) NOT NULL,
    c_null char(3),
    n_not name NOT NULL,
    n_null name,
    q_not "char" NOT NULL,
    q_null "char",
    x_not xml NOT NULL,
    x_null xml,
    tv_not tsvector NOT NULL,
    tv_null tsvector,
    tq_not tsquery NOT NULL,
    tq_null tsquery,
    by_not bytea NOT NULL,
    by_null bytea,
    bi_not bit(3) NOT NULL,
    bi_null bit(3),
    vb_not varbit NOT NULL,
    vb_null varbit,
    u_not uuid NOT NULL,
    u_null uuid,
    j_not json NOT NULL,
    j_null json,
    jb_not jsonb NOT NULL,
    jb_null jsonb,
    jp_not jsonpath NOT NULL,
    jp_null jsonpath
);

INSERT INTO texts VALUES
    (1, 'text', 'text', 'var', 'var', 'c', 'c', 'name', 'name', 'q', 'q', '<a>b</a>', '<a>b</a>', 'fat cat', 'fat cat', 'fat & cat', 'fat & cat', '\x00ff', '\x00ff', B'101', B'101', B'10', B'10', '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', '{"a":  1}', '{"a":  1}', '[1, null]', '[1, null]', '$.a', '$.a'),
    (2, 'text', NULL, 'var', NULL, 'c', NULL, 'name', NULL, 'q', NULL, '<a>b</a>', NULL, 'fat cat', NULL, 'fat & cat', NULL, '\x00ff', NULL, B'101', NULL, B'10', NULL, '00000000-0000-0000-0000-000000000001', NULL, '{"a":  1}', NULL, '[1, null]', NULL, '$.a', NULL);

CREATE TABLE times (
    id integer PRIMARY KEY,
    d_not date NOT NULL,
    d_null date,
    ts_not timestamp NOT NULL,
    ts_null timestamp,
    tz_not timestamptz NOT NULL,
    tz_null timestamptz,
    i_not interval NOT NULL,
    i_null interval
);

INSERT INTO times VALUES
    (1, '2026-05-04', '2026-05-04', '2026-05-04 10:30:00', '2026-05-04 10:30:00', '2026-05-04 10:30:00+00', '2026-05-04 10:30:00+00', '1 mon 2 days 03:00:00', '1 mon 2 days 03:00:00'),
    (2, '2026-05-04', NULL, '2026-05-04 10:30:00', NULL, '2026-05-04 10:30:00+00', NULL, '1 mon 2 days 03:00:00', NULL);

CREATE TABLE nets (
    id integer PRIMARY KEY,
    i_not inet NOT NULL,
    i_null inet,
    c_not cidr NOT NULL,
    c_null cidr,
    m_not macaddr NOT NULL,
    m_null macaddr,
    m8_not macaddr8 NOT NULL,
    m8_null macaddr8,
    l_not pg_lsn NOT NULL,
    l_null pg_lsn,
    x8_not xid8 NOT NULL,
    x8_null xid8
);

INSERT INTO nets VALUES
    (1, '10.0.0.1/8', '10.0.0.1/8', '10.0.0.0/8', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '08:00:2b:01:02:03:04:05', '16/B374D848', '16/B374D848', '42', '42'),
    (2, '10.0.0.1/8', NULL, '10.0.0.0/8', NULL, '08:00:2b:01:02:03', NULL, '08:00:2b:01:02:03:04:05', NULL, '16/B374D848', NULL, '42', NULL);

CREATE TABLE shapes (
    id integer PRIMARY KEY,
    p_not point NOT NULL,
    p_null point,
    l_not lseg NOT NULL,
    l_null lseg,
    b_not box NOT NULL,
    b_null box,
    pa_not path NOT NULL,
    pa_null path,
    po_not polygon NOT NULL,
    po_null polygon,
    c_not circle NOT NULL,
    c_null circle,
    li_not line NOT NULL,
    li_null line
);

INSERT INTO shapes VALUES
    (1, '(1,2)', '(1,2)', '[(1,2),(3,4)]', '[(1,2),(3,4)]', '(3,4),(1,2)', '(3,4),(1,2)', '((1,2),(3,4))', '((1,2),(3,4))', '((1,2),(3,4),(5,6))', '((1,2),(3,4),(5,6))', '<(1,2),3>', '<(1,2),3>', '{1,2,3}', '{1,2,3}'),
    (2, '(1,2)', NULL, '[(1,2),(3,4)]', NULL, '(3,4),(1,2)', NULL, '((1,2),(3,4))', NULL, '((1,2),(3,4),(5,6))', NULL, '<(1,2),3>', NULL, '{1,2,3}', NULL);

CREATE TABLE ranges (
    id integer PRIMARY KEY,
    i_not int4range NOT NULL,
    i_null int4range,
    l_not int8range NOT NULL,
    l_null int8range,
    n_not numrange NOT NULL,
    n_null numrange,
    t_not tsrange NOT NULL,
    t_null tsrange,
    tz_not tstzrange NOT NULL,
    tz_null tstzrange,
    d_not daterange NOT NULL,
    d_null daterange
);

INSERT INTO ranges VALUES
    (1, '[1,5)', '[1,5)', '[1,)', '[1,)', '(1.5,2.5]', '(1.5,2.5]', '[2026-05-04 10:00,2026-05-05 10:00)', '[2026-05-04 10:00,2026-05-05 10:00)', '[2026-05-04 10:00+00,)', '[2026-05-04 10:00+00,)', '[2026-05-04,2026-05-06)', '[2026-05-04,2026-05-06)'),
    (2, '[1,5)', NULL, '[1,)', NULL, '(1.5,2.5]', NULL, '[2026-05-04 10:00,2026-05-05 10:00)', NULL, '[2026-05-04 10:00+00,)', NULL, '[2026-05-04,2026-05-06)', NULL);

CREATE TABLE lists (
    id integer PRIMARY KEY,
    b_not boolean[] NOT NULL,
    b_null boolean[],
    i_not bigint[] NOT NULL,
    i_null bigint[],
    f_not double precision[] NOT NULL,
    f_null double precision[],
    s_not smallint[] NOT NULL,
    s_null smallint[],
    d_not date[] NOT NULL,
    d_null date[],
    tz_not timestamptz[] NOT NULL,
    tz_null timestamptz[],
    jb_not jsonb[] NOT NULL,
    jb_null jsonb[],
    t_not text[] NOT NULL,
    t_null text[],
    v_not varchar(9)[] NOT NULL,
    v_null varchar(9)[],
    u_not uuid[] NOT NULL,
    u_null uuid[],
    by_not bytea[] NOT NULL,
    by_null bytea[]
);

INSERT INTO lists VALUES
    (1, '{t,f}', '{t,f}', '{1,2}', '{1,2}', '{0.5}', '{0.5}', '{1,2}', '{1,2}', '{2026-05-04}', '{2026-05-04}', '{2026-05-04 10:00+00}', '{2026-05-04 10:00+00}', '{"[1]"}', '{"[1]"}', '{a,"b c"}', '{a,"b c"}', '{a}', '{a}', '{00000000-0000-0000-0000-000000000001}', '{00000000-0000-0000-0000-000000000001}', '{"\\x00ff"}', '{"\\x00ff"}'),
    (2, '{t,f}', NULL, '{1,2}', NULL, '{0.5}', NULL, '{1,2}', NULL, '{2026-05-04}', NULL, '{2026-05-04 10:00+00}', NULL, '{"[1]"}', NULL, '{a,"b c"}', NULL, '{a}', NULL, '{00000000-0000-0000-0000-000000000001}', NULL, '{"\\x00ff"}', NULL);

CREATE TABLE clocks (
    id integer PRIMARY KEY,
    t_not time NOT NULL,
    t_null time,
    tt_not timetz NOT NULL,
    tt_null timetz
);

INSERT INTO clocks VALUES
    (1, '10:30:00.5', '10:30:00.5', '10:30:00+02', '10:30:00+02'),
    (2, '10:30:00.5', NULL, '10:30:00+02', NULL);

CREATE TABLE more (
    id integer PRIMARY KEY,
    mi_not int4multirange NOT NULL,
    mi_null int4multirange,
    mn_not nummultirange NOT NULL,
    mn_null nummultirange,
    md_not datemultirange NOT NULL,
    md_null datemultirange,
    n_not numeric[] NOT NULL,
    n_null numeric[],
    i_not inet[] NOT NULL,
    i_null inet[],
    j_not jsonb[] NOT NULL,
    j_null jsonb[]
);

INSERT INTO more VALUES
    (1, '{[1,3),[5,7)}', '{[1,3),[5,7)}', '{[1.5,3)}', '{[1.5,3)}', '{[2026-05-04,2026-05-06)}', '{[2026-05-04,2026-05-06)}', '{1.50,2}', '{1.50,2}', '{10.0.0.1}', '{10.0.0.1}', '{"[1]"}', '{"[1]"}'),
    (2, '{[1,3),[5,7)}', NULL, '{[1.5,3)}', NULL, '{[2026-05-04,2026-05-06)}', NULL, '{1.50,2}', NULL, '{10.0.0.1}', NULL, '{"[1]"}', NULL);
