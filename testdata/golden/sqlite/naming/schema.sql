CREATE TABLE people (
    id          INTEGER PRIMARY KEY,
    home_url    TEXT NOT NULL,
    e_mail      TEXT NOT NULL,
    "weird-col" TEXT NOT NULL,
    type        TEXT NOT NULL
);

INSERT INTO people VALUES (1, 'http://a', 'ann@example.com', 'w', 'person');
