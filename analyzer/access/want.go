package access

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

// Want is an index that would find an access's rows, or give them in order, where none does.
type Want struct {
	Access *Access
	// Equal are the columns that conditions fix, in no order; Then what follows them: the column of a range, or those that
	// the rows are sorted by.
	Equal []*catalog.Column
	Then  []Sort
	// Order tells that the rows are found, or all wanted, and only their order is not there.
	Order bool
	// Cond is the first of the conditions.
	Cond Cond
}

// Wanted is the index that an access wants; ok is false where it wants none, or nothing sure can be said.
func (a *Access) Wanted() (w Want, ok bool) {
	if a.inner || a.Table.PartitionOf != "" || Single(a.Table) {
		return w, false
	}
	if w, ok = a.finding(); ok {
		return w, true
	}
	return a.sorting()
}

// Single tells of a table that a CHECK keeps from having more than one row: its key is one constant.
func Single(t *catalog.Table) bool {
	key := t.PrimaryKey()
	if key == nil || len(key.Columns) != 1 {
		return false
	}
	for _, k := range t.Constraints {
		if k.Kind != ir.Check || k.X == nil {
			continue
		}
		for _, x := range rule.Conjuncts(k.X) {
			b, ok := x.(*ir.Binary)
			if !ok || b.Op != "=" {
				continue
			}
			ref, column := b.L.(*ir.ColumnRef)
			_, constant := b.R.(*ir.Literal)
			if column && constant && strings.EqualFold(ref.Parts[len(ref.Parts)-1].Name, key.Columns[0]) {
				return true
			}
		}
	}
	return false
}

// finding is the index that would find the rows, where none finds any.
func (a *Access) finding() (w Want, ok bool) {
	if a.Reached() || slices.ContainsFunc(a.Paths, func(p *Path) bool { return a.Match(p, nil).Serves() }) {
		return w, false
	}
	w.Access = a
	selective := false
	for _, c := range a.Conds {
		if !a.plainly(c) || c.Op != Equal && c.Op != In || slices.Contains(w.Equal, c.Column) {
			continue
		}
		if a.Few(c) {
			continue
		}
		if !selective {
			w.Cond = c
		}
		selective = true
		w.Equal = append(w.Equal, c.Column)
	}
	for _, c := range a.Conds {
		if len(w.Then) == 0 && a.plainly(c) && c.Op == Range && !slices.Contains(w.Equal, c.Column) && !a.Few(c) {
			w.Then = []Sort{{Column: c.Column}}
			if !selective {
				w.Cond = c
			}
			selective = true
		}
	}
	if selective && len(w.Equal) == 0 && Changed(a.Query.Package, a.Table, w.Then[0].Column) {
		return w, false
	}
	return w, selective
}

type changedKey struct{}

// Changed tells whether a query of the package sets a column: an index over it costs each such UPDATE.
func Changed(p *rule.Package, t *catalog.Table, c *catalog.Column) bool {
	all := rule.Shared(p, changedKey{}, func() map[string]bool {
		out := map[string]bool{}
		note := func(t *catalog.Table, list []ir.Assign) {
			for _, s := range list {
				for _, to := range s.Targets {
					out[t.Schema+"."+t.Name+"."+fold(to.Name.Name)] = true
				}
			}
		}
		for _, q := range Queries(p) {
			q.Walk(func(n ir.Node, _ *sem.Block) bool {
				switch n := n.(type) {
				case *ir.Update:
					for _, x := range n.Tables {
						if r := q.Relation(x); r != nil && r.Table != nil {
							note(r.Table, n.Set)
						}
					}
				case *ir.Insert:
					if r := q.Relation(n.Table); r != nil && r.Table != nil {
						note(r.Table, n.OnDuplicate)
						for _, x := range n.OnConflict {
							note(r.Table, x.Set)
						}
					}
				}
				return true
			})
		}
		return out
	})
	return all[t.Schema+"."+t.Name+"."+fold(c.Name)]
}

// Leading is the column that an index would have to begin with.
func (w Want) Leading() *catalog.Column {
	if len(w.Equal) > 0 {
		return w.Equal[0]
	}
	return w.Then[0].Column
}

// Skips is an index that has the leading column behind others, which the conditions leave out.
func (w Want) Skips() (*Path, bool) {
	a := w.Access
	if w.Order {
		return nil, false
	}
	for _, p := range a.Paths {
		if p.Ordered() && p.Has(w.Leading()) > 0 && !p.Implied && (p.Where == nil || a.Implies(p.Where)) {
			return p, true
		}
	}
	return nil, false
}

// Unimplied is a partial index that would find the rows, had the query its condition; nil where there is none, where another one finds
// them, or where the query means other rows: the index holds the rows that live (deleted_at IS NULL), or the query does say
// something of what the index's condition is about.
func (a *Access) Unimplied() *Path {
	if a.Reached() || a.inner {
		return nil
	}
	for _, p := range a.Paths {
		if p.Where == nil || !p.Ordered() || a.Implies(p.Where) || !lives(p.Where) && !a.mentions(p.Where) {
			continue
		}
		whole := *p
		whole.Where = nil
		if m := a.Match(&whole, a.Supplied); m.Equal > 0 && m.Conds[0].Op != Null {
			return p
		}
	}
	return nil
}

// lives tells of a condition that it leaves out rows which are gone: x IS NULL, x = false.
func lives(where ir.Expr) bool {
	for _, x := range rule.Conjuncts(where) {
		switch x := x.(type) {
		case *ir.IsTest:
			if x.Not || x.What != "NULL" && x.What != "FALSE" {
				return false
			}
		case *ir.Not:
			if _, plain := x.X.(*ir.ColumnRef); !plain {
				return false
			}
		case *ir.Binary:
			l, constant := x.R.(*ir.Literal)
			if x.Op != "=" || !constant || l.Kind != ir.Bool || fold(l.Text) != "false" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// mentions tells whether a condition of the query compares a column of an index's condition.
func (a *Access) mentions(where ir.Expr) bool {
	found := false
	ir.Walk(where, func(n ir.Node) bool {
		if ref, ok := n.(*ir.ColumnRef); ok {
			name := fold(ref.Parts[len(ref.Parts)-1].Name)
			found = found || slices.ContainsFunc(a.Conds, func(c Cond) bool {
				return c.Column != nil && fold(c.Column.Name) == name && c.Within == nil && (c.Op == Equal || c.Op == In)
			})
		}
		return !found
	})
	return found
}

// plainly tells of a condition on a bare column that holds from what is found before.
func (a *Access) plainly(c Cond) bool {
	return c.Column != nil && c.Wrap == Bare && c.Within == nil && c.Optional == nil && c.Collation == "" && a.indexable(c.Column) && !c.Column.Hidden && a.Supplied(c)
}

// indexable tells whether an ordered index may hold a column's values.
func (a *Access) indexable(c *catalog.Column) bool {
	return !c.Type.IsArray() && !slices.Contains(a.engine.unordered, c.Type.Name)
}

// sorting is the index that would give the first rows without sorting all.
func (a *Access) sorting() (w Want, ok bool) {
	if a.Limit == nil || len(a.Order) == 0 || len(a.around) != 1 || a.alone() != nil || a.Best(a.Given).Equal > 1 || a.Best(a.Given).Whole() {
		return w, false
	}
	w = Want{Access: a, Order: true}
	var few []*catalog.Column
	for _, x := range a.plain() {
		c, known := a.condOf(x)
		switch {
		case !known || !a.plainly(c):
			return w, false
		case c.Op == Equal && a.Few(c):
			few = append(few, c.Column)
		case c.Op == Equal:
			w.Equal = append(w.Equal, c.Column)
		case c.Op == Range && c.Column == a.first():
		default:
			return w, false
		}
		if w.Cond.X == nil {
			w.Cond = c
		}
	}
	if a.Ordered() {
		return w, false
	}
	w.Equal = append(w.Equal, few...)
	for _, o := range a.Order {
		if !slices.Contains(w.Equal, o.Column) {
			if !a.indexable(o.Column) || slices.Contains(a.engine.cut, o.Column.Type.Name) || o.Nulls != "" {
				return w, false
			}
			w.Then = append(w.Then, o)
		}
	}
	return w, len(w.Then) > 0
}

// first is the first column of the order that no condition fixes.
func (a *Access) first() *catalog.Column {
	for _, o := range a.Order {
		if !a.fixed(o.Column) {
			return o.Column
		}
	}
	return nil
}

// alone gives a relation of the block beside the access; nil where there is none.
func (a *Access) alone() ir.TableExpr {
	var from []ir.TableExpr
	switch n := a.Block.Query.(type) {
	case *ir.Select:
		from = n.From
	case *ir.Update:
		from = append(append([]ir.TableExpr(nil), n.Tables...), n.From...)
	case *ir.Delete:
		from = n.From
	}
	for _, t := range from {
		if t != ir.TableExpr(a.Ref) {
			return t
		}
	}
	return nil
}

// condOf is the one condition that a conjunct is.
func (a *Access) condOf(x ir.Expr) (found Cond, ok bool) {
	n := 0
	for _, c := range a.Conds {
		if c.X == ir.Node(x) {
			found = c
			n++
		}
	}
	return found, n == 1
}

// Few tells of a condition that one of few values is asked for, so that it finds many rows: a bool, an enum, a state.
func (a *Access) Few(c Cond) bool {
	t := c.Column.Type
	if t.Is("bool", "boolean", "enum", "set", "bit") || t.Kind == types.Enum || t.Name == "tinyint" && t.Length == 1 || strings.HasPrefix(strings.ToLower(c.Column.Declared), "bool") {
		return true
	}
	if c.Op == Null {
		return true
	}
	for _, k := range a.Table.Constraints {
		switch {
		case k.Kind == ir.Check && len(k.Columns) <= 1 && strings.Contains(fold(k.Expr), fold(c.Column.Name)) && (strings.Contains(fold(k.Expr), " in ") || strings.Contains(fold(k.Expr), "any")):
			return true
		case k.Kind == ir.ForeignKey && len(k.Columns) == 1 && fold(k.Columns[0]) == fold(c.Column.Name):
			if p := a.Query.Catalog.Table(k.RefSchema, k.RefTable); p != nil && Enumeration(p) {
				return true
			}
		}
	}
	constant := len(c.Values) > 0
	for _, v := range c.Values {
		constant = constant && a.Query.Value(v).Constant != nil
	}
	if c.Op == Range {
		return constant && c.Operator != "BETWEEN" && slices.ContainsFunc(c.Values, func(v ir.Expr) bool { return a.Query.Value(v).Constant.Text == "0" })
	}
	if constant && !slices.ContainsFunc(c.Values, func(v ir.Expr) bool { return a.Query.Value(v).Constant.Text != "" }) {
		return true // empty
	}
	name := fold(c.Column.Name)
	return slices.ContainsFunc(states, func(s string) bool { return name == s || strings.HasSuffix(name, "_"+s) }) ||
		constant && c.Column.Default != ""
}

// states are what columns with few values are called.
var states = []string{"status", "state", "kind", "type", "mode", "level", "severity", "enabled", "disabled", "active", "deleted", "archived", "version", "priority", "role", "category"}

// Wants lists what all queries of a package want.
func Wants(p *rule.Package) []Want {
	return rule.Shared(p, wantsKey{}, func() (out []Want) {
		for _, a := range All(p) {
			if w, ok := a.Wanted(); ok {
				out = append(out, w)
			}
		}
		return out
	})
}

type wantsKey struct{}
