CREATE TABLE authors (
    id   integer PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE books (
    id        integer PRIMARY KEY,
    author_id integer NOT NULL REFERENCES authors (id),
    title     text NOT NULL,
    price     integer
);
INSERT INTO authors VALUES (1, 'Austen'), (2, 'Homer');
INSERT INTO books VALUES (1, 1, 'Emma', 12), (2, 1, 'Persuasion', NULL), (3, 2, 'Odyssey', 9), (4, 2, 'Iliad', 12);
