CREATE TABLE authors (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    born int            -- a year; unknown of some
);

CREATE DOMAIN cents AS bigint;
COMMENT ON DOMAIN cents IS 'Cents is a sum of money.';

CREATE TABLE books (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id bigint REFERENCES authors (id), -- none for anonymous works
    title     text NOT NULL,
    price     cents NOT NULL CHECK (price > 0),
    published int NOT NULL
);

CREATE TYPE spot AS (room text, shelf int);

CREATE INDEX books_author ON books (author_id);
CREATE INDEX books_title ON books (title, id);

CREATE TABLE stock (
    book_id bigint PRIMARY KEY REFERENCES books (id),
    copies  int NOT NULL CHECK (copies >= 0),
    spot    spot        -- where it stands
);

CREATE TABLE sales (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id bigint NOT NULL REFERENCES books (id),
    copies  int NOT NULL CHECK (copies > 0),
    sold_at timestamptz NOT NULL
);

CREATE TABLE promotions (
    days    daterange PRIMARY KEY,
    percent int NOT NULL CHECK (percent > 0)
);
