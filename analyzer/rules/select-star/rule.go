// Package selectstar is the rule CV5016.
package selectstar

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

// Rule finds * over the columns of tables.
var Rule = rule.New(page, check)

type star struct {
	*ir.Star
	in *ir.Select
}

func check(q *rule.Query) {
	var stars []star
	ctes := map[ir.Query]string{}    // the queries behind WITH, and what they are called
	inner := map[ir.Query]ir.Query{} // a part of a set operation, and the whole
	exists := map[ir.Query]bool{}
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch n := n.(type) {
		case *ir.With:
			for i := range n.CTEs {
				ctes[n.CTEs[i].Query] = strings.ToLower(n.CTEs[i].Name.Name)
			}
		case *ir.SetOp:
			inner[n.L], inner[n.R] = n, n
		case *ir.Exists:
			exists[n.Query] = true
		case *ir.Select:
			for i := range n.Items {
				if s, ok := n.Items[i].X.(*ir.Star); ok && !s.Embed {
					stars = append(stars, star{s, n})
				}
			}
		}
		return true
	})
	// name is the common table expression that a query is, whole or as a part of a set operation.
	name := func(s ir.Query) (string, bool) {
		for s != nil {
			if cte, ok := ctes[s]; ok {
				return cte, true
			}
			s = inner[s]
		}
		return "", false
	}
	// Whoever reads a common table expression chooses its columns, unless by * in turn.
	shown := map[string]bool{}
	for range len(ctes) + 1 {
		for _, s := range stars {
			if cte, is := name(s.in); is && !shown[cte] {
				continue
			}
			for _, r := range relations(q, s) {
				if scan, ok := r.Node.(*rel.CTEScan); ok {
					shown[strings.ToLower(scan.Name)] = true
				}
			}
		}
	}
	for _, s := range stars {
		if cte, is := name(s.in); is && !shown[cte] || exists[s.in] {
			continue
		}
		for _, r := range relations(q, s) {
			if r.Table != nil {
				q.Add(q.At(s.Star, "%s stands for whatever columns %s has", q.Text(s.Star), r.Table.Name).
					WithLabel(r.Table.Span, "%d columns, as of now", visible(r.Table)).
					WithHelp("name the columns that are used"))
				break
			}
		}
	}
}

func visible(t *catalog.Table) (n int) {
	for _, c := range t.Columns {
		if !c.Hidden && !c.Invisible {
			n++
		}
	}
	return n
}

// relations are those of whose columns a star speaks.
func relations(q *rule.Query, s star) (out []*sem.Relation) {
	var walk func(t ir.TableExpr)
	walk = func(t ir.TableExpr) {
		if j, ok := t.(*ir.Join); ok {
			walk(j.L)
			walk(j.R)
			return
		}
		r := q.Relation(t)
		if r != nil && (len(s.Qualifier) == 0 || strings.EqualFold(r.Name, s.Qualifier[len(s.Qualifier)-1].Name)) {
			out = append(out, r)
		}
	}
	for _, t := range s.in.From {
		walk(t)
	}
	return out
}
