CREATE TABLE people (
    person_id INTEGER PRIMARY KEY,
    full_name TEXT NOT NULL,
    nick_name TEXT
);
