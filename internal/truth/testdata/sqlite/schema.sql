CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  bio TEXT,
  boss INTEGER REFERENCES people (id),
  born DATE,
  created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  score REAL,
  weight REAL NOT NULL DEFAULT 1,
  amount NUMERIC,
  active BOOLEAN NOT NULL DEFAULT 1,
  meta TEXT,
  raw BLOB,
  n INT NOT NULL DEFAULT 0,
  doubled INTEGER GENERATED ALWAYS AS (n * 2) STORED,
  tripled AS (n * 3)
);
CREATE TABLE books (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  author_id INTEGER NOT NULL,
  owner_id INTEGER NOT NULL REFERENCES people (id),
  editor_id INTEGER,
  title TEXT NOT NULL,
  isbn TEXT UNIQUE,
  pages INTEGER,
  price REAL
);
CREATE TABLE tags (book_id INTEGER NOT NULL, tag TEXT NOT NULL, weight INTEGER, PRIMARY KEY (book_id, tag));
CREATE TABLE odd (code TEXT PRIMARY KEY, v INTEGER);
CREATE TABLE pair (a INT PRIMARY KEY, b TEXT);
CREATE TABLE noid (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;
CREATE TABLE tight (id INTEGER PRIMARY KEY, a INT NOT NULL, b REAL, c TEXT, d BLOB, e ANY) STRICT;
CREATE TABLE left_t (k INTEGER, a TEXT);
CREATE TABLE right_t (k INTEGER, b TEXT NOT NULL);
CREATE VIEW book_list AS SELECT b.id, b.title, p.name AS author, b.pages FROM books b LEFT JOIN people p ON p.id = b.author_id;
CREATE VIEW totals AS SELECT author_id, count(*) AS n, sum(pages) AS pages FROM books GROUP BY author_id;
CREATE TABLE shapes (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, r INTEGER, w INTEGER, h INTEGER, a INTEGER, b INTEGER, c INTEGER, d INTEGER,
  CHECK (kind = 'circle' AND r IS NOT NULL OR kind = 'rect' AND w IS NOT NULL AND h IS NOT NULL OR kind NOT IN ('circle', 'rect')),
  CHECK ((a IS NOT NULL) + (b IS NOT NULL) = 1), CHECK (c IS NULL OR d IS NOT NULL));
CREATE TABLE filled (id INTEGER, a TEXT DEFAULT 'a', b TEXT, c INTEGER DEFAULT NULL);
