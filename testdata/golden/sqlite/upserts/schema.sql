CREATE TABLE stock (
    isbn   TEXT PRIMARY KEY NOT NULL,
    copies INTEGER NOT NULL,
    note   TEXT
);
