CREATE TABLE people (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL,
    bio        TEXT,
    age        INTEGER NOT NULL,
    score      REAL NOT NULL,
    active     BOOLEAN NOT NULL,
    created_at DATETIME NOT NULL
);

-- What is inserted goes here.
CREATE TABLE arrivals (
    id         INTEGER NOT NULL,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL,
    bio        TEXT,
    age        INTEGER NOT NULL,
    score      REAL NOT NULL,
    active     BOOLEAN NOT NULL,
    created_at DATETIME NOT NULL
);

WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000)
INSERT INTO people
SELECT n, 'Name ' || n, 'name' || n || '@example.com', iif(n % 3 > 0, 'Born as number ' || n || ', and content with it.', NULL),
       n % 90, n / 7.0, n % 2 = 0, datetime('2026-01-01 00:00:00', n || ' minutes')
FROM numbers;
