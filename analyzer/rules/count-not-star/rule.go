// Package countnotstar is the rule CV4137.
package countnotstar

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds counts of rows that are not written count(*), and counts of a column that leave rows out.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		f, ok := n.(*ir.FuncCall)
		if ok && in != nil && rule.AggregateName(f) == "count" && !f.Star && !f.Distinct && len(f.Args) == 1 {
			judge(q, f, in)
		}
		return true
	})
}

func judge(q *rule.Query, f *ir.FuncCall, in *sem.Block) {
	star := diag.Fix{Title: "count rows", Edits: []diag.Edit{{Span: f.Args[0].X.Span(), New: "*"}}, Safe: true}
	if l, ok := f.Args[0].X.(*ir.Literal); ok && l.Kind != ir.Null {
		q.Add(q.At(f, "%s counts rows, as count(*) does", q.Text(f)).WithHelp("write count(*)").WithFix(star))
		return
	}
	c := q.Column(f.Args[0].X)
	if s, ok := in.Query.(*ir.Select); !ok || c == nil || c.Source == nil || outer(s.From) {
		return // of a missing partner a column is NULL: that is what tells it from one
	}
	if !q.MayBeNull(f.Args[0].X) {
		d := q.At(f, "%s is never NULL here, so %s counts rows, as count(*) does", c.Name, q.Text(f))
		if c.Source.NotNull {
			d = d.WithLabel(c.Source.Span, "NOT NULL")
		}
		q.Add(d.WithHelp("write count(*)").WithFix(star))
		return
	}
	q.Add(q.At(f, "%s does not count rows in which %s is NULL", q.Text(f), c.Name).
		WithLabel(c.Source.Span, "%s may be NULL", c.Name).
		WithHelp("write count(*) if all rows are meant, else say so: WHERE %s IS NOT NULL", q.Text(f.Args[0].X)))
}

// outer tells whether there is an outer join among items of FROM.
func outer(list []ir.TableExpr) bool {
	for _, t := range list {
		if j, ok := t.(*ir.Join); ok && (j.Kind != ir.InnerJoin || outer([]ir.TableExpr{j.L, j.R})) {
			return true
		}
	}
	return false
}
