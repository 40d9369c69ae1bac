// Package countsubquerygt0 is the rule CV5019.
package countsubquerygt0

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds rows that are counted to know whether there is one.
var Rule = rule.New(page, check)

// asks are the comparisons of a count that ask whether there is a row (true) or none (false).
var asks = map[string]bool{"> 0": true, ">= 1": true, "<> 0": true, "= 0": false, "< 1": false, "<= 0": false}

var mirrored = map[string]string{">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=", "<>": "<>"}

func check(q *rule.Query) {
	conditions := map[ir.Expr]bool{}
	for _, c := range q.Conditions() {
		for _, x := range rule.Conjuncts(c.X) {
			conditions[x] = true
		}
	}
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		if b, ok := n.(*ir.Binary); ok {
			compare(q, b, in, conditions[b])
		}
		return true
	})
}

func compare(q *rule.Query, b *ir.Binary, in *sem.Block, condition bool) {
	counted, op := b.L, b.Op
	number := q.Value(b.R).Constant
	if number == nil {
		counted, op, number = b.R, mirrored[b.Op], q.Value(b.L).Constant
	}
	if number == nil || number.Kind != ir.Integer {
		return
	}
	exists, ok := asks[op+" "+number.Text]
	if !ok {
		return
	}
	word := "EXISTS"
	if !exists {
		word = "NOT EXISTS"
	}
	switch x := counted.(type) {
	case *ir.Subquery:
		s, ok := x.Query.(*ir.Select)
		if !ok || x.Array || len(s.Items) != 1 {
			return
		}
		call := count(s.Items[0].X)
		k := q.Block(s)
		if call == nil || k == nil || !readsAll(s, k) {
			return
		}
		d := q.At(b, "all rows are counted to know whether there is %s", wanted(exists)).
			WithHelp("%s (SELECT 1 FROM …) stops at the first row", word)
		plain := call.Star || len(call.Args) == 1 && !q.MayBeNull(call.Args[0].X)
		text := x.Span().Text()
		if !plain {
			d = d.WithHelp("count(%s) leaves NULL out: say WHERE %s IS NOT NULL there too", q.Text(call.Args[0].X), q.Text(call.Args[0].X))
		}
		if plain && call.Filter == nil && condition && strings.HasPrefix(text, "(") {
			from := x.Span().Start
			d = d.WithFix(diag.Fix{Title: "Ask with " + word, Safe: true, Edits: []diag.Edit{{Span: b.Span(),
				New: word + " " + text[:call.Span().Start-from] + "1" + text[call.Span().End-from:]}}})
		}
		q.Add(d)
	case *ir.FuncCall:
		if in == nil {
			return
		}
		s, ok := in.Query.(*ir.Select)
		if ok && count(x) != nil && len(s.Items) == 1 && len(s.From) > 0 && readsAll(s, in) && selected(s.Items[0].X, b) {
			q.Add(q.At(b, "all rows are counted to know whether there is %s", wanted(exists)).
				WithHelp("SELECT %s (SELECT 1 FROM …) stops at the first row", word))
		}
	}
}

func wanted(exists bool) string {
	if exists {
		return "one"
	}
	return "none"
}

// count is x as a call of count that more rows make larger.
func count(x ir.Expr) *ir.FuncCall {
	f, ok := x.(*ir.FuncCall)
	if !ok || !strings.EqualFold(f.Name.Last(), "count") || f.Over != nil || !f.Star && len(f.Args) != 1 {
		return nil
	}
	return f
}

// readsAll tells that a query counts its rows as one group, which may be many.
func readsAll(s *ir.Select, k *sem.Block) bool {
	a, ok := rule.Below[*rel.Aggregate](k.Node)
	return ok && a.Scalar && s.GroupBy == nil && s.Having == nil && s.Limit == nil && s.Offset == nil && !a.Input.Props().Card.AtMost(1)
}

// selected tells that a select item is a comparison, or CASE over it alone.
func selected(item ir.Expr, b *ir.Binary) bool {
	switch x := item.(type) {
	case *ir.Binary:
		return x == b
	case *ir.Cast:
		return selected(x.X, b)
	case *ir.Case:
		return x.Operand == nil && len(x.Whens) == 1 && selected(x.Whens[0].Cond, b)
	case *ir.FuncCall:
		return strings.EqualFold(x.Name.Last(), "if") && len(x.Args) > 0 && selected(x.Args[0].X, b)
	}
	return false
}
