CREATE TABLE staff (name text NOT NULL, pay integer);
CREATE TABLE guests (name text, since date NOT NULL);

INSERT INTO staff VALUES ('Ann', 5), ('Bob', NULL);
INSERT INTO guests VALUES ('Ann', '2026-05-04'), (NULL, '2026-05-05');
