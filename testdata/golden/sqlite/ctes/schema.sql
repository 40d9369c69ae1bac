CREATE TABLE staff (
    id   INTEGER PRIMARY KEY,
    boss INTEGER REFERENCES staff,
    name TEXT NOT NULL
);

INSERT INTO staff VALUES (1, NULL, 'Ann'), (2, 1, 'Bob'), (3, 2, 'Cid');
