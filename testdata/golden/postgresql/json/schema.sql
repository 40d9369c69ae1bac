CREATE TABLE events (
    id   integer PRIMARY KEY,
    body jsonb NOT NULL,
    raw  json
);
