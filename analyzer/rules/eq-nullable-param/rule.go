// Package eqnullableparam is the rule CV4103.
package eqnullableparam

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/token"
)

//go:embed page.md
var page string

// Rule finds comparisons with an argument that is said to be NULL at times, which then are never true.
var Rule = rule.New(page, check)

var compares = map[string]bool{"=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true}

// same is each engine's comparison that takes NULL for a value.
var same = map[catalog.Engine]string{catalog.PostgreSQL: "IS NOT DISTINCT FROM", catalog.MySQL: "<=>", catalog.SQLite: "IS"}

func check(q *rule.Query) {
	nullable := false
	for i := range q.Params {
		nullable = nullable || q.Params[i].Kind == token.Nullable
	}
	if !nullable {
		return
	}
	asked, defaults := asks(q), defaulted(q)
	for _, c := range q.Conditions() {
		if c.Clause != rule.Where && c.Clause != rule.On && c.Clause != rule.Having {
			continue
		}
		for _, x := range rule.Conjuncts(c.X) {
			b, ok := x.(*ir.Binary)
			if !ok || !compares[b.Op] || q.Optional(x) {
				continue
			}
			for _, side := range [...][2]ir.Expr{{b.L, b.R}, {b.R, b.L}} {
				p := param(q, side[1])
				if p == nil || p.Kind != token.Nullable || p.Slice || asked[p.Number] {
					continue
				}
				if defaults[c.Block.Query] && q.Value(side[0]).Null.IsNever() {
					continue // there is no such row, and the default stands for it
				}
				asked[p.Number] = true // one finding an argument
				d := q.At(x, "%s is never true where the argument %s is NULL: the query then finds nothing", q.Text(x), p.Name)
				if b.Op == "=" {
					if v := q.Value(side[0]); !v.Null.IsNever() {
						d = d.WithHelp("to find rows without a value then, write %s %s %s", q.Text(side[0]), same[q.Package.Engine], q.Text(side[1]))
					}
				}
				q.Add(d.WithHelp("to leave the condition out then, make it an optional part (-- :if %s), or write %s IS NULL OR in front", p.Name, q.Text(side[1])).
					WithHelp("if it is never NULL, write sqlc.arg instead of sqlc.narg"))
				break
			}
		}
	}
}

// param is the argument that x is, casts aside.
func param(q *rule.Query, x ir.Expr) *sem.Param {
	for {
		switch at := x.(type) {
		case *ir.Cast:
			x = at.X
		case *ir.Param:
			return q.Param(at)
		default:
			return nil
		}
	}
}

// defaulted are the queries whose value has a default, COALESCE((SELECT …), default), and those of WITH that nothing else reads.
func defaulted(q *rule.Query) map[ir.Query]bool {
	out, from, reads := map[ir.Query]bool{}, map[string]int{}, map[string]int{}
	for _, t := range rule.Exprs[*ir.TableRef](q) {
		reads[t.Name.Last()]++
	}
	for _, f := range rule.Exprs[*ir.FuncCall](q) {
		if name := strings.ToLower(f.Name.Last()); name != "coalesce" && name != "ifnull" || len(f.Args) < 2 {
			continue
		}
		sub, ok := f.Args[0].X.(*ir.Subquery)
		if !ok {
			continue
		}
		out[sub.Query] = true
		if s, ok := sub.Query.(*ir.Select); ok && len(s.From) == 1 {
			if t, ok := s.From[0].(*ir.TableRef); ok && len(t.Name.Parts) == 1 {
				from[t.Name.Last()]++
			}
		}
	}
	for _, cte := range rule.Exprs[*ir.CTE](q) {
		if name := cte.Name.Name; from[name] > 0 && from[name] == reads[name] {
			out[cte.Query] = true
		}
	}
	return out
}

// asks are the arguments of which the statement itself asks whether they are NULL.
func asks(q *rule.Query) map[int]bool {
	out := map[int]bool{}
	for _, t := range rule.Exprs[*ir.IsTest](q) {
		if p := param(q, t.X); p != nil {
			out[p.Number] = true
		}
	}
	return out
}
