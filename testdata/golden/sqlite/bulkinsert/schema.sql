CREATE TABLE readings (
    id    integer PRIMARY KEY,
    place text NOT NULL,
    value real,
    note  text NOT NULL DEFAULT ''
);
CREATE TABLE places (
    name text NOT NULL PRIMARY KEY,
    seen integer NOT NULL
);
