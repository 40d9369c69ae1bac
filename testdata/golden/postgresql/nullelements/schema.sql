CREATE TABLE notes (
    id    integer PRIMARY KEY,
    tags  text[] NOT NULL,
    nums  integer[],
    days  date[],
    spans int4range[],
    known text[] NOT NULL CHECK (array_position(known, NULL) IS NULL),
    other integer[] CHECK (id > 0 AND array_remove(other, NULL) = other)
);
