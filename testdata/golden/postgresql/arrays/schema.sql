CREATE TYPE mood AS ENUM ('sad', 'ok');

CREATE TABLE notes (
    id     integer PRIMARY KEY,
    tags   text[] NOT NULL,
    scores integer[],
    moods  mood[]
);
