package access

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// Indexed tells whether an index finds the rows that refer to one, or few enough to look through: it begins with a column of the key.
func Indexed(p *rule.Package, t *catalog.Table, c *catalog.Constraint) bool {
	return slices.ContainsFunc(Paths(p, t), func(x *Path) bool {
		return (x.Ordered() && begins(x, c) || x.Method == "hash" && len(x.Parts) == 1 && begins(x, c)) && (x.Where == nil || notNull(x.Where, c.Columns))
	})
}

// Partial is an index that would find the rows which refer to one, but holds some rows only; nil where there is none.
func Partial(p *rule.Package, t *catalog.Table, c *catalog.Constraint) *Path {
	for _, x := range Paths(p, t) {
		if x.Ordered() && x.Where != nil && begins(x, c) {
			return x
		}
	}
	return nil
}

func begins(x *Path, c *catalog.Constraint) bool {
	return len(x.Parts) > 0 && slices.ContainsFunc(c.Columns, func(name string) bool { return strings.EqualFold(name, x.Parts[0].Column) })
}

// notNull tells of a partial index that it leaves out no more than the rows that refer to nothing.
func notNull(where ir.Expr, columns []string) bool {
	for _, x := range rule.Conjuncts(where) {
		t, ok := x.(*ir.IsTest)
		if !ok || t.What != "NULL" || !t.Not {
			return false
		}
		ref, ok := t.X.(*ir.ColumnRef)
		if !ok || !slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, ref.Parts[len(ref.Parts)-1].Name) }) {
			return false
		}
	}
	return true
}

// Enumeration tells of a table that lists values, and of each no more than its name: they are few, and rarely what finds a row.
func Enumeration(t *catalog.Table) bool {
	key := t.PrimaryKey()
	return key != nil && len(t.Columns) == len(key.Columns) && len(key.Columns) == 1
}

// ForeignKey is a foreign key of the table whose columns the conditions fix and no index begins with; nil where there is none. It is
// what the want is about.
func (w Want) ForeignKey() *catalog.Constraint {
	a := w.Access
	for _, k := range a.Table.Constraints {
		if k.Kind != ir.ForeignKey || w.Order || Indexed(a.Query.Package, a.Table, k) {
			continue
		}
		if !slices.ContainsFunc(k.Columns, func(name string) bool {
			return !slices.ContainsFunc(w.Equal, func(c *catalog.Column) bool { return strings.EqualFold(c.Name, name) })
		}) {
			return k
		}
	}
	return nil
}
