CREATE TABLE sales (
    id     integer PRIMARY KEY,
    city   text NOT NULL,
    seller text,
    copies integer NOT NULL,
    price  numeric(8, 2) NOT NULL,
    weight real NOT NULL
);
