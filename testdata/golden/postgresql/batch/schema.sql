CREATE TABLE books (
    id     integer PRIMARY KEY,
    title  text NOT NULL UNIQUE,
    author text
);
