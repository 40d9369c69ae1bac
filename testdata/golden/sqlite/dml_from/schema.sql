CREATE TABLE books (
    id    INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    price INTEGER
);

CREATE TABLE offers (
    book_id INTEGER NOT NULL,
    price   INTEGER NOT NULL
);

INSERT INTO books VALUES (1, 'Emma', 12), (2, 'Beowulf', NULL), (3, 'Iliad', 7);
INSERT INTO offers VALUES (1, 10), (2, 8);
