CREATE TABLE authors (
    id   int PRIMARY KEY,
    name varchar(100) NOT NULL,
    born int
);

CREATE TABLE books (
    id        int PRIMARY KEY,
    author_id int REFERENCES authors (id),
    title     varchar(100) NOT NULL,
    price     int
);

INSERT INTO authors VALUES (1, 'Austen', 1775), (2, 'Homer', NULL);
INSERT INTO books VALUES (1, 1, 'Emma', 12), (2, 1, 'Persuasion', NULL), (3, NULL, 'Beowulf', 9);
