CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE authors (
    id   uuid PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE books (
    id         bigint PRIMARY KEY,
    author_id  uuid NOT NULL REFERENCES authors (id),
    title      text NOT NULL,
    price      numeric(10, 2) NOT NULL,
    mood       mood NOT NULL,
    created_at timestamptz NOT NULL,
    born       timestamp NOT NULL,
    day        date NOT NULL
);
CREATE INDEX books_created ON books (created_at, id);
CREATE INDEX books_price ON books (price DESC, id);
