CREATE TABLE people (
    id         bigint PRIMARY KEY,
    name       text NOT NULL,
    email      text NOT NULL,
    bio        text,
    age        integer NOT NULL,
    score      double precision NOT NULL,
    active     boolean NOT NULL,
    created_at timestamptz NOT NULL
);

-- What is inserted goes here.
CREATE UNLOGGED TABLE arrivals (LIKE people);

INSERT INTO people
SELECT n, 'Name ' || n, 'name' || n || '@example.com', CASE WHEN n % 3 > 0 THEN 'Born as number ' || n || ', and content with it.' END,
       n % 90, n / 7.0, n % 2 = 0, '2026-01-01 00:00:00Z'::timestamptz + n * interval '1 minute'
FROM generate_series(1, 2000) n;
ANALYZE people;
