// Package implicitcast is the rule CV5003.
package implicitcast

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

//go:embed page.md
var page string

// Rule finds comparisons in which the engine casts a column, and those with a constant that the column can not hold.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	j := judge{q, map[source.Span]bool{}}
	if q.Package.Engine == catalog.MySQL {
		j.comparisons()
	} else {
		j.indexes()
	}
	j.constants()
}

type judge struct {
	*rule.Query
	said map[source.Span]bool
}

// indexes reports casts that keep an index out.
func (j judge) indexes() {
	for _, a := range access.Of(j.Query) {
		for _, c := range a.Conds {
			if c.Wrap != access.Coerced || c.Within != nil || c.Optional != nil || j.said[c.X.Span()] {
				continue
			}
			for _, p := range a.Paths {
				if p.Ordered() && p.Has(c.Column) == 0 && !a.Reached() {
					j.said[c.X.Span()] = true
					d := j.At(c.X, "%s is cast to %s for each row, to compare it with a %s: %s can not be used", c.Column.Name, c.Other, c.Other, p)
					d = d.WithLabel(c.Column.Span, "%s is %s", c.Column.Name, declared(c.Column)).
						WithHelp("give the other side the column's type: cast it to %s", declared(c.Column))
					j.Add(d)
					break
				}
			}
		}
	}
}

// comparisons reports comparisons between a string's column and a number or date, which MySQL makes of what the string begins with.
func (j judge) comparisons() {
	j.Walk(func(n ir.Node, in *sem.Block) bool {
		switch x := n.(type) {
		case *ir.Binary:
			switch x.Op {
			case "=", "<>", "<", "<=", ">", ">=", "<=>":
				j.pair(x, x.L, x.R)
				j.pair(x, x.R, x.L)
			}
		case *ir.Between:
			j.pair(x, x.X, x.Lo)
			j.pair(x, x.X, x.Hi)
		case *ir.In:
			for _, v := range x.List {
				j.pair(x, x.X, v)
				j.pair(x, v, x.X)
			}
			if k := j.Block(x.Query); x.Query != nil && k != nil && len(k.Columns) == 1 {
				if c := j.Column(x.X); c != nil && c.Source != nil {
					j.cast(x, c, k.Columns[0].Type, "what the subquery gives")
				}
				if c := j.ByID(k.Columns[0].ID); c != nil && c.Source != nil {
					j.cast(x, c, j.Value(x.X).Type, j.Text(x.X))
				}
			}
		case *ir.Join:
			for _, u := range x.Using {
				j.using(x, u)
			}
		}
		return true
	})
}

// using compares the two columns of a name.
func (j judge) using(x *ir.Join, name ir.Ident) {
	var found []*rel.Column
	for _, side := range []ir.TableExpr{x.L, x.R} {
		if r := j.Relation(side); r != nil {
			r.Columns.Each(func(id rel.ColID) {
				if c := j.ByID(id); c.Source != nil && j.Package.Catalog.Caseless() && equal(c.Name, name.Name) {
					found = append(found, c)
				}
			})
		}
	}
	if len(found) == 2 {
		j.cast(name, found[0], found[1].Type, found[1].Table.Name+"."+name.Name)
		j.cast(name, found[1], found[0].Type, found[0].Table.Name+"."+name.Name)
	}
}

func (j judge) pair(x ir.Node, key, value ir.Expr) {
	c := j.Column(key)
	if c == nil || c.Source == nil {
		return
	}
	if _, arg := value.(*ir.Param); arg {
		return
	}
	if v := j.Value(value); v.Constant != nil && v.Constant.Kind == ir.Null {
		return
	}
	j.cast(x, c, j.Value(value).Type, j.Text(value))
	j.charset(x, c, value)
}

func (j judge) cast(x ir.Node, c *rel.Column, other types.Type, what string) {
	if !access.Casts(j.Package.Engine, c.Type, other) || j.said[x.Span()] || c.Table == nil {
		return
	}
	j.said[x.Span()] = true
	kind, example := "a number", "'1', '1.0' and '1abc' all equal 1"
	if access.KindOf(j.Package.Engine, other) == "moment" {
		kind, example = "a date or time", "what is none is an error or never equal"
	}
	d := j.At(x, "%s is a text, and comparing it with %s reads it as %s, row by row: no index over it can be used, and %s", c.Name, what, kind, example).
		WithLabel(c.Source.Span, "%s is %s", c.Name, c.Source.Declared)
	if access.KindOf(j.Package.Engine, other) == "number" {
		d = d.WithHelp("compare it with a text: quote the number, CAST(… AS CHAR), or give both columns one type")
	} else {
		d = d.WithHelp("store dates in a column of type DATE or DATETIME, or compare with a text")
	}
	j.Add(d)
}

// charset reports a comparison of two columns of different character sets: the one whose set is the lesser is converted.
func (j judge) charset(x ir.Node, c *rel.Column, value ir.Expr) {
	o := j.Column(value)
	if o == nil || o.Source == nil || c.Table == nil || o.Table == nil || j.said[x.Span()] {
		return
	}
	mine, other := charsetOf(c), charsetOf(o)
	if mine == other || width[mine] == 0 || width[mine] >= width[other] {
		return
	}
	j.said[x.Span()] = true
	j.Add(j.At(x, "%s.%s is stored in %s and %s.%s in %s, so %s is converted row by row: no index over it can be used", c.Table.Name, c.Name, mine, o.Table.Name, o.Name, other, c.Name).
		WithLabel(c.Source.Span, "%s", mine).
		WithHelp("give both tables one character set: ALTER TABLE %s CONVERT TO CHARACTER SET %s", c.Table.Name, other))
}
