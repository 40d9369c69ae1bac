CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  paid BOOLEAN NOT NULL DEFAULT 0,
  made DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  total DECIMAL(12, 2),
  doc JSON,
  untyped,
  "Mixed" BIGINT NULL
);
CREATE TABLE items (order_id INTEGER NOT NULL, label VARCHAR(64) NOT NULL, price REAL NOT NULL, PRIMARY KEY (order_id, label)) WITHOUT ROWID;
ALTER TABLE items ADD COLUMN qty INT NOT NULL DEFAULT 1;
ALTER TABLE items RENAME COLUMN qty TO quantity;
CREATE VIRTUAL TABLE notes USING fts5(title, body);
CREATE VIEW totals AS SELECT order_id, sum(price) AS total, count(*) AS n FROM items GROUP BY order_id;
