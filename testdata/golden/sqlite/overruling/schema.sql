CREATE TABLE authors (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    bio  TEXT
);

CREATE TABLE books (
    id        INTEGER PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES authors,
    title     TEXT NOT NULL,
    price     NUMERIC,
    doc       TEXT
);

INSERT INTO authors VALUES (1, 'Austen', 'English'), (2, 'Homer', NULL);
INSERT INTO books VALUES (1, 1, 'Emma', 2.50, '{"pages": 400}'), (2, 2, 'Ilias', NULL, NULL);
