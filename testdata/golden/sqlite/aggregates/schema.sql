CREATE TABLE sales (
    id     INTEGER PRIMARY KEY,
    city   TEXT NOT NULL,
    seller TEXT,
    copies INTEGER NOT NULL,
    price  REAL NOT NULL
);
