// Package ambiguousalias is the rule CV4603.
package ambiguousalias

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds names of relations by which two can be meant.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, f := range q.Froms() {
		var list []ir.TableExpr
		for _, t := range f.Items {
			list = append(list, rule.Leaves(t)...)
		}
		repeated(q, list)
		exchanged(q, list)
	}
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch x := n.(type) {
		case *ir.In:
			hidden(q, x.Query)
		case *ir.Exists:
			hidden(q, x.Query)
		case *ir.Subquery:
			hidden(q, x.Query)
		}
		return true
	})
}

func same(q *rule.Query, a, b string) bool {
	return a != "" && (a == b || q.Package.Traits.CaselessNames && strings.EqualFold(a, b))
}

// repeated finds a name that one FROM gives twice, which SQLite takes.
func repeated(q *rule.Query, list []ir.TableExpr) {
	for i, t := range list {
		for _, before := range list[:i] {
			a, b := q.Relation(before), q.Relation(t)
			if a != nil && b != nil && same(q, a.Name, b.Name) && schema(before) == schema(t) {
				q.Add(q.At(t, "two relations of this FROM are called %s: the name means the first of them", b.Name).
					WithLabel(before.Span(), "the first").WithHelp("give each a name of its own"))
				break
			}
		}
	}
}

func schema(t ir.TableExpr) string {
	if r, ok := t.(*ir.TableRef); ok && r.Alias == nil {
		return r.Name.Schema()
	}
	return ""
}

// exchanged finds a relation that is called as another table of the same FROM is.
func exchanged(q *rule.Query, list []ir.TableExpr) {
	for _, t := range list {
		a := q.Relation(t)
		ref, ok := t.(*ir.TableRef)
		if a == nil || a.Table == nil || !ok || ref.Alias == nil || same(q, a.Name, a.Table.Name) {
			continue
		}
		for _, u := range list {
			if b := q.Relation(u); b != nil && b != a && b.Table != nil && b.Table != a.Table && same(q, a.Name, b.Table.Name) {
				q.Add(q.At(ref.Alias, "%s is called %s here, which is the name of another table of this FROM", a.Table.Name, a.Name).
					WithLabel(u.Span(), "%s itself", b.Table.Name).WithHelp("give it a name that is not a table's"))
				break
			}
		}
	}
}

// hidden finds a subquery without any reference to the query around whose relation is called as one there: what was to be a
// comparison with that is one with itself.
func hidden(q *rule.Query, x ir.Query) {
	s, ok := x.(*ir.Select)
	if !ok {
		return
	}
	k := q.Block(s)
	if k == nil || k.Parent == nil || !k.Outer.Empty() {
		return
	}
	for _, t := range s.From {
		for _, leaf := range rule.Leaves(t) {
			r := q.Relation(leaf)
			ref, ok := leaf.(*ir.TableRef)
			if r == nil || !ok || ref.Alias == nil {
				continue
			}
			for _, o := range q.RelationsIn(k.Parent) {
				if same(q, r.Name, o.Name) && itself(q, s, r) {
					q.Add(q.At(ref.Alias, "%s is the name of a relation of the query around too: here it means this one, so nothing of that is compared", r.Name).
						WithHelp("give the two different names"))
					return
				}
			}
		}
	}
}

// itself tells whether a condition compares two columns of one relation.
func itself(q *rule.Query, s *ir.Select, r *sem.Relation) bool {
	for _, c := range rule.Conjuncts(s.Where) {
		b, ok := c.(*ir.Binary)
		if !ok || b.Op != "=" {
			continue
		}
		_, left := b.L.(*ir.ColumnRef)
		_, right := b.R.(*ir.ColumnRef)
		if left && right && r.Columns.Has(q.Value(b.L).Column) && r.Columns.Has(q.Value(b.R).Column) {
			return true
		}
	}
	return false
}
