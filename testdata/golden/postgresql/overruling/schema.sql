CREATE TYPE mood AS ENUM ('glad', 'sad');

CREATE TABLE authors (
    id   integer PRIMARY KEY,
    name text NOT NULL,
    bio  text
);

CREATE TABLE books (
    id        integer PRIMARY KEY,
    author_id integer NOT NULL REFERENCES authors,
    title     text NOT NULL,
    price     numeric(6,2),
    doc       jsonb
);

INSERT INTO authors VALUES (1, 'Austen', 'English'), (2, 'Homer', NULL);
INSERT INTO books VALUES (1, 1, 'Emma', 2.50, '{"pages": 400}'), (2, 2, 'Ilias', NULL, NULL);
