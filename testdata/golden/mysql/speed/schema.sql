CREATE TABLE people (
    id         BIGINT PRIMARY KEY,
    name       VARCHAR(100) NOT NULL,
    email      VARCHAR(100) NOT NULL,
    bio        TEXT,
    age        INT NOT NULL,
    score      DOUBLE NOT NULL,
    active     BOOLEAN NOT NULL,
    created_at DATETIME NOT NULL
);

-- What is inserted goes here.
CREATE TABLE arrivals (
    id         BIGINT NOT NULL,
    name       VARCHAR(100) NOT NULL,
    email      VARCHAR(100) NOT NULL,
    bio        TEXT,
    age        INT NOT NULL,
    score      DOUBLE NOT NULL,
    active     BOOLEAN NOT NULL,
    created_at DATETIME NOT NULL
);

INSERT INTO people
WITH RECURSIVE digits AS (SELECT 0 AS d UNION ALL SELECT d + 1 FROM digits WHERE d < 9),
     numbers AS (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 1 AS n FROM digits a, digits b, digits c, digits e WHERE e.d < 2)
SELECT n, CONCAT('Name ', n), CONCAT('name', n, '@example.com'), IF(n % 3 > 0, CONCAT('Born as number ', n, ', and content with it.'), NULL),
       n % 90, n / 7, n % 2 = 0, '2026-01-01 00:00:00' + INTERVAL n MINUTE
FROM numbers;
