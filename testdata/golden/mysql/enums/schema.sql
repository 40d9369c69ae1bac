CREATE TABLE people (
    id    int PRIMARY KEY,
    mood  enum ('sad', 'so-so', 'very happy') NOT NULL,
    wish  enum ('tea', 'rest'),
    likes set ('red', 'blue') NOT NULL
);
