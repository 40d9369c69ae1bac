CREATE TABLE staff (
    id   int PRIMARY KEY,
    boss int,
    name varchar(20) NOT NULL
);

INSERT INTO staff VALUES (1, NULL, 'Ann'), (2, 1, 'Bob'), (3, 2, 'Cid');
