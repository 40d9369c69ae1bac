CREATE TYPE place AS (city text, zip text);
CREATE TYPE mood AS ENUM ('calm', 'dark');
CREATE DOMAIN isbn AS text;

-- A parcel is what the post takes.
CREATE TYPE parcel AS (
    n      integer,
    value  numeric,
    f8     double precision,
    flag   boolean,
    sent   timestamptz,
    day    date,
    at     timestamp,
    mood   mood,
    tags   text[],
    body   bytea,
    "to"   place,
    doc    jsonb,
    key    uuid,
    "index" smallint,
    isbn   isbn,
    note   varchar(100)
);

CREATE TABLE people (
    id   integer PRIMARY KEY,
    home place NOT NULL,
    work place
);

CREATE TABLE parcels (
    id     integer PRIMARY KEY,
    parcel parcel,
    places place[] NOT NULL
);

CREATE TABLE moves (
    id     integer PRIMARY KEY,
    person people
);

INSERT INTO moves SELECT 1, ROW (7, ROW ('Rye', NULL), NULL)::people;
INSERT INTO people VALUES (1, ROW ('Bath', 'BA1'), NULL), (2, ROW ('York', NULL), ROW ('Hull', 'HU1'));
