CREATE TYPE mood AS ENUM ('calm', 'dark');
CREATE TYPE size AS (width integer, height integer);
CREATE DOMAIN isbn AS text CHECK (VALUE <> '');

CREATE TABLE authors (
    id   bigint PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE books (
    id        bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors,
    title     text NOT NULL,
    price     numeric(8, 2),
    mood      mood
);

CREATE TABLE kinds (
    id      integer PRIMARY KEY,
    flag    boolean NOT NULL,
    small   smallint,
    f4      real NOT NULL,
    f8      double precision,
    n       numeric NOT NULL,
    day     date NOT NULL,
    at      timestamp NOT NULL,
    atz     timestamptz,
    body    bytea NOT NULL,
    pic     bytea,
    key     uuid NOT NULL,
    tags    text[] NOT NULL,
    nums    integer[],
    doc     jsonb,
    span    int4range,
    took    interval,
    size    size,
    isbn    isbn NOT NULL,
    "a-b"   char(3) NOT NULL
);

INSERT INTO authors VALUES (1, 'Austen'), (2, 'Homer');
INSERT INTO books VALUES (1, 1, 'Emma', 9.50, 'calm'), (2, 1, 'Sense & "Sensibility" \ é ☃', NULL, NULL);
INSERT INTO kinds VALUES
    (1, true, 7, 1.5, 'NaN', 'NaN', '2026-05-03', '2026-05-03 09:00:00', '2026-05-03 09:00:00.5+02', '\x00ff', '\x', '11111111-2222-3333-4444-555555555555',
     ARRAY['a', NULL], ARRAY[1, NULL], '{"a": [1]}', '[1,5)', '1 day', ROW (1, NULL), '1-2', 'x'),
    (2, false, NULL, 0.1, '-Infinity', 12345678901234567890.12345678901234567890, '2026-05-04', '2026-05-04 10:30:00.123456', '2026-05-04 10:30:00+00', '', NULL, '11111111-2222-3333-4444-555555555555',
     '{}', NULL, NULL, NULL, NULL, NULL, '3', 'xyz'),
    (3, false, NULL, 0.1, 1e300, 1e30, 'infinity', '-infinity', 'infinity', '', NULL, '11111111-2222-3333-4444-555555555555',
     '{}', NULL, NULL, NULL, NULL, NULL, '3', 'xyz');
