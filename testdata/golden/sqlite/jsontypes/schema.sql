CREATE TABLE authors (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE books (
    id        INTEGER PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES authors (id),
    title     TEXT NOT NULL,
    price     REAL,
    doc       TEXT
);

CREATE TABLE kinds (
    id   INTEGER PRIMARY KEY,
    flag BOOLEAN NOT NULL,
    opt  BOOLEAN,
    big  BIGINT NOT NULL,
    f    REAL,
    n    NUMERIC,
    day  DATE NOT NULL,
    at   DATETIME,
    note VARCHAR(10) NOT NULL
);

INSERT INTO authors VALUES (1, 'Austen'), (2, 'Homer');
INSERT INTO books VALUES (1, 1, 'Emma', 9.5, '{"a": 1}'), (2, 1, 'Sense & "Sensibility" \ é ☃', NULL, NULL);
INSERT INTO kinds VALUES
    (1, true, false, 9223372036854775807, 9e999, 12, '2026-05-04', '2026-05-04 10:30:00.5', 'x'),
    (2, false, NULL, 0, NULL, 1.5, '2026-05-04', NULL, '');
