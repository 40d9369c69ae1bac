CREATE TABLE authors (
    id   int PRIMARY KEY,
    name varchar(100) NOT NULL,
    bio  text
);

CREATE TABLE books (
    id        int PRIMARY KEY,
    author_id int NOT NULL,
    title     varchar(100) NOT NULL,
    price     decimal(6,2),
    stock     int NOT NULL,
    doc       json
);

INSERT INTO authors VALUES (1, 'Austen', 'English'), (2, 'Homer', NULL);
INSERT INTO books VALUES (1, 1, 'Emma', 2.50, 1, '{"pages": 400}'), (2, 2, 'Ilias', NULL, 0, NULL);
