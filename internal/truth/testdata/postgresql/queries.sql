-- name: FullUsing :many
SELECT k, a, b FROM left_t FULL JOIN right_t USING (k);

-- name: Overruled :many
-- column: n type=int
SELECT bio AS "bio!", bio AS "also!", (SELECT count(*) FROM tags) AS n, boss FROM people;

-- name: FullUsingWhere :many
SELECT k, a, b FROM left_t FULL JOIN right_t USING (k) WHERE a IS NOT NULL;

-- name: FullNatural :many
SELECT * FROM left_t NATURAL FULL JOIN right_t;

-- name: LeftUsing :many
SELECT k, left_t.k AS lk, right_t.k AS rk, b FROM left_t LEFT JOIN right_t USING (k);

-- name: RightUsing :many
SELECT k, a, b FROM left_t RIGHT JOIN right_t USING (k);

-- name: InnerUsingKey :many
SELECT k, a FROM left_t JOIN right_t USING (k);

-- name: LeftLateral :many
SELECT p.id, b.title, b.n FROM people p LEFT JOIN LATERAL (SELECT title, pages + 1 AS n FROM books WHERE author_id = p.id ORDER BY id LIMIT 1) b ON true;

-- name: LeftLateralAgg :many
SELECT p.id, s.n, s.total FROM people p LEFT JOIN LATERAL (SELECT count(*) AS n, sum(pages) AS total FROM books WHERE author_id = p.id) s ON true;

-- name: LeftLateralAggOn :many
SELECT p.id, s.n FROM people p LEFT JOIN LATERAL (SELECT count(*) AS n FROM books WHERE author_id = p.id) s ON s.n > 0;

-- name: CrossLateralValues :many
SELECT p.id, v.x FROM people p CROSS JOIN LATERAL (VALUES (p.bio), ('z')) v(x);

-- name: Paren1 :many
SELECT p.name, b.title, t.tag FROM people p LEFT JOIN (books b JOIN tags t ON t.book_id = b.id) ON b.author_id = p.id;

-- name: Paren2 :many
SELECT p.name, b.title, t.tag FROM people p LEFT JOIN (books b LEFT JOIN tags t ON t.book_id = b.id) ON b.author_id = p.id WHERE t.tag = 'x';

-- name: Paren3 :many
SELECT p.name, b.title, t.tag FROM (people p RIGHT JOIN books b ON b.author_id = p.id) FULL JOIN tags t ON t.book_id = b.id;

-- name: LeftThenInner :many
SELECT p.name, b.title, t.weight FROM people p LEFT JOIN books b ON b.author_id = p.id JOIN tags t ON t.book_id = b.id;

-- name: FkLeft :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.owner_id;

-- name: FkLeftNullable :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.editor_id;

-- name: FkLeftExtra :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.owner_id AND p.active;

-- name: FkLeftWhere :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.editor_id WHERE b.editor_id IS NOT NULL;

-- name: FkChain :many
SELECT t.tag, b.title, p.name FROM tags t LEFT JOIN books b ON b.id = t.book_id LEFT JOIN people p ON p.id = b.owner_id;

-- name: Embed :many
SELECT sqlc.embed(p), sqlc.embed(b) FROM people p LEFT JOIN books b ON b.author_id = p.id;

-- name: EmbedInner :many
SELECT sqlc.embed(p), b.title FROM people p JOIN books b ON b.author_id = p.id;

-- name: RecTree :many
WITH RECURSIVE t AS (SELECT id, name, boss, 1 AS depth FROM people WHERE boss IS NULL UNION ALL SELECT p.id, p.name, p.boss, t.depth + 1 FROM people p JOIN t ON p.boss = t.id WHERE t.depth < 5) SELECT * FROM t;

-- name: RecNull :many
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT CASE WHEN n > 3 THEN NULL ELSE n + 1 END FROM t WHERE n < 5) SELECT n FROM t;

-- name: RecPath :many
WITH RECURSIVE t AS (SELECT id, ARRAY[id] AS path, name::text AS trail FROM people UNION ALL SELECT p.id, path || p.id, trail || '>' || p.name FROM people p JOIN t ON p.boss = t.id WHERE NOT p.id = ANY (path)) SELECT id, path, trail FROM t;

-- name: LagPlain :many
SELECT id, lag(title) OVER (ORDER BY id), lead(pages, 2) OVER (ORDER BY id) FROM books;

-- name: LagDefault :many
SELECT lag(title, 1, 'none') OVER (ORDER BY id), lead(id, 1, 0::bigint) OVER w, lag(pages, 1, 0) OVER w FROM books WINDOW w AS (ORDER BY id);

-- name: FirstLast :many
SELECT first_value(title) OVER w, last_value(title) OVER w, nth_value(title, 2) OVER w, first_value(pages) OVER w FROM books WINDOW w AS (PARTITION BY author_id ORDER BY id);

-- name: FrameEmpty :many
SELECT first_value(title) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), sum(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), count(*) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM books;

-- name: FrameExclude :many
SELECT last_value(title) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) FROM books;

-- name: FrameExcludeGroup :many
SELECT first_value(title) OVER (ORDER BY author_id GROUPS BETWEEN CURRENT ROW AND CURRENT ROW EXCLUDE GROUP), max(title) OVER (ORDER BY author_id ROWS CURRENT ROW EXCLUDE TIES) FROM books;

-- name: Ranks :many
SELECT row_number() OVER (), rank() OVER w, dense_rank() OVER w, percent_rank() OVER w, cume_dist() OVER w, ntile(4) OVER w FROM books WINDOW w AS (ORDER BY pages);

-- name: NtileParam :many
SELECT ntile(pages) OVER (ORDER BY id) FROM books WHERE pages > 0 OR pages IS NULL;

-- name: WindowAgg :many
SELECT sum(id) OVER (), avg(pages) OVER w, max(title) OVER w, array_agg(title) OVER w, count(pages) OVER w FROM books WINDOW w AS (PARTITION BY author_id);

-- name: WindowFilter :many
SELECT sum(id) FILTER (WHERE pages > 0) OVER () FROM books;

-- name: AggNoGroup :many
SELECT count(*), sum(pages), max(title), array_agg(id), bool_and(pages > 0), string_agg(title, ','), json_agg(title), jsonb_object_agg(id, title) FROM books;

-- name: AggGroup :many
SELECT author_id, count(isbn), sum(id), max(title), min(pages), array_agg(isbn), bool_or(pages > 1), string_agg(isbn, ','), avg(id) FROM books GROUP BY author_id;

-- name: AggFilter :many
SELECT author_id, sum(id) FILTER (WHERE pages > 5), count(*) FILTER (WHERE pages > 5), array_agg(id) FILTER (WHERE id > 1) FROM books GROUP BY author_id;

-- name: AggHaving :many
SELECT max(isbn) FROM books HAVING max(isbn) IS NOT NULL;

-- name: AggStat :many
SELECT author_id, stddev(id), variance(pages), var_pop(id), corr(id, pages), stddev_samp(id), stddev_pop(id), covar_samp(id, id) FROM books GROUP BY author_id;

-- name: AggRegr :many
SELECT regr_count(id, pages), regr_slope(id, id) FROM books;

-- name: AggOrdered :many
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id), percentile_disc(0.5) WITHIN GROUP (ORDER BY title), mode() WITHIN GROUP (ORDER BY genre) FROM books;

-- name: AggOrderedGroup :many
SELECT author_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY id), percentile_cont(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY id), mode() WITHIN GROUP (ORDER BY pages) FROM books GROUP BY author_id;

-- name: AggBit :many
SELECT bit_and(id), bit_or(pages), every(id > 0) FROM books GROUP BY genre;

-- name: AggRange :many
SELECT range_agg(span), range_intersect_agg(span) FROM people GROUP BY active;

-- name: AggAny :many
SELECT grouping(author_id), author_id, genre, count(*) FROM books GROUP BY GROUPING SETS ((author_id, genre), (genre), ());

-- name: Rollup :many
SELECT author_id, genre, sum(id), count(*) FROM books GROUP BY ROLLUP (author_id, genre);

-- name: RollupConst :many
SELECT 1 AS one, author_id FROM books GROUP BY ROLLUP (1, author_id);

-- name: Cube :many
SELECT author_id, owner_id, max(title) FROM books GROUP BY CUBE (author_id, owner_id);

-- name: CubePart :many
SELECT author_id, owner_id, max(title) FROM books GROUP BY author_id, CUBE (owner_id);

-- name: GroupingSetsOne :many
SELECT author_id, max(title) FROM books GROUP BY GROUPING SETS ((author_id));

-- name: GroupEmpty :many
SELECT count(*), max(title) FROM books GROUP BY ();

-- name: GroupSetsEmptyOnly :many
SELECT max(title), array_agg(id) FROM books GROUP BY GROUPING SETS ((), ());

-- name: GroupExpr :many
SELECT lower(title), count(*) FROM books GROUP BY lower(title);

-- name: GroupOrd :many
SELECT coalesce(isbn, 'x'), count(*) FROM books GROUP BY 1 ORDER BY 2;

-- name: ScalarSub :many
SELECT name, (SELECT title FROM books b WHERE b.author_id = p.id LIMIT 1), (SELECT count(*) FROM books b WHERE b.author_id = p.id), (SELECT max(id) FROM books) FROM people p;

-- name: ScalarSubCoalesce :many
SELECT coalesce((SELECT title FROM books LIMIT 1), 'none'), (SELECT 1), (SELECT coalesce(sum(pages), 0) FROM books) FROM people;

-- name: ScalarSubHaving :many
SELECT (SELECT count(*) FROM books HAVING count(*) > 1), (SELECT count(*) FROM books LIMIT 0), (SELECT count(*) FROM books OFFSET 1), (SELECT count(*) FROM books GROUP BY author_id LIMIT 1);

-- name: ScalarSubOuter :many
SELECT (SELECT p.name), (SELECT p.bio), (SELECT p.name WHERE p.active) FROM people p;

-- name: ArraySub :many
SELECT ARRAY(SELECT title FROM books), ARRAY(SELECT pages FROM books), (ARRAY(SELECT title FROM books))[1] FROM people;

-- name: ExistsSub :many
SELECT EXISTS (SELECT 1 FROM books WHERE author_id = p.id), p.id IN (SELECT author_id FROM books), p.boss IN (SELECT author_id FROM books), p.id NOT IN (SELECT editor_id FROM books) FROM people p;

-- name: GreatLeast :many
SELECT greatest(pages, 1), least(pages, price), greatest(id, author_id), least(isbn, NULL), greatest(pages, NULL::int) FROM books;

-- name: NullIfs :many
SELECT nullif(id, 1), nullif(pages, 0), coalesce(nullif(title, ''), 'x'), coalesce(pages, price, 0), coalesce(isbn, NULL) FROM books;

-- name: Times :many
SELECT created + interval '1 day', updated - created, born + 1, born - born, created::date, updated::time, age(created), age(updated, now()::timestamp), now() - created FROM people WHERE updated IS NULL OR isfinite(updated);

-- name: Extracts :many
SELECT extract(year FROM created), extract(epoch FROM updated), date_part('day', born), extract(day FROM updated), date_trunc('day', created), date_trunc('month', updated), to_char(created, 'YYYY'), to_char(updated, 'YYYY') FROM people;

-- name: ExtractInf :many
SELECT extract(month FROM updated), extract(day FROM born), to_char(updated, 'DD') FROM people WHERE updated IS NOT NULL AND born IS NOT NULL;

-- name: ToFuncs :many
SELECT to_char(id, '999'), to_char(score, '9.9'), to_date('2020', 'YYYY'), to_timestamp(0), to_timestamp('2020', 'YYYY'), make_date(2020, 1, 1), make_interval(days => 1), to_number('1', '9') FROM people;

-- name: DateMisc :many
SELECT current_date, current_time, localtime, localtimestamp, clock_timestamp(), timezone('UTC', created), created AT TIME ZONE 'UTC', updated AT TIME ZONE 'UTC', justify_days(interval '40 days'), date_bin('1 hour', created, created) FROM people;

-- name: Intervals :many
SELECT took * 2, took / 2, extract(epoch FROM took), -took, took + interval '1 hour', day + took FROM visits;

-- name: Numerics :many
SELECT pages / 2, pages % 3, pages * price, books.id / 2.0, round(price), round(price, 2), ceil(price), floor(weight), abs(rating), mod(pages, 7), power(weight, 2), sqrt(abs(weight)), trunc(price), sign(price), div(price, 2), random() FROM books, people;

-- name: NumericMix :many
SELECT 1 + 1, 1 + 1.5, 2::smallint + 3, 7 / 2, 7 / 2.0, 2 ^ 3, 5 # 3, ~ 5, 1 << 2, |/ 4.0, 10::bigint * 2::int, 1.5::real * 2, - id, @ pages FROM books;

-- name: Strings :many
SELECT upper(name), length(bio), name || bio, concat(name, bio), concat_ws('-', bio, nick), substring(name FROM 1 FOR 2), substring(name FROM '[a-z]+'), position('a' IN name), trim(bio), lpad(name, 5), replace(name, 'a', 'b'), split_part(name, ' ', 2), left(bio, 1), reverse(name), repeat(name, 2), initcap(name), md5(name), strpos(bio, 'a') FROM people;

-- name: StringsTwo :many
SELECT regexp_replace(name, 'a', 'b'), regexp_match(name, 'a'), regexp_split_to_array(name, 'a'), string_to_array(name, ','), string_to_array(name, NULL), array_to_string(tags, ','), format('%s', bio), quote_literal(bio), quote_nullable(bio), encode(convert_to(name, 'UTF8'), 'hex'), chr(65), ascii(name), to_hex(id), translate(name, 'a', 'b'), btrim(name), starts_with(name, 'a'), concat_ws(nick, 'a', 'b') FROM people;

-- name: RegexpSet :many
SELECT regexp_matches(name, 'a'), regexp_split_to_table(name, 'a') FROM people;

-- name: Arrays :many
SELECT nums[1], tags[1], tags[1:2], array_length(tags, 1), cardinality(tags), array_append(tags, 'x'), array_cat(tags, NULL), array_position(tags, 'a'), array_remove(tags, 'a'), array_ndims(tags), nums || 1, tags || tags, 'a' = ANY (tags), 1 = ANY (nums), tags @> ARRAY['a'], array_to_string(nums, ',') FROM people;

-- name: ArraysTwo :many
SELECT array_upper(tags, 1), array_dims(tags), array_positions(tags, 'a'), array_prepend('x', tags), array_replace(tags, 'a', 'b'), array_fill(0, ARRAY[2]), trim_array(tags, 0), ARRAY[1, NULL], ARRAY[id, boss], tags && ARRAY['a'], nums <@ ARRAY[1], 'a' = ALL (tags), NULL = ANY (tags) FROM people;

-- name: Unnest :many
SELECT p.id, u.t, u.o FROM people p, unnest(p.tags) WITH ORDINALITY u(t, o);

-- name: UnnestLeft :many
SELECT p.id, u FROM people p LEFT JOIN unnest(p.nums) u ON true;

-- name: UnnestTwo :many
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a']) AS u(a, b);

-- name: UnnestSelect :many
SELECT unnest(tags), generate_subscripts(nums, 1) FROM people;

-- name: UnnestLiteral :many
SELECT x FROM unnest(ARRAY[1, 2, 3]) x;

-- name: RowsFrom :many
SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a'])) AS r(n, s);

-- name: Series :many
SELECT g, d::date FROM generate_series(1, 3) g, generate_series('2020-01-01'::timestamptz, '2020-01-03', '1 day') d;

-- name: SeriesSelect :many
SELECT generate_series(1, 3), id FROM people;

-- name: SeriesTwoSelect :many
SELECT generate_series(1, 3), generate_series(1, 2);

-- name: JsonOps :many
SELECT meta -> 'a', meta ->> 'a', meta #> '{b,c}', meta #>> '{b}', data -> 'x', meta ? 'a', meta @> '{"a": 1}', meta || '{}', meta - 'a', jsonb_typeof(meta), jsonb_array_length('[]'), meta['a'], jsonb_set(meta, '{a}', '1'), jsonb_strip_nulls(meta), jsonb_pretty(meta) FROM people WHERE meta IS NULL OR jsonb_typeof(meta) = 'object';

-- name: JsonBuild :many
SELECT to_jsonb(bio), to_json(name), jsonb_build_object('a', bio), json_build_array(bio), row_to_json(p), to_jsonb(p), json_object(ARRAY['a', 'b']), jsonb_build_array(), array_to_json(tags), array_to_json(nums) FROM people p;

-- name: JsonAgg :many
SELECT b.author_id, json_agg(b), jsonb_agg(b.isbn), json_object_agg(b.id, b.isbn), json_agg(b.isbn) FILTER (WHERE b.isbn IS NOT NULL), coalesce(json_agg(b) FILTER (WHERE b.id > 1), '[]') FROM books b GROUP BY b.author_id;

-- name: JsonRec :many
SELECT r.a, r.b FROM jsonb_to_recordset('[{"a": 1}]') AS r(a int, b text);

-- name: JsonRec1 :many
SELECT r.* FROM jsonb_to_record('{"a": 1}') AS r(a int, b text);

-- name: JsonPopulate :many
SELECT (jsonb_populate_record(NULL::addr, '{"zip": 1}')).*, r.street FROM jsonb_populate_recordset(NULL::addr, '[{}]') r;

-- name: JsonEach :many
SELECT p.id, e.key, e.value, t.value AS v FROM people p, jsonb_each(p.meta) e, jsonb_each_text(p.meta) t WHERE jsonb_typeof(p.meta) = 'object';

-- name: JsonElems :many
SELECT e, t FROM people p, jsonb_array_elements(p.meta) e, jsonb_array_elements_text(p.meta) t WHERE jsonb_typeof(p.meta) = 'array';

-- name: JsonKeys :many
SELECT jsonb_object_keys(meta) FROM people WHERE jsonb_typeof(meta) = 'object';

-- name: JsonPath :many
SELECT jsonb_path_query(meta, '$.a'), jsonb_path_query_first(meta, '$.a'), jsonb_path_query_array(meta, '$.a'), jsonb_path_exists(meta, '$.a') FROM people;

-- name: JsonPathOps :many
SELECT meta @? '$.a', meta @@ '$.a == 1', jsonb_path_match(meta, '$.a == 1') FROM people WHERE meta @? '$.a';

-- name: Composite :many
SELECT home, (home).street, (home).zip, (p.home).zip + 1, ROW(id, bio), (ROW('x', 1)::addr).street FROM people p;

-- name: CompositeStar :many
SELECT (home).* FROM people;

-- name: WholeRow :many
SELECT p, b FROM people p LEFT JOIN books b ON b.author_id = p.id;

-- name: WholeRowTests :many
SELECT p IS NULL, b IS NOT NULL, home IS NULL FROM people p LEFT JOIN books b ON b.author_id = p.id;

-- name: Domains :many
SELECT mail, level, level + 1, doubled, mail || 'x', coalesce(mail, 'a@b'), 'x@y'::email FROM people;

-- name: DomainOuter :many
SELECT p.level, p.mail FROM books b LEFT JOIN people p ON p.id = b.author_id;

-- name: DomainSub :many
SELECT (SELECT level FROM people LIMIT 1), (SELECT level FROM people WHERE false);

-- name: Ranges :many
SELECT lower(span), upper(during), isempty(span), span * '[1,3)', span && '[1,2)', during @> now(), lower_inc(span), upper_inf(during), range_merge(span, span), int4range(1, NULL), span @> 1, span - '[1,2)', multirange(span) FROM people WHERE NOT isempty(span);

-- name: RangeLower :many
SELECT lower(span), upper(span) FROM people;

-- name: Enums :many
SELECT mood, base_mood, mood = 'ok', base_mood > 'sad', enum_range(base_mood), enum_first(mood), mood::text, 'ok'::mood, coalesce(mood, base_mood), enum_range(NULL::mood) FROM people;

-- name: ViewOuter :many
SELECT * FROM book_list;

-- name: ViewTotals :many
SELECT * FROM totals;

-- name: ViewJoin :many
SELECT l.author, t.n, t.pages FROM book_list l LEFT JOIN totals t ON t.author_id = l.id;

-- name: MatView :many
SELECT * FROM people_mv WHERE bio IS NOT NULL;

-- name: FuncSetof :many
SELECT title, pages FROM book_rows(1);

-- name: FuncTable :many
SELECT * FROM pairs(1);

-- name: FuncOut :many
SELECT * FROM outs(1);

-- name: FuncOutSelect :many
SELECT outs(1), (outs(2)).x, pairs(3);

-- name: FuncStrict :many
SELECT add1(1), add1(2), add1(pages) FROM books;

-- name: FuncSetInt :many
SELECT set_of_int(), s FROM set_of_int() s;

-- name: InsSelect :many
INSERT INTO books (id, author_id, owner_id, title, note) SELECT id + 100, id, id, name, 'n' FROM people RETURNING id, author_id, isbn, genre, pages, title;

-- name: InsConflict :many
INSERT INTO books (id, author_id, owner_id, title, isbn, note) VALUES (1, $1, 1, $2, 'i1', 'n') ON CONFLICT (id) DO UPDATE SET title = excluded.title, pages = books.pages + 1 RETURNING id, title, pages, isbn, (xmax = 0) AS inserted;

-- name: InsConflictNothing :many
INSERT INTO tags (book_id, tag) VALUES (1, 'x') ON CONFLICT DO NOTHING RETURNING book_id, weight;

-- name: InsDefault :many
INSERT INTO right_t (k, b) VALUES (DEFAULT, 'x') RETURNING *;

-- name: InsReturnExpr :many
INSERT INTO left_t (k, a) VALUES (1, 'x'), (2, NULL) RETURNING k, a, k + 1, upper(a);

-- name: UpdFrom :many
UPDATE books b SET title = p.name FROM people p WHERE p.id = b.author_id RETURNING b.title, p.bio, p.name, b.pages;

-- name: UpdFromLeft :many
UPDATE books b SET pages = 1 FROM people p LEFT JOIN visits v ON v.who = p.id WHERE p.id = b.author_id RETURNING b.pages, v.n, v.who;

-- name: UpdSetNull :many
UPDATE people SET bio = NULL RETURNING bio, name;

-- name: UpdWhereNull :many
UPDATE books SET isbn = NULL WHERE isbn IS NOT NULL RETURNING isbn;

-- name: UpdWhereNotNull :many
UPDATE books SET title = title || 'x' WHERE isbn IS NOT NULL RETURNING isbn, title;

-- name: UpdRow :many
UPDATE books SET (pages, price) = (SELECT 1, 2.5) WHERE id = $1 RETURNING pages, price;

-- name: DelUsing :many
DELETE FROM tags t USING books b WHERE b.id = t.book_id AND b.isbn IS NOT NULL RETURNING t.tag, t.weight, b.isbn, b.pages;

-- name: ModCte :many
WITH d AS (DELETE FROM tags RETURNING book_id, weight), c AS (SELECT count(*) AS n FROM d) SELECT c.n, d.weight FROM c LEFT JOIN d ON true;

-- name: ModCteInsert :many
WITH i AS (INSERT INTO right_t (k, b) VALUES ($1, $2) RETURNING *) SELECT i.k, i.b, l.a FROM i LEFT JOIN left_t l ON l.k = i.k;

-- name: ModCteUpdate :many
WITH u AS (UPDATE people SET bio = $1 WHERE id = $2 RETURNING id, bio) SELECT bio FROM u;

-- name: Merge :exec
MERGE INTO left_t t USING right_t s ON s.k = t.k WHEN MATCHED AND s.b = $1 THEN UPDATE SET a = s.b WHEN NOT MATCHED THEN INSERT (k, a) VALUES (s.k, $2);

-- name: ValuesList :many
SELECT * FROM (VALUES (1, 'a'), (2, NULL)) v(n, s);

-- name: ValuesTop :many
VALUES (1, 'a', NULL), (2, NULL, 1.5);

-- name: ValuesTypes :many
SELECT column1 + 1, column2 FROM (VALUES (1, 2), (1.5, NULL)) v;

-- name: UnionNull :many
SELECT id, NULL AS x FROM people UNION ALL SELECT id, title FROM books;

-- name: UnionNull2 :many
SELECT NULL AS x UNION SELECT 1;

-- name: UnionNumeric :many
SELECT pages FROM books UNION SELECT price FROM books;

-- name: Intersect :many
SELECT isbn FROM books INTERSECT SELECT title FROM books;

-- name: Except :many
SELECT isbn FROM books EXCEPT SELECT 'x';

-- name: ExceptNull :many
SELECT isbn FROM books EXCEPT SELECT NULL;

-- name: UnionLimit :many
(SELECT id FROM people ORDER BY id LIMIT 1) UNION ALL SELECT pages FROM books WHERE pages IS NOT NULL;

-- name: NotNullFilter :many
SELECT isbn, pages FROM books WHERE isbn IS NOT NULL AND pages > 0;

-- name: EqFilter :many
SELECT isbn, price FROM books WHERE isbn = $1 OR price > 5;

-- name: EqOr :many
SELECT isbn FROM books WHERE isbn = 'i1' OR isbn = 'i4';

-- name: InFilter :many
SELECT isbn, pages FROM books WHERE isbn IN ('a', 'b') AND pages BETWEEN 1 AND 5;

-- name: NotFilter :many
SELECT isbn FROM books WHERE NOT (isbn = 'x');

-- name: NotNullFilter2 :many
SELECT isbn FROM books WHERE NOT (isbn IS NULL);

-- name: CoalesceFilter :many
SELECT isbn FROM books WHERE coalesce(isbn, 'a') = 'a';

-- name: DistinctFilter :many
SELECT isbn, pages FROM books WHERE isbn IS DISTINCT FROM NULL AND pages IS NOT DISTINCT FROM 1;

-- name: DistinctOps :many
SELECT isbn IS DISTINCT FROM 'x', isbn = 'x', isbn IS NULL, (pages > 1) IS TRUE, (pages > 1) IS UNKNOWN, pages > 1 AND id > 0, pages > 1 OR true, NOT pages > 1 FROM books;

-- name: LikeFilter :many
SELECT isbn FROM books WHERE isbn LIKE 'i%' AND lower(isbn) ~ 'i';

-- name: StrictFuncFilter :many
SELECT isbn, pages, price FROM books WHERE length(isbn) > 1 AND abs(pages) + price > 0;

-- name: AnyFilter :many
SELECT isbn, pages FROM books WHERE isbn = ANY ($1::text[]) AND pages <> ALL ('{1,2}');

-- name: AllEmpty :many
SELECT isbn FROM books WHERE isbn = ALL ('{}'::text[]);

-- name: AllSub :many
SELECT isbn FROM books WHERE isbn = ALL (SELECT tag FROM tags WHERE false);

-- name: NotInEmpty :many
SELECT isbn FROM books WHERE isbn NOT IN (SELECT tag FROM tags WHERE weight > 1000);

-- name: InSubFilter :many
SELECT isbn FROM books WHERE isbn IN (SELECT tag FROM tags);

-- name: ExistsCorr :many
SELECT isbn FROM books b WHERE EXISTS (SELECT 1 FROM tags t WHERE t.tag = b.isbn);

-- name: RowFilter :many
SELECT pages, price, isbn FROM books WHERE (pages, price) = ($1, $2);

-- name: RowLess :many
SELECT pages, price FROM books WHERE (pages, price) < (5, 5);

-- name: RowNe :many
SELECT pages, price FROM books WHERE (pages, price) <> (5, 5);

-- name: RowIn :many
SELECT pages, id FROM books WHERE (id, pages) IN ((1, 10), (2, 3));

-- name: CaseRefine :many
SELECT CASE WHEN isbn IS NULL THEN 'none' ELSE isbn END, CASE WHEN isbn IS NOT NULL THEN isbn END, CASE isbn WHEN 'x' THEN isbn ELSE title END, CASE WHEN pages > 1 THEN pages ELSE 0 END FROM books;

-- name: CaseAnd :many
SELECT CASE WHEN isbn IS NOT NULL AND pages IS NOT NULL THEN isbn || pages::text ELSE '' END, CASE WHEN isbn IS NULL OR pages IS NULL THEN 0 ELSE pages END FROM books;

-- name: HavingRefine :many
SELECT isbn, sum(pages) FROM books GROUP BY isbn HAVING sum(pages) > 1 AND isbn <> '';

-- name: OuterJoinFilter :many
SELECT b.title, p.name, p.bio FROM books b LEFT JOIN people p ON p.id = b.author_id WHERE p.bio LIKE 'a%';

-- name: OuterJoinNull :many
SELECT b.title, p.name FROM books b LEFT JOIN people p ON p.id = b.author_id WHERE p.id IS NULL;

-- name: OuterOnRefine :many
SELECT b.title, p.bio FROM books b LEFT JOIN people p ON p.id = b.author_id AND p.bio IS NOT NULL WHERE p.id > 0;

-- name: FullFilter :many
SELECT l.a, r.b, l.k AS lk, r.k AS rk FROM left_t l FULL JOIN right_t r ON l.k = r.k WHERE r.k IS NOT NULL;

-- name: JoinKeys :many
SELECT l.k, r.k AS rk FROM left_t l JOIN right_t r ON l.k = r.k;

-- name: JoinNotDistinct :many
SELECT l.k, r.k AS rk FROM left_t l JOIN right_t r ON l.k IS NOT DISTINCT FROM r.k;

-- name: SemiDerived :many
SELECT s.k, s.n FROM (SELECT k, count(*) AS n FROM left_t GROUP BY k) s WHERE s.k > 0;

-- name: SelfJoin :many
SELECT p.name, m.name AS boss, mm.name AS top FROM people p LEFT JOIN people m ON m.id = p.boss LEFT JOIN people mm ON mm.id = m.boss;

-- name: CteOuter :many
WITH s AS (SELECT author_id, max(pages) AS m FROM books GROUP BY 1) SELECT p.name, s.m, s.author_id FROM people p LEFT JOIN s ON s.author_id = p.id;

-- name: DistinctOn :many
SELECT DISTINCT ON (author_id) author_id, isbn, title FROM books ORDER BY author_id, id;

-- name: LimitParams :many
SELECT id FROM books ORDER BY id LIMIT $1 OFFSET $2;

-- name: LimitOne :many
SELECT id, isbn FROM books ORDER BY id LIMIT 1;

-- name: ByKey :many
SELECT * FROM tags WHERE book_id = $1 AND tag = $2;

-- name: ByUnique :many
SELECT title FROM books WHERE isbn = $1;

-- name: ByKeyJoin :many
SELECT b.title, p.name FROM books b JOIN people p ON p.id = b.owner_id WHERE b.id = $1;

-- name: ByKeyJoinMany :many
SELECT b.title, t.tag FROM books b LEFT JOIN tags t ON t.book_id = b.id WHERE b.id = $1;

-- name: InParams :many
SELECT id FROM books WHERE title IN ($1, $2) AND pages NOT IN ($3);

-- name: BetweenParams :many
SELECT id FROM books WHERE published BETWEEN $1 AND $2 AND pages BETWEEN SYMMETRIC $3 AND $4;

-- name: LikeParams :many
SELECT id FROM books WHERE title LIKE $1 AND title ILIKE '%' || $2 || '%' AND title ~ $3 AND title SIMILAR TO $4;

-- name: RowParams :many
SELECT id FROM books WHERE (published, id) > ($1, $2) ORDER BY published, id LIMIT $3;

-- name: JsonParams :many
SELECT meta -> $1, meta ->> $2::text, meta #> $3, meta @> $4, meta ? $5, meta - $6::text FROM people;

-- name: FuncParams :many
SELECT substring(name, $1, $2), round(score, $3), coalesce(bio, $4), date_trunc($5, created), to_char(created, $6), concat(name, $7::text), greatest(id, $8), left(name, $9) FROM people;

-- name: CaseParams :many
SELECT CASE WHEN $1::bool THEN name ELSE $2 END, CASE id WHEN $3 THEN 1 ELSE $4 END FROM people;

-- name: IntervalParams :many
SELECT id FROM people WHERE created > now() - $1::interval AND updated < now() - $2 * interval '1 day' AND created < now() + make_interval(days => $3);

-- name: CastParams :many
SELECT $1::int, $2::text, $3::mood, $4::uuid, $5::numeric(5,2), $6::text[], $7::jsonb, $8::timestamptz, CAST($9 AS smallint);

-- name: OptionalFilter :many
SELECT id FROM people WHERE ($1::text IS NULL OR name = $1) AND (sqlc.narg('mood')::mood IS NULL OR mood = sqlc.narg('mood')) AND (NOT @only::bool OR active);

-- name: InsSelParams :many
INSERT INTO books (id, author_id, owner_id, title, price, note) SELECT $1, p.id, p.id, $2, $3, 'n' FROM people p WHERE p.name = $4 RETURNING id, title, price;

-- name: InsParams :many
INSERT INTO people (name, bio, mood, tags, meta, score, home, level) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id, bio, mood, level;

-- name: UpdParams :many
UPDATE people SET name = coalesce(sqlc.narg('name'), name), bio = $1, score = score + $2, tags = array_append(tags, $3), meta = jsonb_set(coalesce(meta, '{}'), '{a}', $4) WHERE id = $5 RETURNING name, bio, score, tags, meta;

-- name: CteParams :many
WITH s AS (SELECT id, name FROM people WHERE name = $1 LIMIT $2) SELECT s.id, $3::int AS x FROM s WHERE s.id > $4;

-- name: ArrayParams :many
SELECT * FROM unnest($1::bigint[], $2::text[]) AS u(a, b);

-- name: ArithParams :many
SELECT people.id + $1, price * $2, $3 || name, pages - $4::int, $5 + 1, weight / $6 FROM books, people;

-- name: NargColumn :many
SELECT sqlc.narg('x')::text AS x, coalesce(sqlc.narg('y'), 1) AS y, sqlc.arg('z')::int AS z;

-- name: NargCmp :many
SELECT id, isbn = sqlc.narg('i') AS same FROM books WHERE pages = sqlc.narg('p') OR sqlc.narg('p') IS NULL;

-- name: CountDistinct :many
SELECT count(DISTINCT isbn), sum(DISTINCT id), string_agg(DISTINCT isbn, ',' ORDER BY isbn) FROM books;

-- name: SumTypes :many
SELECT sum(n), sum(n::bigint), sum(n::real), avg(n), avg(took), sum(took), max(day), min(ip), count(ip) FROM visits;

-- name: SumGroup :many
SELECT day, sum(n), avg(took), max(took), min(who) FROM visits GROUP BY day;

-- name: CoalesceAgg :many
SELECT coalesce(sum(pages), 0), coalesce(max(title), ''), coalesce(sum(price), 0), coalesce(array_agg(id), '{}'), coalesce(avg(pages), 0)::int FROM books;

-- name: AggExpr :many
SELECT sum(pages) + 1, count(*) * 2, max(pages) - min(pages), sum(id)::float / count(*) FROM books WHERE id < 0;

-- name: AggOverJoin :many
SELECT p.id, count(b.id), sum(b.pages), max(b.title), array_agg(b.title), json_agg(b) FROM people p LEFT JOIN books b ON b.author_id = p.id GROUP BY p.id;

-- name: GroupPk :many
SELECT p.id, p.name, p.bio, count(*) FROM people p GROUP BY p.id;

-- name: GroupPkOuter :many
SELECT b.id, b.title, p.name, p.id AS pid FROM people p LEFT JOIN books b ON b.author_id = p.id GROUP BY b.id, p.id;

-- name: WhereFalse :many
SELECT max(id), count(*) FROM people WHERE false;

-- name: Casts :many
SELECT bio::text, id::text, score::int, bio::varchar(5), born::timestamptz, active::int, '1'::int, NULL::int, id::numeric, meta::text, tags::text, data::jsonb FROM people;

-- name: Collates :many
SELECT name COLLATE "C", bio COLLATE "C" FROM people ORDER BY bio COLLATE "C" NULLS FIRST;

-- name: Sys :many
SELECT current_user, session_user, current_database(), version(), current_schema(), current_setting('x.y', true), pg_typeof(bio), txid_current() IS NOT NULL, inet_client_addr(), pg_backend_pid() FROM people;

-- name: Inet :many
SELECT host(ip), masklen(ip), ip + 1, network(ip), ip << '10.0.0.0/8', family(ip), text(ip) FROM visits;

-- name: Bytea :many
SELECT convert_to(name, 'UTF8'), length('\x00'::bytea), encode('\x00', 'hex'), decode('00', 'hex'), sha256('x'), get_byte('\x01', 0) FROM people;

-- name: FullText :many
SELECT to_tsvector('english', name), to_tsvector(bio), plainto_tsquery('x'), to_tsvector(name) @@ to_tsquery('a'), ts_rank(to_tsvector(name), to_tsquery('a')), ts_headline(name, to_tsquery('a')) FROM people;

-- name: Overlaps :many
SELECT (day, took) OVERLAPS (day, day) FROM visits;

-- name: Ties :many
SELECT title FROM books ORDER BY pages FETCH FIRST 1 ROW WITH TIES;

-- name: TableSample :many
SELECT title FROM books TABLESAMPLE BERNOULLI (100);

-- name: ForUpdate :many
SELECT id, bio FROM people WHERE id = $1 FOR UPDATE SKIP LOCKED;

-- name: StarJoin :many
SELECT * FROM books b LEFT JOIN tags t ON t.book_id = b.id;

-- name: UnionView :many
SELECT u.x, u.y FROM (SELECT name AS x, bio AS y FROM people UNION ALL SELECT title, note FROM books) u WHERE u.y IS NOT NULL;

-- name: NestedAgg :many
SELECT max(s.n), sum(s.n) FROM (SELECT count(*) AS n FROM books GROUP BY author_id) s;

-- name: LateralFunc :many
SELECT p.id, x.a FROM people p LEFT JOIN LATERAL pairs(p.level) x ON true;

-- name: XmlFn :many
SELECT xmlelement(name foo, name), unistr('a'), num_nulls(bio, name), num_nonnulls(bio), width_bucket(weight, 0, 1, 2), scale(score), gcd(id, 2), factorial(3) FROM people;

-- name: ArrayAggSlice :many
SELECT (array_agg(title ORDER BY id))[1], (array_agg(id))[1:2], cardinality(array_agg(id)) FROM books GROUP BY author_id;

-- name: BoolAggs :many
SELECT bool_and(active), count(*) FILTER (WHERE active) > 0, bool_or(bio IS NULL) FROM people GROUP BY mood;

-- name: CheckNotNull :many
SELECT note FROM books;

-- name: TextSearchParam :many
SELECT id FROM people WHERE to_tsvector('english', name) @@ plainto_tsquery($1);

-- name: InhByKey :many
SELECT id, name FROM cities WHERE id = $1;

-- name: InhByKeyOnly :many
SELECT id, name FROM ONLY cities WHERE id = $1;

-- name: InhByUnique :many
SELECT id, code FROM cities WHERE code = $1;

-- name: InhForeign :many
SELECT c.name, p.name AS person FROM cities c LEFT JOIN people p ON p.id = c.country;

-- name: InhForeignOnly :many
SELECT c.name, p.name AS person FROM ONLY cities c LEFT JOIN people p ON p.id = c.country;

-- name: InhJoin :many
SELECT c.id, k.code FROM cities c JOIN cities k ON k.id = c.id WHERE c.id = 1;

-- name: InhGroup :many
SELECT id, name, count(*) FROM cities GROUP BY id, name;

-- name: InhChild :many
SELECT id, name, country, seat, code FROM capitals WHERE id = 1;

-- name: InhSub :many
SELECT (SELECT name FROM cities WHERE id = 2);

-- name: PartByKey :many
SELECT id, at, what FROM logs WHERE id = $1 AND at = $2;

-- name: PartByHalf :many
SELECT id, at, what FROM logs WHERE id = $1;

-- name: PartChild :many
SELECT id, at FROM logs_b WHERE id = 1 AND at = $1;

-- name: TrigInsert :many
INSERT INTO quiet (id, v) VALUES ($1, $2) RETURNING id;

-- name: TrigCte :many
WITH i AS (INSERT INTO quiet (id, v) VALUES ($1, $2) RETURNING id) SELECT (SELECT id FROM i) AS id, (SELECT count(*) FROM i) AS n;

-- name: TrigUpsert :many
INSERT INTO quiet (id, v) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET v = excluded.v RETURNING id, v;

-- name: InsCte :many
WITH i AS (INSERT INTO comp (id, kind) VALUES ($1, 'k') RETURNING id, who) SELECT (SELECT id FROM i) AS id, (SELECT who FROM i) AS who;

-- name: UniqBoth :many
SELECT a, b, c FROM uniq WHERE a = $1 AND b = $2;

-- name: UniqHalf :many
SELECT a, b FROM uniq WHERE a = $1 AND b IS NULL;

-- name: UniqNotDistinct :many
SELECT d FROM uniq WHERE d IS NOT DISTINCT FROM $1;

-- name: UniqNullsNot :many
SELECT d, c FROM uniq WHERE d IS NULL;

-- name: UniqPart :many
SELECT c FROM uniq WHERE c = $1;

-- name: UniqPartCond :many
SELECT c FROM uniq WHERE c = $1 AND b > 5;

-- name: UniqExpr :many
SELECT c FROM uniq WHERE lower(c) = $1 AND a = $2;

-- name: UniqNd :many
SELECT a, b FROM uniq WHERE a IS NOT DISTINCT FROM $1 AND b IS NOT DISTINCT FROM $2;

-- name: LateFk :many
SELECT l.id, p.name FROM late l LEFT JOIN people p ON p.id = l.owner;

-- name: LateUnique :many
SELECT id FROM late WHERE u = $1;

-- name: NotValidCheck :many
SELECT req FROM late;

-- name: FlagFilter :many
SELECT flag FROM late WHERE flag;

-- name: FlagAnd :many
SELECT flag, req FROM late WHERE flag AND req <> 'q';

-- name: FlagNot :many
SELECT flag FROM late WHERE NOT flag;

-- name: FlagCase :many
SELECT CASE WHEN flag THEN flag ELSE true END, CASE WHEN NOT flag THEN flag END, coalesce(flag, false) FROM late;

-- name: FlagIs :many
SELECT flag FROM late WHERE flag IS TRUE;

-- name: FlagIsNot :many
SELECT flag FROM late WHERE flag IS NOT TRUE;

-- name: FlagIsNotUnknown :many
SELECT flag FROM late WHERE flag IS NOT UNKNOWN;

-- name: CompFields :many
SELECT (pt).street, (pt).zip, pt, arr[1], arr[1:1], pt IS NULL, pt IS NOT NULL, unnest(arr) FROM late;

-- name: RowNotNull :many
SELECT pt, (pt).zip FROM late WHERE pt IS NOT NULL;

-- name: RowNotNull2 :many
SELECT (home).zip, home FROM people WHERE home IS NOT NULL;

-- name: RowNullNeg :many
SELECT home FROM people WHERE NOT (home IS NULL);

-- name: ViewKey :many
SELECT title, id FROM book_one;

-- name: ViewInsert :many
INSERT INTO simple_tags (book_id, tag, weight) VALUES ($1, $2, $3) RETURNING book_id, tag, weight;

-- name: ViewUpdate :many
UPDATE simple_tags SET weight = $1 WHERE book_id = $2 AND tag = $3 RETURNING weight;

-- name: NextVal :many
SELECT nextval('seq');

-- name: NextValMany :many
SELECT id, nextval('seq') AS v FROM people;

-- name: SetCfg :many
SELECT set_config('x.y', $1, true);

-- name: AdvLock :many
SELECT pg_try_advisory_xact_lock($1);

-- name: CountOne :many
SELECT count(*) FROM books WHERE author_id = $1;

-- name: GroupOne :many
SELECT author_id, count(*) FROM books WHERE author_id = $1 GROUP BY author_id;

-- name: GroupConst :many
SELECT 1 AS one, count(*) FROM books GROUP BY 1;

-- name: HavingZero :many
SELECT count(*) FROM books HAVING count(*) > 100;

-- name: HavingGroup :many
SELECT max(pages) FROM books WHERE pages > 0 GROUP BY author_id HAVING count(*) > 0;

-- name: UnionOnes :many
SELECT 1 AS x UNION SELECT count(*) FROM books;

-- name: UnionAllOnes :many
SELECT 1 AS x UNION ALL SELECT 2;

-- name: ExceptOne :many
SELECT 1 AS x EXCEPT SELECT 1;

-- name: IntersectOne :many
SELECT count(*) FROM books INTERSECT SELECT 1;

-- name: LimitZero :many
SELECT max(id) FROM books LIMIT 0;

-- name: LimitParamOne :many
SELECT max(id) FROM books LIMIT $1;

-- name: OffsetOne :many
SELECT count(*) FROM books OFFSET $1;

-- name: FetchFirst :many
SELECT id FROM books FETCH FIRST ROW ONLY;

-- name: DistinctKey :many
SELECT DISTINCT id, title FROM books WHERE id = 1;

-- name: KeyIn :many
SELECT id FROM books WHERE id IN ($1);

-- name: KeyInTwo :many
SELECT id FROM books WHERE id IN ($1, $2);

-- name: KeyOr :many
SELECT id FROM books WHERE id = $1 OR id = $2;

-- name: KeyAny :many
SELECT id FROM books WHERE id = ANY ($1);

-- name: KeySub :many
SELECT id FROM books WHERE id = (SELECT max(id) FROM books);

-- name: KeySelf :many
SELECT id FROM books WHERE id = id;

-- name: KeyExpr :many
SELECT id FROM books WHERE id + 0 = $1;

-- name: KeyRange :many
SELECT id FROM books WHERE id BETWEEN $1 AND $1;

-- name: KeyCross :many
SELECT b.id, p.id AS pid FROM books b, people p WHERE b.id = $1 AND p.id = b.owner_id;

-- name: KeyLateral :many
SELECT b.id, x.tag FROM books b, LATERAL (SELECT tag FROM tags t WHERE t.book_id = b.id LIMIT 1) x WHERE b.id = $1;

-- name: KeyLeftOne :many
SELECT b.id, p.name FROM books b LEFT JOIN people p ON p.id = b.editor_id WHERE b.id = $1;

-- name: KeyFull :many
SELECT b.id, p.id AS pid FROM books b FULL JOIN people p ON p.id = b.owner_id WHERE b.id = $1;

-- name: KeyRight :many
SELECT b.id, p.id AS pid FROM books b RIGHT JOIN people p ON p.id = b.owner_id WHERE p.id = $1;

-- name: KeyUnnest :many
SELECT b.id, u FROM books b, unnest(ARRAY[1, 2]) u WHERE b.id = $1;

-- name: KeySrf :many
SELECT id, generate_series(1, 2) FROM books WHERE id = $1;

-- name: KeyWindow :many
SELECT id, row_number() OVER () FROM books WHERE id = $1;

-- name: KeyText :many
SELECT book_id FROM tags WHERE book_id = 1 AND tag = 'x' AND weight IS NOT NULL;

-- name: KeyCast :many
SELECT id FROM books WHERE id::text = $1;

-- name: KeyCollate :many
SELECT isbn FROM books WHERE isbn = $1 COLLATE "C";

-- name: DeleteKey :many
DELETE FROM tags WHERE book_id = $1 AND tag = $2 RETURNING weight;

-- name: UpdateKey :many
UPDATE people SET bio = $1 WHERE id = $2 RETURNING id, bio, updated;

-- name: UpdateCase :many
UPDATE people SET bio = CASE WHEN $1::text = '' THEN NULL ELSE $1 END, nick = coalesce($2, nick), score = $3 WHERE id = $4 RETURNING bio, nick, score;

-- name: UpdConflictWhere :many
INSERT INTO comp (id, kind) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind WHERE comp.kind <> 'a' RETURNING id, kind;

-- name: SetNullFk :many
SELECT c.kind, p.name FROM comp c LEFT JOIN people p ON p.id = c.who WHERE c.who IS NOT NULL;

-- name: SubKey :many
SELECT (SELECT name FROM people WHERE id = b.owner_id) AS owner, (SELECT name FROM people WHERE id = b.author_id) AS author, (SELECT name FROM people WHERE id = b.editor_id) AS editor FROM books b;

-- name: SubAggFilter :many
SELECT (SELECT count(*) FILTER (WHERE pages > 1) FROM books), (SELECT sum(1) FROM books), (SELECT sum(1) FROM (VALUES (1)) v(x)), (SELECT max(x) FROM (VALUES (1), (NULL)) v(x));

-- name: AggValues :many
SELECT max(x), min(y), array_agg(x), sum(x) FROM (VALUES (1, 'a'), (2, 'b')) v(x, y);

-- name: AggSeries :many
SELECT max(g), count(*), array_agg(g) FROM generate_series(1, least($1::int, 9)) g;

-- name: AggNested :many
SELECT sum(c), max(m) FROM (SELECT count(*) AS c, max(pages) AS m FROM books) s;

-- name: AggEmptyFrom :many
SELECT sum(1), max(2), count(*), array_agg(3), string_agg('x', ',');

-- name: AggFilterConst :many
SELECT sum(1) FILTER (WHERE true), sum(1) FILTER (WHERE false), array_agg(id) FILTER (WHERE id IS NOT NULL) FROM people GROUP BY active;

-- name: StringAggNull :many
SELECT author_id, string_agg(title, NULL), string_agg(title, isbn) FROM books GROUP BY author_id;

-- name: WindowLagSelf :many
SELECT lag(id, 0) OVER (ORDER BY id), lag(id, -1) OVER (ORDER BY id), lead(id, NULL) OVER (ORDER BY id), nth_value(id, 1) OVER (ORDER BY id), ntile(NULL) OVER () FROM books;

-- name: WindowRange :many
SELECT sum(id) OVER (ORDER BY id RANGE BETWEEN 5 PRECEDING AND 1 PRECEDING), first_value(id) OVER (ORDER BY id RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), avg(id) OVER (ROWS UNBOUNDED PRECEDING), max(id) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING EXCLUDE TIES), first_value(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM books;

-- name: WindowOverGroup :many
SELECT author_id, sum(count(*)) OVER (), rank() OVER (ORDER BY count(*)), lag(max(title)) OVER (ORDER BY author_id), max(sum(pages)) OVER () FROM books GROUP BY author_id;

-- name: RollupHaving :many
SELECT author_id, count(*) FROM books GROUP BY ROLLUP (author_id) HAVING author_id IS NOT NULL;

-- name: RollupExpr :many
SELECT coalesce(author_id, 0), author_id + 1, upper(title), grouping(title) FROM books GROUP BY ROLLUP (author_id, title);

-- name: RollupFilterBefore :many
SELECT isbn, max(isbn) FROM books WHERE isbn IS NOT NULL GROUP BY CUBE (isbn);

-- name: RollupOuterJoin :many
SELECT p.id, b.title, count(*) FROM people p LEFT JOIN books b ON b.author_id = p.id GROUP BY GROUPING SETS ((p.id), (b.title), (p.id, b.title));

-- name: RollupSub :many
SELECT s.author_id, s.c FROM (SELECT author_id, count(*) AS c FROM books GROUP BY ROLLUP (author_id)) s WHERE s.author_id > 0;

-- name: DistinctAgg :many
SELECT DISTINCT max(pages) OVER (PARTITION BY author_id), first_value(isbn) OVER (PARTITION BY author_id ORDER BY isbn NULLS LAST) FROM books;

-- name: NotInNull :many
SELECT isbn FROM books WHERE pages NOT IN (1, NULL);

-- name: InNull :many
SELECT isbn, pages FROM books WHERE pages IN (10, NULL);

-- name: NotBetween :many
SELECT pages, price FROM books WHERE pages NOT BETWEEN 100 AND price;

-- name: BetweenCol :many
SELECT pages, price FROM books WHERE 5 BETWEEN pages AND price;

-- name: NotAnd :many
SELECT pages, price FROM books WHERE NOT (pages > 100 AND price > 100);

-- name: NotOr :many
SELECT pages, price FROM books WHERE NOT (pages > 100 OR price > 100);

-- name: OrBoth :many
SELECT pages, price FROM books WHERE pages > 0 AND price > 0 OR pages = 0 AND price IS NOT NULL;

-- name: CaseFilter :many
SELECT pages, isbn FROM books WHERE CASE WHEN pages > 5 THEN isbn IS NOT NULL ELSE true END;

-- name: CoalesceCmp :many
SELECT pages, price FROM books WHERE coalesce(pages, price) > 0;

-- name: NullifFilter :many
SELECT isbn FROM books WHERE nullif(isbn, 'q') = 'i1';

-- name: ConcatFilter :many
SELECT isbn, pages FROM books WHERE isbn || pages::text <> 'q';

-- name: ConcatFnFilter :many
SELECT isbn, pages FROM books WHERE concat(isbn, pages) <> 'q';

-- name: GreatestFilter :many
SELECT pages, price FROM books WHERE greatest(pages, price) > 0;

-- name: ArrayFilter :many
SELECT nums, tags FROM people WHERE nums[1] > 0 AND 'a' = ANY (tags);

-- name: ArrayConsFilter :many
SELECT isbn, pages FROM books WHERE ARRAY[isbn] <> '{q}' AND ROW(pages) IS NOT NULL;

-- name: JsonFilter :many
SELECT meta FROM people WHERE meta ->> 'a' = '1';

-- name: JsonFilterNot :many
SELECT meta FROM people WHERE (meta ->> 'a') IS NULL;

-- name: IsDistinctCols :many
SELECT isbn, note FROM books WHERE isbn IS DISTINCT FROM note;

-- name: NotDistinctCols :many
SELECT isbn, title FROM books WHERE isbn IS NOT DISTINCT FROM title;

-- name: EqCols :many
SELECT isbn, title FROM books WHERE isbn = title OR isbn = note;

-- name: SubqueryCmp :many
SELECT isbn FROM books WHERE isbn = (SELECT max(tag) FROM tags) OR isbn > (SELECT min(tag) FROM tags);

-- name: ExistsOuter :many
SELECT p.name, b.isbn FROM people p LEFT JOIN books b ON b.author_id = p.id WHERE EXISTS (SELECT 1 FROM tags t WHERE t.book_id = b.id);

-- name: NotExistsOuter :many
SELECT p.name, b.title FROM people p LEFT JOIN books b ON b.author_id = p.id WHERE NOT EXISTS (SELECT 1 FROM tags t WHERE t.book_id = b.id);

-- name: OuterCoalesce :many
SELECT p.name, coalesce(b.title, 'x'), b.id IS NULL FROM people p LEFT JOIN books b ON b.author_id = p.id WHERE coalesce(b.pages, 0) = 0;

-- name: OuterOrPads :many
SELECT b.id, b.title FROM people p LEFT JOIN books b ON b.author_id = p.id WHERE b.id = 1 OR b.title = 'B';

-- name: OuterTwice :many
SELECT b.title, t.tag FROM people p LEFT JOIN books b ON b.author_id = p.id LEFT JOIN tags t ON t.book_id = b.id WHERE t.weight > 0;

-- name: OuterChain :many
SELECT b.title, o.name FROM people p LEFT JOIN books b ON b.author_id = p.id LEFT JOIN people o ON o.id = b.owner_id;

-- name: OuterChainFk :many
SELECT b.title, o.name FROM people p LEFT JOIN (books b LEFT JOIN people o ON o.id = b.owner_id) ON b.author_id = p.id WHERE b.id IS NOT NULL;

-- name: OuterAntiSum :many
SELECT p.id, b.title || 'x' FROM people p LEFT JOIN books b ON b.author_id = p.id AND b.id < 0;

-- name: FullBoth :many
SELECT coalesce(l.k, r.k) AS k, coalesce(l.a, r.b) AS v FROM left_t l FULL JOIN right_t r ON l.k = r.k;

-- name: FullConst :many
SELECT l.one, r.two FROM (SELECT k, 1 AS one FROM left_t) l FULL JOIN (SELECT k, 2 AS two FROM right_t) r ON l.k = r.k;

-- name: LeftConst :many
SELECT p.id, s.one, s.c FROM people p LEFT JOIN (SELECT author_id, 1 AS one, coalesce(pages, 0) AS c FROM books) s ON s.author_id = p.id;

-- name: LeftView :many
SELECT p.id, v.title, v.author FROM people p LEFT JOIN book_list v ON v.id = p.id;

-- name: NaturalLeft :many
SELECT * FROM left_t NATURAL LEFT JOIN right_t;

-- name: UsingChain :many
SELECT k, a, b FROM left_t FULL JOIN right_t USING (k) FULL JOIN (SELECT 1 AS k) z USING (k);

-- name: UsingLeftChain :many
SELECT k, b FROM left_t LEFT JOIN right_t USING (k) LEFT JOIN (SELECT 9 AS k, 'q' AS q) z USING (k) WHERE k > 0;

-- name: UsingTypes :many
SELECT id FROM books FULL JOIN (SELECT 1 AS id) z USING (id);

-- name: CteTwice :many
WITH b AS (SELECT id, pages FROM books) SELECT x.pages, y.pages FROM b x LEFT JOIN b y ON y.id = x.id + 1;

-- name: CteRefine :many
WITH b AS (SELECT isbn FROM books WHERE isbn IS NOT NULL) SELECT b.isbn, p.name FROM people p LEFT JOIN b ON b.isbn = p.name;

-- name: CteMat :many
WITH b AS MATERIALIZED (SELECT id, isbn FROM books) SELECT isbn FROM b WHERE isbn > '';

-- name: ParamNull :many
SELECT $1::text AS a, sqlc.narg(b)::text AS b, coalesce(sqlc.narg(c)::int, 5) AS c, $4::int + 1 AS d;

-- name: ParamArr :many
SELECT $1::int[] AS a, ($1::int[])[1] AS b, unnest($1::int[]) AS c, 3 = ANY ($1::int[]) AS d;

-- name: ParamRec :many
INSERT INTO people (name, home, tags, during) VALUES ($1, ROW($2, $3), ARRAY[$4, $5], tstzrange($6, $7)) RETURNING home, tags, during;

-- name: DefaultVals :many
INSERT INTO visits (day, who, n) VALUES ('2020-01-01', DEFAULT, DEFAULT), ('2020-01-01', $1, 1) RETURNING who, n;

-- name: OnConfExcl :many
INSERT INTO tags AS t (book_id, tag, weight) VALUES ($1, $2, $3) ON CONFLICT (book_id, tag) DO UPDATE SET weight = coalesce(excluded.weight, t.weight, 0) RETURNING t.weight;

-- name: DateParts :many
SELECT extract(hour FROM took), extract(year FROM day), extract(isodow FROM day), date_part('week', day), extract(century FROM day), extract(timezone FROM now()) FROM visits;

-- name: DateInf :many
SELECT extract(month FROM 'infinity'::date), extract(year FROM 'infinity'::timestamp), to_char('infinity'::timestamptz, 'YYYY'), date_trunc('day', 'infinity'::timestamp), extract(week FROM d) FROM (SELECT 'infinity'::date AS d) x;

-- name: RegexpFns :many
SELECT regexp_match(name, $1), (regexp_match(name, 'x'))[1], regexp_substr(name, 'q'), substring(name, 'q'), substring(name similar 'q' escape '#'), regexp_count(name, 'a') FROM people;

-- name: ArrayFns :many
SELECT array_length('{}'::int[], 1), cardinality('{}'::int[]), array_upper(nums, 1), array_agg(x), array_to_string(array_agg(x), ','), (array_agg(x))[1] FROM people, unnest(tags) x GROUP BY nums;

-- name: ArrayNulls :many
SELECT array_append(nums, NULL), array_cat(nums, nums), array_remove(nums, 1), array_append(NULL::int[], 1), NULL::int[] || 1, nums || nums, array_position(tags, NULL) FROM people;

-- name: JsonNulls :many
SELECT to_jsonb(NULL::text), jsonb_build_object('a', NULL), jsonb_set('{}', '{a}', NULL), '{"a":null}'::jsonb -> 'a', '{"a":null}'::jsonb ->> 'a', jsonb_typeof('null'), jsonb_array_elements_text('[null]'), jsonb_agg(NULL::int), jsonb_object_agg('a', 1) FROM people;

-- name: JsonTable :many
SELECT x.* FROM people p, jsonb_to_record(p.meta) AS x(a int, b jsonb) WHERE jsonb_typeof(p.meta) = 'object';

-- name: XactFns :many
SELECT pg_current_xact_id_if_assigned(), current_setting('server_version'), pg_typeof(1), obj_description(1::oid, 'pg_class'), to_regclass('nope'), col_description(1, 1), pg_get_userbyid(1), has_table_privilege('books', 'select'), pg_size_pretty(1::bigint), txid_current_if_assigned();

-- name: SysCat :many
SELECT c.relname, c.relkind, n.nspname, d.description FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_description d ON d.objoid = c.oid WHERE c.relname = $1;

-- name: InfoSchema :many
SELECT table_name, column_name, column_default, is_nullable FROM information_schema.columns WHERE table_name = $1;

-- name: GenUpdate :many
UPDATE gen SET base = NULL WHERE derived IS NOT NULL AND note IS NOT NULL RETURNING derived, note;

-- name: TrigUpdate :many
UPDATE guarded SET kind = 'x' WHERE note IS NOT NULL RETURNING note, kind;

-- name: ViewUpdateNull :many
UPDATE book_titles SET isbn = NULL RETURNING isbn, title, id;

-- name: ViewInsertNull :many
INSERT INTO simple_tags (book_id, tag, weight) SELECT id, 'new', NULL FROM books RETURNING book_id, tag, weight;

-- name: ViewOfViewUpdate :many
UPDATE heavy_tags SET weight = NULL RETURNING book_id, tag, weight;

-- name: ViewDelete :many
DELETE FROM simple_tags WHERE weight > 0 RETURNING book_id, weight;

-- name: MergeView :exec
MERGE INTO gen g USING right_t r ON r.k = g.id WHEN MATCHED THEN UPDATE SET note = r.b WHEN NOT MATCHED AND r.k IS NOT NULL THEN INSERT (id, base) VALUES (r.k, 1);

-- name: OuterAggSub :many
SELECT (SELECT max(p.name)) AS m, (SELECT count(p.id)) AS c FROM people p WHERE p.id < 0;

-- name: OuterAggSubSum :many
SELECT (SELECT sum(p.id) FROM (VALUES (1)) v(x)) AS s FROM people p WHERE p.id < 0;

-- name: JoinFalse :many
SELECT p.id, b.title FROM people p LEFT JOIN books b ON false;

-- name: JoinTrueEmpty :many
SELECT p.id, b.title FROM people p LEFT JOIN books b ON true;

-- name: JoinTrueOne :many
SELECT s.n, p.id FROM people p RIGHT JOIN (SELECT count(*) AS n FROM books) s ON true;

-- name: JoinTrueConst :many
SELECT p.id, o.x, o.y FROM people p LEFT JOIN (SELECT 1 AS x, NULL::text AS y) o ON TRUE;

-- name: JoinTrueLimit :many
SELECT p.id, s.n FROM people p LEFT JOIN (SELECT count(*) AS n FROM books LIMIT $1) s ON true;

-- name: JoinTrueCte :many
WITH i AS (DELETE FROM tags RETURNING weight, tag) SELECT p.id, i.tag FROM people p LEFT JOIN i ON true;

-- name: JoinFullTrue :many
SELECT a.n, b.m FROM (SELECT count(*) AS n FROM books) a FULL JOIN (SELECT 1 AS m WHERE false) b ON true;

-- name: SkipLocked :many
SELECT (SELECT count(*) FROM (SELECT 1 FROM people FOR UPDATE SKIP LOCKED) s) AS n, (SELECT id FROM people LIMIT 1 FOR UPDATE SKIP LOCKED) AS x;

-- name: Slices :many
SELECT tags[1:2], tags[NULL:2], tags[1:(SELECT NULL::int)], tags[:1], tags[id:boss], nums[1:1] FROM people;

-- name: Concats :many
SELECT 'x' || NULL::text, tags || NULL::text, NULL::text[] || tags, tags || nick, name || id, name || bio FROM people;

-- name: WhereIsNotFalse :many
SELECT isbn FROM books WHERE (isbn = 'x') IS NOT FALSE;

-- name: WhereEqTrue :many
SELECT isbn, pages FROM books WHERE (isbn = 'i1') = true AND (pages > 100) = false;

-- name: WhereEqFalse :many
SELECT isbn FROM books WHERE (isbn IS NULL) = false;

-- name: WhereNeTrue :many
SELECT isbn FROM books WHERE (isbn = 'x') <> true;

-- name: WhereIsNullEq :many
SELECT isbn FROM books WHERE (isbn = 'x') IS NULL;

-- name: WhereNotIsNullOr :many
SELECT isbn, pages FROM books WHERE NOT (isbn IS NULL OR pages IS NULL);

-- name: WhereNotNot :many
SELECT isbn FROM books WHERE NOT (NOT (isbn = 'i1'));

-- name: WhereCoalesceTrue :many
SELECT isbn FROM books WHERE coalesce(isbn = 'x', true);

-- name: WhereCoalesceFalse :many
SELECT isbn FROM books WHERE coalesce(isbn = 'i1', false);

-- name: WhereCase :many
SELECT isbn FROM books WHERE CASE WHEN isbn = 'i1' THEN true ELSE false END;

-- name: WhereCaseElse :many
SELECT isbn FROM books WHERE CASE WHEN isbn IS NULL THEN true ELSE isbn = 'q' END;

-- name: WhereOrNull :many
SELECT isbn FROM books WHERE isbn = 'i1' OR NULL;

-- name: WhereAllArr :many
SELECT isbn FROM books WHERE isbn = ALL (ARRAY['i1']);

-- name: WhereAllParam :many
SELECT isbn FROM books WHERE isbn <> ALL ($1::text[]);

-- name: WhereNotAny :many
SELECT isbn FROM books WHERE NOT (isbn = ANY ('{}'));

-- name: WhereNotAnyParam :many
SELECT isbn FROM books WHERE NOT (isbn = ANY ($1::text[]));

-- name: WhereNotInSub :many
SELECT isbn FROM books WHERE NOT (isbn IN (SELECT tag FROM tags WHERE false));

-- name: WhereSub :many
SELECT isbn FROM books WHERE (SELECT isbn = 'i1');

-- name: WhereSubNot :many
SELECT isbn FROM books WHERE NOT (SELECT isbn = 'x' FROM people LIMIT 1);

-- name: WhereExistsSelf :many
SELECT isbn FROM books WHERE EXISTS (SELECT 1 WHERE isbn = 'i1');

-- name: WhereNotExistsSelf :many
SELECT isbn FROM books WHERE NOT EXISTS (SELECT 1 WHERE isbn = 'x');

-- name: WhereRowIs :many
SELECT isbn, pages FROM books WHERE (isbn, pages) IS NOT NULL;

-- name: WhereRowIsNull :many
SELECT isbn, pages FROM books WHERE NOT ((isbn, pages) IS NULL);

-- name: WhereRowDistinct :many
SELECT isbn, pages FROM books WHERE (isbn, pages) IS DISTINCT FROM (NULL, NULL);

-- name: WhereRowAny :many
SELECT isbn, pages FROM books WHERE (isbn, pages) = ANY (SELECT tag, weight FROM tags);

-- name: WhereRowNotIn :many
SELECT isbn, pages FROM books WHERE (isbn, pages) NOT IN (('x', 1));

-- name: WhereXor :many
SELECT isbn, pages FROM books WHERE (isbn = 'x') <> (pages > 100);

-- name: WhereBoolCast :many
SELECT isbn, pages FROM books WHERE pages::bool AND (isbn = 'i1')::text = 'true';

-- name: WhereAggSub :many
SELECT isbn FROM books b WHERE isbn = (SELECT b.isbn) AND (SELECT count(*) FROM tags WHERE tag = b.isbn) = 0;

-- name: WhereJsonNull :many
SELECT meta -> 'a' AS a, meta FROM people WHERE meta -> 'a' IS NOT NULL;

-- name: WhereArrayEl :many
SELECT nums FROM people WHERE nums[1] IS NULL;

-- name: WhereUnknownFn :many
SELECT isbn FROM books WHERE concat_ws(isbn, 'a', 'b') IS NOT NULL;

-- name: WhereNumNulls :many
SELECT isbn, pages FROM books WHERE num_nulls(isbn, pages) = 0;

-- name: WhereLikeNot :many
SELECT isbn, title FROM books WHERE isbn NOT LIKE title AND isbn !~ 'q';

-- name: WhereOverlap :many
SELECT took FROM visits WHERE (day, took) OVERLAPS (day, interval '1 day');

-- name: WhereDateNull :many
SELECT updated FROM people WHERE extract(day FROM updated) > 0 OR date_trunc('day', updated) < now();

-- name: OnRefine :many
SELECT l.a, r.b, l.k FROM left_t l JOIN right_t r ON l.a IS NOT NULL AND l.k = r.k;

-- name: OnRefineLeft :many
SELECT l.a, l.k, r.k AS rk FROM left_t l LEFT JOIN right_t r ON l.k = r.k AND l.a IS NOT NULL;

-- name: OnRefineRight :many
SELECT l.a, l.k, r.k AS rk FROM left_t l RIGHT JOIN right_t r ON l.k = r.k AND l.a IS NOT NULL;

-- name: HavingRefineKey :many
SELECT isbn, count(*) FROM books GROUP BY isbn HAVING isbn > '';

-- name: HavingRefineSets :many
SELECT isbn, pages, count(*) FROM books GROUP BY GROUPING SETS ((isbn), (pages)) HAVING isbn IS NOT NULL;

-- name: WhereThenRollup :many
SELECT isbn, count(*) FROM books WHERE isbn > '' GROUP BY ROLLUP (isbn);

-- name: GroupCaseKey :many
SELECT CASE WHEN pages > 5 THEN 'a' ELSE 'b' END AS k, isbn IS NULL AS n, max(isbn) FROM books GROUP BY 1, 2;

-- name: AggCase :many
SELECT sum(CASE WHEN pages > 5 THEN 1 END), sum(CASE WHEN pages > 5 THEN 1 ELSE 0 END), count(CASE WHEN pages > 5 THEN 1 END) FROM books GROUP BY author_id;

-- name: AggCoalesceIn :many
SELECT sum(coalesce(pages, 0)), max(coalesce(isbn, 'x')), avg(coalesce(price, 0)) FROM books GROUP BY author_id;

-- name: AggAvgNan :many
SELECT stddev_pop(weight), corr(weight, weight), covar_pop(weight, rating), regr_r2(weight, weight), regr_avgx(weight, weight), var_samp(weight), bit_xor(id), bool_and(active) FROM people GROUP BY base_mood;

-- name: WinFilterFrame :many
SELECT count(*) FILTER (WHERE pages > 5) OVER (ORDER BY id), array_agg(pages) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), json_agg(id) OVER (ORDER BY id), string_agg(title, ',') OVER (PARTITION BY author_id ORDER BY id GROUPS 1 PRECEDING) FROM books;

-- name: WinInherit :many
SELECT first_value(title) OVER (w ROWS BETWEEN 1 FOLLOWING AND 1 FOLLOWING), last_value(title) OVER (w), lag(title, 1, isbn) OVER (w) FROM books WINDOW w AS (PARTITION BY author_id ORDER BY id);

-- name: WinNamedFrame :many
SELECT first_value(title) OVER w FROM books WINDOW w AS (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING);

-- name: WinRefFrame :many
SELECT max(title) OVER v FROM books WINDOW w AS (ORDER BY id), v AS (w ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING);

-- name: RecMin :many
WITH RECURSIVE t AS (SELECT id, boss FROM people WHERE id = $1 UNION SELECT p.id, p.boss FROM people p, t WHERE p.id = t.boss) SELECT id, boss FROM t;

-- name: RecLeft :many
WITH RECURSIVE t AS (SELECT id, title, 0 AS d FROM books UNION ALL SELECT t.id, x.tag, t.d + 1 FROM t LEFT JOIN tags x ON x.book_id = t.id WHERE t.d < 1) SELECT id, title, d FROM t;

-- name: RecDouble :many
WITH RECURSIVE t(a, b) AS (SELECT 1, 1 UNION ALL SELECT b, nullif(a, 1) FROM t WHERE a < 3) SELECT a, b FROM t LIMIT 10;

-- name: CycleTest :many
WITH RECURSIVE t AS (SELECT id, boss FROM people UNION ALL SELECT p.id, p.boss FROM people p JOIN t ON p.boss = t.id) CYCLE id SET is_cycle USING path SELECT id, boss, is_cycle FROM t;

-- name: SearchTest :many
WITH RECURSIVE t AS (SELECT id, boss FROM people WHERE id <> 4 UNION ALL SELECT p.id, p.boss FROM people p JOIN t ON p.boss = t.id AND p.id <> 4) SEARCH DEPTH FIRST BY id SET ord SELECT id, boss FROM t ORDER BY ord;

-- name: InsSubReturn :many
INSERT INTO comp (id, who, kind) VALUES (100, 1, 'z') RETURNING id, (SELECT name FROM people WHERE people.id = comp.who) AS who_name, kind || 'x' AS k;

-- name: InsSelLimit :many
WITH i AS (INSERT INTO right_t (k, b) SELECT k, 'q' FROM left_t LIMIT 1 RETURNING b) SELECT (SELECT b FROM i) AS b;

-- name: UpdCte :many
WITH u AS (UPDATE comp SET kind = 'n' WHERE id = 1 RETURNING kind) SELECT (SELECT kind FROM u) AS k, (SELECT count(*) FROM u) AS c;

-- name: InsOnConfCte :many
WITH i AS (INSERT INTO comp (id, kind) VALUES (1, 'a') ON CONFLICT (id) DO NOTHING RETURNING id) SELECT (SELECT id FROM i) AS id;

-- name: InsOnConfUpd :many
WITH i AS (INSERT INTO comp (id, kind) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET kind = 'b' RETURNING id, who) SELECT i.id, i.who FROM i;

-- name: DomainCol :many
SELECT (SELECT level FROM people WHERE id = $1) AS l, max(level) AS m, array_agg(level) AS a, coalesce(max(level), 1) AS c FROM people;

-- name: TextCasts :many
SELECT bio::varchar(3), (bio || '')::text, name::name, name::bpchar(2), score::text, nick::text, '1 day'::interval + took FROM people, visits;

-- name: XmlTable :many
SELECT x.n, x.a, x.b FROM books b, xmltable('/r/row' PASSING ('<r><row><a>1</a></row><row/></r>'::xml) COLUMNS n FOR ORDINALITY, a int PATH 'a', b text PATH 'b' DEFAULT 'z' NOT NULL) AS x;

-- name: FkCompositeWhere :many
SELECT v.id, s.note FROM visitors v LEFT JOIN spots s ON s.a = v.pa AND s.b = v.pb WHERE v.pa IS NOT NULL AND v.pb > 0;

-- name: FkCompositeHalf :many
SELECT v.id, s.note FROM visitors v LEFT JOIN spots s ON s.a = v.pa AND s.b = v.pb WHERE v.pa IS NOT NULL;

-- name: FkMatchFullHalf :many
SELECT v.id, s.note FROM visitors v LEFT JOIN spots s ON s.a = v.fa AND s.b = v.fb WHERE v.fa IS NOT NULL;

-- name: FkCase :many
SELECT s.id, CASE WHEN s.visitor IS NOT NULL THEN v.id END AS a, CASE WHEN s.visitor IS NULL THEN 0 ELSE v.id END AS b, v.id AS c FROM stays s LEFT JOIN visitors v ON v.id = s.visitor;

-- name: FkChainWhere :many
SELECT s.id, v.id AS vid, p.name FROM stays s LEFT JOIN visitors v ON v.id = s.visitor LEFT JOIN people p ON p.id = v.host WHERE v.host > 0;

-- name: FkChainHalf :many
SELECT s.id, v.id AS vid, p.name FROM stays s LEFT JOIN visitors v ON v.id = s.visitor LEFT JOIN people p ON p.id = v.host WHERE s.visitor > 0;

-- name: FkByInnerJoin :many
SELECT s.id, v.id AS vid FROM stays s JOIN visitors x ON x.id = s.visitor LEFT JOIN visitors v ON v.id = s.visitor;

-- name: FkByLaterJoin :many
SELECT s.id, v.id AS vid, v.host FROM stays s LEFT JOIN visitors v ON v.id = s.visitor JOIN visitors x ON x.id = s.visitor;

-- name: FkFilterOnSide :many
SELECT s.id, v.id AS vid FROM stays s LEFT JOIN visitors v ON v.id = s.visitor AND v.host > 0 WHERE s.visitor IS NOT NULL;

-- name: FkUnderOuter :many
SELECT p.id, s.id AS sid, g.id AS gid FROM people p LEFT JOIN (stays s LEFT JOIN visitors g ON g.id = s.guide) ON s.id = p.id;

-- name: FkUnderOuterWhere :many
SELECT p.id, s.id AS sid, g.id AS gid FROM people p LEFT JOIN stays s ON s.id = p.id LEFT JOIN visitors g ON g.id = s.guide WHERE s.rate IS NOT NULL;

-- name: FkUnderOuterPlain :many
SELECT p.id, s.id AS sid, g.id AS gid FROM people p LEFT JOIN stays s ON s.id = p.id LEFT JOIN visitors g ON g.id = s.guide;

-- name: FkRight :many
SELECT s.id, g.id AS gid FROM visitors g RIGHT JOIN stays s ON s.guide = g.id;

-- name: FkFull :many
SELECT s.id, g.id AS gid FROM stays s FULL JOIN visitors g ON s.guide = g.id;

-- name: FkFullWhere :many
SELECT s.id, g.id AS gid FROM stays s FULL JOIN visitors g ON s.guide = g.id WHERE s.rate > 0;

-- name: FkLocked :many
SELECT s.id, g.id AS gid FROM stays s LEFT JOIN visitors g ON g.id = s.guide FOR UPDATE OF s;

-- name: FkSubquery :many
SELECT s.id, (SELECT g.id FROM visitors g WHERE g.id = s.guide) AS a, (SELECT g.host FROM visitors g WHERE g.id = s.guide) AS b, (SELECT max(g.id) FROM visitors g WHERE g.id = s.guide) AS c, (SELECT v.id FROM visitors v WHERE v.id = s.visitor) AS d FROM stays s;

-- name: FkSubqueryWhere :many
SELECT (SELECT v.id FROM visitors v WHERE v.id = s.visitor) AS d, (SELECT v.id FROM visitors v WHERE v.id = s.visitor AND v.host > 0) AS e, (SELECT v.id FROM visitors v WHERE v.id = s.visitor LIMIT 1) AS f, (SELECT v.id FROM visitors v WHERE v.id = s.visitor OFFSET 1) AS g FROM stays s WHERE s.visitor IS NOT NULL;

-- name: FkSubqueryCase :many
SELECT CASE WHEN s.visitor IS NULL THEN 0 ELSE (SELECT v.id FROM visitors v WHERE v.id = s.visitor) END AS d FROM stays s;

-- name: FkSubqueryGroups :many
SELECT (SELECT v.id FROM visitors v WHERE v.id = s.guide) AS d, count(*) AS n FROM stays s GROUP BY s.guide;

-- name: FkSubqueryRollup :many
SELECT (SELECT v.id FROM visitors v WHERE v.id = s.guide) AS d, count(*) AS n FROM stays s GROUP BY ROLLUP (s.guide);

-- name: FkSubqueryOuter :many
SELECT p.id, (SELECT v.id FROM visitors v WHERE v.id = s.guide) AS d FROM people p LEFT JOIN stays s ON s.id = p.id;

-- name: FkSubqueryUpdate :many
UPDATE stays SET rate = 1 WHERE id = 1 RETURNING id, (SELECT v.id FROM visitors v WHERE v.id = stays.guide) AS d;

-- name: FkSubqueryNew :many
WITH v AS (INSERT INTO visitors (id) VALUES (77) RETURNING id) INSERT INTO stays (id, guide) SELECT 77, v.id FROM v RETURNING id, (SELECT x.id FROM visitors x WHERE x.id = stays.guide) AS d;

-- name: FkLateral :many
SELECT s.id, x.host, x.g FROM stays s LEFT JOIN LATERAL (SELECT g.id AS g, g.host FROM visitors g WHERE g.id = s.guide) x ON true;

-- name: FkLateralHalf :many
SELECT s.id, x.g FROM stays s LEFT JOIN LATERAL (SELECT g.id AS g FROM visitors g WHERE g.id = s.visitor) x ON true;

-- name: OuterImpliesOuter :many
SELECT b.title, t.tag, p.name FROM people p LEFT JOIN books b ON b.author_id = p.id AND b.isbn IS NOT NULL LEFT JOIN tags t ON t.book_id = b.id AND t.weight = b.pages WHERE t.tag = 'x';

-- name: OuterImpliesFields :many
SELECT b.isbn, b.pages, t.weight FROM people p LEFT JOIN books b ON b.author_id = p.id AND b.isbn > '' LEFT JOIN tags t ON t.book_id = b.id AND t.weight = b.pages WHERE t.tag = 'x';

-- name: OuterImpliesLeft :many
SELECT l.k, l.a, r.k AS rk FROM left_t l LEFT JOIN right_t r ON r.k = l.k WHERE r.b IS NOT NULL;

-- name: OuterImpliesCase :many
SELECT CASE WHEN r.b IS NOT NULL THEN l.k ELSE 0 END AS a, CASE WHEN r.b IS NULL THEN 0 ELSE l.k END AS b, l.k AS c FROM left_t l LEFT JOIN right_t r ON r.k = l.k;

-- name: OuterImpliesFull :many
SELECT l.k, r.k AS rk FROM left_t l FULL JOIN right_t r ON r.k = l.k WHERE r.b IS NOT NULL AND l.a IS NOT NULL;

-- name: OuterImpliesFullHalf :many
SELECT l.k, r.k AS rk FROM left_t l FULL JOIN right_t r ON r.k = l.k WHERE r.b IS NOT NULL;

-- name: OuterImpliesNested :many
SELECT p.id, l.k, r.b FROM people p LEFT JOIN (left_t l LEFT JOIN right_t r ON r.k = l.k) ON l.k = p.id WHERE r.b IS NOT NULL;

-- name: OuterImpliesNestedOn :many
SELECT p.id, l.k, l.a, r.b FROM people p LEFT JOIN (left_t l LEFT JOIN right_t r ON r.k = l.k) ON r.b IS NOT NULL AND l.a IS NOT NULL;

-- name: ExistsProves :many
SELECT b.isbn, b.pages FROM books b WHERE EXISTS (SELECT 1 FROM tags t WHERE t.tag <> b.isbn AND t.weight IS NOT NULL) AND EXISTS (SELECT max(weight) FROM tags t WHERE t.weight = b.pages);

-- name: ExistsProvesGroup :many
SELECT b.isbn, b.pages FROM books b WHERE EXISTS (SELECT tag FROM tags t WHERE t.tag <> b.isbn GROUP BY tag) AND EXISTS (SELECT tag FROM tags t WHERE t.weight < b.pages GROUP BY ROLLUP (tag));

-- name: ExistsProvesHaving :many
SELECT b.isbn, b.pages FROM books b WHERE EXISTS (SELECT count(*) FROM tags t HAVING count(*) < b.pages) AND EXISTS (SELECT 1 FROM tags t UNION ALL SELECT 2 FROM tags WHERE tag = b.isbn);

-- name: ExistsProvesUnion :many
SELECT b.isbn, b.pages FROM books b WHERE EXISTS (SELECT 1 FROM tags t WHERE tag <> b.isbn UNION ALL SELECT 2 WHERE b.isbn = 'i1' AND b.pages > 0);

-- name: NotExistsProves :many
SELECT b.isbn FROM books b WHERE NOT EXISTS (SELECT 1 FROM tags t WHERE t.tag = b.isbn);

-- name: InProves :many
SELECT b.isbn, b.pages FROM books b WHERE 'x' IN (SELECT t.tag FROM tags t WHERE t.tag <> b.isbn) AND 1 < ANY (SELECT id FROM people p WHERE p.id < b.pages);

-- name: AllProves :many
SELECT b.isbn, b.pages FROM books b WHERE 5 <= ALL (SELECT b.pages FROM tags) AND NOT (b.isbn = ALL (SELECT tag FROM tags));

-- name: SubqueryProves :many
SELECT b.isbn, b.pages FROM books b WHERE (SELECT count(*) FROM tags WHERE weight > b.pages) >= 0 AND (SELECT p.id FROM people p WHERE p.name <> b.isbn LIMIT 1) > 0;

-- name: OrWithFalse :many
SELECT isbn, pages FROM books WHERE (isbn = 'i1' OR false) AND (pages > 0 OR CASE WHEN id = 1 THEN false END);

-- name: OrWithTrue :many
SELECT isbn FROM books WHERE isbn = 'i1' OR true;

-- name: CaseProves :many
SELECT isbn, pages, price FROM books WHERE CASE WHEN isbn IS NULL THEN false WHEN pages > 0 THEN price > 0 END;

-- name: CaseProvesNot :many
SELECT isbn, pages FROM books WHERE NOT CASE WHEN isbn IS NULL THEN true ELSE pages > 5 END;

-- name: CaseProvesNotNull :many
SELECT isbn, pages FROM books WHERE CASE WHEN isbn > 'a' THEN pages END IS NOT NULL;

-- name: CaseProvesEqual :many
SELECT isbn, pages FROM books WHERE CASE WHEN isbn IS NOT NULL THEN 1 ELSE 0 END = 1 AND CASE pages WHEN 10 THEN 'a' WHEN 0 THEN 'b' END IN ('a', 'b');

-- name: CaseProvesElse :many
SELECT isbn, pages FROM books WHERE CASE WHEN isbn > 'i2' THEN false ELSE true END;

-- name: CoalesceProves :many
SELECT isbn, pages, price FROM books WHERE coalesce(pages > 0, isbn = 'i1', false) AND coalesce(price > 0, false);

-- name: CoalesceProvesTwice :many
SELECT pages, price FROM books WHERE coalesce(pages > 0 AND price > 0, pages < 0);

-- name: NullifProves :many
SELECT pages, isbn FROM books WHERE nullif(pages IS NOT NULL, false) AND nullif(isbn, '') > '';

-- name: TruthProves :many
SELECT isbn, pages FROM books WHERE (isbn IS NOT NULL) = true AND (pages IS NULL) <> true;

-- name: TruthProvesNot :many
SELECT isbn, pages FROM books WHERE (isbn IS NULL) IS NOT DISTINCT FROM false AND false = (pages IS NULL);

-- name: ArrayAllProves :many
SELECT isbn, pages FROM books WHERE isbn <> ALL (ARRAY['q', 'r']) AND NOT (pages = ANY (ARRAY[77]));

-- name: ArrayAllEmpty :many
SELECT isbn, pages FROM books WHERE isbn <> ALL (ARRAY[]::text[]) AND NOT (pages = ANY (ARRAY[]::int[]));

-- name: HavingKeepsExpr :many
SELECT lower(isbn) AS l, isbn, count(*) AS n FROM books GROUP BY GROUPING SETS ((lower(isbn)), (isbn)) HAVING lower(isbn) IS NOT NULL;

-- name: HavingKeepsAgg :many
SELECT author_id, genre, max(pages) AS m FROM books GROUP BY CUBE (author_id, genre) HAVING author_id > 0 AND max(pages) > 0;

-- name: HavingKeepsOr :many
SELECT author_id, genre FROM books GROUP BY CUBE (author_id, genre) HAVING author_id > 0 OR genre = 'ok';

-- name: BodyScalar :many
SELECT owner_of(1) AS a, owner_of(99) AS b, label(1) AS c, label(2, 'x') AS d, label(NULL) AS e, twice(3) AS f, twice(pages) AS g, twice_strict(4) AS h, twice_strict(pages) AS i, howmany(1) AS j, howmany(NULL) AS k, nested(id::int) AS l, nested(pages) AS m FROM books;

-- name: BodyTable :many
SELECT * FROM shelf(1);

-- name: BodyTableLeft :many
SELECT p.id, s.title, s.pages, s.named FROM people p LEFT JOIN LATERAL shelf(p.id) s ON true;

-- name: BodyKey :many
SELECT id, title, isbn FROM one_book($1);

-- name: BodyRow :many
SELECT id, title, isbn FROM one_row(99);

-- name: BodyOut :many
SELECT * FROM first_tag(), sums();

-- name: BodyOutField :many
SELECT (sums()).n AS a, (sums()).total AS b, (first_tag()).tag AS c, sums() AS d;

-- name: BodySet :many
SELECT x FROM names() AS x;

-- name: BodySetItem :many
SELECT names() AS a, names_strict(pages) AS b FROM books;

-- name: BodySetStrict :many
SELECT n FROM books, names_strict(pages) AS n;

-- name: BodyMisc :many
SELECT nothing(1) AS a, first_of(id, 2::bigint) AS b, first_of(pages, id::int) AS c, first_of(pages, pages) AS d, two_steps(1) AS e, elsewhere() AS f, label(t => 'x', n => 1) AS g, many(1, 2) AS h FROM books;

-- name: BodyWrites :one
SELECT add_tag(1, $1);

-- name: BodyOrdinality :many
SELECT t, o FROM names() WITH ORDINALITY AS x(t, o);

-- name: BodyRowsFrom :many
SELECT * FROM ROWS FROM (names(), generate_series(1, 2)) AS r(a, b);

-- name: CheckKind :many
SELECT id, r, w, h FROM shapes WHERE kind = 'circle';

-- name: CheckKindRect :many
SELECT id, r, w, h FROM shapes WHERE kind = 'rect' AND id > 0;

-- name: CheckKindOther :many
SELECT id, r, w, h FROM shapes WHERE kind = 'blob';

-- name: CheckKindTwo :many
SELECT id, r, w, h FROM shapes WHERE kind IN ('circle', 'rect');

-- name: CheckKindParam :many
SELECT id, r, w, h FROM shapes WHERE kind = $1;

-- name: CheckKindCase :many
SELECT CASE WHEN kind = 'circle' THEN r ELSE 0 END AS a, CASE kind WHEN 'rect' THEN w * h WHEN 'circle' THEN r ELSE 0 END AS b, CASE WHEN kind = 'rect' THEN r ELSE 0 END AS c FROM shapes;

-- name: CheckOneOf :many
SELECT a, b FROM shapes WHERE a IS NULL;

-- name: CheckOneOfCoalesce :many
SELECT coalesce(a, b) AS x, CASE WHEN a IS NULL THEN b ELSE a END AS y, CASE WHEN a IS NOT NULL THEN b ELSE 1 END AS z FROM shapes;

-- name: CheckImplies :many
SELECT c, d FROM shapes WHERE c IS NOT NULL;

-- name: CheckImpliesBack :many
SELECT c, d FROM shapes WHERE d IS NOT NULL;

-- name: CheckImpliesNot :many
SELECT c, d FROM shapes WHERE d IS NULL;

-- name: CheckBoth :many
SELECT e, f FROM shapes WHERE e > 0;

-- name: CheckSort :many
SELECT w, h FROM shapes WHERE sort = 'big';

-- name: CheckSortDeep :many
SELECT w, h FROM shapes WHERE sort = 'deep';

-- name: CheckSortNot :many
SELECT w, h FROM shapes WHERE sort <> 'big';

-- name: CheckSortCase :many
SELECT w, h FROM shapes WHERE sort = 'Big';

-- name: CheckOuter :many
SELECT p.id, s.a, s.b FROM people p LEFT JOIN shapes s ON s.id = p.id WHERE s.a IS NULL;

-- name: CheckOuterOn :many
SELECT p.id, s.id AS sid, s.r, s.w FROM people p LEFT JOIN shapes s ON s.id = p.id AND s.kind = 'circle' WHERE s.h IS NULL AND s.id > 0;

-- name: CheckOuterCase :many
SELECT CASE WHEN s.id IS NOT NULL AND s.a IS NULL THEN s.b ELSE 0 END AS x, CASE WHEN s.a IS NULL THEN s.b ELSE 0 END AS y FROM people p LEFT JOIN shapes s ON s.id = p.id;

-- name: CheckReturning :many
UPDATE shapes SET kind = 'rect', w = 1, h = 1 WHERE kind = 'circle' RETURNING r, CASE WHEN a IS NULL THEN b ELSE 0 END AS x;

-- name: CheckReturningOld :many
UPDATE shapes SET kind = 'none', r = NULL WHERE kind = 'circle' RETURNING r, CASE WHEN kind = 'none' THEN r ELSE 0 END AS x;

-- name: CheckDelete :many
DELETE FROM shapes WHERE kind = 'rect' RETURNING r, w;

-- name: CheckRollup :many
SELECT a, b, count(*) AS n, CASE WHEN a IS NULL THEN b ELSE 0 END AS x FROM shapes GROUP BY ROLLUP (a, b);

-- name: CheckGroup :many
SELECT a, b, CASE WHEN a IS NULL THEN b ELSE 0 END AS x FROM shapes GROUP BY a, b;

-- name: CheckHaving :many
SELECT kind, r, count(*) AS n FROM shapes GROUP BY kind, r HAVING kind = 'circle';

-- name: CheckSub :many
SELECT (SELECT s.r FROM shapes s WHERE s.kind = 'circle' LIMIT 1) AS x, EXISTS (SELECT 1 FROM shapes s WHERE s.kind = 'circle' AND s.r IS NULL) AS y;

-- name: CheckAgg :many
SELECT kind, sum(r) AS s FROM shapes WHERE kind = 'circle' GROUP BY kind;

-- name: CheckFlag :many
SELECT done_at, why, n FROM jobs WHERE done;

-- name: CheckFlagNot :many
SELECT done_at, why, n FROM jobs WHERE NOT done;

-- name: CheckFlagCase :many
SELECT CASE WHEN done THEN done_at ELSE now() END AS x, CASE WHEN done IS NOT TRUE THEN why ELSE '' END AS y FROM jobs;

-- name: CheckSum :many
SELECT x, y FROM jobs WHERE x IS NULL;

-- name: CheckSumBoth :many
SELECT x, y FROM jobs WHERE x IS NOT NULL;

-- name: CheckState :many
SELECT why, n FROM jobs WHERE state = 'failed';

-- name: CheckStateOther :many
SELECT why, n FROM jobs WHERE state = 'in_progress';

-- name: WrittenInsert :many
INSERT INTO left_t (k, a) VALUES (1, 'x') RETURNING k, a;

-- name: WrittenRows :many
INSERT INTO left_t (k, a) VALUES (1, 'x'), (2, NULL) RETURNING k, a;

-- name: WrittenParam :many
INSERT INTO left_t (k, a) VALUES ($1, upper($2)) RETURNING k, a;

-- name: WrittenCoalesce :many
INSERT INTO left_t (k, a) SELECT coalesce($1, 5), coalesce($2, p.bio) FROM people p RETURNING k, a;

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

-- name: WrittenDefaultKey :many
INSERT INTO filled (id, a, b, c) VALUES (3, DEFAULT, DEFAULT, DEFAULT) RETURNING a, b, c;

-- name: WrittenDefaultSet :many
UPDATE filled SET a = DEFAULT, b = DEFAULT RETURNING a, b;

-- name: WrittenDefaultAll :many
INSERT INTO filled DEFAULT VALUES RETURNING a, b, c;

-- name: WrittenGuarded :many
INSERT INTO quiet (id, v) VALUES (5, 'x') RETURNING v;

-- name: WrittenGuardedUpdate :many
UPDATE guarded SET note = 'x' RETURNING note;

-- name: WrittenView :many
INSERT INTO simple_tags (book_id, tag, weight) VALUES (2, 'n', 1) RETURNING weight;

-- name: WrittenPart :many
INSERT INTO logs (id, at, what) VALUES (7, '2001-01-01', 'w') RETURNING what;

-- name: WrittenElement :many
INSERT INTO people (name, nums[1], home.zip) VALUES ('n', 1, NULL) RETURNING nums, home;

-- name: WrittenElementSet :many
UPDATE people SET nums[1] = 5, home.street = 'x' RETURNING nums, home;

-- name: WrittenChild :many
UPDATE cities SET code = NULL WHERE code = 'nope' RETURNING code;

-- name: WrittenCte :many
WITH n AS (INSERT INTO left_t (k, a) VALUES (9, $1) RETURNING k, a) SELECT k, a FROM n;

-- name: WrittenUpdateParam :many
UPDATE left_t SET k = $1, a = $2 || 'x' RETURNING k, a;

-- name: ElementFirst :many
SELECT author_id, (array_agg(title ORDER BY books.id))[1] AS a, (array_agg(isbn))[1] AS b, (array_agg(title))[2] AS c, (array_agg(title) FILTER (WHERE pages > 0))[1] AS d, (array_agg(tags))[1] AS e FROM books JOIN people p ON p.id = author_id GROUP BY author_id;

-- name: ElementLiteral :many
SELECT (ARRAY['a', 'b'])[2] AS a, (ARRAY[id, pages])[1] AS b, (ARRAY['a'])[0] AS c, (ARRAY[[1, 2], [3, 4]])[1] AS d, (ARRAY[id, 5])[1] AS e, (ARRAY['a', 'b'])[id] AS f FROM books;

-- name: ElementNone :many
SELECT (array_agg(title))[1] AS a FROM books WHERE false;

-- name: HavingCount :many
SELECT max(title) AS a, (array_agg(id))[1] AS b FROM books WHERE pages > 5 HAVING count(*) > 0;

-- name: HavingCountOuter :many
SELECT p.name, (SELECT max(t.tag) FROM tags t WHERE false HAVING count(p.id) > 0) AS m FROM people p GROUP BY p.name;

-- name: HavingCountSets :many
SELECT max(title) AS a, genre FROM books WHERE pages > 500 GROUP BY ROLLUP (genre) HAVING count(*) >= 1;

-- name: JoinOneIsOne :many
SELECT p.id, s.n FROM people p LEFT JOIN (SELECT count(*) AS n FROM books) s ON 1 = 1;

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

-- name: CarryRollup :many
SELECT x.title, x.pages FROM (SELECT b.title, b.pages FROM people p LEFT JOIN books b ON b.author_id = p.id GROUP BY CUBE (b.title, b.pages)) x WHERE x.pages > 0;

-- name: CarryKey :many
SELECT x.v, x.host FROM (SELECT s.visitor AS v, v.host, v.id FROM stays s LEFT JOIN visitors v ON v.id = s.visitor) x WHERE x.id > 0;

-- name: CarryKeyBack :many
SELECT x.v, x.id FROM (SELECT s.visitor AS v, v.id FROM stays s LEFT JOIN visitors v ON v.id = s.visitor) x WHERE x.v > 0;

-- name: CarryCheck :many
SELECT x.c, x.d FROM (SELECT c, d FROM shapes) x WHERE x.c > 0;

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

-- name: HavingKey :many
SELECT author_id, min(title) AS t FROM books WHERE id < 0 OR id > 0 GROUP BY GROUPING SETS ((author_id), ()) HAVING author_id > 0;

-- name: HavingNoKey :many
SELECT author_id, min(title) AS t FROM books WHERE id < 0 GROUP BY GROUPING SETS ((author_id), ()) HAVING author_id IS NULL;

-- name: HavingConstantKey :many
SELECT d.x, max(d.y) AS y FROM (SELECT 1 AS x, 2 AS y WHERE false) d GROUP BY ROLLUP (d.x) HAVING d.x = 1;

-- name: NeverInAWindow :many
SELECT jsonb_agg(x.id) OVER () AS a, sum(count(*)) OVER () AS b, max(x.id) AS c FROM (SELECT id FROM people) x WHERE false GROUP BY ROLLUP (x.id);

-- name: HavingEvery :many
SELECT array_agg(title) AS t FROM books HAVING every(true) FILTER (WHERE pages IS NOT NULL);

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

-- name: GeneratedSays :many
SELECT id, base, derived FROM gen WHERE derived > 0;

-- name: GeneratedSaysPadded :many
SELECT p.id, g.base, g.derived, g.note FROM people p LEFT JOIN gen g ON g.id = p.id WHERE p.id > 0 OR g.derived > 0;

-- name: GeneratedSaysUpdated :many
UPDATE gen SET base = NULL WHERE derived > 0 RETURNING base, derived;

-- name: GeneratedSaysKept :many
UPDATE gen SET note = NULL WHERE derived > 0 RETURNING base, derived, note;

-- name: GeneratedSaysInserted :many
INSERT INTO gen (id, base) VALUES (90, NULL) ON CONFLICT (id) DO UPDATE SET base = excluded.derived WHERE gen.derived > 0 RETURNING base, derived;

-- name: GeneratedSaysDeleted :many
DELETE FROM gen WHERE derived > 0 RETURNING base;

-- name: BoxedRow :many
SELECT a, b, c FROM boxed;

-- name: BoxedRowTested :many
SELECT a, b, c FROM boxed WHERE at IS NOT NULL;

-- name: BoxedRowNull :many
SELECT a, b, c FROM boxed WHERE at IS NULL;

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

-- name: UnnestedElements :many
SELECT p.id, a.v, b.v AS w, c.v AS x, d.v AS y FROM people p LEFT JOIN unnest(ARRAY[1, 2]) a (v) ON true LEFT JOIN unnest('{}'::int[]) b (v) ON true
  LEFT JOIN unnest(ARRAY[]::int[]) c (v) ON true LEFT JOIN unnest(ARRAY[p.nums]) d (v) ON true;

-- name: UnnestedElementsOfGroups :many
SELECT (SELECT min(v) FROM unnest(array_agg(b.id)) v) AS a, (SELECT min(v) FROM unnest(array_agg(b.id) FILTER (WHERE b.pages > 1000000)) v) AS b,
  (SELECT max(v) FROM unnest(ARRAY[b.author_id, NULL]) v) AS c, (SELECT count(*) FROM unnest(ARRAY[b.author_id]) v WHERE v < 0) AS d,
  (SELECT max(v) FROM unnest(ARRAY[b.author_id]) v WHERE v < 0) AS e, (SELECT max(v) FROM unnest(ARRAY[b.author_id]) v) AS f FROM books b GROUP BY b.author_id;
