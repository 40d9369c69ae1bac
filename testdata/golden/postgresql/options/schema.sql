CREATE TYPE mood AS ENUM ('sad', 'ok');

-- Nothing asks for it.
CREATE TABLE unused (id integer NOT NULL);

CREATE TABLE people (
    person_id integer PRIMARY KEY,
    full_name text NOT NULL,
    nick_name text,
    mood      mood
);

COMMENT ON TABLE people IS 'Everybody who came.';
COMMENT ON COLUMN people.nick_name IS 'What friends say.';
