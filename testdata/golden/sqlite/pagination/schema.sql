CREATE TABLE authors (
    id   integer PRIMARY KEY,
    name text NOT NULL
) STRICT;
CREATE TABLE books (
    id         integer PRIMARY KEY,
    author_id  integer NOT NULL REFERENCES authors (id),
    title      text NOT NULL,
    price      integer NOT NULL,
    created_at text NOT NULL
) STRICT;
CREATE INDEX books_created ON books (created_at, id);
CREATE INDEX books_title ON books (title COLLATE nocase, id);
CREATE TABLE files (
    path text NOT NULL PRIMARY KEY,
    hash blob NOT NULL
) STRICT;
