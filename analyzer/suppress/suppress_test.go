package suppress

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// places marks findings in a text: ‹…› is the place of one.
func places(path, text string) (*source.File, []source.Span) {
	var b strings.Builder
	var starts, ends []int
	for _, r := range text {
		switch r {
		case '‹':
			starts = append(starts, b.Len())
		case '›':
			ends = append(ends, b.Len())
		default:
			b.WriteRune(r)
		}
	}
	f := source.NewFile(path, b.String())
	var out []source.Span
	for i := range starts {
		out = append(out, f.Span(starts[i], ends[i]))
	}
	return f, out
}

// kept says of each marked place whether a comment keeps a finding of no-delete away there: "+" where it stays, "-" where not.
func kept(comments func(*source.File) []Comment, path, text string) (result string, problems []string) {
	f, at := places(path, text)
	set := &Set{}
	set.Add(comments(f)...)
	code := &diag.Code{ID: "CV4999", Slug: "no-delete", Severity: diag.Warning}
	for _, s := range at {
		stay, _ := set.Apply(diag.List{diag.New(code, s, "m")})
		result += map[bool]string{true: "+", false: "-"}[len(stay) == 1]
	}
	for _, d := range set.Problems(Rules{
		Known: func(name string) (*diag.Code, bool) { return code, code.Is(name) },
		Names: func() []string { return []string{"no-delete"} },
		Ran:   func(*diag.Code, source.Span) bool { return true },
	}) {
		line, _ := f.LineColumn(int(d.Span.Start))
		problems = append(problems, fmt.Sprintf("%d %s", line, d.Code.Slug))
	}
	return result, problems
}

func TestWhatACommentSpeaksOf(t *testing.T) {
	sql := func(mode token.Mode) func(*source.File) []Comment {
		return func(f *source.File) []Comment { return SQL(f, token.PostgreSQL, mode) }
	}
	for name, c := range map[string]struct {
		comments func(*source.File) []Comment
		text     string
		want     string
		problems []string
	}{
		"the whole query, below its header": {sql(token.Queries),
			"-- name: ‹A› :exec\n-- covetsql:ignore no-delete it is meant\nSELECT ‹1›\nFROM ‹t›;\n-- name: ‹B› :exec\nSELECT ‹1›;\n", "---++", nil},
		"the whole query, above its header": {sql(token.Queries),
			"-- name: ‹Z› :exec\nSELECT ‹1›;\n\n-- covetsql:ignore CV4999 it is meant\n-- name: ‹A› :exec\nSELECT ‹1›;\n", "++--", nil},
		"its line, and findings about all of the query": {sql(token.Queries),
			"-- name: ‹A› :exec\nSELECT ‹1› -- covetsql:ignore no-delete it is meant\nFROM ‹t›;", "--+", nil},
		"the next line": {sql(token.Queries),
			"-- name: A :exec\nSELECT ‹1›\n  -- covetsql:ignore no-delete it is meant\n  -- and this is why\n\n  FROM ‹t›\nWHERE ‹a›;", "+-+", nil},
		"what it stands within": {sql(token.Queries),
			"-- name: A :exec\nSELECT ‹1 /* covetsql:ignore no-delete it is meant */\n  + 2›, ‹3›;", "-+", nil},
		"behind the semicolon": {sql(token.Queries),
			"-- name: A :exec\nSELECT 1\nFROM ‹t›; -- covetsql:ignore no-delete it is meant\n-- name: B :exec\nSELECT ‹1›;", "-+", nil},
		"a text is no comment": {sql(token.Queries),
			"-- name: A :exec\nSELECT '-- covetsql:ignore no-delete x', ‹1›;", "+", nil},
		"another word": {sql(token.Queries),
			"-- name: A :exec\n-- covetsql:ignored no-delete x\nSELECT ‹1›;", "+", nil},
		"the end of the file": {sql(token.Queries),
			"-- name: A :exec\nSELECT ‹1›;\n-- covetsql:ignore no-delete nothing follows\n", "+", []string{"3 unused-ignore"}},
		"lists and signs": {sql(token.Queries),
			"-- name: A :exec\n--covetsql:ignore no-delete , CV4999:  it is meant\nSELECT ‹1›;", "-", nil},
		"problems": {sql(token.Queries),
			"-- name: A :exec\n-- covetsql:ignore no-delet it\n-- covetsql:ignore no-delete\n-- covetsql:ignore\nSELECT 1;", "", []string{"2 unknown-ignore", "3 ignore-without-reason", "3 unused-ignore", "4 unknown-ignore"}},
		"a statement of a schema": {sql(token.Schema),
			"-- covetsql:ignore no-delete it is meant\nCREATE TABLE ‹a› (\n  ‹x› int\n);\nCREATE TABLE ‹b› (x int);\n", "--+", nil},
		"within one": {sql(token.Schema),
			"CREATE TABLE ‹a› (\n  x int, -- covetsql:ignore no-delete it is meant\n  ‹y› int\n);\nCREATE TABLE ‹b› (x int); -- covetsql:ignore no-delete this too\nCREATE TABLE ‹c› (x int);", "---+", nil},
		"the up side of a migration": {sql(token.Schema),
			"-- +goose Up\n-- covetsql:ignore no-delete it is meant\nCREATE TABLE ‹a› (x int);\n-- +goose Down\n-- covetsql:ignore no-delete never read\nDROP TABLE a;\n", "-", nil},
		"a function of Go": {Go,
			"package p\n\n// F does.\n//\n//covetsql:ignore no-delete it is meant\nfunc F() {\n\t‹a›()\n}\n\nfunc ‹G›() {}\n", "-+", nil},
		"lines of Go": {Go,
			"package p\n\nfunc F() {\n\t‹a›() //covetsql:ignore no-delete it is meant\n\t‹b›()\n\t//covetsql:ignore no-delete it is meant\n\tfor range ‹c›() {\n\t\t‹d›()\n\t}\n}\n", "-+-+", nil},
		"no Go at all": {Go, "//covetsql:ignore no-delete x\n‹nothing›", "+", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, problems := kept(c.comments, "f", c.text)
			slices.Sort(problems)
			if got != c.want || !slices.Equal(problems, c.problems) {
				t.Errorf("got %s %q, want %s %q", got, problems, c.want, c.problems)
			}
		})
	}
}

// A finding elsewhere that has a place of a query, a call in Go, is kept away by the query's own comment.
func TestAQueryKeepsFindingsAboutItAwayElsewhere(t *testing.T) {
	f, at := places("q.sql", "-- name: ‹A› :exec\n-- covetsql:ignore no-delete it is meant\nSELECT 1;\n-- name: ‹B› :exec\nSELECT 1;\n")
	call, there := places("main.go", "‹q.A›(ctx)")
	set := &Set{}
	set.Add(SQL(f, token.SQLite, token.Queries)...)
	code := &diag.Code{ID: "CV4999", Slug: "no-delete", Severity: diag.Error}
	_ = call
	a := diag.New(code, there[0], "m").WithLabel(at[0], "the query")
	a.Query = "A"
	b := diag.New(code, there[0], "m").WithLabel(at[0], "another query").WithLabel(at[1], "the query")
	b.Query = "B"
	stay, ignored := set.Apply(diag.List{a, b})
	if len(stay) != 1 || stay[0].Query != "B" || len(ignored) != 1 || ignored[0].Reason != "it is meant" {
		t.Errorf("%v stay, %+v", stay, ignored)
	}
}

// What the compiler calls an error stays.
func TestErrorsOfTheCompilerStay(t *testing.T) {
	f, at := places("q.sql", "-- name: A :exec\n-- covetsql:ignore CV2101,CV1004 it is meant\nSELECT ‹1›;\n")
	set := &Set{}
	set.Add(SQL(f, token.SQLite, token.Queries)...)
	stay, _ := set.Apply(diag.List{diag.New(diag.UnknownColumn, at[0], "m"), diag.New(diag.NotModelled, at[0], "m")})
	if len(stay) != 1 || stay[0].Code != diag.UnknownColumn {
		t.Errorf("%v", stay)
	}
}
