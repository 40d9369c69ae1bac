CREATE TABLE events (
    id   int PRIMARY KEY,
    body json NOT NULL,
    raw  json
);
