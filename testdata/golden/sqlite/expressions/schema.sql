CREATE TABLE items (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    note   TEXT,
    price  REAL NOT NULL,
    rebate REAL,
    stock  INTEGER,
    fresh  BOOLEAN NOT NULL,
    added  DATETIME NOT NULL,
    sold   DATETIME,
    photo  BLOB
);

INSERT INTO items VALUES
    (1, 'Pen', 'blue', 1.5, 0.5, 10, 1, '2026-05-01 10:00:00', '2026-05-03 12:30:00', x'00ff'),
    (2, 'Ink', NULL, 4.0, NULL, NULL, 0, '2026-05-02 10:00:00', NULL, NULL);
