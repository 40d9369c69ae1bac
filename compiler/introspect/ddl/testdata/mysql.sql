CREATE TABLE users (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uid BINARY(16) NOT NULL UNIQUE,
  name VARCHAR(50) NOT NULL DEFAULT 'it''s' COMMENT 'how they''re called',
  mail VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  age TINYINT UNSIGNED,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  flag TINYINT(1) DEFAULT 0,
  tiny TINYINT DEFAULT -1,
  balance DECIMAL(10,2) NOT NULL DEFAULT 0.00,
  ratio DOUBLE,
  mood ENUM('sad', 'ok', 'it''s fine') NOT NULL DEFAULT 'ok',
  tags SET('a', 'b') DEFAULT 'a',
  data JSON,
  note TEXT,
  raw LONGBLOB,
  bits BIT(8) DEFAULT b'101',
  born DATE,
  at TIME(3),
  y YEAR,
  place POINT,
  created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at DATETIME(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  seen TIMESTAMP NULL,
  upper_name VARCHAR(60) GENERATED ALWAYS AS (upper(name)) STORED,
  next_age INT AS (age + 1) VIRTUAL,
  parent_id BIGINT UNSIGNED,
  `odd name` INT DEFAULT 7,
  CONSTRAINT age_ok CHECK (age >= 0 AND age <= 150),
  CHECK (name <> ''),
  KEY users_name (name(10), age),
  UNIQUE KEY mail_born (mail, born),
  FULLTEXT KEY users_note (note),
  FOREIGN KEY (parent_id) REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='people';

CREATE TABLE items (
  user_id BIGINT UNSIGNED NOT NULL,
  code VARCHAR(20) NOT NULL,
  n INT NOT NULL DEFAULT 1,
  PRIMARY KEY (user_id, code),
  CONSTRAINT items_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX items_n ON items (n DESC);
CREATE UNIQUE INDEX items_code ON items (code, n);
ALTER TABLE items ADD COLUMN later DATETIME NOT NULL DEFAULT '2020-01-01 00:00:00' AFTER code;

CREATE TABLE logs (
  id INT NOT NULL, at DATE NOT NULL, PRIMARY KEY (id, at)
) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE);

CREATE VIEW adults AS SELECT id, name, age + 1 AS next, mood FROM users WHERE age >= 18;
CREATE VIEW pairs (a, b) AS SELECT u.name, i.code FROM adults u LEFT JOIN items i ON i.user_id = u.id;

CREATE FUNCTION plus_one(x INT) RETURNS INT DETERMINISTIC RETURN x + 1;
CREATE PROCEDURE tidy(IN days INT, OUT gone BIGINT)
BEGIN
  DELETE FROM logs WHERE id < days;
  SET gone = row_count();
END;
CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW
BEGIN
  SET NEW.updated_at = now(6);
  SET NEW.name = trim(NEW.name);
END;
