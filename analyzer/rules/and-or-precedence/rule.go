// Package andorprecedence is the rule CV4112.
package andorprecedence

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds OR that opens a way around a condition which all other queries over the table have.
var Rule = rule.New(page, check)

// The least number of blocks that read a table, and the share of them with a condition, by which it is one that all must have.
const (
	leastBlocks = 5
	leastShare  = 0.8
)

func check(q *rule.Query) {
	for _, f := range q.Froms() {
		or, ok := f.Where.(*ir.Logical)
		if !ok || or.Op != "OR" {
			continue
		}
		for _, arm := range or.Args {
			and, ok := arm.(*ir.Logical)
			if !ok || and.Op != "AND" || parenthesised(and) {
				continue
			}
			if judge(q, or, and) {
				break
			}
		}
	}
}

// judge judges the conditions of one arm, which the others lack.
func judge(q *rule.Query, or, and *ir.Logical) bool {
	for _, guard := range and.Args {
		id := held(q, guard)
		if id == 0 || !required(q, id) {
			continue
		}
		for _, other := range or.Args {
			if other == ir.Expr(and) || reads(q, other, id) {
				continue
			}
			column := q.ByID(id)
			d := q.At(other, "OR is weaker than AND: rows come here whatever %s is, and %s does not hold for them", column.Name, q.Text(guard)).
				WithLabel(guard.Span(), "nearly every other query over %s has this condition", column.Table.Name)
			last := and.Args[len(and.Args)-1]
			if and == or.Args[0] && or.Args[len(or.Args)-1] == other && len(or.Args) == 2 {
				at := last.Span().Cover(other.Span())
				d = d.WithHelp("put what belongs together into parentheses: (%s)", strings.Join(strings.Fields(at.Text()), " ")).
					WithFix(diag.Fix{Title: "put the last two conditions into parentheses", Edits: []diag.Edit{{Span: at, New: "(" + at.Text() + ")"}}})
			} else {
				d = d.WithHelp("put the conditions that belong together into parentheses")
			}
			q.Add(d.WithHelp("if it is meant, put the AND into parentheses"))
			return true
		}
	}
	return false
}

// held is the column that a condition holds to a value that reads no column, or to NULL: tenant_id = $1, deleted_at IS NULL.
func held(q *rule.Query, x ir.Expr) rel.ColID {
	var side ir.Expr
	switch x := x.(type) {
	case *ir.Binary:
		switch {
		case x.Op != "=":
			return 0
		case q.Column(x.L) != nil && q.Fixed(x.R):
			side = x.L
		case q.Column(x.R) != nil && q.Fixed(x.L):
			side = x.R
		}
	case *ir.IsTest:
		if x.What == "NULL" && !x.Not {
			side = x.X
		}
	}
	if side == nil {
		return 0
	}
	if c := q.Column(side); c != nil && c.Source != nil {
		return q.Value(side).Column
	}
	return 0
}

func reads(q *rule.Query, x ir.Expr, id rel.ColID) bool { return q.Value(x).Uses.Has(id) }

// parenthesised tells whether x stands in parentheses.
func parenthesised(x ir.Node) bool {
	at := x.Span()
	before, behind := strings.TrimSpace(at.File.Text[:at.Start]), strings.TrimSpace(at.File.Text[at.End:])
	return strings.HasPrefix(at.Text(), "(") && strings.HasSuffix(at.Text(), ")") || strings.HasSuffix(before, "(") && strings.HasPrefix(behind, ")")
}

// uses are how many blocks of a package read a table, and how many of them hold a column of it to a value.
type uses struct {
	blocks map[*catalog.Table]int
	held   map[*catalog.Column]int
}

type usesKey struct{}

// required tells whether nearly all blocks that read a column's table hold the column to a value.
func required(q *rule.Query, id rel.ColID) bool {
	u := rule.Shared(q.Package, usesKey{}, func() uses { return count(q.Package) })
	c := q.ByID(id)
	n := u.blocks[c.Table]
	return n >= leastBlocks && float64(u.held[c.Source]) >= leastShare*float64(n)
}

func count(p *rule.Package) uses {
	u := uses{map[*catalog.Table]int{}, map[*catalog.Column]int{}}
	for _, f := range p.List {
		list := []*rule.Query{}
		if f.Variants != nil {
			for _, end := range f.Variants.Ends[:min(1, len(f.Variants.Ends))] {
				list = append(list, &rule.Query{Query: end, Package: p})
			}
		} else {
			list = append(list, &rule.Query{Query: f, Package: p})
		}
		for _, q := range list {
			if q.Bound != nil {
				u.add(q)
			}
		}
	}
	return u
}

func (u *uses) add(q *rule.Query) {
	for _, f := range q.Froms() {
		for _, item := range f.Items {
			for _, r := range q.Relations(item) {
				if r.Table != nil {
					u.blocks[r.Table]++
				}
			}
		}
		seen := map[*catalog.Column]bool{}
		for _, c := range rule.Conjuncts(f.Where) {
			if id := held(q, c); id != 0 && !seen[q.ByID(id).Source] {
				seen[q.ByID(id).Source] = true
				u.held[q.ByID(id).Source]++
			}
		}
	}
}
