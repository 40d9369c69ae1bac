CREATE TABLE books (
    id    integer PRIMARY KEY,
    title text NOT NULL,
    price integer
);

CREATE TABLE offers (
    book_id integer NOT NULL,
    price   integer NOT NULL,
    ends    date
);

INSERT INTO books VALUES (1, 'Emma', 12), (2, 'Beowulf', NULL), (3, 'Iliad', 7);
INSERT INTO offers VALUES (1, 10, '2026-05-04'), (2, 8, NULL);
