-- +goose Up
CREATE TABLE t (id integer PRIMARY KEY, name text NOT NULL);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET name = 'x;'; DELETE FROM t WHERE id < 0; END;
-- +goose Down
DROP TABLE t;
