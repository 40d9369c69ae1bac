// Package selfassignment is the rule CV4136.
package selfassignment

import (
	_ "embed"
	"slices"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds columns that are set to themselves.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	own := map[*ir.Assign]bool{}
	for _, w := range q.Writes() {
		c := q.Column(w.Value)
		// An upsert may change nothing on purpose, to give the row back; what MySQL sets by itself is kept by setting it to itself.
		if w.Assign == nil || w.Upsert || c == nil || c.Source != w.Column || w.Column.OnUpdate != "" || !w.Relation.Columns.Has(q.Value(w.Value).Column) {
			continue
		}
		own[w.Assign] = true
	}
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		u, ok := n.(*ir.Update)
		if !ok {
			return true
		}
		var list []*ir.Assign
		for i := range u.Set {
			list = append(list, &u.Set[i])
		}
		if len(u.Returning) > 0 && !slices.ContainsFunc(list, func(a *ir.Assign) bool { return !own[a] }) {
			return true // rows are written as they are to be given back
		}
		for i, a := range list {
			if !own[a] {
				continue
			}
			if _, plain := rule.Operator(a.Targets[0], a.Value, "="); !plain {
				continue // a comment between them is for a tool that puts the value there
			}
			name := a.Targets[0].Name.Name
			d := q.At(a, "%s is set to itself: it stays as it is", name).WithHelp("leave it out, or write the value that was meant: an argument, or another row's %s", name)
			if edit, ok := rule.Without(list, i, ","); ok {
				d = d.WithFix(diag.Fix{Title: "leave it out", Safe: !triggered(q), Edits: []diag.Edit{edit}})
			}
			q.Add(d)
		}
		return true
	})
}

// triggered tells whether the schema has triggers, which may be there for some columns.
func triggered(q *rule.Query) bool {
	for _, s := range q.Package.Catalog.Schemas {
		if len(s.Triggers) > 0 {
			return true
		}
	}
	return false
}
