CREATE TABLE authors (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, bio TEXT, born DATE, score REAL NULL, data BLOB, n NUMERIC(10,2), v varchar(20) not null default 'x');
CREATE TABLE "Books" (id integer primary key, author_id INTEGER NOT NULL REFERENCES authors(id), title text not null) STRICT;
CREATE VIEW vw AS SELECT a.id, b.title, count(*) AS c FROM authors a JOIN "Books" b ON b.author_id = a.id GROUP BY a.id;
