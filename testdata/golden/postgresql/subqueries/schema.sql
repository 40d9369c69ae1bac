CREATE TABLE authors (
    id   integer PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE books (
    id        integer PRIMARY KEY,
    author_id integer NOT NULL REFERENCES authors,
    title     text NOT NULL,
    price     integer NOT NULL
);

INSERT INTO authors VALUES (1, 'Austen'), (2, 'Homer');
INSERT INTO books VALUES (1, 1, 'Emma', 12), (2, 1, 'Persuasion', 9);
