CREATE TABLE authors (
    id   integer PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE books (
    id        integer PRIMARY KEY,
    author_id integer REFERENCES authors,
    title     text NOT NULL,
    price     integer NOT NULL
);

CREATE VIEW shelf AS
SELECT b.id, b.title, a.name AS author, b.price * 2 AS twice
FROM books b LEFT JOIN authors a ON a.id = b.author_id;

CREATE VIEW totals (author, books, revenue) AS
SELECT a.name, count(b.id), sum(b.price)
FROM authors a LEFT JOIN books b ON b.author_id = a.id
GROUP BY a.id;

CREATE MATERIALIZED VIEW cheap AS SELECT title FROM shelf WHERE twice < 20;

INSERT INTO authors VALUES (1, 'Austen'), (2, 'Homer');
INSERT INTO books VALUES (1, 1, 'Emma', 12), (2, NULL, 'Beowulf', 9);
