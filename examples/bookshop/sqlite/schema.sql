CREATE TABLE authors (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    born INTEGER            -- a year; unknown of some
);

CREATE TABLE books (
    id        INTEGER PRIMARY KEY,
    author_id INTEGER REFERENCES authors (id), -- none for anonymous works
    title     TEXT NOT NULL,
    price     INTEGER NOT NULL CHECK (price > 0), -- in cents
    published INTEGER NOT NULL
);

CREATE INDEX books_author ON books (author_id);
CREATE INDEX books_title ON books (title, id);

CREATE TABLE stock (
    book_id INTEGER PRIMARY KEY REFERENCES books (id),
    copies  INTEGER NOT NULL CHECK (copies >= 0)
);

CREATE TABLE sales (
    id      INTEGER PRIMARY KEY,
    book_id INTEGER NOT NULL REFERENCES books (id),
    copies  INTEGER NOT NULL CHECK (copies > 0),
    sold_at DATETIME NOT NULL
);
