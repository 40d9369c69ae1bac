CREATE SCHEMA back_office;

CREATE TABLE people (
    id         integer PRIMARY KEY,
    home_url   text NOT NULL,
    e_mail     text NOT NULL,
    "Weird-col" text NOT NULL,
    "2nd"      text NOT NULL,
    type       text NOT NULL
);

CREATE TABLE back_office.news (isbn text NOT NULL);
CREATE TABLE bus (id integer NOT NULL);
CREATE TABLE odd_tables (id integer NOT NULL);

INSERT INTO people VALUES (1, 'http://a', 'ann@example.com', 'w', 'second', 'person');
INSERT INTO back_office.news VALUES ('978');
INSERT INTO bus VALUES (7);
INSERT INTO odd_tables VALUES (8);
