package sem_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// The manual's pages are Markdown that means something line by line only: headings, fences,
// and a block of table and quote that is written by us. A scan of lines finds these and
// rewrites the block in place; a Markdown library would give a tree and leave the writing.

// page is a chapter of the manual: what its fences hold, by engine, and its questions.
type page struct {
	file  string
	lines []string
	// schema and rows are by engine; MariaDB's are MySQL's unless a fence names it.
	schema, rows map[catalog.Engine]string
	// absent are the engines that the chapter says have nothing of it.
	absent    []string
	questions []*question
}

// question is a query under a heading.
type question struct {
	title string
	line  int
	query map[catalog.Engine]string
	// shared tells that one text is for all engines.
	shared bool
	// from and to are the lines of the expected block.
	from, to int
	text     strings.Builder // the prose
	marks    []mark
	runs     [][]string
}

// mark is a bold word at a paragraph's beginning that the test holds to: what differs, is
// clumsy, is not shown, is refused, is not there; on which engines, for which columns.
type mark struct {
	word             string
	engines, columns []string
	said, why        string // the bold text, and what follows
}

const (
	markDiffers = "Differs" // the engines named have other facts than the rest
	markClumsy  = "Clumsy"  // the columns are maybe NULL, though no row can be
	markUnshown = "Unshown" // the columns may be NULL, but not by rows
	markRefused = "Refused" // the compiler and the servers named refuse the text
	markNot     = "Not"     // the engines named have no such thing
)

var (
	markForm   = regexp.MustCompile(`(?ms)^\*\*(Differs|Clumsy|Unshown|Refused|Not)\b([^*]*)\*\*(.*?)(\n\n|\z)`)
	engineWord = regexp.MustCompile(`PostgreSQL|MySQL|MariaDB|SQLite`)
	codeSpan   = regexp.MustCompile("`([^`]*)`")
	runForm    = regexp.MustCompile(`(?ms)^Run with (.*?)(\n\n|\z)`)
)

// dialects are the engines that compile, in the manual's order, and how it calls them.
var dialects = []catalog.Engine{catalog.PostgreSQL, catalog.MySQL, catalog.SQLite}

const mariaDB = catalog.Engine("mariadb")

var called = map[catalog.Engine]string{catalog.PostgreSQL: "PostgreSQL", catalog.MySQL: "MySQL", mariaDB: "MariaDB", catalog.SQLite: "SQLite"}

func readPage(t *testing.T, file string) *page {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{file: file, lines: strings.Split(strings.TrimRight(string(b), "\n"), "\n"), schema: map[catalog.Engine]string{}, rows: map[catalog.Engine]string{}}
	var q *question // of the current heading; it counts once it has a query
	var intro strings.Builder
	fresh := func(title string, at int) {
		q = &question{title: title, line: at + 1, query: map[catalog.Engine]string{}}
	}
	fresh("", 0)
	for i := 0; i < len(p.lines); i++ {
		line := p.lines[i]
		fence, ok := strings.CutPrefix(line, "```sql")
		switch {
		case strings.HasPrefix(line, "#"):
			fresh(strings.TrimSpace(strings.TrimLeft(line, "#")), i)
		case ok:
			from := i + 1
			for i++; i < len(p.lines) && p.lines[i] != "```"; i++ {
			}
			p.fence(t, q, strings.Fields(fence), strings.Join(p.lines[from:i], "\n"), i+1)
		case len(q.query) > 0 && q.to == i && (line == "" || line[0] == '|' || line[0] == '>'):
			q.to++
		default:
			q.text.WriteString(line + "\n")
			if len(p.questions) == 0 {
				intro.WriteString(line + "\n")
			}
		}
	}
	for _, m := range marksIn(intro.String()) {
		if m.word == markNot {
			p.absent = append(p.absent, m.engines...)
		}
	}
	for _, q := range p.questions {
		q.marks = marksIn(q.text.String())
		if m := runForm.FindStringSubmatch(q.text.String()); m != nil {
			for _, c := range codeSpan.FindAllStringSubmatch(m[1], -1) {
				q.runs = append(q.runs, strings.Split(c[1], ", "))
			}
		} else {
			q.runs = [][]string{nil}
		}
	}
	return p
}

// fence takes a fence in: its words say what it is and for which engines.
func (p *page) fence(t *testing.T, q *question, words []string, body string, end int) {
	kind := "query"
	var engines []catalog.Engine
	for _, w := range words {
		switch w {
		case "schema", "rows":
			kind = w
		case "postgresql", "mysql", "mariadb", "sqlite":
			engines = append(engines, catalog.Engine(w))
		default:
			t.Errorf("%s:%d: what is %q of a fence?", p.file, end, w)
		}
	}
	all := len(engines) == 0
	if all {
		engines = dialects
	}
	if slices.Contains(engines, catalog.MySQL) && kind != "query" {
		engines = append(slices.Clone(engines), mariaDB)
	}
	for _, e := range engines {
		switch kind {
		case "schema":
			p.schema[e] += body + "\n"
		case "rows":
			p.rows[e] += body + "\n"
		default:
			q.query[e] = strings.TrimRight(strings.TrimSpace(body), ";")
			q.shared = all
			q.from, q.to = end, end
		}
	}
	if kind == "query" && (len(p.questions) == 0 || p.questions[len(p.questions)-1] != q) {
		p.questions = append(p.questions, q)
	}
}

func marksIn(text string) []mark {
	var out []mark
	for _, m := range markForm.FindAllStringSubmatch(text, -1) {
		k := mark{word: m[1], engines: engineWord.FindAllString(m[2], -1), said: m[1] + m[2], why: strings.Join(strings.Fields(m[3]), " ")}
		for _, c := range codeSpan.FindAllStringSubmatch(m[2], -1) {
			k.columns = append(k.columns, c[1])
		}
		out = append(out, k)
	}
	return out
}

// listing is the page that names every difference between the engines, and every clumsy
// answer, with the question and the reason.
func listing(pages []*page) string {
	var b strings.Builder
	b.WriteString("# Where the engines differ, and where we are clumsy\n\nMade from the pages by `go test ./compiler/sem -run TestManual -update`.\n")
	for _, part := range []struct{ word, heading, text string }{
		{markDiffers, "Differences", "The same question, and another nullability, bound on rows or kind on some engine."},
		{markClumsy, "Clumsy answers", "Sound, but not sharp: no row can be as is said that it may be."},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", part.heading, part.text)
		for _, p := range pages {
			for _, q := range p.questions {
				for _, m := range q.marks {
					if m.word == part.word {
						_, about, _ := strings.Cut(strings.TrimSuffix(m.said, "."), part.word)
						about = strings.TrimLeft(strings.TrimPrefix(about, " on "), ": ")
						fmt.Fprintf(&b, "- [%s](%s#%s), %s: %s\n", q.title, filepath.Base(p.file), anchor(q.title), about, m.why)
					}
				}
			}
		}
	}
	return b.String()
}

// anchor is how a heading is linked to.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// marked tells whether a mark names the engine, or none at all, and the column.
func (q *question) marked(word, engine, column string) bool {
	for _, m := range q.marks {
		if m.word == word && (len(m.engines) == 0 || slices.Contains(m.engines, engine)) && (column == "" || slices.Contains(m.columns, column)) {
			return true
		}
	}
	return false
}

// tighter is the bound on rows that a clumsy mark says there should be.
func (q *question) tighter(engine string) (most int64, marked bool) {
	for most := range int64(9) {
		if q.marked(markClumsy, engine, fmt.Sprintf("at most %d row%s", most, plural(most))) {
			return most, true
		}
	}
	return 0, false
}

// write writes the page with the expected blocks given.
func (p *page) write(t *testing.T, blocks []string) {
	var out []string
	at := 0
	for i, q := range p.questions {
		out = append(out, p.lines[at:q.from]...)
		out = append(out, "", blocks[i])
		if at = q.to; at < len(p.lines) {
			out = append(out, "")
		}
	}
	out = append(out, p.lines[at:]...)
	if err := os.WriteFile(p.file, []byte(strings.TrimRight(strings.Join(out, "\n"), "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// expected is the block as it stands.
func (p *page) expected(q *question) string {
	return strings.TrimSpace(strings.Join(p.lines[q.from:q.to], "\n"))
}

func (p *page) at(q *question) string { return fmt.Sprintf("%s:%d: %s", p.file, q.line, q.title) }
