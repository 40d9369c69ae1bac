CREATE TYPE mood AS ENUM ('sad', 'ok');

CREATE TABLE things (
    id      bigint PRIMARY KEY,
    name    text NOT NULL,
    mood    mood,
    price   numeric(8, 2),
    weight  double precision,
    on_sale boolean,
    tags    text[] NOT NULL,
    sizes   integer[],
    data    jsonb,
    raw     bytea,
    key     uuid,
    day     date,
    at      timestamptz
);
