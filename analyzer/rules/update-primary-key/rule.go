// Package updateprimarykey is the rule CV4410.
package updateprimarykey

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds keys that are changed.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, u := range rule.Exprs[*ir.Update](q) {
		if len(u.Tables) != 1 {
			continue
		}
		r := q.Relation(u.Tables[0])
		if r == nil || r.Table == nil || r.Table.Kind != catalog.BaseTable || r.Table.PrimaryKey() == nil || len(r.Table.PrimaryKey().Columns) > 1 && !referred(q.Catalog, r.Table) {
			continue
		}
		for i := range u.Set {
			a := &u.Set[i]
			for j := range a.Targets {
				name := a.Targets[j].Name.Name
				if !slices.ContainsFunc(r.Table.PrimaryKey().Columns, func(k string) bool { return strings.EqualFold(k, name) }) || same(q, u, a) {
					continue
				}
				q.Add(q.At(&a.Targets[j], "this changes the primary key of %s, by which the rest of the world knows the row", r.Table.Name).
					WithLabel(r.Table.PrimaryKey().Span, "the key").
					WithHelp("refer to rows by a key that never changes, and make this one UNIQUE"))
			}
		}
	}
}

// same tells whether a key is set to what WHERE finds it by, or to itself.
func same(q *rule.Query, u *ir.Update, a *ir.Assign) bool {
	if len(a.Targets) != 1 {
		return false
	}
	if id := q.Value(a.Value).Column; id != 0 && strings.EqualFold(q.ByID(id).Name, a.Targets[0].Name.Name) {
		return true
	}
	for _, x := range rule.Conjuncts(u.Where) {
		if eq, ok := x.(*ir.Binary); ok && eq.Op == "=" && (q.Same(eq.L, a.Value) || q.Same(eq.R, a.Value)) {
			return true
		}
	}
	return false
}

// referred tells whether another table has a foreign key to t.
func referred(s *catalog.Snapshot, t *catalog.Table) bool {
	for _, sc := range s.Schemas {
		for _, from := range sc.Tables {
			for _, c := range from.Constraints {
				if c.Kind == ir.ForeignKey && s.Table(c.RefSchema, c.RefTable) == t {
					return true
				}
			}
		}
	}
	return false
}
