package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// tables are all relations of the user's.
func (s *statement) tables() (out []*catalog.Table) {
	for _, sc := range s.Schema.Schemas {
		if sc.Load == nil {
			out = append(out, sc.Tables...)
		}
	}
	return out
}

// refers tells whether a text that names a parent, "name" or "schema.name", means t.
func refers(text string, child, t *catalog.Table) bool {
	if text == "" {
		return false
	}
	if schema, name, ok := strings.Cut(text, "."); ok && schema == t.Schema && name == t.Name {
		return true
	}
	return text == t.Name && (child.Schema == t.Schema || !strings.Contains(text, "."))
}

// children are the tables that inherit from t, and the partitions of it, at every depth.
func (s *statement) children(t *catalog.Table) (out []*catalog.Table) {
	for _, c := range s.tables() {
		if c != t && (refers(c.PartitionOf, c, t) || slices.ContainsFunc(c.Inherits, func(p string) bool { return refers(p, c, t) })) {
			out = append(out, c)
			out = append(out, s.children(c)...)
		}
	}
	return out
}

// reference is a foreign key of a table.
type reference struct {
	table *catalog.Table
	key   *catalog.Constraint
}

// referencing are the foreign keys of other tables that refer to t.
func (s *statement) referencing(t *catalog.Table) (out []reference) {
	for _, u := range s.tables() {
		for _, k := range u.Constraints {
			if k.Kind == ir.ForeignKey && u != t && s.target(k) == t {
				out = append(out, reference{u, k})
			}
		}
	}
	return out
}

// target is the table that a foreign key refers to.
func (s *statement) target(k *catalog.Constraint) *catalog.Table {
	return s.Schema.Table(k.RefSchema, k.RefTable)
}

// usingType are the relations with a column of a type, or of one made of it.
func (s *statement) usingType(d *catalog.TypeDef) (out []*catalog.Table) {
	for _, t := range s.tables() {
		if slices.ContainsFunc(t.Columns, func(c *catalog.Column) bool { return s.madeOf(c.Type, d, 0) }) {
			out = append(out, t)
		}
	}
	return out
}

func (s *statement) madeOf(t types.Type, d *catalog.TypeDef, depth int) bool {
	if depth > 16 {
		return false
	}
	if e := t.Elem(); e.Name == d.Name && (e.Schema == d.Schema || e.Schema == "") {
		return true
	}
	u := s.Schema.Type(t.Schema, t.Name)
	if u == nil {
		return false
	}
	return u.Kind == types.Domain && s.madeOf(u.Base, d, depth+1) ||
		slices.ContainsFunc(u.Columns, func(c *catalog.Column) bool { return s.madeOf(c.Type, d, depth+1) })
}

// typed resolves a type's name; types of extensions are found by the extensions that the schema has.
func (s *statement) typed(n ir.TypeName) types.Type {
	if t := s.d.Type(n, s.Schema); t.Known() {
		return t
	}
	for _, e := range s.Schema.Extensions {
		defs, _, _ := s.d.Extension(e)
		for _, d := range defs {
			if d.Name == n.Name.Last() {
				t := d.Type()
				t.Schema, t.Dims = "", n.Dims
				return t
			}
		}
	}
	return types.Type{}
}

// constrained tells whether a domain, or one that it rests on, refuses values.
func (s *statement) constrained(t types.Type) bool {
	for range 16 {
		d := s.Schema.Type(t.Schema, t.Name)
		if d == nil || d.Kind != types.Domain || t.IsArray() {
			return false
		}
		if d.NotNull || len(d.Checks) > 0 {
			return true
		}
		t = d.Base
	}
	return false
}

// indexes are the names of a table's indexes, with those that a partition has of its parent's, which the schema does not list.
func (s *statement) indexes(t *catalog.Table) []string {
	out := indexNames(t)
	for p := s.parent(t); p != nil; p = s.parent(p) {
		for _, i := range p.Indexes {
			if !slices.ContainsFunc(t.Indexes, func(own *catalog.Index) bool { return like(own, i) }) {
				out = append(out, partitionIndex(s.d.SchemaRules(), t, i))
			}
		}
	}
	return out
}

// indexNames are a table's indexes, those of constraints too, in the order in which they were made as far as that is known.
func indexNames(t *catalog.Table) (out []string) {
	for _, k := range t.Constraints {
		switch k.Kind {
		case ir.PrimaryKey, ir.Unique, ir.Exclude:
			out = append(out, k.Name)
		}
	}
	for _, x := range t.Indexes {
		out = append(out, x.Name)
	}
	return out
}

// stored tells whether a relation has rows of its own.
func stored(t *catalog.Table) bool {
	return (t.Kind == catalog.BaseTable && t.Partition == "") || t.Kind == catalog.MaterializedView
}

// indexOf finds the table of an index, or of a constraint's index, by its name.
func (s *statement) indexOf(n ir.Name) (*catalog.Table, *catalog.Index, *catalog.Constraint) {
	for _, t := range s.tables() {
		if n.Schema() != "" && t.Schema != n.Schema() {
			continue
		}
		for _, x := range t.Indexes {
			if x.Name == n.Last() {
				return t, x, nil
			}
		}
		for _, k := range t.Constraints {
			if k.Name == n.Last() && (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique || k.Kind == ir.Exclude) {
				return t, nil, k
			}
		}
	}
	return nil, nil, nil
}

func constraint(t *catalog.Table, name string) *catalog.Constraint {
	for _, k := range t.Constraints {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// readers are the views that need a column of t, or the whole of it where column is "".
func (s *statement) readers(t *catalog.Table, column string) (out []string) {
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	for _, d := range s.Schema.Depends {
		if d.On.Schema != t.Schema || (d.Object.Kind != "view" && d.Object.Kind != "materialized view" && d.Object.Kind != "rule") {
			continue
		}
		of := d.Object.Name
		if d.Object.Kind == "rule" {
			of = d.Object.Table
		}
		if of == t.Name || s.Schema.Table(d.Object.Schema, of) == nil {
			continue
		}
		switch {
		case d.On.Kind == "column" && d.On.Table == t.Name && (column == "" || d.On.Name == column),
			column == "" && d.On.Table == "" && d.On.Name == t.Name:
			add(of)
		}
	}
	for _, v := range s.tables() {
		if v.Kind != catalog.View && v.Kind != catalog.MaterializedView || v.Query == nil {
			continue
		}
		for _, u := range s.reads(v.Query) {
			if u == t && (column == "" || mentions(v.Query, column)) {
				add(v.Name)
			}
		}
	}
	return out
}

// held tells whether an object of a kind rests on a column of t, as the server says: a policy, a trigger.
func (s *statement) held(kind string, t *catalog.Table, column string) (name string, ok bool) {
	for _, d := range s.Schema.Depends {
		if d.Object.Kind == kind && d.On.Kind == "column" && d.On.Schema == t.Schema && d.On.Table == t.Name && d.On.Name == column {
			return d.Object.Name, true
		}
	}
	return "", false
}

// mentions tells whether a tree names a column, or takes all of them.
func mentions(n ir.Node, column string) (found bool) {
	ir.Walk(n, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.ColumnRef:
			found = found || x.Parts[len(x.Parts)-1].Name == column
		case *ir.Star:
			found = true
		}
		return !found
	})
	return found
}

// reads are the relations that a query names, without those that it defines itself.
func (s *statement) reads(n ir.Node) (out []*catalog.Table) {
	own := map[string]bool{}
	ir.Walk(n, func(n ir.Node) bool {
		if c, ok := n.(*ir.CTE); ok {
			own[c.Name.Name] = true
		}
		return true
	})
	ir.Walk(n, func(n ir.Node) bool {
		if ref, ok := n.(*ir.TableRef); ok && !(len(ref.Name.Parts) == 1 && own[ref.Name.Last()]) {
			if t := s.Schema.Table(ref.Name.Schema(), ref.Name.Last()); t != nil && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
		return true
	})
	return out
}

// system tells whether a relation is the server's own.
func system(t *catalog.Table) bool {
	return t.Schema == "pg_catalog" || t.Schema == "information_schema"
}

// lockReads locks what a query reads.
func (s *statement) lockReads(n ir.Node) {
	for _, t := range s.reads(n) {
		if !system(t) {
			s.Lock(effect.Of(t), effect.AccessShare)
		}
	}
}
