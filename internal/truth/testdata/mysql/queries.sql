-- name: LeftUsing :many
SELECT k, left_t.k AS lk, right_t.k AS rk, b FROM left_t LEFT JOIN right_t USING (k);

-- name: Overruled :many
-- column: n type=int
SELECT bio AS `bio!`, bio AS `also!`, (SELECT count(*) FROM tags) AS n, boss FROM people;

-- name: RightUsing :many
SELECT k, a, b FROM left_t RIGHT JOIN right_t USING (k);

-- name: NaturalJoin :many
SELECT * FROM left_t NATURAL JOIN right_t;

-- name: Paren1 :many
SELECT p.name, b.title, t.tag FROM people p LEFT JOIN (books b JOIN tags t ON t.book_id = b.id) ON b.author_id = p.id;

-- name: Paren2 :many
SELECT p.name, b.title, t.tag FROM people p LEFT JOIN (books b LEFT JOIN tags t ON t.book_id = b.id) ON b.author_id = p.id WHERE t.tag = 'x';

-- name: LeftThenInner :many
SELECT p.name, b.title, t.weight FROM people p LEFT JOIN books b ON b.author_id = p.id JOIN tags t ON t.book_id = b.id;

-- name: FkLeft :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.owner_id;

-- name: FkLeftNullable :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.editor_id;

-- name: Embed :many
SELECT sqlc.embed(p), sqlc.embed(b) FROM people p LEFT JOIN books b ON b.author_id = p.id;

-- name: RecTree :many
WITH RECURSIVE t AS (SELECT id, name, boss, 1 AS depth FROM people WHERE boss IS NULL UNION ALL SELECT p.id, p.name, p.boss, t.depth + 1 FROM people p JOIN t ON p.boss = t.id WHERE t.depth < 5) SELECT * FROM t;

-- name: RecCount :many
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t;

-- name: LagPlain :many
SELECT id, lag(title) OVER (ORDER BY id) AS l, lead(pages, 2) OVER (ORDER BY id) AS m FROM books;

-- name: LagDefault :many
SELECT lag(title, 1, 'none') OVER (ORDER BY id) AS a, lead(id, 1, 0) OVER w AS b, lag(pages, 1, 0) OVER w AS c FROM books WINDOW w AS (ORDER BY id);

-- name: FirstLast :many
SELECT first_value(title) OVER w AS a, last_value(title) OVER w AS b, nth_value(title, 2) OVER w AS c, first_value(pages) OVER w AS d FROM books WINDOW w AS (PARTITION BY author_id ORDER BY id);

-- name: FrameEmpty :many
SELECT first_value(title) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS a, sum(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS b, count(*) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS c FROM books;

-- name: Ranks :many
SELECT row_number() OVER () AS a, rank() OVER w AS b, dense_rank() OVER w AS c, percent_rank() OVER w AS d, cume_dist() OVER w AS e, ntile(4) OVER w AS f FROM books WINDOW w AS (ORDER BY pages);

-- name: WindowAgg :many
SELECT sum(id) OVER () AS a, avg(pages) OVER w AS b, max(title) OVER w AS c, count(pages) OVER w AS d FROM books WINDOW w AS (PARTITION BY author_id);

-- name: AggNoGroup :many
SELECT count(*), sum(pages), max(title), group_concat(title), json_arrayagg(title), json_objectagg(title, id), bit_and(id), avg(price), std(id) FROM books;

-- name: AggGroup :many
SELECT author_id, count(isbn) AS c, sum(id) AS s, max(title) AS m, min(pages) AS mi, avg(id) AS a, group_concat(title) AS g, group_concat(isbn) AS gi, bit_or(id) AS bo, var_samp(id) AS vs, stddev_pop(id) AS sp FROM books GROUP BY author_id;

-- name: AggTypes :many
SELECT sum(tiny) AS a, sum(score) AS b, sum(rating) AS c, avg(n) AS d, avg(score) AS e, max(big) AS f, min(created) AS g, max(mood) AS h, min(raw) AS i, sum(big) AS j, max(t) AS k, max(y) AS l FROM people;

-- name: Rollup :many
SELECT author_id, genre, sum(id) AS s, count(*) AS c FROM books GROUP BY author_id, genre WITH ROLLUP;

-- name: ScalarSub :many
SELECT name, (SELECT title FROM books b WHERE b.author_id = p.id LIMIT 1) AS a, (SELECT count(*) FROM books b WHERE b.author_id = p.id) AS b, (SELECT max(id) FROM books) AS c FROM people p;

-- name: ScalarSubCoalesce :many
SELECT coalesce((SELECT title FROM books LIMIT 1), 'none') AS a, (SELECT 1) AS b, (SELECT coalesce(sum(pages), 0) FROM books) AS c FROM people;

-- name: ExistsSub :many
SELECT EXISTS (SELECT 1 FROM books WHERE author_id = p.id) AS a, p.id IN (SELECT author_id FROM books) AS b, p.boss IN (SELECT author_id FROM books) AS c, p.id NOT IN (SELECT editor_id FROM books) AS d FROM people p;

-- name: GreatLeast :many
SELECT greatest(pages, 1) AS a, least(id, price) AS b, greatest(id, author_id) AS c, least(title, 'x') AS d FROM books;

-- name: NullIfs :many
SELECT nullif(id, 1) AS a, ifnull(pages, 0) AS b, coalesce(nullif(title, ''), 'x') AS c, coalesce(pages, price, 0) AS d, if(pages > 1, title, isbn) AS e, if(pages > 1, 1, 2) AS f, isnull(pages) AS g, ifnull(isbn, title) AS h FROM books;

-- name: Times :many
SELECT created + interval 1 day AS a, datediff(updated, created) AS b, date(created) AS c, year(born) AS d, month(created) AS e, date_format(created, '%Y') AS f, date_add(born, interval 1 day) AS g, timestampdiff(day, created, updated) AS h, unix_timestamp(created) AS i, from_unixtime(0) AS j, str_to_date('x', '%Y') AS k, last_day(created) AS l, dayofweek(created) AS m, hour(t) AS n, time(created) AS o, now(3) AS p, curdate() AS q, date_format(born, name) AS r FROM people;

-- name: ExtractFn :many
SELECT extract(year FROM created) AS a, extract(day_hour FROM updated) AS b, quarter(created) AS c, week(created) AS d, to_days(created) AS e, dayname(created) AS f, makedate(2020, 1) AS g, sec_to_time(10) AS h, time_to_sec(t) AS i, addtime(t, '1:00') AS j, convert_tz(created, '+00:00', '+01:00') AS k FROM people;

-- name: Numerics :many
SELECT pages + 1 AS a, pages / 2 AS b, pages div 2 AS c, pages % 3 AS d, pages * price AS e, round(price) AS f, round(price, 1) AS g, ceil(price) AS h, abs(pages) AS i, mod(pages, 7) AS j, power(pages, 2) AS k, sqrt(pages) AS l, id / 2 AS m, id / pages AS n, id DIV 2 AS o, id % 2 AS p, truncate(price, 1) AS q, sign(pages) AS r, rand() AS s, pi() AS u FROM books;

-- name: NumericsTwo :many
SELECT n + 1 AS a, n - 1.5 AS b, big + 1 AS c, -n AS d, tiny * 2 AS e, score * rating AS f, weight + 1 AS g, n << 1 AS h, ~n AS i, n & 3 AS j, 1 + 1 AS k, 1 + 1.5 AS l, 7 / 2 AS m, 7 DIV 2 AS o, y + 1 AS p, bits + 0 AS q, tiny + n AS r, small + tiny AS s FROM people WHERE big < 100;

-- name: Strings :many
SELECT upper(name) AS a, length(bio) AS b, concat(name, bio) AS c, concat_ws('-', bio, nick) AS d, substring(name, 1, 2) AS e, locate('a', name) AS f, trim(bio) AS g, lpad(name, 5, 'x') AS h, replace(name, 'a', 'b') AS i, left(bio, 1) AS j, reverse(name) AS k, repeat(name, 2) AS l, sha2(name, 224) AS m, char_length(name) AS n, hex(name) AS o, instr(name, 'a') AS p, field(name, 'a', 'b') AS q, elt(1, name, 'b') AS r, find_in_set('a', flags) AS s, substring_index(name, ' ', 1) AS t FROM people;

-- name: StringsTwo :many
SELECT unhex(name) AS a, from_base64(name) AS b, to_base64(name) AS c, sha2(name, 256) AS d, inet_aton(name) AS e, inet_ntoa(1) AS f, ascii(name) AS g, char(65) AS h, ord(name) AS i, strcmp(name, bio) AS j, space(2) AS k, quote(bio) AS l, soundex(name) AS m, format(score, 2) AS n, bin(n) AS o, conv(n, 10, 16) AS p, crc32(name) AS q, uuid() AS r, insert(name, 1, 1, 'x') AS s, regexp_replace(name, 'a', 'b') AS t, name regexp 'a' AS u, regexp_instr(name, 'a') AS v, regexp_substr(name, 'q') AS w FROM people;

-- name: Json :many
SELECT json_extract(meta, '$.a') AS a, json_unquote(json_extract(meta, '$.a')) AS b, json_length(meta) AS c, json_object('a', bio) AS d, json_array(bio) AS e, json_contains(meta, '1', '$.a') AS f, json_keys(meta) AS g, json_type(meta) AS h, json_valid(bio) AS i, json_set(meta, '$.a', 1) AS j, json_depth(meta) AS k, json_search(meta, 'one', 'x') AS l, json_contains_path(meta, 'one', '$.a') AS m FROM people;

-- name: ViewOuter :many
SELECT * FROM book_list;

-- name: ViewTotals :many
SELECT * FROM totals;

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

-- name: EqOr :many
SELECT isbn FROM books WHERE isbn = 'i1' OR isbn = 'i4';

-- name: InFilter :many
SELECT isbn, pages FROM books WHERE isbn IN ('a', 'b') AND pages BETWEEN 1 AND 5;

-- name: NotFilter :many
SELECT isbn FROM books WHERE NOT (isbn = 'x');

-- name: SafeEq :many
SELECT isbn <=> 'x' AS a, isbn <=> NULL AS b, isbn = 'x' AS c, (pages > 1) IS TRUE AS d, pages > 1 AND id > 0 AS e, NOT pages > 1 AS f, pages > 1 XOR id > 1 AS g, isbn LIKE 'x' AS h FROM books;

-- name: SafeEqFilter :many
SELECT isbn, pages FROM books WHERE isbn <=> ? OR pages <=> NULL;

-- name: BareColumnFilter :many
SELECT pages, price FROM books WHERE pages AND price;

-- name: IfFilter :many
SELECT isbn, pages FROM books WHERE if(isbn IS NULL, true, pages > 1);

-- name: NotInEmpty :many
SELECT isbn FROM books WHERE isbn NOT IN (SELECT tag FROM tags WHERE weight > 1000);

-- name: AllSub :many
SELECT isbn FROM books WHERE isbn <> ALL (SELECT tag FROM tags WHERE false);

-- name: AnySub :many
SELECT isbn FROM books WHERE isbn = ANY (SELECT tag FROM tags);

-- name: RowFilter :many
SELECT pages, price FROM books WHERE (pages, price) = (?, ?);

-- name: CaseRefine :many
SELECT CASE WHEN isbn IS NULL THEN 'none' ELSE isbn END AS a, CASE WHEN isbn IS NOT NULL THEN isbn END AS b, CASE isbn WHEN 'x' THEN isbn ELSE title END AS c, CASE WHEN pages > 1 THEN pages ELSE 0 END AS d FROM books;

-- name: OuterJoinFilter :many
SELECT b.title, p.name, p.bio FROM books b LEFT JOIN people p ON p.id = b.author_id WHERE p.bio LIKE 'a%';

-- name: OuterJoinNull :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.author_id WHERE p.id IS NULL;

-- name: SelfJoin :many
SELECT p.name, m.name AS boss, mm.name AS top FROM people p LEFT JOIN people m ON m.id = p.boss LEFT JOIN people mm ON mm.id = m.boss;

-- name: CteOuter :many
WITH s AS (SELECT author_id, max(pages) AS m FROM books GROUP BY author_id) SELECT p.name, s.m, s.author_id FROM people p LEFT JOIN s ON s.author_id = p.id;

-- name: LimitParams :many
SELECT id FROM books ORDER BY id LIMIT ? OFFSET ?;

-- name: ByKey :many
SELECT * FROM tags WHERE book_id = ? AND tag = ?;

-- name: ByUnique :many
SELECT title FROM books WHERE isbn = ?;

-- name: ByKeyText :many
SELECT tag FROM tags WHERE book_id = 1 AND tag = 0;

-- name: InSlice :many
SELECT id FROM books WHERE title IN (sqlc.slice('titles')) AND pages NOT IN (sqlc.slice('pages'));

-- name: BetweenParams :many
SELECT id FROM books WHERE published BETWEEN ? AND ? AND title LIKE ?;

-- name: CaseParams :many
SELECT CASE WHEN ? THEN name ELSE ? END AS a FROM people;

-- name: CoalesceParams :exec
UPDATE people SET name = coalesce(sqlc.narg('name'), name), bio = ? WHERE id = ?;

-- name: InsSel :exec
INSERT INTO books (id, author_id, owner_id, title, price) SELECT ?, p.id, p.id, ?, ? FROM people p WHERE p.name = ?;

-- name: Upsert :exec
INSERT INTO tags (book_id, tag, weight) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE weight = weight + values(weight);

-- name: DateParams :many
SELECT id FROM people WHERE created > date_sub(now(), interval ? day) AND updated < ?;

-- name: CountDistinct :many
SELECT count(DISTINCT isbn) AS a, sum(DISTINCT id) AS b FROM books;

-- name: CoalesceAgg :many
SELECT coalesce(sum(pages), 0) AS a, coalesce(max(title), '') AS b, ifnull(sum(price), 0) AS c, coalesce(avg(pages), 0) AS d FROM books;

-- name: AggOverJoin :many
SELECT p.id, count(b.id) AS c, sum(b.pages) AS s, max(b.title) AS m, group_concat(b.title) AS g FROM people p LEFT JOIN books b ON b.author_id = p.id GROUP BY p.id;

-- name: GroupPk :many
SELECT p.id, p.name, p.bio, count(*) AS c FROM people p GROUP BY p.id;

-- name: Casts :many
SELECT CAST(bio AS signed) AS a, CAST(id AS char) AS b, CAST(score AS signed) AS c, CAST(name AS date) AS d, CAST(name AS datetime) AS e, CAST(n AS decimal(10,2)) AS f, CAST(name AS json) AS g, CAST(n AS unsigned) AS h, CAST(name AS binary) AS i, convert(name USING utf8mb4) AS j, CAST(born AS datetime) AS k, CAST(n AS double) AS l FROM people WHERE id < 0;

-- name: CastTime :many
SELECT CAST(name AS date) AS d, CAST(name AS datetime) AS e, CAST(bio AS time) AS t FROM people;

-- name: Exprs :many
SELECT id > 1 AS a, id IN (1, 2) AS b, id BETWEEN 1 AND 2 AS c, name LIKE 'a' AS d, bio IS NULL AS e, active AS f, active = 1 AS g, NOT active AS h, mood = 'sad' AS i, mood + 0 AS j, flags AS k FROM people;

-- name: Literals :many
SELECT 1 AS a, 1.5 AS b, 'x' AS c, NULL AS d, true AS e, 1e5 AS f, x'41' AS g, b'1' AS h, 9223372036854775808 AS i, date '2020-01-01' AS j, -1 AS k;

-- name: ColumnsAll :many
SELECT * FROM people;

-- name: DoubledNull :many
SELECT doubled, n FROM people;

-- name: LastInsert :many
SELECT last_insert_id() AS a, row_count() AS b, found_rows() AS c, database() AS d, version() AS e, user() AS f, connection_id() AS g;

-- name: DerivedOuter :many
SELECT p.id, s.c FROM people p LEFT JOIN (SELECT author_id, count(*) AS c FROM books GROUP BY author_id) s ON s.author_id = p.id;

-- name: ForUpdate :many
SELECT id, bio FROM people WHERE id = ? FOR UPDATE;

-- name: StraightJoin :many
SELECT b.id, t.tag FROM books b STRAIGHT_JOIN tags t ON t.book_id = b.id;

-- name: DelMulti :exec
DELETE b FROM books b JOIN tags t ON t.book_id = b.id WHERE t.tag = ?;

-- name: UpdJoin :exec
UPDATE books b JOIN people p ON p.id = b.author_id SET b.title = p.name WHERE p.id = ?;

-- name: RecWide :many
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n * 1000 FROM t WHERE n < 1000000) SELECT n FROM t;

-- name: CheckKind :many
SELECT id, r, w, h FROM shapes WHERE kind = 'circle';

-- name: CheckKindRect :many
SELECT id, r, w, h FROM shapes WHERE kind = 'rect' AND id > 0;

-- name: CheckKindOther :many
SELECT id, r, w, h FROM shapes WHERE kind = 'blob';

-- name: CheckKindCase :many
SELECT CASE WHEN kind = 'circle' THEN r ELSE 0 END AS a, CASE kind WHEN 'rect' THEN w * h WHEN 'circle' THEN r ELSE 0 END AS b, CASE WHEN kind = 'rect' THEN r ELSE 0 END AS c FROM shapes;

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

-- name: FkCompositeWhere :many
SELECT v.id, s.note FROM visitors v LEFT JOIN spots s ON s.a = v.pa AND s.b = v.pb WHERE v.pa IS NOT NULL AND v.pb > 0;

-- name: FkCompositeHalf :many
SELECT v.id, s.note FROM visitors v LEFT JOIN spots s ON s.a = v.pa AND s.b = v.pb WHERE v.pa IS NOT NULL;

-- name: FkCase :many
SELECT s.id, CASE WHEN s.visitor IS NULL THEN 0 ELSE v.id END AS b, if(s.visitor IS NULL, 0, v.id) AS d, v.id AS c FROM stays s LEFT JOIN visitors v ON v.id = s.visitor;

-- name: FkChainWhere :many
SELECT s.id, v.id AS vid, p.name FROM stays s LEFT JOIN visitors v ON v.id = s.visitor LEFT JOIN people p ON p.id = v.host WHERE v.host > 0;

-- name: FkSubquery :many
SELECT s.id, (SELECT g.id FROM visitors g WHERE g.id = s.guide) AS a, (SELECT g.host FROM visitors g WHERE g.id = s.guide) AS b, (SELECT max(g.id) FROM visitors g WHERE g.id = s.guide) AS c, (SELECT v.id FROM visitors v WHERE v.id = s.visitor) AS d FROM stays s;

-- name: RollupHaving :many
SELECT author_id, count(*) AS n FROM books GROUP BY author_id WITH ROLLUP HAVING author_id IS NOT NULL;

-- name: CheckActive :many
SELECT h, d FROM shapes WHERE active;

-- name: CheckActiveOne :many
SELECT h, d FROM shapes WHERE active = 1;

-- name: XorProves :many
SELECT isbn, pages FROM books WHERE (isbn = 'i1') XOR (pages > 5);

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
SELECT x.id, y.id AS j FROM grown x LEFT JOIN (SELECT * FROM grown WHERE false) y ON y.id = x.id;

-- name: SideWithoutRowsLeft :many
SELECT x.id, y.id AS j FROM (SELECT * FROM grown LIMIT 0) x RIGHT JOIN grown y ON y.id = x.id;

-- name: NeverJoined :many
SELECT x.id, y.id AS j FROM grown x LEFT JOIN (SELECT g.id FROM grown g JOIN twins t ON g.id = t.id AND false) y ON true
UNION ALL SELECT g.a, g.b FROM grown g JOIN twins t ON g.id = t.id AND 1 = 0 AND false;

-- name: AmongItself :many
SELECT x.a, x.b FROM grown x WHERE x.id IN (SELECT x.a FROM twins t) AND x.id NOT IN (SELECT x.b FROM twins t WHERE t.id < 0);

-- name: AmongItselfNot :many
SELECT x.a, x.b FROM grown x WHERE NOT x.id IN (SELECT x.a FROM twins t);

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

-- name: ConstantsThatHold :many
SELECT IF(2, name, bio) AS a, IF(0.5, name, bio) AS b, CASE WHEN 0.0 THEN bio ELSE name END AS c, CASE WHEN 3e0 THEN name ELSE bio END AS d FROM people WHERE 7;
