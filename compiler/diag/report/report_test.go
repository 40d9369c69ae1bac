package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

var update = flag.Bool("update", false, "write the goldens")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s:\n got\n%s\nwant\n%s", name, got, want)
	}
}

// at is the span of the nth occurrence of text, from 0.
func at(f *source.File, text string, nth int) source.Span {
	from := 0
	for range nth {
		from += strings.Index(f.Text[from:], text) + 1
	}
	from += strings.Index(f.Text[from:], text)
	return f.Span(from, from+len(text))
}

// sample has every form that a diagnostic takes.
func sample() diag.List {
	schema := source.NewFile("schema/001_author.sql", "CREATE TABLE author (id bigint primary key, name text not null);\n")
	query := source.NewFile("queries/author.sql", `-- name: GetAuthor :one
SELECT id, name
FROM author WHERE id = $1;
-- name: Other :mnay
SELECT naem FROM author;
	SELECT	'日本語', é, 🙂, e`+"\u0301"+`, bad FROM author;
SELECT a.id,
  b.id
FROM author a, author b;

SELECT id FROM author
  WHERE name = (SELECT 1, 2
    FROM author
  ) AND id = 4;
`)
	long := source.NewFile("long.sql", "SELECT '"+strings.Repeat("x", 300)+"', wrong, '"+strings.Repeat("y", 300)+"';\r\nSELECT 2;")
	hundred := source.NewFile("hundred.sql", strings.Repeat("\n", 99)+"SELECT one, two FROM t")
	broken := source.NewFile("latin1.sql", "-- caf\xe9\x1b[31m\x00\n")
	insertion := at(query, "author a", 0)
	return diag.List{
		diag.New(diag.UnknownColumn, at(query, "naem", 0), `no column "naem" in table "author"`).
			WithInline("not a column of author").
			WithLabel(at(schema, "author", 0), "author has: id, name").
			WithHelp(`did you mean "name"?`),
		{Code: diag.HeaderInvalid, Severity: diag.Error, Span: at(query, ":mnay", 0), Query: "Other", Message: `":mnay" is not a command`,
			Help:  []string{"did you mean :many?", "allowed are :one, :many"},
			Fixes: []diag.Fix{{Title: "write :many", Safe: true, Edits: []diag.Edit{{Span: at(query, ":mnay", 0), New: ":many"}}}}},
		diag.New(diag.UnknownColumn, at(query, "bad", 0), "tabs and wide characters take their columns"),
		diag.New(diag.AmbiguousColumn, at(query, "id", 3), "labels of one file, in the order of its lines").
			WithInline("which one?").
			WithLabel(at(query, "author a", 0), "this one").
			WithLabel(at(query, "author b", 0), "or this one"),
		diag.New(diag.WrongArity, query.Span(int(at(query, "(SELECT 1", 0).Start), int(at(query, ") AND", 0).End)-4), "a span of several lines").
			WithInline("two columns"),
		diag.New(diag.UntypedParam, query.Span(int(insertion.Start), int(insertion.Start)), "an empty span has one caret").
			WithFix(diag.Fix{Title: "two edits on one line", Edits: []diag.Edit{
				{Span: query.Span(int(insertion.Start), int(insertion.Start)), New: "public."},
				{Span: at(query, "author b", 0), New: "writer b"},
			}}),
		diag.New(diag.UnknownColumn, at(long, "wrong", 0), "a long line is cut around the place"),
		diag.New(diag.UnknownColumn, at(long, "yyyy", 0), "and at its end").WithLabel(at(long, "xxxx", 0), "the beginning"),
		diag.New(diag.AmbiguousColumn, at(hundred, "two", 0), "line numbers are aligned").WithLabel(at(query, "id", 0), "line 2"),
		diag.New(diag.FileNotText, at(broken, "\xe9", 0), "control characters are shown as signs: \x1b[31m\nand lines are joined"),
		diag.New(diag.FileUnreadable, source.NewFile("gone.sql", "").Span(0, 0), "100%% gone: no such file, sadly"),
		{Code: diag.NotModelled, Severity: diag.Note, Span: at(query, "SELECT 1", 0), Message: "a note"},
	}
}

func TestTextShowsTheSourceUnderEachFinding(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, sample(), Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.txt", b.String())
	if strings.ContainsAny(b.String(), "\x1b\x00\r") {
		t.Error("control characters of the source reached the terminal")
	}
}

// The form is that which the architecture draws.
func TestTextIsDrawnAsTheArchitectureSays(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, sample()[:1], Options{}); err != nil {
		t.Fatal(err)
	}
	const want = `error[CV2101]: no column "naem" in table "author"
  --> queries/author.sql:5:8
   |
 5 | SELECT naem FROM author;
   |        ^^^^ not a column of author
   ::: schema/001_author.sql:1:14
 1 | CREATE TABLE author (id bigint primary key, name text not null);
   |              ------ author has: id, name
  help: did you mean "name"?

1 error
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestColorsOnlyWrapTheText(t *testing.T) {
	var plain, colored bytes.Buffer
	if err := Text(&plain, sample(), Options{}); err != nil {
		t.Fatal(err)
	}
	if err := Text(&colored, sample(), Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	stripped := colored.String()
	for _, c := range []string{red, yellow, cyan, blue, green, bold, "0"} {
		stripped = strings.ReplaceAll(stripped, "\x1b["+c+"m", "")
	}
	if stripped != plain.String() {
		t.Error("the coloured text says something else")
	}
	golden(t, "color.txt", strings.ReplaceAll(colored.String()[:600], "\x1b", "ESC"))
}

func TestJSONHasEveryFieldAndNoNullList(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", b.String())
	if strings.Contains(b.String(), "null") {
		t.Error("a list is null")
	}
	b.Reset()
	if err := JSON(&b, nil); err != nil {
		t.Fatal(err)
	}
	var empty struct{ Diagnostics []any }
	if err := json.Unmarshal(b.Bytes(), &empty); err != nil || empty.Diagnostics == nil {
		t.Errorf("no findings give %s (%v)", b.String(), err)
	}
}

func TestGitHubEscapesWhatTheRunnerWouldTakeForItself(t *testing.T) {
	var b bytes.Buffer
	odd := source.NewFile("a,b:c%.sql", "x\ny")
	ds := append(sample(), diag.New(diag.SyntaxError, odd.Span(0, 3), "50%% of\r\nit::"))
	if err := GitHub(&b, ds); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.github", b.String())
	if got, want := strings.Count(b.String(), "\n"), len(ds); got != want {
		t.Errorf("%d lines for %d findings", got, want)
	}
}

func TestSummaryCountsBySeverity(t *testing.T) {
	e, w := diag.Diagnostic{Severity: diag.Error}, diag.Diagnostic{Severity: diag.Warning}
	for _, c := range []struct {
		in   diag.List
		want string
	}{
		{nil, ""},
		{diag.List{e}, "1 error"},
		{diag.List{w, e, e}, "2 errors, 1 warning"},
		{diag.List{w, w, {Severity: diag.Note}}, "2 warnings, 1 note"},
	} {
		if got := Summary(c.in); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	var b bytes.Buffer
	if err := Text(&b, nil, Options{}); err != nil || b.Len() > 0 {
		t.Errorf("no findings print %q, %v", b.String(), err)
	}
}

func FuzzTextNeverFailsOnAnyPlace(f *testing.F) {
	f.Add("SELECT\t'é日'\r\nFROM x", 3, 9, 1, 20)
	f.Add(strings.Repeat("x", 500), 400, 410, 0, 1)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		file := source.NewFile("x.sql", text)
		ds := diag.List{diag.New(diag.SyntaxError, file.Span(a, b), "m").WithLabel(file.Span(c, d), "l").
			WithFix(diag.Fix{Title: "f", Edits: []diag.Edit{{Span: file.Span(c, d), New: "x\ny"}, {Span: file.Span(a, b), New: "z"}}})}
		var out bytes.Buffer
		if err := Text(&out, ds, Options{Width: 40}); err != nil {
			t.Fatal(err)
		}
		if err := JSON(&out, ds); err != nil {
			t.Fatal(err)
		}
		if err := GitHub(&out, ds); err != nil {
			t.Fatal(err)
		}
	})
}

// A report ends up in the log of a build.
func TestNoLineShowsAPassword(t *testing.T) {
	for line, want := range map[string]string{
		`  uri: postgres://app:geheim@db:5432/shop`:                   `  uri: postgres://app:******@db:5432/shop`,
		`{uri: "mysql://app:ge:h@im@db/shop", managed: true}`:         `{uri: "mysql://app:*******@db/shop", managed: true}`,
		`uri: app:geheim@tcp(db:3306)/shop?parseTime=true`:            `uri: app:******@tcp(db:3306)/shop?parseTime=true`,
		`uri: "host=db user=app password=geheim dbname=shop"`:         `uri: "host=db user=app password=****** dbname=shop"`,
		`uri: postgres://db/shop?user=app&password=geheim&sslmode=no`: `uri: postgres://db/shop?user=app&password=******&sslmode=no`,
		`uri: postgres://app:${PASSWORD}@db/shop`:                     `uri: postgres://app:${PASSWORD}@db/shop`,
		`uri: postgres://app@db/shop # mail me: a@b`:                  `uri: postgres://app@db/shop # mail me: a@b`,
		`SELECT a::text, '12:30'::time FROM t -- see http://x/y`:      `SELECT a::text, '12:30'::time FROM t -- see http://x/y`,
	} {
		f := source.NewFile("c.yaml", line+"\n")
		var b bytes.Buffer
		if err := Text(&b, diag.List{diag.New(diag.ConfigInvalid, f.Span(0, 2), "m").
			WithFix(diag.Fix{Title: "f", Edits: []diag.Edit{{Span: f.Span(0, 0), New: "x"}}})}, Options{}); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); strings.Count(got, want) != 3 {
			t.Errorf("%s is shown as\n%s", line, got)
		}
	}
}
