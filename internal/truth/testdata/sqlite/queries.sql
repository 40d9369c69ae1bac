-- name: FullUsing :many
SELECT k, a, b FROM left_t FULL JOIN right_t USING (k);

-- name: Overruled :many
-- column: n type=REAL
SELECT bio AS "bio!", bio AS "also!", (SELECT count(*) FROM tags) AS n, boss FROM people;

-- name: FullNatural :many
SELECT * FROM left_t NATURAL FULL JOIN right_t;

-- name: LeftUsing :many
SELECT k, left_t.k AS lk, right_t.k AS rk, b FROM left_t LEFT JOIN right_t USING (k);

-- name: RightUsing :many
SELECT k, a, b FROM left_t RIGHT JOIN right_t USING (k);

-- name: Paren1 :many
SELECT p.name, b.title, t.tag FROM people p LEFT JOIN (books b JOIN tags t ON t.book_id = b.id) ON b.author_id = p.id;

-- name: Paren2 :many
SELECT p.name, b.title, t.tag FROM people p LEFT JOIN (books b LEFT JOIN tags t ON t.book_id = b.id) ON b.author_id = p.id WHERE t.tag = 'x';

-- name: LeftThenInner :many
SELECT p.name, b.title, t.weight FROM people p LEFT JOIN books b ON b.author_id = p.id JOIN tags t ON t.book_id = b.id;

-- name: FkLeft :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.owner_id;

-- name: Embed :many
SELECT sqlc.embed(p), sqlc.embed(b) FROM people p LEFT JOIN books b ON b.author_id = p.id;

-- name: RecTree :many
WITH RECURSIVE t AS (SELECT id, name, boss, 1 AS depth FROM people WHERE boss IS NULL UNION ALL SELECT p.id, p.name, p.boss, t.depth + 1 FROM people p JOIN t ON p.boss = t.id WHERE t.depth < 5) SELECT * FROM t;

-- name: RecNull :many
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT CASE WHEN n > 3 THEN NULL ELSE n + 1 END FROM t WHERE n < 5) SELECT n FROM t;

-- name: RecValues :many
WITH RECURSIVE t(n, s) AS (VALUES (1, 'a') UNION ALL SELECT n + 1, s || 'b' FROM t LIMIT 5) SELECT * FROM t;

-- name: LagPlain :many
SELECT id, lag(title) OVER (ORDER BY id) AS a, lead(pages, 2) OVER (ORDER BY id) AS b FROM books;

-- name: LagDefault :many
SELECT lag(title, 1, 'none') OVER (ORDER BY id) AS a, lead(id, 1, 0) OVER w AS b, lag(pages, 1, 0) OVER w AS c FROM books WINDOW w AS (ORDER BY id);

-- name: FirstLast :many
SELECT first_value(title) OVER w AS a, last_value(title) OVER w AS b, nth_value(title, 2) OVER w AS c, first_value(pages) OVER w AS d FROM books WINDOW w AS (PARTITION BY author_id ORDER BY id);

-- name: FrameEmpty :many
SELECT first_value(title) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS a, sum(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS b, count(*) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS c, total(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS d FROM books;

-- name: FrameExclude :many
SELECT last_value(title) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS a, max(title) OVER (ORDER BY author_id GROUPS BETWEEN CURRENT ROW AND CURRENT ROW EXCLUDE GROUP) AS b FROM books;

-- name: Ranks :many
SELECT row_number() OVER () AS a, rank() OVER w AS b, percent_rank() OVER w AS d, cume_dist() OVER w AS e, ntile(4) OVER w AS f FROM books WINDOW w AS (ORDER BY pages);

-- name: WindowFilter :many
SELECT sum(id) FILTER (WHERE pages > 5) OVER () AS a, count(*) FILTER (WHERE pages > 5) OVER () AS b, sum(id) OVER () AS c FROM books;

-- name: AggNoGroup :many
SELECT count(*), sum(pages), max(title), group_concat(title), json_group_array(title), json_group_object(id, title), avg(pages), total(pages), string_agg(title, ',') FROM books;

-- name: AggGroup :many
SELECT author_id, count(isbn) AS c, sum(id) AS s, max(title) AS m, min(pages) AS mi, avg(id) AS a, group_concat(title) AS g, group_concat(isbn) AS gi, total(pages) AS t FROM books GROUP BY author_id;

-- name: AggBare :many
SELECT title, max(pages) AS m, isbn FROM books;

-- name: AggBareGroup :many
SELECT author_id, title, isbn, max(id) AS m FROM books GROUP BY author_id;

-- name: AggFilter :many
SELECT author_id, sum(id) FILTER (WHERE pages > 5) AS s, count(*) FILTER (WHERE pages > 5) AS c FROM books GROUP BY author_id;

-- name: AggTypes :many
SELECT sum(n) AS a, sum(score) AS b, sum(amount) AS c, avg(n) AS d, max(score) AS e, min(raw) AS f, max(amount) AS g, total(n) AS h, sum(active) AS i FROM people;

-- name: HavingOnly :many
SELECT max(isbn) AS m FROM books HAVING max(isbn) IS NOT NULL;

-- name: ScalarSub :many
SELECT name, (SELECT title FROM books b WHERE b.author_id = p.id LIMIT 1) AS a, (SELECT count(*) FROM books b WHERE b.author_id = p.id) AS b, (SELECT max(id) FROM books) AS c FROM people p;

-- name: ScalarSubCoalesce :many
SELECT coalesce((SELECT title FROM books LIMIT 1), 'none') AS a, (SELECT 1) AS b, (SELECT coalesce(sum(pages), 0) FROM books) AS c FROM people;

-- name: ScalarMany :many
SELECT (SELECT id FROM books) AS a, (VALUES (1)) AS b, (SELECT count(*) FROM books LIMIT 0) AS c;

-- name: ExistsSub :many
SELECT EXISTS (SELECT 1 FROM books WHERE author_id = p.id) AS a, p.id IN (SELECT author_id FROM books) AS b, p.boss IN (SELECT author_id FROM books) AS c, p.id NOT IN (SELECT editor_id FROM books) AS d, p.boss IN () AS e FROM people p;

-- name: MinMax :many
SELECT max(pages, 1) AS a, min(id, price) AS b, max(id, author_id) AS c, min(title, 'x') AS d FROM books;

-- name: NullIfs :many
SELECT nullif(id, 1) AS a, ifnull(pages, 0) AS b, coalesce(nullif(title, ''), 'x') AS c, coalesce(pages, price, 0) AS d, iif(pages > 1, title, isbn) AS e, iif(pages > 1, 1, 2) AS f, pages ISNULL AS g, ifnull(isbn, title) AS h, coalesce(isbn, NULL) AS i FROM books;

-- name: Times :many
SELECT date(created) AS a, datetime(created) AS b, strftime('%Y', created) AS c, julianday(created) AS d, unixepoch(created) AS e, date(born) AS f, date('now') AS g, datetime('now', '-1 day') AS h, strftime('%Y', 'now') AS i, current_timestamp AS j, time('now') AS k, date(born, '+1 day') AS l, timediff('now', 'now') AS m FROM people;

-- name: Numerics :many
SELECT pages + 1 AS a, pages / 2 AS b, pages % 3 AS d, pages * price AS e, round(price) AS f, round(price, 1) AS g, abs(pages) AS i, id / 2 AS m, id / pages AS n, id % 2 AS p, id % 0 AS q, -pages AS r, id + 1.5 AS s, id << 1 AS t, ~id AS u, abs(id) AS v, 7 / 2 AS w, 7 / 2.0 AS x, 1 / 0 AS y FROM books;

-- name: MathFns :many
SELECT ceil(score) AS a, floor(weight) AS b, sqrt(weight) AS c, pow(weight, 2) AS d, mod(n, 3) AS e, sign(n) AS f, ln(n) AS g, pi() AS h, trunc(score) AS i, random() AS j, exp(1) AS k, log10(n) AS l FROM people;

-- name: Strings :many
SELECT upper(name) AS a, length(bio) AS b, name || bio AS c, concat(name, bio) AS c2, concat_ws('-', bio, meta) AS d, substr(name, 1, 2) AS e, instr(name, 'a') AS f, trim(bio) AS g, printf('%d', n) AS h, replace(name, 'a', 'b') AS i, hex(name) AS j, quote(bio) AS k, typeof(bio) AS l, unicode(name) AS m, char(65) AS o, format('%s', bio) AS p, length(name) AS q, ltrim(name, 'a') AS r, zeroblob(2) AS s, randomblob(2) AS t, unhex(name) AS u, likely(name) AS v, glob('a*', name) AS w, octet_length(name) AS x FROM people;

-- name: NumText :many
SELECT name + 1 AS a, name * 2 AS b, bio + 0 AS c, n || 'x' AS d, - name AS e, name / 2 AS f, amount + 1 AS g, amount * 2 AS h, active + 1 AS i, name % 2 AS j FROM people;

-- name: Json :many
SELECT json_extract(meta, '$.a') AS a, meta -> '$.a' AS b, meta ->> '$.a' AS c, json_object('a', bio) AS d, json_array(bio) AS e, json_type(meta) AS f, json_valid(bio) AS g, json_array_length(meta) AS h, json_set(meta, '$.a', 1) AS i, json_quote(bio) AS j, json(meta) AS k, json_patch(meta, '{}') AS l, json_remove(meta, '$.a') AS m FROM people WHERE meta IS NULL OR json_valid(meta);

-- name: JsonEach :many
SELECT p.id, e.key, e.value, e.type, e.atom, e.fullkey, e.path FROM people p, json_each(p.meta) e WHERE json_valid(p.meta);

-- name: JsonTree :many
SELECT t.key, t.value, t.type, t.id, t.parent FROM people p, json_tree(p.meta) t WHERE json_valid(p.meta);

-- name: JsonLeft :many
SELECT p.id, e.value, e.type FROM people p LEFT JOIN json_each(p.meta) e ON true WHERE p.meta IS NULL OR json_valid(p.meta);

-- name: ViewOuter :many
SELECT * FROM book_list;

-- name: ViewTotals :many
SELECT * FROM totals;

-- name: OddPk :many
SELECT code, v FROM odd;

-- name: PairPk :many
SELECT a, b FROM pair;

-- name: OddPkBy :many
SELECT code, v FROM odd WHERE code = ?;

-- name: OddPkIs :many
SELECT code, v FROM odd WHERE code IS ?;

-- name: NoId :many
SELECT k, v FROM noid;

-- name: RowId :many
SELECT rowid, oid, code FROM odd;

-- name: RowIdOuter :many
SELECT o.rowid AS r, l.k FROM left_t l LEFT JOIN odd o ON o.v = l.k;

-- name: Tight :many
SELECT * FROM tight;

-- name: TightExpr :many
SELECT a + 1 AS x, b * 2 AS y, c || 'x' AS z, a / 2 AS w, e AS v FROM tight;

-- name: InsSelect :many
INSERT INTO books (author_id, owner_id, title) SELECT id, id, name FROM people RETURNING id, author_id, isbn, pages, title;

-- name: InsConflict :many
INSERT INTO books (id, author_id, owner_id, title, isbn) VALUES (1, ?, 1, ?, 'i1') ON CONFLICT (id) DO UPDATE SET title = excluded.title, pages = pages + 1 RETURNING id, title, pages, isbn;

-- name: InsConflictNothing :many
INSERT INTO tags (book_id, tag) VALUES (1, 'x') ON CONFLICT DO NOTHING RETURNING book_id, weight;

-- name: InsOrIgnore :many
INSERT OR IGNORE INTO tags (book_id, tag) VALUES (1, 'x') RETURNING tag;

-- name: InsOrReplace :many
INSERT OR REPLACE INTO tags (book_id, tag) VALUES (1, 'x') RETURNING tag, weight;

-- name: InsOrIgnoreNull :many
INSERT OR IGNORE INTO people (name, n) VALUES (?, ?) RETURNING id, name, n, doubled, tripled;

-- name: UpdFrom :many
UPDATE books SET title = p.name FROM people p WHERE p.id = books.author_id RETURNING title, pages;

-- name: UpdReturning :many
UPDATE people SET bio = NULL RETURNING bio, name, doubled;

-- name: UpdOrIgnore :many
UPDATE OR IGNORE people SET name = ? WHERE id = ? RETURNING name;

-- name: DelReturning :many
DELETE FROM tags WHERE weight > 0 RETURNING tag, weight;

-- name: ValuesList :many
SELECT * FROM (VALUES (1, 'a'), (2, NULL));

-- name: ValuesTop :many
VALUES (1, 'a', NULL), (2, NULL, 1.5);

-- name: UnionNull :many
SELECT id, NULL AS x FROM people UNION ALL SELECT id, title FROM books;

-- name: UnionTypes :many
SELECT pages AS x FROM books UNION SELECT price FROM books;

-- name: UnionText :many
SELECT pages AS x FROM books UNION SELECT title FROM books;

-- name: IntersectQ :many
SELECT isbn FROM books INTERSECT SELECT title FROM books;

-- name: ExceptQ :many
SELECT isbn FROM books EXCEPT SELECT 'x';

-- name: NotNullFilter :many
SELECT isbn, pages FROM books WHERE isbn IS NOT NULL AND pages > 0;

-- name: NotNullFilter2 :many
SELECT isbn, pages FROM books WHERE isbn NOTNULL AND pages NOT NULL;

-- name: EqOr :many
SELECT isbn FROM books WHERE isbn = 'i1' OR isbn = 'i4';

-- name: InFilter :many
SELECT isbn, pages FROM books WHERE isbn IN ('a', 'b') AND pages BETWEEN 1 AND 5;

-- name: IsFilter :many
SELECT isbn, pages FROM books WHERE isbn IS 'i1' AND pages IS NOT 5;

-- name: IsParam :many
SELECT isbn FROM books WHERE isbn IS ?;

-- name: NotInEmpty :many
SELECT isbn FROM books WHERE isbn NOT IN (SELECT tag FROM tags WHERE weight > 1000);

-- name: NotInEmptyList :many
SELECT isbn FROM books WHERE isbn NOT IN ();

-- name: BareColumnFilter :many
SELECT pages, price FROM books WHERE pages AND price;

-- name: LikeFilter :many
SELECT isbn, pages FROM books WHERE isbn LIKE 'i%' AND length(isbn) > 1;

-- name: RowFilter :many
SELECT pages, price FROM books WHERE (pages, price) = (?, ?);

-- name: RowLess :many
SELECT pages, price FROM books WHERE (pages, price) < (5, 5);

-- name: CaseRefine :many
SELECT CASE WHEN isbn IS NULL THEN 'none' ELSE isbn END AS a, CASE WHEN isbn IS NOT NULL THEN isbn END AS b, CASE isbn WHEN 'x' THEN isbn ELSE title END AS c, CASE WHEN pages > 1 THEN pages ELSE 0 END AS d FROM books;

-- name: Preds :many
SELECT isbn IS 'x' AS a, isbn IS NOT 'x' AS b, isbn = 'x' AS c, (pages > 1) IS TRUE AS d, pages > 1 AND id > 0 AS e, NOT pages > 1 AS f, isbn LIKE 'x' AS g, isbn IS DISTINCT FROM 'x' AS h, isbn GLOB 'x' AS i, id BETWEEN 1 AND 2 AS j FROM books;

-- name: OuterJoinFilter :many
SELECT b.title, p.name, p.bio FROM books b LEFT JOIN people p ON p.id = b.author_id WHERE p.bio LIKE 'a%';

-- name: OuterJoinNull :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.author_id WHERE p.id IS NULL;

-- name: FullFilter :many
SELECT l.a, r.b, l.k AS lk, r.k AS rk FROM left_t l FULL JOIN right_t r ON l.k = r.k WHERE r.k IS NOT NULL;

-- name: SelfJoin :many
SELECT p.name, m.name AS boss FROM people p LEFT JOIN people m ON m.id = p.boss;

-- name: CteOuter :many
WITH s AS (SELECT author_id, max(pages) AS m FROM books GROUP BY author_id) SELECT p.name, s.m, s.author_id FROM people p LEFT JOIN s ON s.author_id = p.id;

-- name: LimitParams :many
SELECT id FROM books ORDER BY id LIMIT ? OFFSET ?;

-- name: ByKey :many
SELECT * FROM tags WHERE book_id = ? AND tag = ?;

-- name: ByUnique :many
SELECT title FROM books WHERE isbn = ?;

-- name: ByRowId :many
SELECT title FROM books WHERE rowid = ?;

-- name: ByKeyText :many
SELECT id FROM books WHERE isbn = ? COLLATE NOCASE;

-- name: InSlice :many
SELECT id FROM books WHERE title IN (sqlc.slice('titles'));

-- name: NargFilter :many
SELECT id FROM people WHERE (sqlc.narg('name') IS NULL OR name = sqlc.narg('name')) AND bio LIKE ?;

-- name: Casts :many
SELECT CAST(bio AS INTEGER) AS a, CAST(id AS TEXT) AS b, CAST(score AS INTEGER) AS c, CAST(name AS REAL) AS d, CAST(name AS BLOB) AS e, CAST(name AS NUMERIC) AS f, CAST(NULL AS TEXT) AS g, CAST(n AS BOOLEAN) AS h FROM people;

-- name: Literals :many
SELECT 1 AS a, 1.5 AS b, 'x' AS c, NULL AS d, true AS e, 1e5 AS f, x'41' AS g, -1 AS h, 9223372036854775808 AS i;

-- name: CoalesceAgg :many
SELECT coalesce(sum(pages), 0) AS a, coalesce(max(title), '') AS b, ifnull(sum(price), 0) AS c, coalesce(avg(pages), 0.0) AS d FROM books;

-- name: AggOverJoin :many
SELECT p.id, count(b.id) AS c, sum(b.pages) AS s, max(b.title) AS m, group_concat(b.title) AS g, total(b.pages) AS t FROM people p LEFT JOIN books b ON b.author_id = p.id GROUP BY p.id;

-- name: GroupPk :many
SELECT p.id, p.name, p.bio, count(*) AS c FROM people p GROUP BY p.id;

-- name: DistinctBoth :many
SELECT DISTINCT author_id, isbn FROM books;

-- name: LimitOne :many
SELECT id, isbn FROM books ORDER BY id LIMIT 1;

-- name: SumReal :many
SELECT sum(price) AS a, sum(pages) AS b, sum(pages * 1.5) AS c, sum(id / 2) AS d, avg(price) AS e, sum(title) AS f FROM books;

-- name: CountAlways :many
SELECT count(*) AS a, count(isbn) AS b FROM books GROUP BY author_id HAVING count(*) > 1;

-- name: CheckKind :many
SELECT id, r, w, h FROM shapes WHERE kind = 'circle';

-- name: CheckKindRect :many
SELECT id, r, w, h FROM shapes WHERE kind = 'rect' AND id > 0;

-- name: CheckKindOther :many
SELECT id, r, w, h FROM shapes WHERE kind = 'blob';

-- name: CheckKindCase :many
SELECT CASE WHEN kind = 'circle' THEN r ELSE 0 END AS a, CASE kind WHEN 'rect' THEN w WHEN 'circle' THEN r ELSE 0 END AS b, CASE WHEN kind = 'rect' THEN r ELSE 0 END AS c FROM shapes;

-- name: CheckOneOf :many
SELECT a, b FROM shapes WHERE a IS NULL;

-- name: CheckOneOfCoalesce :many
SELECT coalesce(a, b) AS x, ifnull(b, a) AS y, CASE WHEN a IS NOT NULL THEN b ELSE 1 END AS z FROM shapes;

-- name: CheckImplies :many
SELECT c, d FROM shapes WHERE c IS NOT NULL;

-- name: CheckImpliesNot :many
SELECT c, d FROM shapes WHERE d IS NULL;

-- name: CheckOuter :many
SELECT p.id, s.a, s.b FROM people p LEFT JOIN shapes s ON s.id = p.id WHERE s.a IS NULL;

-- name: OuterImpliesOuter :many
SELECT b.isbn, b.pages, t.tag, p.name FROM people p LEFT JOIN books b ON b.author_id = p.id AND b.isbn IS NOT NULL LEFT JOIN tags t ON t.book_id = b.id AND t.weight < b.pages WHERE t.tag = 'x';

-- name: OuterImpliesCase :many
SELECT CASE WHEN r.b IS NOT NULL THEN l.k ELSE 0 END AS a, CASE WHEN r.b IS NULL THEN 0 ELSE l.k END AS b, l.k AS c FROM left_t l LEFT JOIN right_t r ON r.k = l.k;

-- name: ExistsProves :many
SELECT b.isbn, b.pages FROM books b WHERE EXISTS (SELECT 1 FROM tags t WHERE t.tag <> b.isbn AND t.weight IS NOT NULL) AND EXISTS (SELECT max(weight) FROM tags t WHERE t.weight = b.pages);

-- name: InProves :many
SELECT b.isbn, b.pages FROM books b WHERE 'x' IN (SELECT t.tag FROM tags t WHERE t.tag <> b.isbn);

-- name: SubqueryProves :many
SELECT b.isbn, b.pages FROM books b WHERE (SELECT p.id FROM people p WHERE p.name <> b.isbn LIMIT 1) > 0;

-- name: OrWithFalse :many
SELECT isbn, pages FROM books WHERE (isbn = 'i1' OR 0) AND (pages > 0 OR NULL);

-- name: OrWithTrue :many
SELECT isbn FROM books WHERE isbn = 'i1' OR 1;

-- name: CaseProves :many
SELECT isbn, pages, price FROM books WHERE CASE WHEN isbn IS NULL THEN 0 WHEN pages > 0 THEN price > 0 END;

-- name: CaseProvesEqual :many
SELECT isbn, pages FROM books WHERE CASE WHEN isbn IS NOT NULL THEN 1 ELSE 0 END = 1 AND CASE pages WHEN 10 THEN 'a' WHEN 0 THEN 'b' END IN ('a', 'b');

-- name: CoalesceProves :many
SELECT isbn, pages, price FROM books WHERE coalesce(price > 0, 0) AND ifnull(pages > 0 AND isbn > '', pages < 0);

-- name: TruthProves :many
SELECT isbn, pages FROM books WHERE (isbn IS NOT NULL) = 1 AND (pages IS NULL) = 0;

-- name: HavingKept :many
SELECT author_id, isbn, count(*) AS n FROM books GROUP BY author_id, isbn HAVING isbn > '';

-- name: FkSubquery :many
SELECT (SELECT name FROM people WHERE id = b.owner_id) AS owner FROM books b;

-- name: FkWhere :many
SELECT b.id, p.name FROM books b LEFT JOIN people p ON p.id = b.owner_id WHERE b.owner_id > 0;

-- name: FullImplies :many
SELECT l.k, r.k AS rk FROM left_t l FULL JOIN right_t r ON r.k = l.k WHERE r.b IS NOT NULL AND l.a IS NOT NULL;

-- name: IifProves :many
SELECT isbn, pages FROM books WHERE iif(isbn IS NULL, 0, pages > 5);

-- name: IsProves :many
SELECT isbn, pages FROM books WHERE (isbn = 'i1') IS 1 AND (pages IS NULL) IS NOT 1;

-- name: WrittenInsert :many
INSERT INTO left_t (k, a) VALUES (1, 'x') RETURNING k, a;

-- name: WrittenRows :many
INSERT INTO left_t (k, a) VALUES (1, 'x'), (2, NULL) RETURNING k, a;

-- name: WrittenParam :many
INSERT INTO left_t (k, a) VALUES (?, upper(?)) RETURNING k, a;

-- name: WrittenCoalesce :many
INSERT INTO left_t (k, a) SELECT coalesce(?, 5), coalesce(?, p.bio) FROM people p WHERE true RETURNING k, a;

-- name: WrittenSelect :many
INSERT INTO left_t (k, a) SELECT id, name FROM people RETURNING k, a;

-- name: WrittenSelectNull :many
INSERT INTO left_t (k, a) SELECT pages, isbn FROM books WHERE isbn IS NOT NULL RETURNING k, a;

-- name: WrittenUpdate :many
UPDATE left_t SET k = 1 RETURNING k, a;

-- name: WrittenUpdateSelf :many
UPDATE left_t SET k = k + 1, a = coalesce(a, '') RETURNING k, a;

-- name: WrittenUpdateWhere :many
UPDATE left_t SET k = k + 1 WHERE k > 0 RETURNING k, a;

-- name: WrittenUpdateRow :many
UPDATE left_t SET (k, a) = (SELECT 1, max(name) FROM people) RETURNING k, a;

-- name: WrittenUpdateRowNone :many
UPDATE left_t SET (k, a) = (SELECT 1, 'x' FROM books WHERE id = 99) RETURNING k, a;

-- name: WrittenUpdateFrom :many
UPDATE left_t SET a = p.name FROM people p WHERE p.id = left_t.k RETURNING left_t.k, left_t.a;

-- name: WrittenUpdateNull :many
UPDATE left_t SET a = NULL WHERE a IS NOT NULL RETURNING a;

-- name: WrittenConflict :many
INSERT INTO tags (book_id, tag, weight) VALUES (1, 'x', 5) ON CONFLICT (book_id, tag) DO UPDATE SET weight = excluded.weight RETURNING weight;

-- name: WrittenConflictKeep :many
INSERT INTO tags (book_id, tag, weight) VALUES (1, 'y', 5) ON CONFLICT (book_id, tag) DO UPDATE SET tag = 'y' RETURNING weight;

-- name: WrittenConflictOld :many
INSERT INTO tags (book_id, tag, weight) VALUES (1, 'y', 5) ON CONFLICT (book_id, tag) DO UPDATE SET weight = tags.weight + 1 RETURNING weight;

-- name: WrittenConflictSum :many
INSERT INTO tags (book_id, tag, weight) VALUES (1, 'y', 5) ON CONFLICT (book_id, tag) DO UPDATE SET weight = coalesce(tags.weight, 0) + excluded.weight RETURNING weight;

-- name: WrittenConflictNothing :many
INSERT INTO tags (book_id, tag, weight) VALUES (2, 'q', 5) ON CONFLICT DO NOTHING RETURNING weight;

-- name: WrittenDefault :many
INSERT INTO filled (id) VALUES (1) RETURNING a, b, c;

-- name: WrittenDefaultWord :many
INSERT INTO filled (id, a, b, c) VALUES (2, NULL, 'x', 3) RETURNING a, b, c;

-- name: WrittenReplace :many
INSERT OR REPLACE INTO tags (book_id, tag, weight) VALUES (1, 'y', 5) RETURNING weight;

-- name: WrittenOrIgnore :many
UPDATE OR IGNORE tags SET tag = 'x', weight = 5 WHERE book_id = 1 RETURNING tag, weight;

-- name: WrittenInf :many
INSERT INTO odd (code, v) VALUES ('q', 1e999 - 1e999) RETURNING code, v;

-- name: CarryDerived :many
SELECT x.title, x.pages, x.tag FROM (SELECT b.title, b.pages, t.tag FROM people p LEFT JOIN books b ON b.author_id = p.id LEFT JOIN tags t ON t.book_id = b.id) x WHERE x.pages IS NOT NULL;

-- name: CarryDerivedChain :many
SELECT x.title, x.pages, x.tag, x.weight FROM (SELECT b.title, b.pages, t.tag, t.weight FROM people p LEFT JOIN books b ON b.author_id = p.id LEFT JOIN tags t ON t.book_id = b.id) x WHERE x.weight > 0;

-- name: CarryCteTwice :many
WITH x AS (SELECT p.id, b.title, b.pages FROM people p LEFT JOIN books b ON b.author_id = p.id) SELECT one.title AS a, two.title AS b FROM x one CROSS JOIN x two WHERE one.pages IS NOT NULL;

-- name: CarryCase :many
WITH x AS (SELECT p.id, b.title, b.isbn FROM people p LEFT JOIN books b ON b.author_id = p.id) SELECT CASE WHEN isbn IS NOT NULL THEN title ELSE '' END AS a, CASE WHEN title IS NOT NULL THEN isbn ELSE '' END AS b FROM x;

-- name: CarryGroups :many
SELECT x.title, x.pages, x.n FROM (SELECT b.title, b.pages, count(*) AS n FROM people p LEFT JOIN books b ON b.author_id = p.id GROUP BY b.title, b.pages) x WHERE x.pages > 0;

-- name: CarryOuter :many
SELECT q.id, x.title, x.isbn FROM people q LEFT JOIN (SELECT p.id, b.title, b.isbn FROM people p LEFT JOIN books b ON b.author_id = p.id) x ON x.id = q.id WHERE x.isbn IS NOT NULL;

-- name: CarryOuterHalf :many
SELECT q.id, x.title, x.isbn FROM people q LEFT JOIN (SELECT p.id, b.title, b.isbn FROM people p LEFT JOIN books b ON b.author_id = p.id) x ON x.id = q.id WHERE x.id IS NOT NULL;

-- name: CarryUnion :many
SELECT x.title, x.isbn FROM (SELECT b.title, b.isbn FROM people p LEFT JOIN books b ON b.author_id = p.id UNION ALL SELECT NULL, 'x') x WHERE x.isbn IS NOT NULL;

-- name: CarryRecursive :many
WITH RECURSIVE r(n, title, isbn) AS (SELECT 1, b.title, b.isbn FROM people p LEFT JOIN books b ON b.author_id = p.id UNION ALL SELECT n + 1, isbn, title FROM r WHERE n < 2) SELECT title, isbn FROM r WHERE isbn IS NOT NULL;

-- name: HavingSome :many
SELECT max(pages) AS p, min(title) AS t, count(*) AS n FROM books HAVING max(pages) > 100;

-- name: HavingNone :many
SELECT min(title) AS t FROM books WHERE id < 0 HAVING max(pages) IS NULL;

-- name: HavingEither :many
SELECT min(title) AS t FROM books WHERE id < 0 HAVING max(pages) > 100 OR count(*) = 0;

-- name: HavingBoth :many
SELECT min(title) AS t FROM books HAVING max(pages) > 100 AND count(*) < 100;

-- name: HavingNot :many
SELECT min(title) AS t FROM books HAVING NOT (min(title) = 'x');

-- name: HavingChosen :many
SELECT min(title) AS t FROM books WHERE id < 0 HAVING CASE WHEN max(pages) > 100 THEN 1 = 0 ELSE 1 = 1 END;

-- name: HavingOuter :many
SELECT p.id, (SELECT min(b.title) FROM books b WHERE b.id < 0 HAVING max(p.id) > 0) AS t FROM people p GROUP BY p.id;

-- name: HavingCoalesced :many
SELECT min(title) AS t FROM books WHERE id < 0 HAVING coalesce(max(pages), 0) < 100;

-- name: NeverABranch :many
SELECT name FROM people UNION ALL SELECT bio FROM people WHERE 1 = 1 AND false;

-- name: NeverABranchBefore :many
SELECT bio FROM people WHERE false UNION SELECT name FROM people UNION SELECT x.bio FROM (SELECT bio FROM people LIMIT 0) x;

-- name: NeverABranchOfOne :many
SELECT max(name) AS n FROM people WHERE false UNION ALL SELECT name FROM people;

-- name: NeverInside :many
SELECT name, (SELECT title FROM books WHERE false) AS a, (SELECT max(id) FROM books WHERE false) AS b,
  CASE WHEN EXISTS (SELECT 1 FROM books WHERE false) THEN bio ELSE name END AS c,
  CASE WHEN name IN (SELECT title FROM books WHERE false) THEN bio ELSE name END AS d FROM people;

-- name: SurelyChosen :many
SELECT CASE WHEN NULL IS NULL THEN name ELSE bio END AS a, CASE WHEN bio IS NULL AND false THEN bio ELSE name END AS b,
  CASE WHEN name IS NOT NULL OR bio = 'x' THEN name END AS c, CASE WHEN NOT (name IS NULL) THEN name END AS d,
  CASE WHEN bio IS NULL OR bio IS NOT NULL THEN name END AS e, CASE WHEN bio = 'x' OR NOT bio = 'x' THEN name END AS f,
  CASE WHEN (bio = 'x') IS NOT NULL THEN 1 WHEN bio IS NULL THEN 2 END AS g FROM people;

-- name: RecursNever :many
WITH RECURSIVE r (n, x, y) AS (SELECT 1, name, name FROM people UNION ALL
  SELECT n + 1, CASE WHEN n = 2 THEN NULL ELSE x END, CASE WHEN x IS NULL THEN NULL ELSE y END FROM r WHERE n < 5 AND (x IS NULL OR n < 4))
SELECT n, x, y FROM r;

-- name: RecursNowhere :many
WITH RECURSIVE r (n, x) AS (SELECT 1, name FROM people UNION ALL SELECT n + 1, NULL FROM r WHERE x IS NULL AND n < 4) SELECT n, x FROM r;

-- name: SurelyTested :many
SELECT CASE WHEN (NULL = 1) IS TRUE THEN bio ELSE name END AS a, CASE WHEN (1 = 1 OR bio = 'x') IS NOT FALSE THEN name END AS b,
  CASE WHEN (bio = 'x') IS NOT TRUE THEN name END AS c FROM people;

-- name: FilterAll :many
SELECT author_id, min(title) FILTER (WHERE true OR pages > 1) AS a, min(title) FILTER (WHERE pages IS NULL AND false) AS b FROM books GROUP BY author_id;

-- name: LooseHaving :many
SELECT title, min(title) AS t FROM books HAVING max(pages) > 100;

-- name: LooseHavingNone :many
SELECT title, min(title) AS t FROM books WHERE id < 0 HAVING max(pages) IS NULL;

-- name: NumbersOfNoStrictTable :many
SELECT ceil(i) AS a, sign(r) AS b, floor(id) AS c, degrees(t) AS d, trunc(i + 1) AS e, sign(CAST(t AS REAL)) AS f, exp(length(t)) AS g,
  ceil(max(i, 1)) AS h, ceil(coalesce(i, 1)) AS j, floor(CASE WHEN i = 1 THEN id ELSE 0 END) AS k, sin(i) AS l, sin(length(t)) AS m,
  sin(r * 9e999) AS n, sign(x.s) AS o, sign(abs(t)) AS p, ceil(+i) AS q, floor(iif(id, t, 1)) AS u FROM mixed, (SELECT sum(t) AS s FROM mixed) x;

-- name: NumbersOfAStrictTable :many
SELECT ceil(a) AS a, sign(id) AS b, sign(b) AS c, floor(max(a, id)) AS d, sin(a) AS e, sin(b) AS f, degrees(coalesce(b, 1)) AS g, sign(c) AS h, ceil(e) AS i FROM tight;

-- name: NumbersOfAUnion :many
SELECT sign(u.x) AS a FROM (SELECT id AS x FROM mixed UNION SELECT length(t) FROM mixed) u;

-- name: NumbersOfAMixedUnion :many
SELECT sign(u.x) AS a FROM (SELECT id AS x FROM mixed UNION SELECT i FROM mixed) u;

-- name: NumbersOfRounds :many
WITH RECURSIVE w (n, x) AS (SELECT 1, id FROM mixed UNION ALL SELECT n + 1, CASE n WHEN 1 THEN t ELSE x END FROM w JOIN mixed ON mixed.id = n WHERE n < 3)
SELECT ceil(x) AS a FROM w;

-- name: PatternsOfBlobs :many
SELECT x'61' NOT GLOB NULL AS a, x'61' LIKE NULL AS b, NULL LIKE x'61' AS c, 'a' LIKE NULL AS d, 1 GLOB NULL AS e, t LIKE NULL AS f, i NOT LIKE NULL AS g,
  lower(t) LIKE NULL AS h, id LIKE NULL AS j, like(NULL, x'61') AS k, x'61' LIKE 'a' ESCAPE NULL AS l FROM mixed;

-- name: PatternsOfStrictText :many
SELECT c LIKE NULL AS a, coalesce(c, 'a') NOT LIKE NULL AS b, coalesce(c, d) LIKE NULL AS e FROM tight;

-- name: PiecesOfPieces :many
SELECT substr(substr(t, 1, 0), 1) AS a, substr(substr(lower(t), 1, 0), 1) AS b, substr(trim(t), 2) AS c, id AS d,
  length(substr(max(t, substr(t, 1, 0)), 1)) AS e FROM mixed;

-- name: TimesWritten :many
SELECT date('2024-01-31') AS a, date('2024-02-30 10:00') AS b, date('2024-13-01') AS c, time('2024-01-31T10:00:00.5') AS d, julianday(2460000.5) AS e,
  date(1e9) AS f, date(-1) AS g, datetime('1999-12-31', '+999 years', '-9999 days', 'start of month') AS h, strftime('%Y', '2024-01-31') AS i,
  date('2999-12-31', '+999 years', '+999 years', '+999 years', '+999 years', '+999 years', '+999 years', '+999 years', '+999 years') AS j,
  unixepoch('2024-01-31 25:00') AS k, date('2024-01-31 10:00Z') AS l FROM people;

-- name: DocumentsWithoutAPath :many
SELECT json_type('[1]') AS a, json_type('[1]', '$[3]') AS b, json_array_length('1') AS c, json_array_length('{}', '$.a') AS d, json_remove('{"a": 1}', '$.a', '$.b') AS e,
  json_remove('1', '$') AS f, json_remove('[1]', '$.a', '$') AS g, jsonb_remove('[1]', '$[0]') AS h, json_remove('[1]') AS i FROM people;

-- name: DividedByANegative :many
SELECT n / -1 AS a, n % (-2) AS b, n / -0 AS c, n / - -1 AS d, n % -0.5 AS e, 1 / -0.5 AS f FROM people;

-- name: GeneratedAndItsColumns :many
SELECT g.a, g.up, g.one, g.both_, g.less FROM grown g WHERE g.a IS NOT NULL;

-- name: GeneratedTellsItsColumns :many
SELECT g.a, g.b, g.up, g.one, g.less FROM grown g WHERE g.both_ > 0;

-- name: GeneratedTellsNothing :many
SELECT g.a, g.b, g.up FROM grown g WHERE g.one > 0 AND g.less IS NULL;

-- name: GeneratedOuter :many
SELECT x.id, g.a, g.up, h.up AS u FROM grown x LEFT JOIN grown g ON g.b = x.a LEFT JOIN grown h ON h.id = g.id WHERE h.a > 0 OR g.a IS NOT NULL;

-- name: GeneratedInside :many
SELECT CASE WHEN g.a IS NOT NULL THEN g.up ELSE 0 END AS x, CASE WHEN g.up IS NOT NULL THEN g.a ELSE 0 END AS y, CASE WHEN g.one IS NOT NULL THEN g.a ELSE 0 END AS z FROM grown g;

-- name: TwinsChecked :many
SELECT a, d, e FROM twins;

-- name: TwinsTold :many
SELECT a, d, e FROM twins WHERE d = 2;

-- name: SideWithoutRows :many
SELECT x.id, y.id AS j FROM grown x FULL JOIN (SELECT * FROM grown WHERE false) y ON y.id = x.id;

-- name: SideWithoutRowsLeft :many
SELECT x.id, y.id AS j FROM (SELECT * FROM grown LIMIT 0) x RIGHT JOIN grown y ON y.id = x.id;

-- name: NeverJoined :many
SELECT x.id, y.id AS j FROM grown x LEFT JOIN (SELECT g.id FROM grown g JOIN twins t ON g.id = t.id AND false) y ON true
UNION ALL SELECT g.a, g.b FROM grown g JOIN twins t ON g.id = t.id AND 1 = 0 AND false;

-- name: AmongItself :many
SELECT x.a, x.b FROM grown x WHERE x.id IN (SELECT x.a FROM twins t) AND x.id NOT IN (SELECT x.b FROM twins t WHERE t.id < 0);

-- name: AmongItselfNot :many
SELECT x.a, x.b FROM grown x WHERE NOT x.id IN (SELECT x.a FROM twins t);

-- name: GeneratedReturned :many
INSERT INTO grown (id, a, b) VALUES (11, 1, NULL), (12, 2, 2) RETURNING a, up, one, both_, less;

-- name: GeneratedReturnedOfNull :many
INSERT INTO grown (id, b) VALUES (11, 1), (12, 2) RETURNING a, up, one, both_, less;

-- name: GeneratedUpdated :many
UPDATE grown SET a = b WHERE a IS NOT NULL RETURNING a, up, one, both_;

-- name: GeneratedUpdatedSurely :many
UPDATE grown SET a = 7 WHERE b IS NOT NULL RETURNING a, up, one, both_, less;

-- name: GeneratedKept :many
UPDATE grown SET b = NULL WHERE up > 0 RETURNING a, up, one, both_;

-- name: GeneratedDeleted :many
DELETE FROM grown WHERE both_ > 0 RETURNING a, b, up, less;

-- name: GeneratedConflict :many
INSERT INTO grown (id, a) VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET b = excluded.up RETURNING a, up, b, both_;

-- name: GeneratedConflictSet :many
INSERT INTO grown (id, a) VALUES (1, 5), (99, 1) ON CONFLICT (id) DO UPDATE SET a = excluded.a RETURNING a, up, both_;

-- name: EitherEnd :many
SELECT b.title, t.tag FROM people p LEFT JOIN books b ON b.author_id = p.id LEFT JOIN tags t ON t.book_id = b.id WHERE t.tag > '' OR b.pages > 0;

-- name: EitherEndNot :many
SELECT b.title, t.tag FROM people p LEFT JOIN books b ON b.author_id = p.id LEFT JOIN tags t ON t.book_id = p.id WHERE t.tag > '' OR b.pages > 0;

-- name: NeitherEnd :many
SELECT b.title FROM people p LEFT JOIN books b ON b.author_id = p.id LEFT JOIN tags t ON t.book_id = b.id WHERE NOT (t.tag > '' AND b.pages > 0);

-- name: CaseOfGroup :many
SELECT CASE WHEN count(*) > 0 THEN min(title) ELSE '' END AS a, CASE WHEN max(pages) IS NULL THEN '' ELSE min(title) END AS b,
  CASE WHEN count(*) = 0 THEN '' ELSE min(title) END AS c, CASE WHEN max(pages) IS NULL THEN min(title) ELSE '' END AS d,
  CASE WHEN count(*) >= 0 THEN min(title) ELSE '' END AS e, CASE WHEN count(*) > 0 OR max(pages) > 1 THEN min(title) END AS f FROM books WHERE id < 0;

-- name: CaseOfGroups :many
SELECT CASE WHEN count(*) > 0 THEN (SELECT min(t.tag) FROM tags t WHERE t.weight < 0) ELSE '' END AS a,
  CASE WHEN count(*) > 0 THEN (SELECT max(b.title) FROM books b WHERE b.id < 0) ELSE '' END AS b FROM books;

-- name: FirstOfFrame :many
SELECT nth_value(id, 1) OVER (ORDER BY id) AS a, nth_value(pages, 1) OVER (ORDER BY id) AS b, nth_value(id, 2) OVER (ORDER BY id) AS c,
  nth_value(id, 1) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS d, nth_value(id, 1) OVER () AS e FROM books;

-- name: DocumentOfRows :many
SELECT e.key, e.value, e.atom, e.parent, e.fullkey FROM json_each('[1, "a", 2.5]') e;

-- name: DocumentOfRowsWithNull :many
SELECT e.key, e.value, e.atom FROM jsonb_each('{"a": 1, "b": null}') e;

-- name: DocumentOfContainers :many
SELECT e.key, e.value, e.atom FROM json_each('{"a": [1], "b": {}}') e;

-- name: DocumentOfOne :many
SELECT e.key, e.value, e.atom FROM json_each('1') e;

-- name: DocumentWithoutRows :many
SELECT p.name, e.key FROM json_each('{"a": 1}', '$.b') e FULL JOIN people p ON true;

-- name: DocumentOfNull :many
SELECT e.key FROM json_each('null') e UNION ALL SELECT e.key FROM json_each('[1]', NULL) e UNION ALL SELECT e.atom FROM json_each(NULL) e;

-- name: DocumentWithAPath :many
SELECT e.key, e.value, e.atom FROM json_each('{"a": [1, 2], "a": null}', '$.a') e LEFT JOIN json_each('[[], {"x": 1}]', '$[1]') f ON true;

-- name: DocumentTree :many
SELECT e.key, e.value, e.atom, e.parent FROM json_tree('[1, {"x": "y"}]') e;

-- name: DocumentTreeOfNull :many
SELECT e.key, e.value FROM json_tree('[1, {"x": null}]', '$[1]') e;

-- name: DocumentOfAnotherKind :many
SELECT e.key, e.value FROM json_each('{a: null}') e;

-- name: DocumentEscaped :many
SELECT e.value FROM json_each('{"\u0061": [1]}', '$.a') e;

-- name: BesideADocument :many
SELECT p.id, e.value FROM people p LEFT JOIN json_each('[1, 2]') e ON true;

-- name: AlwaysJoined :many
SELECT p.name, e.n FROM people p LEFT JOIN (SELECT count(*) AS n FROM books) e ON (p.bio = 'x' AND e.n > 1) OR true;

-- name: TwiceItself :many
SELECT weight + weight AS a, weight * weight AS b, weight - weight AS c, weight / weight AS d FROM people;

-- name: GeneratedNumbers :many
SELECT sign(g.up) AS a, sign(g.one) AS b, sign(p.tripled) AS c, sign(p.doubled) AS d FROM grown g, people p WHERE g.up IS NOT NULL AND g.one IS NOT NULL;

-- name: CaseOfTested :many
SELECT CASE WHEN nullif(pages, 1) IS NULL THEN 0 ELSE nullif(pages, 1) END AS a, CASE WHEN nullif(pages, 1) IS NULL THEN nullif(pages, 1) ELSE 0 END AS b,
  CASE WHEN nullif(pages, 1) > 0 THEN nullif(pages, 1) WHEN nullif(pages, 2) IS NULL THEN 1 ELSE nullif(pages, 2) END AS c,
  CASE WHEN nullif(pages, 1) IS NULL THEN 0 ELSE (SELECT nullif(b.pages, 1) FROM books b WHERE b.id = books.id) END AS d FROM books;

-- name: CaseOfTestedGroup :many
SELECT CASE WHEN max(pages) IS NULL THEN 0 ELSE max(pages) END AS a, CASE WHEN max(pages) IS NULL THEN 0 ELSE min(pages) END AS b,
  CASE WHEN sum(pages) IS NULL THEN 0 ELSE (SELECT sum(b.pages) FROM books b WHERE b.id < 0) END AS c,
  CASE WHEN max(nullif(pages, 1)) IS NULL THEN 0 ELSE max(nullif(pages, 2)) END AS d FROM books;

-- name: CaseOfTestedGroups :many
SELECT author_id, CASE WHEN max(nullif(pages, 1)) IS NULL THEN 0 ELSE max(nullif(pages, 1)) END AS a,
  max(CASE WHEN nullif(pages, 1) IS NULL THEN NULL ELSE nullif(pages, 1) END) AS b FROM books GROUP BY author_id;

-- name: CaseOfTestedWindow :many
SELECT CASE WHEN nullif(pages, 1) IS NOT NULL THEN lag(nullif(pages, 1)) OVER (ORDER BY id) ELSE 0 END AS a,
  CASE WHEN nullif(pages, 1) IS NOT NULL THEN max(nullif(pages, 1)) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) ELSE 0 END AS b FROM books;

-- name: WhereTrue :many
SELECT (SELECT max(x.n) FROM (SELECT count(*) AS n FROM books) x WHERE true) AS a, (SELECT max(x.n) FROM (SELECT count(*) AS n FROM books) x WHERE x.n > 0) AS b,
  (SELECT max(b.id) FROM books b WHERE true) AS c;

-- name: SumsOfTheKey :many
SELECT score, weight, sum(weight) AS a, total(weight) AS b, avg(weight) AS c, sum(DISTINCT weight) AS d, sum(score) AS e, sum(weight) OVER () AS f, sum(id * 9e999) AS g FROM people GROUP BY weight, score;

-- name: ConstantsThatHold :many
SELECT iif(2, name, bio) AS a, iif(0.5, name, bio) AS b, CASE WHEN 0.0 THEN bio ELSE name END AS c, iif(-1, name, bio) AS d, CASE WHEN name = 2 THEN bio ELSE name END AS e,
  CASE WHEN bio AND 2 THEN bio END AS f FROM people WHERE 7;
