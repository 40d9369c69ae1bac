INSERT INTO people (id, name, bio, nick, boss, mood, meta, born, updated, score, rating, tiny, small, n, big, y, t, raw, bits) VALUES
 (1, 'Ann', 'x', 'an', NULL, 'sad', '{"a": 1, "b": {"c": [1, 2]}}', '2000-01-01', '2020-01-01', 1.5, 2.5, 1, 1, 1, 1, 2020, '10:00:00', 'x', b'1'),
 (2, 'Bob', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL),
 (3, '', '', '', 2, 'ok', 'null', '1000-01-01', '2038-01-01', 0, 0, -128, 0, 4294967295, 18446744073709551615, 1901, '-838:59:59', '', b'0'),
 (4, 'Dee', '2', 'd', 4, 'happy', '[1, null]', '9999-12-31', '1971-01-01', 0, 0, 127, 65535, 7, 0, 2155, '838:59:59', 'abc', b'1111');
INSERT INTO books (id, author_id, owner_id, editor_id, title, isbn, pages, price, published) VALUES
 (1, 1, 1, NULL, 'A', 'i1', 10, 1.5, '2020-01-01'), (2, 1, 2, 1, 'B', NULL, NULL, NULL, NULL),
 (3, 99, 1, NULL, '', '', 0, 0, '9999-12-31'), (4, 2, 2, NULL, 'C', 'i4', NULL, NULL, NULL);
INSERT INTO tags VALUES (1, 'x', 1), (1, 'y', NULL), (2, 'x', NULL);
INSERT INTO left_t VALUES (1, 'l1'), (2, NULL), (NULL, 'ln'), (1, 'dup');
INSERT INTO right_t VALUES (1, 'r1'), (3, 'r3'), (NULL, 'rn');
INSERT INTO spots VALUES (1, 1, 'n'), (1, 2, 'm'), (2, 2, '');
INSERT INTO visitors VALUES (1, 1, 1, 1), (2, 9, NULL, NULL), (3, NULL, 9, 2), (4, NULL, NULL, 1);
INSERT INTO stays VALUES (1, 1, 1, 5), (2, NULL, 2, NULL), (3, 2, 3, 0), (4, 4, 4, NULL);
INSERT INTO shapes VALUES (1, 'circle', NULL, 1, NULL, NULL, 1, NULL, NULL, NULL), (2, 'rect', 1, NULL, 1, 2, NULL, 1, 1, 1), (3, 'blob', 5, NULL, NULL, NULL, NULL, 2, NULL, 1), (4, 'CIRCLE', 0, 1, NULL, NULL, 2, NULL, NULL, NULL), (5, 'none', NULL, NULL, NULL, NULL, 3, NULL, NULL, NULL);
INSERT INTO grown (id, a, b) VALUES (1, 1, 1), (2, NULL, 1), (3, 1, NULL), (4, NULL, NULL), (5, -1, 1);
INSERT INTO twins VALUES (1, 1, 1, NULL, NULL), (2, 2, 2, 2, 2);
