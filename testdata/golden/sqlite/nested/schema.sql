CREATE TABLE publishers (
    id   integer PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE authors (
    id   integer PRIMARY KEY,
    name text NOT NULL,
    born integer
);
CREATE TABLE books (
    id           integer PRIMARY KEY,
    author_id    bigint REFERENCES authors (id),
    publisher_id integer REFERENCES publishers (id),
    title        text NOT NULL,
    price        integer
);
CREATE TABLE reviews (
    book_id bigint NOT NULL REFERENCES books (id),
    reader  text NOT NULL,
    stars   integer NOT NULL,
    PRIMARY KEY (book_id, reader)
);
CREATE TABLE prizes (
    author_id bigint NOT NULL REFERENCES authors (id),
    year      integer NOT NULL,
    name      text NOT NULL,
    PRIMARY KEY (author_id, year)
);
CREATE TABLE blobs (
    hash blob NOT NULL PRIMARY KEY,
    author_id integer NOT NULL,
    note blob
) STRICT;
