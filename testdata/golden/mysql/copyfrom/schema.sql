CREATE TABLE books (
    id     int PRIMARY KEY,
    title  varchar(100) NOT NULL,
    author varchar(100),
    price  decimal(8, 2),
    state  enum ('new', 'old') NOT NULL,
    fresh  tinyint(1) NOT NULL
);

CREATE TABLE notes (`the note` varchar(100) NOT NULL);
