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
    m varchar(300),
    v int GENERATED ALWAYS AS (a + 1) VIRTUAL,
    w int GENERATED ALWAYS AS (b + 1) STORED,
    u int unsigned,
    p point NOT NULL,
    j json,
    bits bit(4),
    n int NOT NULL,
    KEY t_a (a),
    KEY t_c (c),
    CONSTRAINT positive CHECK (b >= 0)
) ENGINE=InnoDB CHARACTER SET utf8mb4;
CREATE TABLE plain (id bigint NOT NULL PRIMARY KEY, a int, b int NOT NULL, c varchar(20), d text, KEY plain_a (a)) ENGINE=InnoDB CHARACTER SET utf8mb4;
CREATE TABLE counted (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, a int NOT NULL) ENGINE=InnoDB;
CREATE TABLE nokey (a int NOT NULL, b int) ENGINE=InnoDB;
CREATE TABLE fulltexted (id int PRIMARY KEY, body text, title varchar(100), a int, FULLTEXT KEY ft (body)) ENGINE=InnoDB CHARACTER SET utf8mb4;
CREATE TABLE packed (id int PRIMARY KEY, a int, c varchar(20)) ENGINE=InnoDB ROW_FORMAT=COMPRESSED;
CREATE TABLE redundant (id int PRIMARY KEY, a int NOT NULL, c varchar(20)) ENGINE=InnoDB ROW_FORMAT=REDUNDANT;
CREATE TABLE child (id bigint PRIMARY KEY, parent bigint, code int, CONSTRAINT child_parent FOREIGN KEY (parent) REFERENCES parent (id)) ENGINE=InnoDB;
CREATE TABLE referred (id bigint PRIMARY KEY, code int, UNIQUE KEY (code)) ENGINE=InnoDB;
CREATE TABLE refers (id bigint PRIMARY KEY, code int, CONSTRAINT refers_code FOREIGN KEY (code) REFERENCES referred (code)) ENGINE=InnoDB;
CREATE TABLE ranged (id int NOT NULL PRIMARY KEY, a int) ENGINE=InnoDB PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
CREATE TABLE listed (id int NOT NULL PRIMARY KEY, a int) ENGINE=InnoDB PARTITION BY LIST (id) (PARTITION p0 VALUES IN (1, 2), PARTITION p1 VALUES IN (3));
CREATE TABLE hashed (id int NOT NULL PRIMARY KEY, a int) ENGINE=InnoDB PARTITION BY HASH (id) PARTITIONS 4;
CREATE TABLE many (id int PRIMARY KEY, ts timestamp NULL, dt datetime, da date, ti time, ye year, vc varchar(10), tx text, de decimal(5,2), en enum('x', 'y'), js json, po point) ENGINE=InnoDB;
CREATE TABLE virtualed (id int PRIMARY KEY, a int, b int, v int GENERATED ALWAYS AS (b + 1) VIRTUAL) ENGINE=InnoDB;
CREATE TABLE storeded (id int PRIMARY KEY, a int, b int, v int GENERATED ALWAYS AS (b + 1) STORED) ENGINE=InnoDB;
CREATE TABLE checked (id int PRIMARY KEY, a int, b int, CONSTRAINT bounded CHECK (b < 9)) ENGINE=InnoDB;
CREATE TABLE lax (id int PRIMARY KEY, a int, CONSTRAINT asleep CHECK (a < 9) /*!80016 NOT ENFORCED */) ENGINE=InnoDB;
CREATE TABLE swapped (id int NOT NULL PRIMARY KEY, a int) ENGINE=InnoDB;
