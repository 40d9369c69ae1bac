CREATE TABLE tasks (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    done  boolean NOT NULL DEFAULT false,
    due   date,
    slug  text GENERATED ALWAYS AS (lower(title)) STORED
);
