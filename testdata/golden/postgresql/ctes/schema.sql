CREATE TABLE staff (
    id   integer PRIMARY KEY,
    boss integer REFERENCES staff,
    name text NOT NULL
);

CREATE TABLE leavers (
    id   integer NOT NULL,
    name text NOT NULL
);

INSERT INTO staff VALUES (1, NULL, 'Ann'), (2, 1, 'Bob'), (3, 2, 'Cid');
