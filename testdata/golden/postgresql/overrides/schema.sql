CREATE TABLE orders (
    id       uuid PRIMARY KEY,
    parent   uuid,
    total    bigint NOT NULL,
    rate     numeric,
    note     text,
    labels   text[],
    placed   timestamptz NOT NULL,
    shipped  timestamptz
);
