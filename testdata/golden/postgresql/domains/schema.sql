CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
COMMENT ON DOMAIN email IS 'Email is an address that has an @.';
CREATE DOMAIN work_email AS email CHECK (VALUE NOT LIKE '%gmail%');
CREATE DOMAIN cents AS bigint NOT NULL;
CREATE DOMAIN share AS double precision;
CREATE DOMAIN flag AS boolean;
CREATE DOMAIN day AS date;
CREATE DOMAIN tags AS text[];

CREATE TABLE people (
    id    integer PRIMARY KEY,
    mail  email NOT NULL,
    work  work_email,
    owes  cents,
    part  share,
    loud  flag,
    born  day,
    words tags,
    other text[]
);

CREATE DOMAIN sku AS varchar(8);

CREATE TABLE goods (
    sku  sku PRIMARY KEY,
    name text NOT NULL
);

INSERT INTO goods VALUES ('a-1', 'Anvil');
