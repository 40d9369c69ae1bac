CREATE TABLE sales (
    id     int PRIMARY KEY,
    city   varchar(20) NOT NULL,
    seller varchar(20),
    copies int NOT NULL,
    price  decimal(8, 2) NOT NULL,
    weight double NOT NULL
);
