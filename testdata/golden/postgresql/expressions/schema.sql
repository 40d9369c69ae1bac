CREATE TABLE items (
    id     integer PRIMARY KEY,
    name   text NOT NULL,
    note   text,
    price  numeric(8, 2) NOT NULL,
    rebate numeric(8, 2),
    stock  integer,
    added  timestamptz NOT NULL,
    sold   timestamptz,
    due    date
);

INSERT INTO items VALUES
    (1, 'Pen', 'blue', 1.50, 0.50, 10, '2026-05-01 10:00:00+00', '2026-05-03 12:30:00+00', '2026-06-01'),
    (2, 'Ink', NULL, 4.00, NULL, NULL, '2026-05-02 10:00:00+00', NULL, NULL);
