package sem_test

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/sem"
)

// shape is what is known of JSON, in short: {key: type}, [element], <values of a map>; ? may be null, and what is not
// known is its reason.
func shape(j *sem.JSON) string {
	s := ""
	switch j.Kind {
	case sem.JSONOpen:
		s = "(" + j.Why + ")"
	case sem.JSONValue:
		s = j.Type.String()
	case sem.JSONObject:
		var parts []string
		for _, p := range j.Parts {
			parts = append(parts, p.Key+": "+shape(p))
		}
		s = "{" + strings.Join(parts, ", ") + "}"
	default:
		b := "[]"
		if j.Kind == sem.JSONMap {
			b = "<>"
		}
		for _, p := range j.Parts {
			s += shape(p)
		}
		s = b[:1] + s + b[1:]
	}
	if !j.Null.IsNever() {
		s += "?"
	}
	return s
}

// What JSON is built of is known where the query writes it down, and not guessed elsewhere.
func TestJSONIsKnownByWhatBuildsIt(t *testing.T) {
	for _, c := range []struct{ engine, sql, want string }{
		{"postgresql", "SELECT json_agg(b) FROM books b", "[{id: int4, title: text, price: numeric?, doc: (it is JSON that no call here builds)?}]"},
		{"postgresql", "SELECT json_agg(b.id) FROM authors a LEFT JOIN books b ON b.id = a.id", "[int4?]"},
		{"postgresql", "SELECT json_agg(b.id) FILTER (WHERE b.id IS NOT NULL) FROM authors a LEFT JOIN books b ON b.id = a.id", "[int4]"},
		{"postgresql", "SELECT json_agg(b) FILTER (WHERE b.id IS NOT NULL) FROM authors a LEFT JOIN books b ON b.id = a.id", "[{id: int4, title: text, price: numeric?, doc: (it is JSON that no call here builds)?}]"},
		{"postgresql", "SELECT json_agg(j) FROM authors a LEFT JOIN (books b JOIN authors c ON true) AS j ON false", "[(the key id is there twice)?]"},
		{"postgresql", "SELECT json_build_object('a', (SELECT json_build_object('b', id) FROM books LIMIT 1)) ", "{a: {b: int4}?}"},
		{"postgresql", "SELECT CASE WHEN id > 1 THEN json_build_object('a', id) ELSE json_build_object('a', price) END FROM books", "{a: (it is of one shape or another)?}"},
		{"postgresql", "SELECT CASE WHEN id > 1 THEN json_build_object('a', id) ELSE json_build_object('b', id) END FROM books", "(it is of one shape or another)?"},
		{"postgresql", "SELECT json_build_object('a', 1) UNION ALL SELECT NULL", ""},
		{"postgresql", "SELECT json_build_object('a', id) AS x FROM books UNION ALL SELECT json_build_object('a', nullif(id, 1)) FROM books", "{a: int4?}"},
		{"postgresql", "SELECT json_build_object(title, 1) FROM books", "(this key is not written as a text)?"},
		{"postgresql", "SELECT json_build_object('abc'::text, 1)", "{abc: int4}"},
		{"postgresql", "SELECT json_build_object('abc'::varchar(2), 1)", "(this key is not written as a text)?"},
		{"postgresql", "SELECT json_agg(r) FROM (VALUES (1), (NULL)) AS r (n)", "[{n: int4?}]"},
		{"postgresql", "SELECT json_agg(r) FROM (SELECT id FROM books) AS r", "[{id: int4}]"},
		{"postgresql", "WITH r AS (SELECT id FROM books) SELECT json_agg(r) FROM r", "[{id: int4}]"},
		{"postgresql", "SELECT json_agg(r) FROM authors a LEFT JOIN (SELECT id FROM books) AS r ON true", "[{id: int4?}?]"},
		{"postgresql", "SELECT json_agg(r) FROM json_to_recordset('[]') AS r (a int)", "[{a: int4?}]"},
		{"postgresql", "SELECT json_agg(r) FROM generate_series(1, 2) AS r (a)", "[int4]"},
		{"sqlite", "SELECT json_object('x', (SELECT json_object('a', id) FROM books LIMIT 1))", "{x: {a: INTEGER}?}"},
		{"sqlite", "SELECT json_object('x', (SELECT json_object('a', id) FROM books ORDER BY title LIMIT 1))", "{x: (outside of the call that built it the engine takes JSON for a text)?}"},
		{"sqlite", "SELECT json_object('x', (SELECT DISTINCT json_object('a', id) FROM books))", "{x: (outside of the call that built it the engine takes JSON for a text)?}"},
		{"sqlite", "SELECT json_object('x', (SELECT json_object('a', id) FROM books GROUP BY id))", "{x: (outside of the call that built it the engine takes JSON for a text)?}"},
		{"sqlite", "SELECT json_object('x', (SELECT json_object('a', id) FROM books UNION SELECT json_object('a', 2)))", "{x: (outside of the call that built it the engine takes JSON for a text)}"},
		{"sqlite", "SELECT json_object('x', (SELECT json_group_array(id) FROM books))", "{x: [INTEGER]}"},
		{"postgresql", "SELECT json_build_object('a', 1, 'a', 2)", "(the key a is there twice)?"},
		{"postgresql", "SELECT json_build_object(VARIADIC ARRAY['a', 'b'])", "(its arguments are not written one by one)?"},
		{"postgresql", "SELECT json_build_object('a', generate_series(1, 2), 'b', 1)", "(a function of several rows is in it)?"},
		{"postgresql", "SELECT to_jsonb(x) FROM (SELECT id, title FROM books) x", "{id: int4, title: text}"},
		{"postgresql", "WITH RECURSIVE r AS (SELECT 1 AS n, json_build_object('a', 1) AS j UNION ALL SELECT n + 1, json_build_object('a', NULL::int) FROM r WHERE n < 3) SELECT j FROM r", ""},
		{"postgresql", "SELECT json_agg(DISTINCT title)::text FROM books", ""},
		{"postgresql", "SELECT coalesce(json_agg(id), '[1]') FROM books", ""},
		{"postgresql", "SELECT coalesce(jsonb_agg(id), '[ ]'::jsonb) FROM books", "[int4]"},
		{"postgresql", "SELECT jsonb_object_agg(title, price) FROM books", "<numeric?>"},
		{"postgresql", "SELECT json_build_object('a', sum(id)) FROM books GROUP BY ROLLUP (title)", "{a: int8?}"},
		{"postgresql", "SELECT json_build_object('a', title) FROM books GROUP BY ROLLUP (title)", "{a: text?}"},
		{"mysql", "SELECT json_arrayagg(json_object('id', b.id)) FROM authors a LEFT JOIN books b ON b.id = a.id", "[{id: int?}]"},
		{"mysql", "SELECT json_object('a', coalesce(json_arrayagg(id), '[]')) FROM books", "{a: (outside of the call that built it the engine takes JSON for a text)}"},
		{"mysql", "SELECT json_object('t', title, 'n', count(*)) FROM books GROUP BY title WITH ROLLUP", "{t: varchar?, n: bigint}"},
		{"sqlite", "SELECT json_group_array(json_extract(doc, '$.a')) FROM books", "[(it is JSON that no call here builds)?]"},
		{"sqlite", "SELECT json_object('a', coalesce(doc -> 'b', title)) FROM books", "{a: (it may be JSON or a text)}"},
		{"sqlite", "SELECT json_object('a', x.j) FROM (SELECT json_object('b', 1) AS j) x", "{a: (outside of the call that built it the engine takes JSON for a text)}"},
		{"sqlite", "SELECT json_object('a', x.j) FROM (SELECT upper(json_set('{}', '$.a', 1)) AS j) x", "{a: (outside of the call that built it the engine takes JSON for a text)}"},
		{"sqlite", "SELECT json_object('a', json(x.j)) FROM (SELECT json_object('b', 1) AS j) x", "{a: {b: INTEGER}}"},
	} {
		schema := map[string]string{
			"postgresql": "CREATE TABLE books (id int PRIMARY KEY, title text NOT NULL, price numeric, doc jsonb); CREATE TABLE authors (id int PRIMARY KEY);",
			"mysql":      "CREATE TABLE books (id int PRIMARY KEY, title varchar(9) NOT NULL, price decimal, doc json); CREATE TABLE authors (id int PRIMARY KEY);",
			"sqlite":     "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL, price REAL, doc TEXT); CREATE TABLE authors (id INTEGER PRIMARY KEY);",
		}[c.engine]
		q, diags := compile(t, catalog.Engine(c.engine), schema, "-- name: Q :many\n"+c.sql+";")
		if diags.HasErrors() {
			t.Errorf("%s\n%v", c.sql, diags)
			continue
		}
		got := ""
		if j := q.Columns[0].JSON; j != nil {
			got = strings.TrimSuffix(shape(j), "?")
		}
		if want := strings.TrimSuffix(c.want, "?"); got != want {
			t.Errorf("%s\n got %s\nwant %s", c.sql, got, want)
		}
	}
}
