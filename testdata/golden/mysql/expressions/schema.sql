CREATE TABLE items (
    id     int PRIMARY KEY,
    name   varchar(20) NOT NULL,
    note   varchar(20),
    price  decimal(8, 2) NOT NULL,
    rebate decimal(8, 2),
    stock  int,
    fresh  tinyint(1) NOT NULL,
    added  datetime NOT NULL,
    sold   datetime,
    opens  time,
    made   year,
    photo  blob,
    size   bigint unsigned
);

INSERT INTO items VALUES
    (1, 'Pen', 'blue', 1.50, 0.50, 10, 1, '2026-05-01 10:00:00', '2026-05-03 12:30:00', '09:30:00', 2026, x'00ff', 18446744073709551615),
    (2, 'Ink', NULL, 4.00, NULL, NULL, 0, '2026-05-02 10:00:00', NULL, NULL, NULL, NULL, NULL);
