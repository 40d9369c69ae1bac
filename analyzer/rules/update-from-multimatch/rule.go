// Package updatefrommultimatch is the rule CV4403.
package updatefrommultimatch

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds values that are taken of any one of several rows.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, u := range rule.Exprs[*ir.Update](q) {
		k := q.Block(u)
		if k == nil {
			k = &sem.Block{Node: q.Rel} // the statement itself is no query
		}
		input := updated(k.Node)
		if input == nil || len(u.Tables)+len(u.From) < 2 && !joins(u.Tables) {
			continue
		}
		leaves := rel.LeavesOf(input)
		for i := range u.Set {
			a := &u.Set[i]
			target := targetOf(q, u, &a.Targets[0])
			if target == nil {
				continue
			}
			fixed := input.Props().FDs.Closure(rel.MakeColSet(target.Row))
			var open *rel.Leaf
			q.Value(a.Value).Uses.Minus(fixed).Each(func(id rel.ColID) {
				if l := leaves.Of(id); l != nil && open == nil && l.Row != target.Row && stored(l.Node) {
					open = l
				}
			})
			if open == nil {
				continue
			}
			d := q.At(a.Value, "several rows of %s may match one row of %s: which of them gives the value is up to the server", open.Name, target.Name)
			if s, ok := open.Node.(*rel.Scan); ok {
				d = d.WithLabel(s.Table.Span, "the columns of %s that are compared are no key of it", s.Table.Name)
			}
			q.Add(d.WithHelp("make one row of them, by GROUP BY or DISTINCT ON, or declare UNIQUE what is compared"))
			break
		}
	}
}

// updated is what an UPDATE reads.
func updated(n rel.Node) rel.Node {
	for {
		switch at := n.(type) {
		case *rel.With:
			n = at.Input
		case *rel.Modify:
			if at.Op == "UPDATE" {
				return at.Input
			}
			return nil
		default:
			return nil
		}
	}
}

func joins(list []ir.TableExpr) bool {
	for _, t := range list {
		if _, ok := t.(*ir.Join); ok {
			return true
		}
	}
	return false
}

// targetOf is the relation whose column is assigned to; nil where it is not certain.
func targetOf(q *rule.Query, u *ir.Update, t *ir.Target) *sem.Relation {
	if len(u.Tables) == 1 {
		if r := q.Relation(u.Tables[0]); r != nil {
			return r
		}
	}
	var found *sem.Relation
	several := false
	var visit func(x ir.TableExpr)
	visit = func(x ir.TableExpr) {
		if j, ok := x.(*ir.Join); ok {
			visit(j.L)
			visit(j.R)
			return
		}
		r := q.Relation(x)
		if r == nil || r.Table == nil || r.Table.Column(t.Name.Name, true) == nil || len(t.Qualifier) > 0 && !same(t.Qualifier[len(t.Qualifier)-1].Name, r.Name) {
			return
		}
		several = several || found != nil
		found = r
	}
	for _, x := range u.Tables {
		visit(x)
	}
	if several {
		return nil
	}
	return found
}

func same(a, b string) bool { return strings.EqualFold(a, b) }

// stored tells whether a relation's rows are those of tables, not of arguments or functions, and not numbered to take one.
func stored(n rel.Node) bool {
	tables, other := false, false
	var visit func(n rel.Node)
	visit = func(n rel.Node) {
		switch at := n.(type) {
		case *rel.Scan:
			tables = tables || at.Table.Kind == catalog.BaseTable
		case *rel.CTEScan:
			if at.Definition != nil {
				visit(at.Definition)
				return
			}
			other = true
		case *rel.Func, *rel.Rows, *rel.Single, *rel.Window, *rel.Modify:
			other = true
		}
		for _, in := range n.Inputs() {
			visit(in)
		}
	}
	visit(n)
	return tables && !other
}
