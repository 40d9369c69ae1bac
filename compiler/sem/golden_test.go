package sem_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

var update = flag.Bool("update", false, "write the goldens")

// section is a part of a golden file: "== word rest", the body, and for queries behind
// "----" what is expected.
type section struct {
	word, rest string
	body, want string
}

func readSections(t *testing.T, file string) []section {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []section
	for _, part := range strings.Split("\n"+string(b), "\n== ")[1:] {
		head, text, _ := strings.Cut(part, "\n")
		word, rest, _ := strings.Cut(head, " ")
		body, want, _ := strings.Cut(text, "----\n")
		out = append(out, section{word, rest, strings.TrimSpace(body) + "\n", strings.TrimSpace(want)})
	}
	return out
}

// TestGoldens types the queries of testdata/*.txt: the file's name begins with its engine,
// "== schema" holds its schema, each "== query" one query and what is known of it.
func TestGoldens(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			sections := readSections(t, file)
			schema := ""
			var out strings.Builder
			for _, s := range sections {
				fmt.Fprintf(&out, "== %s", s.word)
				if s.rest != "" {
					out.WriteString(" " + s.rest)
				}
				out.WriteString("\n" + s.body)
				switch s.word {
				case "schema":
					schema = s.body
				case "query":
					got := describe(t, engineOf(file), schema, s)
					if got != s.want && !*update {
						t.Errorf("%s:\n%s\ngot:\n%s\nwant:\n%s", s.rest, s.body, got, s.want)
					}
					out.WriteString("----\n" + got + "\n")
				}
				out.WriteString("\n")
			}
			if *update {
				if err := os.WriteFile(file, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func engineOf(file string) catalog.Engine {
	name, _, _ := strings.Cut(filepath.Base(file), "_")
	return catalog.Engine(strings.TrimSuffix(name, ".txt"))
}

// compile compiles one query over a schema; strict makes unknown functions errors.
func compile(t *testing.T, engine catalog.Engine, schema, query string) (*facts.Query, diag.List) {
	p, diags := compilePackage(t, engine, schema, query)
	if qs := p.Queries(); len(qs) > 0 {
		return qs[0], diags
	}
	return nil, diags
}

func compilePackage(t *testing.T, engine catalog.Engine, schema, query string) (*compiler.Package, diag.List) {
	dir := t.TempDir()
	for name, text := range map[string]string{"schema.sql": schema, "query.sql": query} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := compiler.Compile(&config.Config{Dir: dir, Strict: true, Packages: []config.Package{{
		Engine: engine, Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
	}}}, compiler.Options{KeepRel: true})
	return p.Packages[0], p.Diagnostics
}

// describe prints what is known of a query. The section's words: the query's name, its
// command (":many"), and "tree" where the relational tree is wanted.
func describe(t *testing.T, engine catalog.Engine, schema string, s section) string {
	words := strings.Fields(s.rest)
	command := ":many"
	tree, sql := false, false
	for _, w := range words[1:] {
		switch {
		case strings.HasPrefix(w, ":"):
			command = w
		case w == "tree":
			tree = true
		case w == "sql":
			sql = true
		}
	}
	text := fmt.Sprintf("-- name: %s %s\n%s", words[0], command, s.body)
	if !strings.HasSuffix(strings.TrimSpace(text), ";") {
		text = strings.TrimSpace(text) + ";\n"
	}
	q, diags := compile(t, engine, schema, text)
	var b strings.Builder
	if q != nil {
		for _, c := range q.Columns {
			fmt.Fprintf(&b, "%s %s %s", c.Name, c.Type, c.Null.Null)
			if c.Null.Null != types.Never {
				fmt.Fprintf(&b, " (%s)", c.Null.Reason.Text)
			}
			if c.Source != nil {
				fmt.Fprintf(&b, " = %s.%s", c.Table.Name, c.Source.Name)
			}
			if c.Mark != "" {
				fmt.Fprintf(&b, " sent as %s", c.Sent())
			}
			if typ, null := c.Proved(); typ != c.Type || null.Null != c.Null.Null {
				fmt.Fprintf(&b, " overrules %s %s", typ, null.Null)
				if null.Null != types.Never {
					fmt.Fprintf(&b, " (%s)", null.Reason.Text)
				}
			}
			if c.Embed >= 0 {
				fmt.Fprintf(&b, " embed %d %s", c.Embed, c.EmbedNull.Null)
			}
			b.WriteString("\n")
		}
		for _, p := range q.Params {
			fmt.Fprintf(&b, "$%d %s %s", p.Number, p.Name, p.Type)
			if p.Slice {
				b.WriteString(" slice")
			}
			if p.Nullable {
				b.WriteString(" nullable")
			}
			if p.Source != nil {
				fmt.Fprintf(&b, " ~ %s", p.Source.Name)
			}
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s", q.Kind)
		if len(q.Reads) > 0 {
			fmt.Fprintf(&b, " reads %s", strings.Join(q.Reads, " "))
		}
		if len(q.Writes) > 0 {
			fmt.Fprintf(&b, " writes %s", strings.Join(q.Writes, " "))
		}
		if len(q.Columns) > 0 {
			if q.Rows.Max < 0 {
				fmt.Fprintf(&b, " rows %d+", q.Rows.Min)
			} else {
				fmt.Fprintf(&b, " rows %d-%d", q.Rows.Min, q.Rows.Max)
			}
		}
		if q.Locks {
			b.WriteString(" locks")
		}
		if !q.Deterministic {
			b.WriteString(" volatile")
		}
		b.WriteString("\n")
		if sql {
			b.WriteString(q.SQL + "\n")
		}
		if tree {
			b.WriteString(rel.Dump(q.Rel))
		}
	}
	for _, d := range diags {
		p := d.Span.Position()
		fmt.Fprintf(&b, "%s %s %d:%d %q %s", d.Severity, d.Code.Slug, p.Line-1, p.Column, d.Span.Text(), d.Message)
		for _, l := range d.Labels {
			fmt.Fprintf(&b, "; %s", l.Text)
		}
		for _, h := range d.Help {
			fmt.Fprintf(&b, "; help: %s", h)
		}
		b.WriteString("\n")
	}
	return strings.TrimSpace(b.String())
}
