CREATE TABLE authors (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    born INTEGER
);

CREATE TABLE books (
    id        INTEGER PRIMARY KEY,
    author_id INTEGER REFERENCES authors,
    title     TEXT NOT NULL,
    price     INTEGER
);

INSERT INTO authors VALUES (1, 'Austen', 1775), (2, 'Homer', NULL);
INSERT INTO books VALUES (1, 1, 'Emma', 12), (2, 1, 'Persuasion', NULL), (3, NULL, 'Beowulf', 9);
