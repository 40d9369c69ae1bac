CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL UNIQUE ON CONFLICT REPLACE,
  name VARCHAR(50) NOT NULL COLLATE NOCASE CHECK (length(name) > 1),
  age INT DEFAULT -1,
  made DATETIME DEFAULT CURRENT_TIMESTAMP,
  kind TEXT DEFAULT 'it''s',
  token BLOB DEFAULT (randomblob(16)),
  upper TEXT GENERATED ALWAYS AS (upper(name)) STORED,
  "odd name" REAL AS (age * 2.0),
  anything,
  parent INTEGER REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT age_or_kind CHECK (age > 0 OR kind <> '')
);
CREATE TABLE items (
  user_id INTEGER NOT NULL, code TEXT NOT NULL, n INTEGER,
  PRIMARY KEY (user_id, code),
  CONSTRAINT items_user FOREIGN KEY (user_id) REFERENCES users ON UPDATE SET NULL,
  UNIQUE (code, n)
) WITHOUT ROWID;
CREATE TABLE exact (id INTEGER PRIMARY KEY, x ANY, y TEXT NOT NULL) STRICT;
CREATE TABLE loose (id TEXT PRIMARY KEY, v INTEGER DEFAULT 0x10);
CREATE TABLE down (id INTEGER PRIMARY KEY DESC);
CREATE TABLE named (id INTEGER, CONSTRAINT named_pk PRIMARY KEY (id));
ALTER TABLE loose ADD COLUMN later TEXT NOT NULL DEFAULT '';
ALTER TABLE loose RENAME COLUMN v TO value;
ALTER TABLE named RENAME TO renamed;
CREATE INDEX users_name ON users (name COLLATE NOCASE DESC, lower(kind)) WHERE age > 18;
CREATE UNIQUE INDEX items_n ON items (n);
CREATE VIRTUAL TABLE search USING fts5(title, body UNINDEXED, tokenize = 'porter');
CREATE VIEW adults AS SELECT id, name, age + 1 AS next FROM users WHERE age >= 18;
CREATE VIEW pairs (a, b) AS SELECT u.name, i.code FROM users u LEFT JOIN items i ON i.user_id = u.id;
CREATE TRIGGER users_touch AFTER UPDATE OF name ON users FOR EACH ROW WHEN new.age > 0 BEGIN
  UPDATE users SET made = CURRENT_TIMESTAMP WHERE id = new.id;
  DELETE FROM items WHERE user_id = old.id;
END;
