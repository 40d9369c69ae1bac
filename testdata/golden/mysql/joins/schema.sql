CREATE TABLE authors (
    id   int PRIMARY KEY,
    name varchar(100) NOT NULL,
    born int unsigned
);

CREATE TABLE books (
    id        int PRIMARY KEY,
    author_id int,
    title     varchar(100) NOT NULL
);

INSERT INTO authors VALUES (1, 'Austen', 1775), (2, 'Homer', NULL);
INSERT INTO books VALUES (1, 1, 'Emma'), (2, NULL, 'Beowulf');
