CREATE SCHEMA shop;
CREATE TYPE mood AS ENUM ('sad', 'ok');

CREATE TABLE books (
    id        integer PRIMARY KEY,
    title     text NOT NULL,
    author    text,
    price     numeric(8, 2),
    published date,
    tags      text[] NOT NULL
);

CREATE TABLE shop.notes (
    "the note" text NOT NULL,
    added      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE feelings (feeling mood);
