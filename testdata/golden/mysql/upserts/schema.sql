CREATE TABLE stock (
    isbn   varchar(13) PRIMARY KEY,
    copies int NOT NULL,
    note   varchar(20)
);
