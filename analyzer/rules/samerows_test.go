package rules_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/internal/rulecase"
)

// What rules prove to be done for nothing can be left out: random queries over rows with NULLs and repeats give the same rows with the
// rules' fixes as without.
func TestWhatIsDoneForNothingCanBeLeftOut(t *testing.T) {
	judged := map[string]bool{"distinct-hides-fanout": true, "union-dedup": true, "unused-join": true, "count-subquery-gt-0": true}
	var chosen []*rule.Rule
	for _, r := range rules.All {
		if judged[r.Slug] {
			chosen = append(chosen, r)
		}
	}
	for engine, queries := range map[string]int{"postgresql": 1500, "sqlite": 1500, "mysql": 600} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			server := rulecase.Server(t, engine)
			for seed := range uint64(3) {
				g := &anyQuery{Rand: rand.New(rand.NewPCG(seed, 7))}
				name := server.NewDatabase(t)
				server.Exec(t, name, anySchema+g.rows())
				db := server.Open(t, name)
				var texts []string
				file := ""
				for i := range queries / 3 {
					texts = append(texts, g.query())
					file += fmt.Sprintf("-- name: Q%d :many\n%s;\n", i, texts[i])
				}
				p, diags := rulecase.Compile(t, engine, anySchema, file)
				if diags.HasErrors() {
					t.Fatalf("%s\n%s", list(diags), file)
				}
				count := map[string]int{}
				for _, d := range rule.Of(p).Judge(chosen) {
					for _, f := range d.Fixes {
						if !f.Safe {
							continue
						}
						count[d.Code.Slug]++
						var number int
						fmt.Sscanf(d.Query, "Q%d", &number)
						edits := slices.Clone(f.Edits)
						sort.Slice(edits, func(i, j int) bool { return edits[j].Span.Before(edits[i].Span) })
						text := edits[0].Span.File.Text
						for _, e := range edits {
							text = text[:e.Span.Start] + e.New + text[e.Span.End:]
						}
						_, fixed, _ := strings.Cut(text, fmt.Sprintf("-- name: Q%d :many\n", number))
						fixed, _, _ = strings.Cut(fixed, ";\n")
						want, got := sorted(rulecase.Output(db, texts[number])), sorted(rulecase.Output(db, fixed))
						if want != got || strings.HasPrefix(got, "ERROR") {
							t.Errorf("%s, seed %d: %s\n%s\ngives\n%s\n\n%s\ngives\n%s", d.Code.Slug, seed, d.Message, texts[number], want, fixed, got)
						}
					}
				}
				for slug := range judged {
					if count[slug] < 3 {
						t.Errorf("seed %d: %s made %d fixes in %d queries: the test holds nothing", seed, slug, count[slug], len(texts))
					}
				}
				t.Log(count)
			}
		})
	}
}

func sorted(output string) string {
	lines := strings.Split(output, "\n")
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

const anySchema = `
CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, x INTEGER, y INTEGER NOT NULL, u INTEGER UNIQUE);
CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY, a_id INTEGER, k INTEGER NOT NULL, z INTEGER, o INTEGER NOT NULL, UNIQUE (o, k),
	FOREIGN KEY (a_id) REFERENCES a (id), FOREIGN KEY (o) REFERENCES a (id));
CREATE TABLE c (p INTEGER NOT NULL, q INTEGER NOT NULL, r INTEGER, PRIMARY KEY (p, q));
`

var anyColumns = map[string][]string{"a": {"id", "x", "y", "u"}, "b": {"id", "a_id", "k", "z", "o"}, "c": {"p", "q", "r"}}

// anyQuery makes queries over the three tables.
type anyQuery struct {
	*rand.Rand
}

func (g *anyQuery) one(list ...string) string { return list[g.IntN(len(list))] }

func (g *anyQuery) value() string { return g.one("NULL", "0", "1", "2", "3") }

// rows fill the tables; those that break a key are made no more.
func (g *anyQuery) rows() string {
	var b strings.Builder
	used := map[string]bool{"NULL": false}
	for id := range 5 {
		u := g.value()
		if used[u] {
			u = "NULL"
		}
		used[u] = u != "NULL"
		fmt.Fprintf(&b, "INSERT INTO a VALUES (%d, %s, %d, %s);\n", id, g.value(), g.IntN(3), u)
	}
	pairs := map[[2]int]bool{}
	for id := range 9 {
		o, k := g.IntN(5), g.IntN(4)
		if !pairs[[2]int{o, k}] {
			pairs[[2]int{o, k}] = true
			fmt.Fprintf(&b, "INSERT INTO b VALUES (%d, %s, %d, %s, %d);\n", id, g.value(), k, g.value(), o)
		}
	}
	for p := range 3 {
		for q := range 3 {
			if g.IntN(3) > 0 {
				fmt.Fprintf(&b, "INSERT INTO c VALUES (%d, %d, %s);\n", p, q, g.value())
			}
		}
	}
	return b.String()
}

type anyTable struct{ name, alias string }

func (t anyTable) column(g *anyQuery) string { return t.alias + "." + g.one(anyColumns[t.name]...) }

func (g *anyQuery) condition(tables []anyTable) string {
	t := tables[g.IntN(len(tables))]
	switch g.IntN(7) {
	case 0:
		return t.column(g) + " IS NULL"
	case 1:
		return t.column(g) + " IS NOT NULL"
	case 2:
		return fmt.Sprintf("(SELECT count(%s) FROM b s WHERE s.%s = %s) %s", g.one("*", "*", "s.id", "s.z"), g.one("a_id", "o", "id", "k"), t.column(g), g.one("> 0", "= 0", ">= 1", "<> 0", "< 1", "> 1"))
	case 3:
		return fmt.Sprintf("EXISTS (SELECT s.p FROM c s WHERE s.p = %s UNION SELECT s.id FROM b s WHERE s.k = %s)", t.column(g), t.column(g))
	case 4:
		return fmt.Sprintf("(%s = %d OR %s = %d)", t.column(g), g.IntN(4), t.column(g), g.IntN(4))
	}
	return fmt.Sprintf("%s %s %d", t.column(g), g.one("=", "=", "<>", "<"), g.IntN(4))
}

// from is FROM with WHERE, and the tables in it.
func (g *anyQuery) from() (string, []anyTable) {
	var tables []anyTable
	text := " FROM "
	for i := range 1 + g.IntN(3) {
		t := anyTable{g.one("a", "b", "c"), fmt.Sprintf("t%d", i)}
		if i == 0 {
			text += t.name + " " + t.alias
			tables = append(tables, t)
			continue
		}
		other := tables[g.IntN(len(tables))]
		own := t.column(g)
		if g.IntN(2) == 0 {
			own = t.alias + "." + anyColumns[t.name][0]
		}
		on := own + " = " + other.column(g)
		if t.name == "c" && g.IntN(2) == 0 {
			on = fmt.Sprintf("%s.p = %s AND %s.q = %s", t.alias, other.column(g), t.alias, other.column(g))
		}
		if g.IntN(5) == 0 {
			on += " AND " + g.condition(append(slices.Clone(tables), t))
		}
		text += " " + g.one("JOIN", "LEFT JOIN", "LEFT JOIN") + " " + t.name + " " + t.alias + " ON " + on
		tables = append(tables, t)
	}
	if g.IntN(2) == 0 {
		text += " WHERE " + g.condition(tables)
		if g.IntN(3) == 0 {
			text += " AND " + g.condition(tables)
		}
	}
	return text, tables
}

func (g *anyQuery) selected(tables []anyTable, n int) string {
	var list []string
	for i := range n {
		t := tables[g.IntN(len(tables))]
		c := t.column(g)
		if g.IntN(3) == 0 {
			c = t.alias + "." + anyColumns[t.name][0]
		}
		list = append(list, fmt.Sprintf("%s AS c%d", c, i))
	}
	return strings.Join(list, ", ")
}

func (g *anyQuery) query() string {
	from, tables := g.from()
	switch g.IntN(6) {
	case 0: // groups
		key := tables[g.IntN(len(tables))].column(g)
		return fmt.Sprintf("SELECT %s AS c0, count(DISTINCT %s) AS n%s GROUP BY %s", key, tables[g.IntN(len(tables))].column(g), from, key)
	case 1: // a union
		n := 1 + g.IntN(3)
		other, others := g.from()
		tag := func() string { return g.one("'x' AS tag, ", "'y' AS tag, ", "1 AS tag, ", "2 AS tag, ") }
		first, second := tag(), tag()
		if first[0] != second[0] {
			second = first
		}
		return "SELECT " + first + g.selected(tables, n) + from + " UNION SELECT " + second + g.selected(others, n) + other
	case 2: // all rows
		return "SELECT " + g.selected(tables, 1+g.IntN(2)) + from
	}
	return "SELECT DISTINCT " + g.selected(tables, 1+g.IntN(3)) + from
}
