CREATE TABLE `Orders` (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  state ENUM('open','closed') NOT NULL DEFAULT 'open' COMMENT 'where it stands',
  tags SET('a','b','c'),
  paid BOOLEAN NOT NULL DEFAULT FALSE,
  note TEXT CHARACTER SET utf8mb4,
  made TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  doc JSON,
  small TINYINT UNSIGNED,
  PRIMARY KEY (id)
) COMMENT 'all orders';
CREATE TABLE items (order_id bigint unsigned NOT NULL, label varchar(64) NOT NULL, price decimal(12,2) NOT NULL, KEY (order_id));
ALTER TABLE items ADD COLUMN qty int NOT NULL DEFAULT 1;
CREATE VIEW totals AS SELECT order_id, SUM(price) AS total, COUNT(*) AS n FROM items GROUP BY order_id;
