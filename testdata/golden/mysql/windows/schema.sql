CREATE TABLE sales (
    day    date PRIMARY KEY,
    city   varchar(20) NOT NULL,
    copies int NOT NULL
);

INSERT INTO sales VALUES ('2026-05-01', 'Bath', 5), ('2026-05-02', 'Bath', 7), ('2026-05-03', 'York', 7);
