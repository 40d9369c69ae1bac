CREATE TABLE people (
  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name varchar(50) NOT NULL,
  bio text,
  nick varchar(20),
  boss bigint,
  mood enum('sad','ok','happy'),
  base_mood enum('sad','ok','happy') NOT NULL DEFAULT 'ok',
  flags set('a','b') NOT NULL DEFAULT '',
  meta json,
  born date,
  created datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated timestamp NULL,
  score decimal(10,2),
  rating float,
  weight double NOT NULL DEFAULT 1,
  active tinyint(1) NOT NULL DEFAULT 1,
  tiny tinyint,
  small smallint unsigned,
  n int unsigned NOT NULL DEFAULT 0,
  big bigint unsigned,
  y year,
  t time,
  raw varbinary(16),
  bits bit(4),
  doubled bigint GENERATED ALWAYS AS (n * 2) STORED,
  CONSTRAINT people_boss FOREIGN KEY (boss) REFERENCES people (id)
);
CREATE TABLE books (
  id bigint NOT NULL PRIMARY KEY,
  author_id bigint NOT NULL,
  owner_id bigint NOT NULL,
  editor_id bigint,
  title varchar(100) NOT NULL,
  isbn varchar(20) UNIQUE,
  pages int,
  price decimal(8,2),
  published datetime(3),
  genre enum('sad','ok','happy') NOT NULL DEFAULT 'ok',
  CONSTRAINT books_owner FOREIGN KEY (owner_id) REFERENCES people (id),
  CONSTRAINT books_editor FOREIGN KEY (editor_id) REFERENCES people (id)
);
CREATE TABLE tags (book_id bigint NOT NULL, tag varchar(20) NOT NULL, weight int, PRIMARY KEY (book_id, tag));
CREATE TABLE left_t (k int, a varchar(10));
CREATE TABLE right_t (k int, b varchar(10) NOT NULL);
CREATE VIEW book_list AS SELECT b.id, b.title, p.name AS author, b.pages FROM books b LEFT JOIN people p ON p.id = b.author_id;
CREATE VIEW totals AS SELECT author_id, count(*) AS n, sum(pages) AS pages FROM books GROUP BY author_id;
CREATE TABLE spots (a int NOT NULL, b int NOT NULL, note varchar(20) NOT NULL, PRIMARY KEY (a, b));
CREATE TABLE visitors (id int PRIMARY KEY, pa int, pb int, host bigint, CONSTRAINT visitors_spot FOREIGN KEY (pa, pb) REFERENCES spots (a, b), CONSTRAINT visitors_host FOREIGN KEY (host) REFERENCES people (id));
CREATE TABLE stays (id int PRIMARY KEY, visitor int, guide int NOT NULL, rate int, CONSTRAINT stays_visitor FOREIGN KEY (visitor) REFERENCES visitors (id), CONSTRAINT stays_guide FOREIGN KEY (guide) REFERENCES visitors (id));
CREATE TABLE shapes (id int PRIMARY KEY, kind varchar(20) NOT NULL, active tinyint(1), r int, w int, h int, a int, b int, c int, d int,
  CHECK (kind = 'circle' AND r IS NOT NULL OR kind = 'rect' AND w IS NOT NULL AND h IS NOT NULL OR kind NOT IN ('circle', 'rect')),
  CHECK ((a IS NOT NULL) + (b IS NOT NULL) = 1), CHECK (c IS NULL OR d IS NOT NULL), CHECK (NOT active OR d IS NOT NULL), CHECK (active <> 1 OR h IS NOT NULL));
CREATE TABLE grown (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b INTEGER, up INT GENERATED ALWAYS AS (a + 1) STORED, one INT GENERATED ALWAYS AS (coalesce(a, b)) VIRTUAL, both_ INT GENERATED ALWAYS AS (a + b) VIRTUAL, less INT GENERATED ALWAYS AS (CASE WHEN a > 0 THEN b END) STORED);
CREATE TABLE twins (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, c INTEGER NOT NULL, d INTEGER, e INTEGER, CHECK (a <=> c), CHECK (d <=> e));
