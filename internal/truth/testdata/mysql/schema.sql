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
