CREATE TABLE books (
    id    int PRIMARY KEY,
    title varchar(20) NOT NULL,
    price int
);

CREATE TABLE offers (
    book_id int NOT NULL,
    price   int NOT NULL
);

INSERT INTO books VALUES (1, 'Emma', 12), (2, 'Beowulf', NULL), (3, 'Iliad', 7);
INSERT INTO offers VALUES (1, 10), (2, 8);
