CREATE TABLE stock (
    isbn   text PRIMARY KEY,
    copies integer NOT NULL,
    note   text
);
