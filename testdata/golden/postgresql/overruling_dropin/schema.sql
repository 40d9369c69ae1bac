CREATE TABLE authors (
    id   integer PRIMARY KEY,
    name text NOT NULL,
    bio  text
);

INSERT INTO authors VALUES (1, 'Austen', 'English'), (2, 'Homer', NULL);
