CREATE TABLE events (
    id   INTEGER PRIMARY KEY,
    body JSON NOT NULL,
    raw  TEXT
);
