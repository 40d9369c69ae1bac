CREATE TABLE sales (
    day    TEXT PRIMARY KEY NOT NULL,
    city   TEXT NOT NULL,
    copies INTEGER NOT NULL
);

INSERT INTO sales VALUES ('2026-05-01', 'Bath', 5), ('2026-05-02', 'Bath', 7), ('2026-05-03', 'York', 7);
