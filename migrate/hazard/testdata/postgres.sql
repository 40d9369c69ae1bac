CREATE EXTENSION citext;
CREATE EXTENSION btree_gist;
CREATE TYPE en AS ENUM ('a', 'b');
CREATE DOMAIN dm AS int;
CREATE DOMAIN checked AS int CHECK (VALUE <> 7);
CREATE TABLE u (id int PRIMARY KEY, k int UNIQUE);
CREATE TABLE t (
    id int PRIMARY KEY,
    a int,
    b int NOT NULL DEFAULT 0,
    c varchar(10),
    d text,
    e numeric(10, 2),
    f timestamp,
    g timestamptz,
    h cidr,
    i json,
    j en,
    k char(5),
    l dm,
    n bigint CONSTRAINT n_nn CHECK (n IS NOT NULL),
    o citext,
    p int,
    r int,
    s varbit(8),
    uid int,
    z int GENERATED ALWAYS AS IDENTITY,
    gen int GENERATED ALWAYS AS (id + 1) STORED
);
CREATE INDEX t_a ON t (a);
CREATE INDEX t_d ON t (d);
CREATE INDEX t_c ON t (c);
CREATE UNIQUE INDEX t_uq ON t (uid);
ALTER TABLE t ADD CONSTRAINT p_nn CHECK (p IS NOT NULL) NOT VALID;
ALTER TABLE t ADD CONSTRAINT fknv FOREIGN KEY (r) REFERENCES u (id) NOT VALID;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER tg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
CREATE VIEW v AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;
CREATE UNIQUE INDEX mvi ON mv (id);
CREATE TABLE part (d date NOT NULL, x int) PARTITION BY RANGE (d);
CREATE TABLE p1 PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE p2 (d date NOT NULL, x int);
CREATE TABLE p3 (d date NOT NULL, x int, CHECK (d >= '2022-01-01' AND d < '2023-01-01'));
INSERT INTO u VALUES (1, 1), (2, 2);
INSERT INTO t (id, a, c, d, n, p, r, uid, k, h, i, j, o, s, l) VALUES (1, 1, 'x', 'y', 1, 1, 1, 1, 'k', '10.0.0.0/8', '{}', 'a', 'o', B'1', 5);
INSERT INTO t (id, a, c, d, n, p, r, uid, l) VALUES (2, 2, 'xx', 'yy', 2, 2, 2, 2, 5);
REFRESH MATERIALIZED VIEW mv;
