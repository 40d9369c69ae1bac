INSERT INTO people (id, name, bio, nick, boss, mood, tags, nums, meta, born, updated, score, rating, home, mail, during) VALUES
 (1, 'Ann', 'x', 'an', NULL, 'sad', '{a,b}', '{1,2,3}', '{"a": 1, "b": {"c": [1, 2]}}', '2000-01-01', now(), 1.5, 2.5, ROW('s', 1), 'a@b', '[2020-01-01,2021-01-01)'),
 (2, 'Bob', NULL, NULL, 1, NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (3, '', '', '', 2, 'ok', '{NULL}', '{NULL,1}', 'null', 'infinity', 'infinity', 'NaN', 'NaN', ROW(NULL, NULL), NULL, 'empty'),
 (4, 'Dee', '2', 'd', 4, 'happy', '{c}', '{}', '[1, null]', '-infinity', '-infinity', 0, 0, ROW('', NULL), NULL, '(,)');
INSERT INTO books (id, author_id, owner_id, editor_id, title, isbn, pages, price, published, note) VALUES
 (1, 1, 1, NULL, 'A', 'i1', 10, 1.5, '2020-01-01', 'n'), (2, 1, 2, 1, 'B', NULL, NULL, NULL, NULL, 'n'),
 (3, 99, 1, NULL, '', NULL, 0, 0, 'infinity', 'n'), (4, 2, 2, NULL, 'C', 'i4', NULL, NULL, NULL, 'n');
INSERT INTO tags VALUES (1, 'x', 1), (1, 'y', NULL), (2, 'x', NULL);
INSERT INTO visits VALUES ('2020-01-01', 1, 1, '1 day', '10.0.0.1'), ('2020-01-01', NULL, 2, NULL, NULL), ('2020-01-02', 1, 0, '-1 hour', NULL);
INSERT INTO left_t VALUES (1, 'l1'), (2, NULL), (NULL, 'ln'), (1, 'dup');
INSERT INTO right_t VALUES (1, 'r1'), (3, 'r3'), (NULL, 'rn');
