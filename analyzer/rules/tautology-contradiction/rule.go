// Package tautologycontradiction is the rule CV4108.
package tautologycontradiction

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

// Rule finds conditions that hold for every row, or for none.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	chained := map[ir.Expr]bool{} // a = a = 3 is chained-comparison's
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch x := n.(type) {
		case *ir.Binary:
			if holds[x.Op] != "" {
				chained[x.L] = true
			}
			if !chained[x] {
				itself(q, x)
			}
		case *ir.Between:
			between(q, x)
		case *ir.Logical:
			together(q, x)
		}
		return true
	})
	// SQLite's grammar needs WHERE TRUE between SELECT and ON CONFLICT.
	upsert := map[ir.Expr]bool{}
	for _, n := range rule.Exprs[*ir.Insert](q) {
		if from, ok := n.Source.(*ir.Select); ok && len(n.OnConflict) > 0 {
			upsert[from.Where] = true
		}
	}
	for _, c := range q.Conditions() {
		if (c.Clause == rule.Where || c.Clause == rule.Having) && !upsert[c.X] && !remarked(c.X) {
			whole(q, c.X)
			missing(q, c)
		}
	}
}

// missing finds tests for NULL of columns that are never NULL: a condition of nothing else holds for every row, one of which it is
// a part for none.
func missing(q *rule.Query, c rule.Condition) {
	if c.Clause != rule.Where {
		return
	}
	if joined, _ := rule.Joined(c.Block); joined == nil || pads(joined) {
		return
	}
	never := func(x ir.Expr) *ir.IsTest {
		t, ok := x.(*ir.IsTest)
		if !ok || t.What != "NULL" {
			return nil
		}
		if column := q.Column(t.X); column == nil || column.Source == nil || !column.Source.NotNull || column.Table.Kind != catalog.BaseTable {
			return nil
		}
		return t
	}
	if t := never(c.X); t != nil && t.Not {
		q.Add(q.At(t, "%s holds for every row: the column is NOT NULL", q.Text(t)).WithLabel(q.Column(t.X).Source.Span, "it is declared here").
			WithHelp("leave it out, or write the condition that was meant"))
		return
	}
	for _, x := range rule.Conjuncts(c.X) {
		// MySQL takes IS NULL of dates for the zero date, and of a key that counts for the last one that was made.
		if t := never(x); t != nil && !t.Not && q.Package.Engine != catalog.MySQL && q.Bound.Owner(q.Value(t.X).Column) == c.Block {
			q.Add(q.At(t, "%s is never true: the column is NOT NULL, so no row is found", q.Text(t)).WithLabel(q.Column(t.X).Source.Span, "it is declared here"))
		}
	}
}

// pads tells whether a block has an outer join: its columns may be NULL whatever the tables say.
func pads(n rel.Node) bool {
	switch n := n.(type) {
	case *rel.Filter:
		return pads(n.Input)
	case *rel.Join:
		return n.Kind != rel.Inner && n.Kind != rel.Cross || pads(n.L) || pads(n.R)
	}
	return false
}

// remarked tells whether a comment stands directly before a condition: then it is text that something else is put in for.
func remarked(x ir.Expr) bool {
	at := x.Span()
	before := strings.TrimSpace(at.File.Text[:at.Start])
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return strings.HasSuffix(before, "*/") || strings.Contains(line, "--")
}

// holds is what a comparison of a value with itself gives.
var holds = map[string]string{"=": "true", "<=": "true", ">=": "true", "<>": "false", "<": "false", ">": "false"}

// itself finds a value compared with itself.
func itself(q *rule.Query, x *ir.Binary) {
	gives := holds[x.Op]
	if gives == "" || !q.Same(x.L, x.R) {
		return
	}
	if !q.Fixed(x.L) {
		d := q.At(x, "%s is compared with itself: the condition is %s wherever it is not NULL", q.Text(x.L), gives)
		q.Add(d.WithHelp("compare it with what was meant; if only NULL is to be left out, write %s IS NOT NULL", q.Text(x.L)))
	} else if q.Literal(x.L) != nil && gives == "false" {
		q.Add(q.At(x, "%s is never true", q.Text(x)).WithHelp("if no rows are wanted, write FALSE or 1 = 0, which says so"))
	}
}

// between finds limits in the wrong order.
func between(q *rule.Query, x *ir.Between) {
	lo, hi := q.Literal(x.Lo), q.Literal(x.Hi)
	if lo == nil || hi == nil || lo.Kind == ir.String || hi.Kind == ir.String || x.Symmetric {
		return
	}
	if sign, ok := q.Order(lo, hi); !ok || sign <= 0 {
		return
	}
	word := "never"
	if x.Not {
		word = "always"
	}
	q.Add(q.At(x, "the lower limit %s is above the upper limit %s: the condition is %s true", q.Text(x.Lo), q.Text(x.Hi), word).
		WithHelp("write BETWEEN %s AND %s", q.Text(x.Hi), q.Text(x.Lo)))
}

// whole judges a condition as a whole, and what it is made of.
func whole(q *rule.Query, x ir.Expr) {
	if truth, known := q.Truth(x); known {
		l, bare := x.(*ir.Literal)
		logical, parts := x.(*ir.Logical)
		switch {
		case bare && l.Kind == ir.String && !truth && l.Text != "" && (l.Text[0] < '0' || l.Text[0] > '9'):
			q.Add(q.At(x, "the text %s is no condition: it stands for the number 0, which is false", q.Text(x)))
		case parts && (!truth || logical.Op == "OR"): // its arms are judged
		case truth && !q.Optional(nil):
			q.Add(q.At(x, "%s holds for every row: the condition chooses nothing", q.Text(x)).WithHelp("leave it out, or write the condition that was meant"))
		}
		return
	}
	for _, c := range rule.Conjuncts(x) {
		if constant(q, c) {
			q.Add(q.At(c, "%s reads no column: it is the same for every row", q.Text(c)).WithHelp("leave it out, or write the condition that was meant"))
		}
	}
}

// constant tells whether a test of constants, or a subquery of them, decides.
func constant(q *rule.Query, x ir.Expr) bool {
	switch x.(type) {
	case *ir.In, *ir.Between, *ir.Like, *ir.IsTest, *ir.Exists, *ir.Quantified:
	default:
		return false
	}
	alone := true
	ir.Walk(x, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.ColumnRef, *ir.Param, *ir.FuncCall, *ir.Variable, *ir.Opaque, *ir.Star:
			alone = false
		case *ir.TableRef:
			alone = alone && n.Name.Last() == "dual"
		case ir.TableExpr:
			alone = false
		}
		return alone
	})
	return alone
}
