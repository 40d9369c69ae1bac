package rules_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
)

// mutated are the projects whose keys are taken away one by one.
var mutated = []string{"simplebank", "koito", "otf", "minder"}

// What rests on a key is found as soon as the key is taken out of the schema of a real project, and nothing else is:
// :one by a key that is no more, pages in its order, ON CONFLICT over it. Which queries rest on it is read off their text here.
func TestAKeyThatIsDroppedIsMissed(t *testing.T) {
	for _, name := range mutated {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("..", "..", "..", "shared", "acceptance", "corpus", name)
			b, err := os.ReadFile(filepath.Join(dir, "case.json"))
			if err != nil {
				t.Skip("the corpus is not here")
			}
			var c struct{ Config string }
			if err := json.Unmarshal(b, &c); err != nil {
				t.Fatal(err)
			}
			path, err := filepath.Abs(filepath.Join(dir, "tree", c.Config))
			if err != nil {
				t.Fatal(err)
			}
			m := &mutation{t: t, config: path, extra: filepath.Join(t.TempDir(), "mutation.sql")}
			original := m.compile("")
			before := m.found(original)
			drops := 0
			for _, s := range original.Catalog.Schemas {
				for _, table := range s.Tables {
					for _, k := range keysOf(table) {
						drops++
						m.drop(original, before, table, k)
					}
				}
			}
			t.Logf("%d keys were dropped, %d queries found by that", drops, m.hits)
			if drops == 0 || m.hits == 0 {
				t.Error("nothing was found")
			}
		})
	}
}

type dropKey struct {
	columns []string
	ddl     string
}

// keysOf are the keys of a table that can be dropped by name.
func keysOf(t *catalog.Table) []dropKey {
	var out []dropKey
	if t.Kind != catalog.BaseTable || t.PartitionOf != "" {
		return nil
	}
	name := fmt.Sprintf("%q.%q", t.Schema, t.Name)
	for _, c := range t.Constraints {
		if (c.Kind == ir.PrimaryKey || c.Kind == ir.Unique) && c.Name != "" {
			out = append(out, dropKey{c.Columns, fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT %q CASCADE;", name, c.Name)})
		}
	}
	for _, x := range t.Indexes {
		var columns []string
		for _, p := range x.Parts {
			columns = append(columns, p.Column)
		}
		if x.Unique && x.WhereExpr == nil && !slices.Contains(columns, "") {
			out = append(out, dropKey{columns, fmt.Sprintf("DROP INDEX %q.%q;", t.Schema, x.Name)})
		}
	}
	return out
}

type mutation struct {
	t             *testing.T
	config, extra string
	hits          int
}

func (m *mutation) compile(ddl string) *compiler.Package {
	m.t.Helper()
	cfg, diags := config.Load(m.config)
	if cfg == nil {
		m.t.Fatal(diags)
	}
	if err := os.WriteFile(m.extra, []byte(ddl), 0o644); err != nil {
		m.t.Fatal(err)
	}
	cfg.Packages = cfg.Packages[:1]
	cfg.Packages[0].Schema = append(slices.Clone(cfg.Packages[0].Schema), m.extra)
	return compiler.Compile(cfg, compiler.Options{KeepRel: true}).Packages[0]
}

// found are the findings of the three rules, as "slug query".
func (m *mutation) found(p *compiler.Package) map[string]bool {
	var judges []*rule.Rule
	for _, r := range rules.All {
		if r.Slug == "one-may-return-many" || r.Slug == "order-not-unique" || r.Slug == "on-conflict-no-index" {
			judges = append(judges, r)
		}
	}
	out := map[string]bool{}
	for _, d := range rule.Of(p).Judge(judges) {
		out[d.Code.Slug+" "+d.Query] = true
		for _, help := range d.Help { // a cause that several queries have is told of once
			if names, ok := strings.CutPrefix(help, "it is the same with "); ok {
				for _, name := range strings.Split(strings.ReplaceAll(names, " and ", ", "), ", ") {
					out[d.Code.Slug+" "+name] = true
				}
			}
		}
	}
	return out
}

func (m *mutation) drop(original *compiler.Package, before map[string]bool, table *catalog.Table, k dropKey) {
	dropped := m.compile(k.ddl)
	if dropped.Catalog == nil {
		m.t.Errorf("%s: the schema is no schema any more", k.ddl)
		return
	}
	after := m.found(dropped)
	compiled := map[string]bool{}
	for _, q := range dropped.Queries() {
		compiled[q.Name] = true
	}
	for _, q := range original.Queries() {
		for _, slug := range []string{"one-may-return-many", "order-not-unique", "on-conflict-no-index"} {
			is := after[slug+" "+q.Name]
			was := before[slug+" "+q.Name]
			if is && !was {
				m.hits++
				if !touches(original.Catalog, q, table) {
					m.t.Errorf("%s: %s of %s, which does not read the table", k.ddl, slug, q.Name)
				}
			}
			if !is && compiled[q.Name] && rests(slug, q, table, k) {
				m.t.Errorf("%s: no %s of %s", k.ddl, slug, q.Name)
			}
		}
	}
}

// touches tells whether a query reads or writes a table.
func touches(in *catalog.Snapshot, q *facts.Query, t *catalog.Table) bool {
	name := t.Name
	if t.Schema != in.DefaultSchema {
		name = t.Schema + "." + name
	}
	return slices.Contains(q.Reads, name) || slices.Contains(q.Writes, name)
}

// rests tells of the plainest queries whether they rest on a key of a table: SELECT … FROM t WHERE all of its columns = an argument,
// ORDER BY these columns LIMIT, INSERT … ON CONFLICT (these columns).
func rests(slug string, q *facts.Query, t *catalog.Table, k dropKey) bool {
	if in, ok := q.Tree.(*ir.Insert); ok {
		if slug != "on-conflict-no-index" || in.Table.Name.Last() != t.Name || len(in.OnConflict) != 1 || in.OnConflict[0].Constraint != nil {
			return false
		}
		var columns []string
		for _, target := range in.OnConflict[0].Target {
			columns = append(columns, named(target.X))
		}
		return len(columns) > 0 && sameSet(columns, k.columns) && !another(t, k, columns, true)
	}
	s, ok := q.Tree.(*ir.Select)
	if !ok || slug == "on-conflict-no-index" || s.With != nil || len(s.From) != 1 || s.GroupBy != nil || s.Distinct || s.Having != nil {
		return false
	}
	ref, ok := s.From[0].(*ir.TableRef)
	if !ok || ref.Name.Last() != t.Name || aggregates(s) {
		return false
	}
	var fixed []string
	for _, x := range rule.Conjuncts(s.Where) {
		eq, ok := x.(*ir.Binary)
		if !ok || eq.Op != "=" {
			return false
		}
		if _, is := eq.R.(*ir.Param); !is || named(eq.L) == "" {
			return false
		}
		fixed = append(fixed, named(eq.L))
	}
	if slug == "one-may-return-many" {
		for _, name := range k.columns { // what the table makes up by itself names its rows, declared or not: table-without-key speaks of it
			if c := t.Column(name, false); c != nil && (c.Identity != "" || c.Default != "") {
				return false
			}
		}
		return q.Command == "one" && s.Limit == nil && within(k.columns, fixed) && !another(t, k, fixed, false)
	}
	var order []string
	for i := range s.OrderBy {
		c := t.Column(named(s.OrderBy[i].X), false)
		if c == nil || c.HasDefault() {
			return false
		}
		order = append(order, c.Name)
	}
	n, one := rule.Constant(s.Limit)
	if s.Limit == nil || one && n == 1 || len(order) == 0 || len(s.Locking) > 0 {
		return false
	}
	shown := 0
	for i := range s.Items {
		if slices.Contains(append(fixed, order...), named(s.Items[i].X)) {
			shown++
		}
	}
	all := append(order, fixed...)
	return shown < len(s.Items) && within(k.columns, all) && !another(t, k, all, false)
}

// aggregates tells whether a select list has a call in it.
func aggregates(s *ir.Select) bool {
	for i := range s.Items {
		if _, ok := s.Items[i].X.(*ir.FuncCall); ok {
			return true
		}
	}
	return false
}

// another tells whether a table has one more key that some columns have in them, or are.
func another(t *catalog.Table, not dropKey, columns []string, exactly bool) bool {
	for _, x := range t.Indexes {
		computed := slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return p.Column == "" })
		if x.Unique && (x.WhereExpr != nil || computed) {
			return true // perhaps
		}
	}
	for _, o := range keysOf(t) {
		if o.ddl != not.ddl && within(o.columns, columns) && (!exactly || within(columns, o.columns)) {
			return true
		}
	}
	return false
}

func named(x ir.Expr) string {
	if c, ok := x.(*ir.ColumnRef); ok {
		return c.Parts[len(c.Parts)-1].Name
	}
	return ""
}

func within(some, all []string) bool {
	for _, s := range some {
		if !slices.Contains(all, s) {
			return false
		}
	}
	return true
}

func sameSet(a, b []string) bool { return within(a, b) && within(b, a) }
