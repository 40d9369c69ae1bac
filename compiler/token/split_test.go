package token

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

func split(text string, d Dialect, mode Mode) ([]*Statement, diag.List) {
	return Split(source.NewFile("q.sql", text), d, mode)
}

// reported writes diagnostics as line:column code message | inline | help.
func reported(ds diag.List) []string {
	var out []string
	for _, d := range ds {
		p := d.Span.Position()
		s := fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, d.Code.ID, d.Message)
		if d.Inline != "" {
			s += " | " + d.Inline
		}
		for _, h := range d.Help {
			s += " | " + h
		}
		out = append(out, s)
	}
	return out
}

func TestSemicolonsEndStatementsExceptInsideBodies(t *testing.T) {
	for _, c := range []struct {
		d    Dialect
		in   string
		want []string
	}{
		{PostgreSQL, "a; b ;; c", []string{"a", "b", "c"}},
		{PostgreSQL, "-- x\na /* ; */ b; -- y", []string{"a /* ; */ b"}},
		{PostgreSQL, "f(';;', $$;$$, \";\"); (a; b);", []string{"f(';;', $$;$$, \";\")", "(a", "b)"}},
		{PostgreSQL, "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN 1=1 THEN 2 END; SELECT 3; END; SELECT 4;",
			[]string{"CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN 1=1 THEN 2 END; SELECT 3; END", "SELECT 4"}},
		{PostgreSQL, "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1; BEGIN; SELECT 1; END; COMMIT;",
			[]string{"CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1", "BEGIN", "SELECT 1", "END", "COMMIT"}},
		{PostgreSQL, "CREATE RULE r AS ON INSERT TO t DO INSTEAD (DELETE FROM a; DELETE FROM b); SELECT 1",
			[]string{"CREATE RULE r AS ON INSERT TO t DO INSTEAD (DELETE FROM a; DELETE FROM b)", "SELECT 1"}},
		{PostgreSQL, "\\restrict abc\nSET x = 1;\n\\connect db\nCOPY t FROM stdin;\n1;2\n\\.\n\nSELECT 1;", []string{"SET x = 1", "COPY t FROM stdin", "SELECT 1"}},
		{SQLite, "CREATE TRIGGER x AFTER UPDATE ON t WHEN CASE WHEN 1 THEN 1 END BEGIN UPDATE t SET a = CASE WHEN NEW.end THEN 1 ELSE 2 END; DELETE FROM t; END; SELECT 1;",
			[]string{"CREATE TRIGGER x AFTER UPDATE ON t WHEN CASE WHEN 1 THEN 1 END BEGIN UPDATE t SET a = CASE WHEN NEW.end THEN 1 ELSE 2 END; DELETE FROM t; END", "SELECT 1"}},
		{SQLite, "CREATE TEMP TRIGGER IF NOT EXISTS x BEFORE DELETE ON t BEGIN SELECT 1; END; BEGIN TRANSACTION; END;",
			[]string{"CREATE TEMP TRIGGER IF NOT EXISTS x BEFORE DELETE ON t BEGIN SELECT 1; END", "BEGIN TRANSACTION", "END"}},
		{SQLite, "CREATE TABLE begin (a); SELECT 1;", []string{"CREATE TABLE begin (a)", "SELECT 1"}},
		{MySQL, "CREATE DEFINER=`a`@`%` PROCEDURE p(IN x int) l: BEGIN DECLARE y int; IF x THEN SET y = IF(x, 1, 2); END IF; WHILE 1 DO CASE x WHEN 1 THEN SELECT 1; END CASE; END WHILE; END l; SELECT 2;",
			[]string{"CREATE DEFINER=`a`@`%` PROCEDURE p(IN x int) l: BEGIN DECLARE y int; IF x THEN SET y = IF(x, 1, 2); END IF; WHILE 1 DO CASE x WHEN 1 THEN SELECT 1; END CASE; END WHILE; END l", "SELECT 2"}},
		{MySQL, "DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nDELIMITER ;\nSELECT 1; SELECT 2",
			[]string{"CREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", "CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT 1", "SELECT 2"}},
		{MySQL, "/*!40101 SET NAMES utf8 */;\n/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t AFTER INSERT ON t FOR EACH ROW BEGIN SELECT 1; END */;\nSELECT 1;",
			[]string{"/*!40101 SET NAMES utf8 */", "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t AFTER INSERT ON t FOR EACH ROW BEGIN SELECT 1; END */", "SELECT 1"}},
		{MySQL, "CREATE TABLE t (a int); BEGIN; COMMIT;", []string{"CREATE TABLE t (a int)", "BEGIN", "COMMIT"}},
	} {
		statements, diags := split(c.in, c.d, Schema)
		var got []string
		for _, s := range statements {
			got = append(got, s.Text)
			checkStatement(t, s)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s\n got %q\nwant %q", c.in, got, c.want)
		}
		if len(diags) > 0 {
			t.Errorf("%s: %v", c.in, reported(diags))
		}
	}
}

func TestHeadersNameTheStatementThatFollows(t *testing.T) {
	const text = `-- lead
-- @sqlc-vet-disable a b
/* name: A :many */
-- doc of A
SELECT 1; -- the rest of the line
-- name: B :exec
-- strict: true
-- @param id the id
SELECT 2;
CREATE TABLE t (i int);
  -- name: C   :one key=value
SELECT 3;
-- name:D:one
--name: E :one
SELECT 4`
	statements, diags := split(text, PostgreSQL, Queries)
	type header struct {
		name, command, span string
		comments            []string
		flags               map[string]string
	}
	want := []header{
		{"A", "many", "/* name: A :many */", []string{" lead", " @sqlc-vet-disable a b", " doc of A"}, map[string]string{"sqlc-vet-disable": "a b"}},
		{"B", "exec", "-- name: B :exec", []string{" the rest of the line", " strict: true", " @param id the id"}, map[string]string{"strict": "true", "param id": "the id"}},
	}
	for i, w := range want {
		h := statements[i].Header
		got := header{h.Name, h.Command, h.Span.Text(), h.Comments, h.Flags}
		if fmt.Sprint(got) != fmt.Sprint(w) {
			t.Errorf("header %d:\n got %v\nwant %v", i, got, w)
		}
		if h.NameSpan.Text() != w.name || h.CommandSpan.Text() != ":"+w.command {
			t.Errorf("spans of %s are %q and %q", w.name, h.NameSpan.Text(), h.CommandSpan.Text())
		}
	}
	if len(statements) != 2 {
		t.Errorf("%d statements", len(statements))
	}
	// An indented header is no header for sqlc; it must not vanish without a word.
	if got := reported(diags); len(got) != 2 || !strings.HasPrefix(got[0], "12:1 CV0102") || !strings.HasPrefix(got[1], "13:9 CV0101") {
		t.Errorf("diagnostics: %q", got)
	}
	if len(diags) > 0 && (len(diags[0].Labels) != 1 || diags[0].Labels[0].Span.Text() != "-- name: C   :one key=value") {
		t.Errorf("labels: %v", diags[0].Labels)
	}
}

func TestProblemsOfAQueryFileAreReportedWhereTheyAre(t *testing.T) {
	allowed := "allowed are :one, :maybe, :many, :iter, :exec, :execrows, :execresult, :execlastid, :batchexec, :batchmany, :batchone, :copyfrom, :bulkinsert"
	for _, c := range []struct {
		d    Dialect
		in   string
		want []string
	}{
		{PostgreSQL, "-- name: A\nSELECT 1;", []string{"1:10 CV0101 query A has no command | " + allowed}},
		{PostgreSQL, "-- name: A :mnay\nSELECT 1;", []string{`1:12 CV0101 ":mnay" is not a command | did you mean :many? | ` + allowed}},
		{PostgreSQL, "-- name: A one\nSELECT 1;", []string{`1:12 CV0101 "one" is not a command | did you mean :one? | ` + allowed}},
		{PostgreSQL, "-- name: :one\nSELECT 1;", []string{`1:10 CV0101 the header has no query name before :one | a header reads "-- name: GetAuthor :one"`}},
		{PostgreSQL, "-- name:\nSELECT 1;", []string{`1:1 CV0101 the header has no query name | a header reads "-- name: GetAuthor :one"`}},
		{PostgreSQL, "-- name: 1A :one\nSELECT 1;", []string{`1:10 CV0101 "1A" is not a query name | a letter, then letters, digits and underscores`}},
		{PostgreSQL, "-- name: A :one\n;\n-- name: B :one\nSELECT 1;", []string{"1:1 CV0101 query A has no statement | no SQL follows before the next semicolon or the end of the file"}},
		{PostgreSQL, "-- name: A :one\n-- name: B :one\nSELECT 1;", []string{"1:1 CV0101 query A has no statement"}},
		{PostgreSQL, "-- name: A :one\nSELECT 1\n\n-- name: B :one\nSELECT 2;", []string{"2:8 CV1005 a semicolon is missing at the end of the query | the query ends here, the next header follows"}},
		{PostgreSQL, "SELECT 1;\nCREATE TABLE t (i int);\n/* x */ WITH a AS (SELECT 1) SELECT 2", []string{
			`1:1 CV0102 this statement has no header and is left out | put a line such as "-- name: GetAuthor :one" before it`,
			`3:9 CV0102 this statement has no header and is left out | put a line such as "-- name: GetAuthor :one" before it`}},
		{PostgreSQL, "-- name: A :one\nSELECT 'x;\n\n-- name: B :one\nSELECT 2;", []string{"2:8 CV1002 a string is not closed by '"}},
		{PostgreSQL, "-- name: A :one\nSELECT 1 /* x", []string{"2:10 CV1002 a comment is not closed by */"}},
		{PostgreSQL, "-- name: A :one\nSELECT \\ 1;", []string{`2:8 CV1001 no token starts with \`}},
		{PostgreSQL, "-- name: A :one\nSELECT sqlc.agr(x), sqlc.arg(), sqlc.arg(a, b), sqlc.arg(t.a), sqlc.narg(1), sqlc.embed(f()), sqlc.embed();", []string{
			"2:8 CV0104 there is no macro sqlc.agr | did you mean sqlc.arg? | the macros are sqlc.arg, sqlc.embed, sqlc.narg, sqlc.slice",
			"2:21 CV0104 sqlc.arg needs a name: sqlc.arg(user_id)",
			"2:33 CV0104 sqlc.arg takes a name: sqlc.arg(user_id) | more than a name",
			"2:49 CV0104 sqlc.arg takes a name: sqlc.arg(user_id) | more than a name",
			"2:64 CV0104 sqlc.narg takes a name: sqlc.narg(user_id) | not a name",
			"2:78 CV0104 sqlc.embed takes a table: sqlc.embed(users) | not a table's name",
			"2:95 CV0104 sqlc.embed needs a table: sqlc.embed(users)"}},
		{PostgreSQL, "-- name: A :one\nSELECT sqlc.arg(x;", []string{"2:8 CV0104 the parenthesis of sqlc.arg is not closed"}},
		{PostgreSQL, "-- name: A :one\nSELECT $1, $3;", []string{"2:12 CV2501 the query has $3 but no $2 | parameters are numbered without gaps"}},
		{PostgreSQL, "-- name: A :one\nSELECT $0;", []string{"2:8 CV1001 there is no parameter $0 | parameters count from 1 to 65535"}},
		{SQLite, "-- name: A :one\nSELECT ?, ?1;", []string{"2:11 CV0105 a query can not mix numbered parameters (?1) and plain ones (?) | write all parameters of the query in one way"}},
		{PostgreSQL, "-- name: A :one\nSELECT " + strings.Repeat("(", MaxNesting+500) + "1" + strings.Repeat(")", MaxNesting+500) + ";", []string{"2:1008 CV1003 parentheses are nested more than 1000 deep"}},
	} {
		_, diags := split(c.in, c.d, Queries)
		if got := reported(diags); !slices.Equal(got, c.want) {
			t.Errorf("%.200s\n got %q\nwant %q", c.in, got, c.want)
		}
		for _, d := range diags {
			if d.Span.Len() == 0 {
				t.Errorf("%.200s: an empty span: %v", c.in, d)
			}
		}
	}
}

func TestAMissingSemicolonIsBlamedOnItsQueryAndBothAreRead(t *testing.T) {
	statements, diags := split("-- name: A :one\nSELECT 1 -- one\n\n-- name: B :one\nSELECT 2;", PostgreSQL, Queries)
	if len(diags) != 1 || diags[0].Query != "A" || diags[0].Fixes[0].Edits[0].New != ";" {
		t.Fatalf("diagnostics: %v", diags)
	}
	if len(statements) != 2 || statements[0].Text != "SELECT 1" || statements[1].Text != "SELECT 2" || statements[1].Header.Name != "B" {
		t.Fatalf("statements: %v", statements)
	}
	if got := statements[0].Final(nil); got != "SELECT 1 -- one" {
		t.Errorf("A is sent as %q", got)
	}
}

// The expected texts, apart from the numbers, are what sqlc 1.31.1 writes for these files.
func TestFinalIsWhatSqlcSends(t *testing.T) {
	for _, c := range []struct {
		d        Dialect
		in       string
		text     string // Text, where it differs from Final
		final    string
		args     string // Placeholders
		comments []string
	}{
		{d: PostgreSQL, in: `-- name: A :many
-- doc one
 -- indented before
/* block one */
/* multi
line */
SELECT a, -- after a
-- column zero inside
  -- indented inside
  b FROM t /* x */
WHERE a = @p AND b = sqlc.arg('q') AND c > @r::int
LIMIT sqlc.arg(lim) OFFSET @off -- trailing
-- trailing zero
; -- next
`, final: ` -- indented before
/* multi
line */
SELECT a, -- after a
  -- indented inside
  b FROM t /* x */
WHERE a = $1 AND b = $2 AND c > $3::int
LIMIT $4 OFFSET $5 -- trailing`, args: "[1 2 3 4 5]",
			text: `SELECT a, -- after a
-- column zero inside
  -- indented inside
  b FROM t /* x */
WHERE a = $1 AND b = $2 AND c > $3::int
LIMIT $4 OFFSET $5`,
			comments: []string{" doc one", " block one ", " column zero inside", " trailing zero"}},
		{d: PostgreSQL, in: "-- name: A :one\n\nSELECT 1\n\n;", final: "\nSELECT 1", text: "SELECT 1", args: "[]"},
		{d: PostgreSQL, in: "-- name: A :one\r\nSELECT 'a\r\nb',\r\n-- doc\r\n  1;\r\n", final: "SELECT 'a\r\nb',\n  1",
			text: "SELECT 'a\r\nb',\r\n-- doc\r\n  1", args: "[]", comments: []string{" doc"}},
		{d: PostgreSQL, in: "-- name: A :exec\nUPDATE t SET b = 'it''s\n-- in a string\n' WHERE id = SQLC.ARG( y ) AND @a < sqlc . narg ( \"Z\" );",
			final: "UPDATE t SET b = 'it''s\n-- in a string\n' WHERE id = $1 AND $2 < $3", args: "[1 2 3]"},
		{d: PostgreSQL, in: "-- name: A :one\nSELECT sqlc.embed(a), sqlc.embed(\"B\"), sqlc.embed(s.c) FROM a WHERE x = ANY(sqlc.slice(x)) AND y @> @x AND z ? 'k' AND q = '$1 @x ?';",
			final: "SELECT a.*, \"B\".*, s.c.* FROM a WHERE x = ANY($1) AND y @> $1 AND z ? 'k' AND q = '$1 @x ?'", args: "[1 1]"},
		{d: PostgreSQL, in: "-- name: A :one\nSELECT $2, @a, $1, @b, @a;", final: "SELECT $2, $3, $1, $4, $3", args: "[2 3 1 4 3]"},
		{d: SQLite, in: "-- name: A :one\nSELECT @a, :b, $c, sqlc.arg(a), sqlc.narg('d');", final: "SELECT ?1, ?2, ?3, ?1, ?4", args: "[1 2 3 1 4]"},
		{d: SQLite, in: "-- name: A :one\nSELECT ?, ?, ?;", final: "SELECT ?, ?, ?", text: "SELECT ?1, ?2, ?3", args: "[1 2 3]"},
		{d: SQLite, in: "-- name: A :one\nSELECT ?2, ?1, ?2;", final: "SELECT ?2, ?1, ?2", args: "[2 1 2]"},
		// In an upsert a number may mean a name: it keeps none from taking it.
		{d: SQLite, in: "-- name: A :one\nINSERT INTO t VALUES (@a, @b) ON CONFLICT (a) DO UPDATE SET b = ?2 RETURNING ?3;",
			final: "INSERT INTO t VALUES (?1, ?2) ON CONFLICT (a) DO UPDATE SET b = ?2 RETURNING ?3", args: "[1 2 2 3]"},
		// With a slice sqlc writes ?2 here, which then points into the list.
		{d: SQLite, in: "-- name: A :one\nSELECT @a WHERE x IN (sqlc.slice(ids)) AND y = @b AND z = @a;",
			final: "SELECT ? WHERE x IN (/*SLICE:ids*/?) AND y = ? AND z = ?", text: "SELECT ?1 WHERE x IN (?2) AND y = ?3 AND z = ?1", args: "[1 2 3 1]"},
		{d: MySQL, in: "# name: A :one\n# doc\nSELECT @v, @@x, sqlc.arg(a), ?, sqlc.slice(`ids`), sqlc.arg('a'), sqlc.arg(\"B\") # keep\n;",
			final: "SELECT @v, @@x, ?, ?, /*SLICE:ids*/?, ?, ? # keep", text: "SELECT @v, @@x, ?, ?, ?, ?, ?", args: "[1 2 3 1 4]", comments: []string{" doc"}},
	} {
		statements, diags := split(c.in, c.d, Queries)
		if len(statements) != 1 || len(diags) > 0 {
			t.Errorf("%s: %d statements, %q", c.in, len(statements), reported(diags))
			continue
		}
		s := statements[0]
		if c.text == "" {
			c.text = c.final
		}
		if s.Text != c.text {
			t.Errorf("%s\nText\n got %q\nwant %q", c.in, s.Text, c.text)
		}
		if got := s.Final(nil); got != c.final {
			t.Errorf("%s\nFinal\n got %q\nwant %q", c.in, got, c.final)
		}
		if got := fmt.Sprint(s.Placeholders()); got != c.args {
			t.Errorf("%s: placeholders %s, want %s", c.in, got, c.args)
		}
		if !slices.Equal(s.Header.Comments, c.comments) {
			t.Errorf("%s: comments %q, want %q", c.in, s.Header.Comments, c.comments)
		}
		checkStatement(t, s)
	}
}

func TestParametersKeepTheNameThatTheEngineGivesThem(t *testing.T) {
	for _, c := range []struct {
		d    Dialect
		in   string
		want string
	}{
		{PostgreSQL, `@UserID, @"UserID", sqlc.arg(FooBar), sqlc.narg('OrgID'), sqlc.slice("It""s"), $6`,
			`userid:1 UserID:1 foobar:1 OrgID:2 It"s:3 :0`},
		{SQLite, `@UserID, :FooX, $Zoo, sqlc.arg(FooBar), sqlc.arg('OrgID')`, `UserID:1 FooX:1 Zoo:1 foobar:1 OrgID:1`},
		{MySQL, "sqlc.arg(FooBar), sqlc.slice(`Ids`), sqlc.arg('OrgID'), ?", `foobar:1 Ids:3 OrgID:1 :0`},
	} {
		statements, diags := split("-- name: A :one\nSELECT "+c.in, c.d, Queries)
		if len(statements) != 1 {
			t.Errorf("%s: %q", c.in, reported(diags))
			continue
		}
		var got []string
		for _, p := range statements[0].Params {
			got = append(got, fmt.Sprintf("%s:%d", p.Name, p.Kind))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, s, c.want)
		}
	}
}

func TestFinalAppliesEditsBesidePlaceholders(t *testing.T) {
	statements, _ := split("-- name: A :one\nSELECT *,\n-- doc\n sqlc.embed(u), @a FROM t", PostgreSQL, Queries)
	s := statements[0]
	star := int32(strings.Index(s.Text, "*,"))
	embed := s.Embeds[0]
	got := s.Final([]Edit{{embed.Start, embed.End, "u.id, u.name"}, {star, star + 1, "id, name"}})
	if want := "SELECT id, name,\n u.id, u.name, $1 FROM t"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRenumberKeepsWhatTheUserNumbered(t *testing.T) {
	statements, _ := split("-- name: A :one\nWITH x AS (SELECT @a) SELECT $2, @b LIMIT @c OFFSET @d, @a", PostgreSQL, Queries)
	s := statements[0]
	s.Renumber([]int{2, 4, 3})
	if got, want := s.Final(nil), "WITH x AS (SELECT $5) SELECT $2, $1 LIMIT $4 OFFSET $3, $5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDeepNestingIsAnErrorOfItsStatementAlone(t *testing.T) {
	deep := "SELECT " + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000)
	statements, diags := split(deep+";SELECT 2;", SQLite, Schema)
	if len(statements) != 1 || len(diags) != 1 || diags[0].Code != diag.TooDeep {
		t.Errorf("%d statements, %d diagnostics", len(statements), len(diags))
	}
}

func FuzzSplitIsTotalAndMapsBack(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for d := PostgreSQL; d <= SQLite; d++ {
			for _, mode := range []Mode{Schema, Queries} {
				statements, diags := split(text, d, mode)
				at := int32(0)
				for _, s := range statements {
					if s.Raw.Start < at || s.Span.Start < s.Raw.Start || s.Span.Len() == 0 || len(s.Tokens) == 0 {
						t.Fatalf("%d: statement %q at %v behind %d", d, s.Text, s.Span, at)
					}
					at = s.Span.End
					if (s.Header == nil) != (mode == Schema) {
						t.Fatalf("%d: header %v in mode %d", d, s.Header, mode)
					}
					checkStatement(t, s)
					s.Final(nil)
				}
				for _, d := range diags {
					if d.Span.Len() == 0 {
						t.Fatalf("an empty span: %v", d)
					}
				}
			}
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	var text strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&text, "-- name: GetAuthor%d :many\n-- GetAuthor%d returns authors.\nSELECT a.id, a.name, b.title FROM authors AS a JOIN books b ON b.author_id = a.id\nWHERE a.id = $1 AND b.title LIKE '%%x%%' -- all\nORDER BY a.name LIMIT $2;\n\n", i, i)
	}
	f := source.NewFile("q.sql", text.String())
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		statements, _ := Split(f, PostgreSQL, Queries)
		if len(statements) != 10000 {
			b.Fatal(len(statements))
		}
	}
}

func BenchmarkLex(b *testing.B) {
	text := strings.Repeat("INSERT INTO t (a, b, c) VALUES (1, 'it''s text', 2.5), (2, 'more text of some length', NULL);\n", 20000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Lex(text, PostgreSQL)
	}
}
