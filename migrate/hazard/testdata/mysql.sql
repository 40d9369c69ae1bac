CREATE TABLE parent (id bigint PRIMARY KEY, code int UNIQUE) CHARACTER SET utf8mb4;
CREATE TABLE t (
    id bigint NOT NULL PRIMARY KEY,
    a int,
    b int NOT NULL DEFAULT 0,
    c varchar(20),
    d varchar(60) NOT NULL,
    e enum('x', 'y'),
    f decimal(10, 2),
    g datetime,
    h char(5),
    s set('a', 'b'),
    txt text,
    l varchar(100) CHARACTER SET latin1,
    v int GENERATED ALWAYS AS (a + 1) VIRTUAL,
    w int GENERATED ALWAYS AS (b + 1) STORED,
    u int unsigned,
    p point NOT NULL,
    KEY t_a (a),
    KEY t_c (c),
    CONSTRAINT positive CHECK (b >= 0)
) CHARACTER SET utf8mb4;
CREATE TABLE nokey (a int NOT NULL, b int);
CREATE TABLE fulltexted (id int PRIMARY KEY, body text, FULLTEXT KEY ft (body)) CHARACTER SET utf8mb4;
