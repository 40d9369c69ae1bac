package sem_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

// TestManual holds testdata/manual: what each page says of its queries is what the compiler
// says (-update writes it), the dialects agree or the page names the difference, and the
// servers bear it out. See testdata/manual/README.md for the form of a page.
func TestManual(t *testing.T) {
	files, _ := filepath.Glob("testdata/manual/[0-9]*.md")
	if len(files) == 0 {
		t.Fatal("no pages")
	}
	contents, err := os.ReadFile("testdata/manual/README.md")
	if err != nil {
		t.Fatal(err)
	}
	var pages []*page
	for _, file := range files {
		if !strings.Contains(string(contents), "("+filepath.Base(file)+")") {
			t.Errorf("README.md does not list %s", file)
		}
		pages = append(pages, readPage(t, file))
	}
	const differences = "testdata/manual/differences.md"
	if list := listing(pages); *update {
		if err := os.WriteFile(differences, []byte(list), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if was, _ := os.ReadFile(differences); string(was) != list {
		t.Errorf("%s is not what the pages say: -update writes it", differences)
	}
	h := &home{T: t}
	for _, p := range pages {
		t.Run(strings.TrimSuffix(filepath.Base(p.file), ".md"), func(t *testing.T) {
			t.Parallel()
			answers := make([]answers, len(p.questions))
			blocks := make([]string, len(p.questions))
			for i, q := range p.questions {
				answers[i] = p.ask(t, q)
				blocks[i] = answers[i].block()
				if want := p.expected(q); blocks[i] != want && !*update {
					t.Errorf("%s\ngot:\n%s\nwant:\n%s", p.at(q), blocks[i], want)
				}
				p.parity(t, q, answers[i])
			}
			if *update {
				p.write(t, blocks)
			}
			if !testing.Short() {
				p.witness(t, h, answers)
			}
		})
	}
}

// answers are what the compiler says of a question, by engine; a refused one has its message.
type answers map[catalog.Engine]*said

type said struct {
	*facts.Query
	hooks   dialect.Semantics
	refused string
}

func compileAs(t *testing.T, e catalog.Engine, schema, command, text string) (*said, diag.List) {
	pkg, diags := compilePackage(t, e, schema, "-- name: Q "+command+"\n"+text+";\n")
	s := &said{hooks: pkg.Dialect.Semantics(pkg.Catalog)}
	if qs := pkg.Queries(); len(qs) > 0 {
		s.Query = qs[0]
	}
	return s, diags
}

// ask compiles a question's query for each engine that has one.
func (p *page) ask(t *testing.T, q *question) answers {
	out := answers{}
	for _, e := range dialects {
		text, ok := q.query[e]
		if !ok {
			if !slices.Contains(p.absent, called[e]) && !q.marked(markNot, called[e], "") {
				t.Errorf("%s: nothing for %s, and no mark says why", p.at(q), called[e])
			}
			continue
		}
		if q.shared && (slices.Contains(p.absent, called[e]) || q.marked(markNot, called[e], "")) {
			continue
		}
		s, diags := compileAs(t, e, p.schema[e], ":many", text)
		if s.Query == nil || len(s.Columns) == 0 {
			s, diags = compileAs(t, e, p.schema[e], ":exec", text)
		}
		for _, d := range diags {
			if d.Severity == diag.Error && s.refused == "" {
				s.refused = d.Message
			}
		}
		if s.Query == nil && s.refused == "" {
			t.Errorf("%s: %s gives neither a query nor an error", p.at(q), called[e])
			continue
		}
		if (s.refused != "") != q.marked(markRefused, called[e], "") {
			t.Errorf("%s: refused on %s: %t (%s), and the mark says the contrary", p.at(q), called[e], s.refused != "", s.refused)
		}
		for i := range s.columns() {
			c := &s.Columns[i]
			if !c.Null.IsNever() && c.Null.Reason.Text == "" {
				t.Errorf("%s: %s has no reason on %s", p.at(q), c.Name, called[e])
			}
		}
		out[e] = s
	}
	return out
}

func (s *said) columns() []sem.Column {
	if s.refused != "" {
		return nil
	}
	return s.Columns
}

// parity holds the dialects against one another: nullability, rows and kind are the same, or
// a mark names those that differ from the rest.
func (p *page) parity(t *testing.T, q *question, a answers) {
	forms := map[string]string{}
	var named, rest []string
	for _, e := range dialects {
		s := a[e]
		if s == nil || s.refused != "" {
			continue
		}
		var b strings.Builder
		for _, c := range s.Columns {
			fmt.Fprintf(&b, "%s ", c.Null.Null)
		}
		fmt.Fprintf(&b, "%s %v", s.Kind, s.Rows)
		forms[called[e]] = b.String()
		if q.hasMark(markDiffers) && q.marked(markDiffers, called[e], "") {
			named = append(named, called[e])
		} else {
			rest = append(rest, called[e])
		}
	}
	for _, e := range rest {
		if forms[e] != forms[rest[0]] {
			t.Errorf("%s: %s and %s differ, and no mark says so: %s, %s", p.at(q), rest[0], e, forms[rest[0]], forms[e])
		}
	}
	for _, e := range named {
		if len(rest) > 0 && forms[e] == forms[rest[0]] {
			t.Errorf("%s: %s is said to differ and does not", p.at(q), e)
		}
	}
}

func (q *question) hasMark(word string) bool {
	return slices.ContainsFunc(q.marks, func(m mark) bool { return m.word == word })
}

// block writes what is known of a question's query: its columns, its arguments, and what it
// does.
func (a answers) block() string {
	var engines []catalog.Engine
	for _, e := range dialects {
		if a[e] != nil && a[e].refused == "" {
			engines = append(engines, e)
		}
	}
	var b strings.Builder
	if len(engines) > 0 {
		a.table(&b, engines, "column", "NULL", len(a[engines[0]].Columns), func(s *said, i int) (name, typ, null string) {
			if i >= len(s.Columns) {
				return "", "", ""
			}
			return s.Columns[i].Name, s.Columns[i].Type.String(), nullWords(&s.Columns[i])
		})
		a.table(&b, engines, "argument", "takes NULL", len(a[engines[0]].Params), func(s *said, i int) (name, typ, null string) {
			if i >= len(s.Params) {
				return "", "", ""
			}
			x := s.Params[i]
			typ = x.Type.String()
			if x.Slice && !x.Type.IsArray() {
				typ = "list of " + typ
			}
			return x.Name, typ, map[bool]string{true: "yes", false: "no"}[x.Nullable]
		})
	}
	var all []catalog.Engine
	for _, e := range dialects {
		if a[e] != nil {
			all = append(all, e)
		}
	}
	for i, g := range gather(all, func(e catalog.Engine) string { return a[e].does() }) {
		if i > 0 {
			b.WriteString(">\n")
		}
		b.WriteString("> " + g.prefix(": ") + g.text + "\n")
	}
	return strings.TrimSpace(b.String())
}

// table writes n rows, a type for each engine and the same words about NULL, or each its own.
func (a answers) table(b *strings.Builder, engines []catalog.Engine, head, about string, n int, cells func(s *said, i int) (name, typ, null string)) {
	if n == 0 {
		return
	}
	fmt.Fprintf(b, "| %s |", head)
	for _, e := range engines {
		fmt.Fprintf(b, " %s |", called[e])
	}
	fmt.Fprintf(b, " %s |\n|%s\n", about, strings.Repeat("---|", len(engines)+2))
	for i := range n {
		name, _, _ := cells(a[engines[0]], i)
		fmt.Fprintf(b, "| %s |", escape(name))
		for _, e := range engines {
			_, typ, _ := cells(a[e], i)
			fmt.Fprintf(b, " %s |", typ)
		}
		var parts []string
		for _, g := range gather(engines, func(e catalog.Engine) string { _, _, null := cells(a[e], i); return null }) {
			parts = append(parts, g.prefix(" ")+g.text)
		}
		fmt.Fprintf(b, " %s |\n", escape(strings.Join(parts, "; ")))
	}
	b.WriteString("\n")
}

func escape(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func nullWords(c *sem.Column) string {
	out := c.Null.Null.String()
	if c.Null.Null != types.Never {
		out += ": " + c.Null.Reason.Text
	}
	if c.ElemNull && c.Type.IsArray() {
		out += "; elements maybe"
	}
	return out
}

// does says in a line what a query does and how many rows it gives.
func (s *said) does() string {
	if s.refused != "" {
		return "Refused: " + s.refused
	}
	var parts []string
	switch {
	case len(s.Writes) > 0 && len(s.Reads) > 0:
		parts = append(parts, "Writes "+strings.Join(s.Writes, ", ")+"; reads "+strings.Join(s.Reads, ", "))
	case len(s.Writes) > 0:
		parts = append(parts, "Writes "+strings.Join(s.Writes, ", "))
	case s.Kind == facts.Write:
		parts = append(parts, "A write")
	case len(s.Reads) > 0:
		parts = append(parts, "Reads "+strings.Join(s.Reads, ", "))
	default:
		parts = append(parts, map[facts.Kind]string{facts.Read: "Reads no table", facts.DDL: "Changes the schema", facts.Utility: "A utility statement"}[s.Kind])
	}
	if s.Locks {
		parts = append(parts, "Locks what it reads")
	}
	switch r := s.Rows; {
	case len(s.Columns) == 0:
		parts = append(parts, "No result")
	case r.Max < 0 && r.Min == 0:
		parts = append(parts, "Any number of rows")
	case r.Max < 0:
		parts = append(parts, fmt.Sprintf("%d or more rows", r.Min))
	case r.Min == r.Max:
		parts = append(parts, fmt.Sprintf("Exactly %d row%s", r.Min, plural(r.Min)))
	case r.Min == 0:
		parts = append(parts, fmt.Sprintf("At most %d row%s", r.Max, plural(r.Max)))
	default:
		parts = append(parts, fmt.Sprintf("%d to %d rows", r.Min, r.Max))
	}
	return strings.Join(parts, ". ") + "."
}

func plural(n int64) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// gathered are the engines of which the same is said; alone where all are.
type gathered struct {
	engines []string
	alone   bool
	text    string
}

func gather(engines []catalog.Engine, say func(catalog.Engine) string) []gathered {
	var out []gathered
	for _, e := range engines {
		text := say(e)
		i := slices.IndexFunc(out, func(g gathered) bool { return g.text == text })
		if i < 0 {
			i = len(out)
			out = append(out, gathered{text: text})
		}
		out[i].engines = append(out[i].engines, called[e])
	}
	if len(out) == 1 {
		out[0].alone = true
	}
	return out
}

func (g gathered) prefix(after string) string {
	if g.alone {
		return ""
	}
	return strings.Join(g.engines, ", ") + after
}
