CREATE TABLE books (
    id    INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    price INTEGER
);

INSERT INTO books VALUES (1, 'Emma', 12), (2, 'Persuasion', NULL), (3, 'Beowulf', 9);
