CREATE TABLE users (
    id      INTEGER PRIMARY KEY,
    profile TEXT NOT NULL,
    extra   TEXT,
    tags    JSON
);
