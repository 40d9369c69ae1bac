CREATE TABLE authors (
    id   int PRIMARY KEY,
    name varchar(20) NOT NULL
);

CREATE TABLE books (
    id        int PRIMARY KEY,
    author_id int NOT NULL,
    title     varchar(20) NOT NULL,
    price     int NOT NULL
);

INSERT INTO authors VALUES (1, 'Austen'), (2, 'Homer');
INSERT INTO books VALUES (1, 1, 'Emma', 12), (2, 1, 'Persuasion', 9);
