CREATE TYPE mood AS ENUM ('a','b');
CREATE TABLE authors (id bigserial PRIMARY KEY, name text NOT NULL, bio text, born date, m mood, tags text[], r real, n numeric, u uuid, j jsonb, ip inet, net cidr, at timestamptz);
CREATE INDEX ON authors (name);
