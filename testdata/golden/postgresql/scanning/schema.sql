CREATE TABLE authors (
    id    integer PRIMARY KEY,
    name  text NOT NULL,
    names text[] NOT NULL
);

CREATE TABLE books (
    id        integer PRIMARY KEY,
    author_id integer REFERENCES authors,
    title     text NOT NULL,
    price     integer,
    tags      text NOT NULL,
    facts     jsonb NOT NULL,
    raw       bytea
);

INSERT INTO authors VALUES (1, 'Austen', '{Jane}'), (2, 'Homer', '{}'), (3, 'Anon', '{A,N}');
INSERT INTO books VALUES
    (1, 1, 'Emma', 12, 'novel love', '{"pages": "474"}', 'abc'),
    (2, 2, 'Iliad', NULL, 'war', '{"songs": "24"}', NULL),
    (3, NULL, 'Beowulf', 8, '', '{}', ''),
    (4, 3, 'Edda', NULL, 'myth', '{"parts": "2"}', 'xyzxyz');
