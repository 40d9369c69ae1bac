CREATE TABLE authors (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE books (
    id        INTEGER PRIMARY KEY,
    author_id INTEGER REFERENCES authors,
    title     TEXT NOT NULL,
    price     INTEGER NOT NULL
);

CREATE VIEW shelf AS
SELECT b.id, b.title, a.name AS author, b.price * 2 AS twice FROM books b LEFT JOIN authors a ON a.id = b.author_id;

CREATE VIEW totals (author, books, revenue) AS
SELECT a.name, count(b.id), sum(b.price) FROM authors a LEFT JOIN books b ON b.author_id = a.id GROUP BY a.id;

INSERT INTO authors VALUES (1, 'Austen'), (2, 'Homer');
INSERT INTO books VALUES (1, 1, 'Emma', 12), (2, NULL, 'Beowulf', 9);
