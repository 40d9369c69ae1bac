CREATE TABLE books (
    id    integer PRIMARY KEY,
    title text NOT NULL,
    price integer
);

INSERT INTO books VALUES (1, 'Emma', 12), (2, 'Beowulf', NULL);

CREATE FUNCTION cheaper_than (most integer) RETURNS TABLE (id integer, title text)
    LANGUAGE sql AS $$ SELECT b.id, b.title FROM books b WHERE coalesce(b.price, 0) < most ORDER BY b.id $$;

CREATE FUNCTION all_books () RETURNS SETOF books LANGUAGE sql AS $$ SELECT * FROM books ORDER BY id $$;

CREATE FUNCTION titles () RETURNS SETOF text LANGUAGE sql AS $$ SELECT title FROM books ORDER BY id $$;

CREATE FUNCTION double (n integer) RETURNS integer LANGUAGE sql STRICT AS $$ SELECT n * 2 $$;
