INSERT INTO people (id, name, bio, boss, born, score, amount, meta, raw, n) VALUES
 (1, 'Ann', 'x', NULL, '2000-01-01', 1.5, 1, '{"a": 1, "b": {"c": [1, 2]}}', x'41', 1),
 (2, 'Bob', NULL, 1, NULL, NULL, NULL, NULL, NULL, 0),
 (3, '', '', 2, 'never', 0, 1.5, 'null', x'', 2147483647),
 (4, 'Dee', '2', 99, '', -1, 0, '[1, null]', x'00', 7);
INSERT INTO books (id, author_id, owner_id, editor_id, title, isbn, pages, price) VALUES
 (1, 1, 1, NULL, 'A', 'i1', 10, 1.5), (2, 1, 98, 1, 'B', NULL, NULL, NULL),
 (3, 99, 1, NULL, '', '', 0, 0), (4, 2, 2, NULL, 'C', 'i4', NULL, NULL);
INSERT INTO tags VALUES (1, 'x', 1), (1, 'y', NULL), (2, 'x', NULL), (77, 'x', 1);
INSERT INTO odd VALUES (NULL, 1), (NULL, 2), ('a', NULL);
INSERT INTO pair VALUES (NULL, 'x'), (1, NULL);
INSERT INTO noid VALUES ('a', NULL), ('b', 'x');
INSERT INTO tight VALUES (1, 1, 1.5, 'c', x'00', 5), (2, 2, NULL, NULL, NULL, NULL), (3, 0, 2, '', x'', 'any');
INSERT INTO left_t VALUES (1, 'l1'), (2, NULL), (NULL, 'ln'), (1, 'dup');
INSERT INTO right_t VALUES (1, 'r1'), (3, 'r3'), (NULL, 'rn');
INSERT INTO shapes VALUES (1, 'circle', 1, NULL, NULL, 1, NULL, NULL, NULL), (2, 'rect', NULL, 1, 2, NULL, 1, 1, 1), (3, 'blob', NULL, NULL, NULL, NULL, 2, NULL, 1), (4, 'CIRCLE', NULL, NULL, NULL, 2, NULL, NULL, NULL), (5, 'none', NULL, NULL, NULL, 3, NULL, NULL, NULL);
INSERT INTO filled VALUES (1, NULL, NULL, NULL);
INSERT INTO mixed VALUES (1, 1, 1.5, 'a'), (2, 'abc', x'61', x'61'), (3, x'00', 'abc', '');
INSERT INTO grown (id, a, b) VALUES (1, 1, 1), (2, NULL, 1), (3, 1, NULL), (4, NULL, NULL), (5, -1, 1);
INSERT INTO twins VALUES (1, 1, 1, NULL, NULL), (2, 2, 2, 2, 2);
