CREATE TABLE authors (
    id   int PRIMARY KEY,
    name varchar(20) NOT NULL
);

CREATE TABLE books (
    id        int PRIMARY KEY,
    author_id int,
    title     varchar(20) NOT NULL,
    price     int NOT NULL
);

CREATE VIEW shelf AS
SELECT b.id, b.title, a.name AS author, b.price * 2 AS twice FROM books b LEFT JOIN authors a ON a.id = b.author_id;

CREATE VIEW totals (author, books, dearest) AS
SELECT a.name, count(b.id), max(b.price) FROM authors a LEFT JOIN books b ON b.author_id = a.id GROUP BY a.id, a.name;

INSERT INTO authors VALUES (1, 'Austen'), (2, 'Homer');
INSERT INTO books VALUES (1, 1, 'Emma', 12), (2, NULL, 'Beowulf', 9);
