CREATE TYPE mood AS ENUM ('sad', 'ok');

CREATE TABLE authors (
    id    integer PRIMARY KEY,
    name  text NOT NULL,
    names text[] NOT NULL,
    mood  mood NOT NULL,
    born  date
);

CREATE TABLE books (
    id        integer PRIMARY KEY,
    author_id integer REFERENCES authors
);

-- Every column of it may be NULL, in a row too.
CREATE TABLE notes (
    book_id integer,
    note    text
);

INSERT INTO authors VALUES (1, 'Austen', '{Jane}', 'ok', '1775-12-16'), (2, 'Homer', '{}', 'sad', NULL);
INSERT INTO books VALUES (1, 1), (2, NULL);
INSERT INTO notes VALUES (1, NULL);
