CREATE TYPE place AS (city text, zip text);

CREATE TABLE people (
    id   integer PRIMARY KEY,
    home place NOT NULL,
    work place
);

INSERT INTO people VALUES (1, ROW ('Bath', 'BA1'), NULL), (2, ROW ('York', NULL), ROW ('Hull', 'HU1'));
