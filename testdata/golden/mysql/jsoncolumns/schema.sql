CREATE TABLE users (
    id      int PRIMARY KEY,
    profile json NOT NULL,
    extra   json,
    tags    json
);
