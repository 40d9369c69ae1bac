CREATE TABLE users (
    id      integer PRIMARY KEY,
    profile jsonb NOT NULL,
    extra   jsonb,
    tags    json
);
