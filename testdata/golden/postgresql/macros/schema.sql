CREATE TABLE authors (
    id   integer PRIMARY KEY,
    name text NOT NULL,
    born integer
);

CREATE TABLE books (
    id        integer PRIMARY KEY,
    author_id integer REFERENCES authors,
    title     text NOT NULL,
    price     integer
);

INSERT INTO authors VALUES (1, 'Austen', 1775), (2, 'Homer', NULL);
INSERT INTO books VALUES (1, 1, 'Emma', 12), (2, 1, 'Persuasion', NULL), (3, NULL, 'Beowulf', 9);
