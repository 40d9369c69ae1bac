INSERT INTO people (id, name, bio, nick, boss, mood, tags, nums, meta, born, updated, score, rating, home, mail, during) VALUES
 (1, 'Ann', 'x', 'an', NULL, 'sad', '{a,b}', '{1,2,3}', '{"a": 1, "b": {"c": [1, 2]}}', '2000-01-01', now(), 1.5, 2.5, ROW('s', 1), 'a@b', '[2020-01-01,2021-01-01)'),
 (2, 'Bob', NULL, NULL, 1, NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (3, '', '', '', 2, 'ok', '{NULL}', '{NULL,1}', 'null', 'infinity', 'infinity', 'NaN', 'NaN', ROW(NULL, NULL), NULL, 'empty'),
 (4, 'Dee', '2', 'd', 4, 'happy', '{c}', '{}', '[1, null]', '-infinity', '-infinity', 0, 0, ROW('', NULL), NULL, '(,)');
INSERT INTO books (id, author_id, owner_id, editor_id, title, isbn, pages, price, published, note) VALUES
 (1, 1, 1, NULL, 'A', 'i1', 10, 1.5, '2020-01-01', 'n'), (2, 1, 2, 1, 'B', NULL, NULL, NULL, NULL, 'n'),
 (3, 99, 1, NULL, '', NULL, 0, 0, 'infinity', 'n'), (4, 2, 2, NULL, 'C', 'i4', NULL, NULL, NULL, 'n'),
 (5, 1, 2, NULL, 'D', 'i5', 3, NULL, NULL, 'n'), (6, 1, 2, NULL, 'E', 'i6', NULL, 7, NULL, 'n'), (7, 1, 2, NULL, 'F', NULL, 3, 7, NULL, 'n');
INSERT INTO tags VALUES (1, 'x', 1), (1, 'y', NULL), (2, 'x', NULL);
INSERT INTO visits VALUES ('2020-01-03', NULL, 2, NULL, NULL), ('2020-01-01', 1, 1, '1 day', '10.0.0.1'), ('2020-01-01', NULL, 2, NULL, NULL), ('2020-01-02', 1, 0, '-1 hour', NULL);
INSERT INTO left_t VALUES (1, 'l1'), (2, NULL), (NULL, 'ln'), (1, 'dup');
INSERT INTO right_t VALUES (1, 'r1'), (3, 'r3'), (NULL, 'rn');

INSERT INTO cities VALUES (1, 'c', 1, 'x'), (2, 'd', 2, NULL);
INSERT INTO capitals VALUES (1, 'cap', 999, 'x', 's'), (1, 'cap2', 998, NULL, NULL);
INSERT INTO logs VALUES (1, '2001-01-01', 'a'), (1, '2020-01-01', NULL), (2, '2020-01-01', 'b');
INSERT INTO uniq VALUES (1, NULL, 'x', NULL), (1, NULL, 'y', 1), (NULL, NULL, 'x', 2), (2, 3, 'z', 3), (3, 1, 'z', 4), (NULL, 1, 'w', 5);
INSERT INTO comp VALUES (1, 1, 'a'), (2, NULL, 'b'), (3, 1, 'c');
ALTER TABLE late DROP CONSTRAINT req_given;
INSERT INTO late VALUES (1, 1, 1, NULL, true, ROW(NULL, NULL), '{NULL}'), (2, 2, NULL, 'x', NULL, ROW('a', 1), '{}'), (3, 1, NULL, 'y', false, ROW('b', NULL), '{1}');
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE late ADD CONSTRAINT req_given CHECK (req IS NOT NULL) NOT VALID;
INSERT INTO gen (id, base, note) VALUES (1, 1, 'a'), (2, NULL, NULL);
INSERT INTO guarded VALUES (1, 'a', 'k'), (2, NULL, 'l');
INSERT INTO spots VALUES (1, 1, 'n'), (1, 2, 'm'), (2, 2, '');
INSERT INTO visitors VALUES (1, 1, 1, 1, 1, 1, 1), (2, 9, NULL, NULL, NULL, NULL, NULL), (3, NULL, 9, 1, 2, 2, NULL), (4, NULL, NULL, NULL, NULL, 1, 2);
INSERT INTO stays VALUES (1, 1, 1, 5), (2, NULL, 2, NULL), (3, 2, 3, 0), (4, 4, 4, NULL);
INSERT INTO shapes VALUES (1, 'circle', NULL, 1, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL), (2, 'rect', 'big', NULL, 1, 2, NULL, 1, 1, 1, 1, 1),
  (3, 'blob', 'small', NULL, NULL, NULL, NULL, 2, NULL, 1, 2, 2), (4, 'circle', 'deep', 1, NULL, 3, 2, NULL, 1, 2, NULL, NULL), (5, 'none', NULL, NULL, NULL, NULL, 3, NULL, NULL, NULL, NULL, NULL);
INSERT INTO jobs VALUES (1, true, now(), NULL, NULL, 1, NULL, NULL), (2, true, now(), 'w', 1, NULL, 1, 'in_progress'), (3, false, NULL, 'w', NULL, 1, 1, 'failed'), (4, false, NULL, NULL, 5, NULL, 2, 'in_progress'), (5, false, now(), '', NULL, 3, NULL, 'Failed');
INSERT INTO filled VALUES (1, NULL, NULL, NULL);
INSERT INTO grown (id, a, b) VALUES (1, 1, 1), (2, NULL, 1), (3, 1, NULL), (4, NULL, NULL), (5, -1, 1);
INSERT INTO twins VALUES (1, 1, 1, NULL, NULL), (2, 2, 2, 2, 2);
INSERT INTO boxed VALUES (1, ROW(NULL, NULL), NULL, 1, NULL), (2, ROW('x', 1), 1, NULL, NULL), (3, ROW('x', NULL), 1, 2, NULL);
