CREATE TABLE books (
    id    INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    tags  TEXT
);

CREATE VIRTUAL TABLE pages USING fts5(title, body);

INSERT INTO books VALUES (1, 'Emma', '["novel", "love"]'), (2, 'Beowulf', NULL);
INSERT INTO pages VALUES ('Emma', 'handsome, clever, and rich'), ('Iliad', 'sing, o goddess');
