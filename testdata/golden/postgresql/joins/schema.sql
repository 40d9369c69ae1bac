CREATE TABLE authors (
    id   integer PRIMARY KEY,
    name text NOT NULL,
    born integer
);

CREATE TABLE books (
    id        integer PRIMARY KEY,
    author_id integer REFERENCES authors,
    title     text NOT NULL
);

CREATE TABLE sales (
    book_id integer NOT NULL REFERENCES books,
    copies  integer NOT NULL
);

INSERT INTO authors VALUES (1, 'Austen', 1775), (2, 'Homer', NULL);
INSERT INTO books VALUES (1, 1, 'Emma'), (2, NULL, 'Beowulf');
INSERT INTO sales VALUES (1, 3), (1, 4);
