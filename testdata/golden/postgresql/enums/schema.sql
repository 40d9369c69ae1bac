CREATE SCHEMA shop;
CREATE TYPE mood AS ENUM ('sad', 'so-so', '', 'very happy');
CREATE TYPE shop.size AS ENUM ('s', 'm');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE DOMAIN age AS integer NOT NULL;

CREATE TABLE people (
    id      integer PRIMARY KEY,
    mood    mood NOT NULL,
    wish    mood,
    size    shop.size,
    email   email,
    age     age
);
