// Package limitwithoutorder is the rule CV4201.
package limitwithoutorder

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds LIMIT and OFFSET over rows in no order.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, c := range q.Cuts() {
		if len(c.Tail.OrderBy) > 0 || c.Into != nil || sorted(q, c.Block.Query) || capped(c) || lookup(q, c) || probe(q, c) || sample(q, c) || alike(c) {
			continue
		}
		at, word := c.Tail.Limit, "LIMIT"
		if at == nil {
			at, word = c.Tail.Offset, "OFFSET"
		}
		d := q.At(at, "%s without ORDER BY: which rows are left is up to the server, and may change from one call to the next", word)
		if by := q.TieBreaker(c.Block, c.Ending, rel.ColSet{}); by != nil {
			d = d.WithHelp("say which ones are meant: ORDER BY %s", strings.Join(by, ", "))
		} else {
			d = d.WithHelp("say with ORDER BY which ones are meant")
		}
		q.Add(d)
	}
}

// lookup tells whether a cut takes the one row that an argument names: LIMIT 1 behind an equality with an argument. Where there are more
// than one of them a key is missing; an order would be no cure.
func lookup(q *rule.Query, c rule.Cut) bool {
	n, constant := rule.Constant(c.Tail.Limit)
	if !constant || n != 1 || c.Tail.Offset != nil {
		return false
	}
	named := map[string]ir.Query{}
	for _, cte := range rule.Exprs[*ir.CTE](q) {
		named[cte.Name.Name] = cte.Query
	}
	found := false
	var visit func(n ir.Node) bool
	visit = func(n ir.Node) bool {
		if t, ok := n.(*ir.TableRef); ok && len(t.Name.Parts) == 1 {
			if from := named[t.Name.Last()]; from != nil {
				delete(named, t.Name.Last())
				ir.Walk(from, visit)
			}
		}
		if b, ok := n.(*ir.Binary); ok && (b.Op == "=" || b.Op == "<=>" || b.Op == "IS" || b.Op == "IS NOT DISTINCT FROM") {
			found = found || argument(b.L) != argument(b.R)
		}
		return !found
	}
	ir.Walk(c.Block.Query, visit)
	return found
}

// plenty is how many rows a LIMIT has to leave to be a guard that nobody expects to cut.
const plenty = 1000

// capped tells whether LIMIT is such a guard.
func capped(c rule.Cut) bool {
	n, constant := rule.Constant(c.Tail.Limit)
	return constant && n >= plenty && c.Tail.Offset == nil
}

// probe tells whether a LIMIT gives nothing but keys: LIMIT 1, where that there is a row is all that it tells; or the next batch of those
// that a condition finds to be worked on, of which each has its turn.
func probe(q *rule.Query, c rule.Cut) bool {
	n, constant := rule.Constant(c.Tail.Limit)
	s, ok := c.Block.Query.(*ir.Select)
	if !ok || !constant || n != 1 && (s.Where == nil || s.GroupBy != nil) || c.Tail.Offset != nil {
		return false
	}
	for i := range s.Items {
		of := q.ByID(q.Value(s.Items[i].X).Column).Source
		if of == nil || of.Table == nil || of.Table.PrimaryKey() == nil || !slices.Contains(of.Table.PrimaryKey().Columns, of.Name) {
			return false
		}
	}
	return true
}

// sample tells whether the query shows some rows of one table, however many it has: SELECT … FROM t LIMIT 5.
func sample(q *rule.Query, c rule.Cut) bool {
	s, ok := c.Block.Query.(*ir.Select)
	if _, constant := rule.Constant(c.Tail.Limit); !ok || !constant || c.Tail.Offset != nil || q.Tree != ir.Statement(s) || len(s.From) != 1 ||
		s.Where != nil || s.GroupBy != nil || s.Distinct || s.With != nil {
		return false
	}
	_, table := s.From[0].(*ir.TableRef)
	return table
}

// alike tells of groups that HAVING keeps for one size, as what is there once: none of them comes before another.
func alike(c rule.Cut) bool {
	s, ok := c.Block.Query.(*ir.Select)
	if !ok || s.GroupBy == nil || s.Having == nil || c.Tail.Offset != nil {
		return false
	}
	return slices.ContainsFunc(rule.Conjuncts(s.Having), func(x ir.Expr) bool {
		b, ok := x.(*ir.Binary)
		if !ok || b.Op != "=" {
			return false
		}
		l, r := b.L, b.R
		if _, fixed := rule.Constant(l); fixed {
			l, r = r, l
		}
		_, fixed := rule.Constant(r)
		f, call := l.(*ir.FuncCall)
		return fixed && call && f.Over == nil && strings.EqualFold(f.Name.Last(), "count")
	})
}

// argument tells whether an expression is computed of an argument.
func argument(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		_, is := n.(*ir.Param)
		found = found || is
		return !found
	})
	return found
}

// sorted tells whether a query takes the rows of one in FROM that is sorted, or is a sample: that is order-in-subquery's, and no fault.
func sorted(q *rule.Query, x ir.Query) bool {
	s, ok := x.(*ir.Select)
	if !ok || len(s.From) != 1 {
		return false
	}
	switch t := s.From[0].(type) {
	case *ir.Derived:
		tail := rule.Tail(t.Query)
		return tail != nil && len(tail.OrderBy) > 0
	case *ir.TableRef:
		if len(t.Sample) > 0 {
			return true
		}
		for _, cte := range rule.Exprs[*ir.CTE](q) {
			if len(t.Name.Parts) == 1 && cte.Name.Name == t.Name.Last() {
				tail := rule.Tail(cte.Query)
				return tail != nil && len(tail.OrderBy) > 0
			}
		}
	}
	return false
}
