// Package concatnull is the rule CV4121.
package concatnull

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds || that loses all for one NULL, and || that MySQL takes for OR.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	if q.Package.Engine == catalog.MySQL {
		or(q)
		return
	}
	saved := map[ir.Node]bool{} // what COALESCE and its like, or a test for NULL, stand around
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch n := n.(type) {
		case *ir.FuncCall:
			switch strings.ToLower(n.Name.Last()) {
			case "coalesce", "ifnull", "nullif", "concat", "concat_ws", "string_agg", "group_concat", "max", "min", "count":
				for i := range n.Args {
					ir.Walk(n.Args[i].X, func(c ir.Node) bool { saved[c] = true; return true })
				}
			}
		case *ir.IsTest:
			ir.Walk(n.X, func(c ir.Node) bool { saved[c] = true; return true })
		}
		return true
	})
	appended := map[ir.Expr]rel.ColID{} // what is written into a column
	for _, w := range q.Writes() {
		if w.Assign != nil && w.Relation != nil {
			appended[w.Value] = idOf(q, w)
		}
	}
	inner := map[ir.Expr]bool{}
	for _, b := range rule.Exprs[*ir.Binary](q) {
		if b.Op != "||" || inner[b] || saved[b] || q.Value(b).Type.IsArray() {
			continue
		}
		operands := flat(b, inner)
		judge(q, b, operands, appended[b])
	}
}

// idOf is the column that is written.
func idOf(q *rule.Query, w rule.Write) (found rel.ColID) {
	w.Relation.Columns.Each(func(id rel.ColID) {
		if q.ByID(id).Source == w.Column {
			found = id
		}
	})
	return found
}

func flat(x ir.Expr, inner map[ir.Expr]bool) []ir.Expr {
	b, ok := x.(*ir.Binary)
	if !ok || b.Op != "||" {
		return []ir.Expr{x}
	}
	inner[b] = true
	return append(flat(b.L, inner), flat(b.R, inner)...)
}

// judge judges a chain of operands. One that only dresses up a single column may be NULL where that is; one that adds to what the column
// has, or puts several together, loses what there is.
func judge(q *rule.Query, b *ir.Binary, operands []ir.Expr, target rel.ColID) {
	var columns rel.ColSet
	var lost *rel.Column
	var at ir.Expr
	for _, x := range operands {
		v := q.Value(x)
		if l, ok := x.(*ir.Literal); ok && l.Kind == ir.Null {
			q.Add(q.At(b, "the whole is NULL, because a part is").WithLabel(l.Span(), "this one").WithHelp("leave NULL out: '' adds nothing"))
			return
		}
		columns = columns.Union(v.Uses)
		if v.Null.IsNever() || lost != nil {
			continue
		}
		v.Strict.Intersect(v.Uses).Each(func(id rel.ColID) {
			c := q.ByID(id)
			if c.Source != nil && !c.Source.NotNull && !c.Source.Span.IsZero() && lost == nil && (target == 0 || target == id || columns.Len() > 1) {
				lost, at = c, x
			}
		})
	}
	if lost == nil {
		return
	}
	id := q.Value(at).Column
	d := q.At(b, "the whole is NULL where %s is", lost.Source.Name).WithLabel(lost.Source.Span, "%s may be NULL", lost.Source.Name)
	switch {
	case target != 0 && id == target:
		d = q.At(b, "nothing is added where %s is NULL: it stays NULL", lost.Source.Name).WithLabel(lost.Source.Span, "%s may be NULL", lost.Source.Name)
	case columns.Len() < 2 || target != 0 && id != target:
		return
	}
	if t := q.Value(b).Type; t.Is("jsonb") {
		d = d.WithHelp("write coalesce(%s, '{}')", q.Text(at))
	} else if q.Package.Engine == catalog.PostgreSQL && target == 0 {
		d = d.WithHelp("write concat_ws(' ', …) or concat(…), which leave NULL out, or coalesce(%s, '')", q.Text(at))
	} else {
		d = d.WithHelp("write coalesce(%s, '')", q.Text(at))
	}
	q.Add(d)
}

// or finds || between values of MySQL that are no conditions.
func or(q *rule.Query) {
	for _, l := range rule.Exprs[*ir.Logical](q) {
		if l.Op != "OR" {
			continue
		}
		for i := 1; i < len(l.Args); i++ {
			gap := rule.Between(l.Args[i-1], l.Args[i])
			if !strings.Contains(gap.Text(), "||") || condition(q, l.Args[i-1]) && condition(q, l.Args[i]) {
				continue
			}
			d := q.At(l, "|| means OR: %s is 0, 1 or NULL", q.Text(l))
			var parts []string
			whole := true
			for j, a := range l.Args {
				parts = append(parts, a.Span().Text())
				if j > 0 {
					_, ok := rule.Operator(l.Args[j-1], a, "||")
					whole = whole && ok
				}
			}
			if whole {
				d = d.WithFix(diag.Fix{Title: "write concat", Edits: []diag.Edit{{Span: l.Span(), New: "CONCAT(" + strings.Join(parts, ", ") + ")"}}})
			}
			q.Add(d.WithHelp("to put texts together write CONCAT(…), or set sql_mode to PIPES_AS_CONCAT in every connection; for OR write OR"))
			break
		}
	}
}

// condition tells whether an expression is one of truth.
func condition(q *rule.Query, x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Logical, *ir.Not, *ir.IsTest, *ir.Between, *ir.In, *ir.Like, *ir.Exists, *ir.Quantified:
		return true
	case *ir.Binary:
		switch x.Op {
		case "=", "<>", "<", "<=", ">", ">=", "<=>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM":
			return true
		}
	case *ir.Literal:
		return x.Kind == ir.Bool
	case *ir.Unary:
		return x.Op == "!"
	case *ir.ColumnRef:
		if c := q.Column(x); c != nil && c.Source != nil {
			return strings.EqualFold(c.Source.Declared, "tinyint(1)") || strings.HasPrefix(strings.ToLower(c.Source.Declared), "bool")
		}
	case *ir.FuncCall, *ir.Param:
		return strings.HasPrefix(q.Value(x).Type.Name, "bool")
	}
	return false
}
