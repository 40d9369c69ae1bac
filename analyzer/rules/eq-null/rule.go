// Package eqnull is the rule CV4102.
package eqnull

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds comparisons with NULL.
var Rule = rule.New(page, check)

// compares are the operators that give NULL where an operand is NULL; test is what was meant, where there is one.
var compares = map[string]string{"=": "IS NULL", "<>": "IS NOT NULL", "<": "", "<=": "", ">": "", ">=": ""}

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch x := n.(type) {
		case *ir.Binary:
			if test, ok := compares[x.Op]; ok {
				binary(q, x, test)
			}
		case *ir.In:
			list(q, x)
		case *ir.Between:
			if null(q, x.Lo) || null(q, x.Hi) {
				never(q, x, "BETWEEN with NULL")
			}
		case *ir.Like:
			if null(q, x.Pattern) {
				never(q, x, x.Op+" NULL")
			}
		case *ir.Quantified:
			if null(q, x.X) {
				never(q, x, "a comparison with NULL")
			}
		case *ir.Case:
			if x.Operand == nil {
				break
			}
			for i := range x.Whens {
				if w := &x.Whens[i]; null(q, w.Cond) {
					q.Add(q.At(w.Cond, "WHEN NULL never applies: CASE compares with =, and nothing is equal to NULL").
						WithHelp("write CASE WHEN %s IS NULL THEN …, or handle NULL in ELSE", q.Text(x.Operand)))
				}
			}
		}
		return true
	})
}

// null tells whether x is the constant NULL.
func null(q *rule.Query, x ir.Expr) bool {
	for {
		c, ok := x.(*ir.Cast)
		if !ok {
			break
		}
		x = c.X
	}
	switch x := x.(type) {
	case *ir.Literal:
		return x.Kind == ir.Null
	case *ir.Row:
		for _, item := range x.Items {
			if null(q, item) {
				return true
			}
		}
	}
	return false
}

func never(q *rule.Query, n ir.Node, what string) {
	q.Add(q.At(n, "%s is never true: whatever is compared with NULL gives NULL", what))
}

func binary(q *rule.Query, x *ir.Binary, test string) {
	other := x.L
	switch {
	case null(q, x.R):
	case null(q, x.L):
		other = x.R
	default:
		return
	}
	_, row := other.(*ir.Row)
	d := q.At(x, "%s %s NULL is never true: a comparison with NULL gives NULL, whatever the value", q.Text(other), x.Op)
	switch {
	case test == "" || row:
		d = d.WithHelp("say with IS NULL or IS NOT NULL which rows are meant")
	case other == x.L:
		d = d.WithHelp("write %s %s", q.Text(other), test).WithFix(diag.Fix{Title: "write " + test, Safe: true,
			Edits: []diag.Edit{{Span: behind(other, x), New: " " + test}}})
	default:
		d = d.WithHelp("write %s %s", q.Text(other), test)
	}
	q.Add(d)
}

// behind is what stands in x behind its left operand.
func behind(left, x ir.Node) source.Span {
	all := x.Span()
	all.Start = left.Span().End
	return all
}

func list(q *rule.Query, x *ir.In) {
	for _, item := range x.List {
		if !null(q, item) {
			continue
		}
		subject := q.Text(x.X)
		switch {
		case x.Not:
			d := q.At(item, "NOT IN over a list with NULL is never true, so no row is found")
			if len(x.List) == 1 {
				d = d.WithHelp("write %s IS NOT NULL", subject)
			} else {
				d = d.WithHelp("leave NULL out of the list, and add AND %s IS NOT NULL if rows without a value are not wanted", subject)
			}
			q.Add(d)
		case len(x.List) == 1:
			q.Add(q.At(item, "IN (NULL) is never true: a comparison with NULL gives NULL").WithHelp("write %s IS NULL", subject))
		default:
			q.Add(q.At(item, "NULL in the list finds nothing: IN compares with =, and nothing is equal to NULL").
				WithHelp("write (%s IN (…) OR %s IS NULL) if rows without a value are wanted, else leave NULL out", subject, subject))
		}
		return
	}
}
