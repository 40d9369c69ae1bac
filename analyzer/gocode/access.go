package gocode

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

// Class is what a query does with a parameter.
type Class uint8

// The classes, in order of precedence where a parameter stands in several places.
const (
	Other  Class = iota // something that no other class is
	Limit               // how many rows, from where on
	Range               // a bound of an interval
	Stored              // a value of a row that is inserted
	Set                 // a value that a column is set to
	Key                 // what a column has to be equal to
	List                // many values at once
)

// Access is what a query does with a parameter. Of a Key the column's name and the comparison are known.
type Access struct {
	Class  Class
	Column *ir.ColumnRef
	At     source.Span // the comparison
	Param  source.Span // the parameter in it
	// Against is the other side of the comparison, where the parameter alone is one side.
	Against source.Span
}

// accesses tells for each parameter's number what the query does with it.
func accesses(q *facts.Query) map[int]Access {
	c := &classifier{query: q, out: map[int]Access{}}
	if q.Tree == nil || q.Source == nil {
		return c.out
	}
	ir.Walk(q.Tree, func(n ir.Node) bool {
		c.node(n)
		return true
	})
	return c.out
}

type classifier struct {
	query *facts.Query
	out   map[int]Access
}

func (c *classifier) say(x ir.Node, a Access) {
	if x == nil {
		return
	}
	ir.Walk(x, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query: // its own conditions say what is in there
			return false
		case *ir.Param:
			if n.Ref >= len(c.query.Source.Params) {
				return false
			}
			ref := c.query.Source.Params[n.Ref]
			if old, ok := c.out[ref.Number]; !ok || old.Class < a.Class {
				a := a
				a.Param = n.Span()
				c.out[ref.Number] = a
			}
			return false
		}
		return true
	})
}

func (c *classifier) node(n ir.Node) {
	switch n := n.(type) {
	case *ir.Binary:
		c.binary(n)
	case *ir.Between:
		c.say(n.Lo, Access{Class: Range})
		c.say(n.Hi, Access{Class: Range})
	case *ir.In:
		for _, x := range n.List {
			if col := columnIn(n.X); col != nil {
				c.say(x, Access{Class: Key, Column: col, At: n.Span()})
			}
		}
	case *ir.Quantified:
		c.say(n.Array, Access{Class: List, Column: columnIn(n.X)})
	case *ir.FuncCall:
		if lists[n.Name.Last()] {
			for _, a := range n.Args {
				c.say(a.X, Access{Class: List})
			}
		}
	case *ir.Insert:
		if v, ok := n.Source.(*ir.Values); ok {
			for _, row := range v.Rows {
				for _, x := range row {
					c.say(x, Access{Class: Stored})
				}
			}
		}
	case *ir.Assign:
		c.say(n.Value, Access{Class: Set})
	case *ir.Select:
		c.say(n.Limit, Access{Class: Limit})
		c.say(n.Offset, Access{Class: Limit})
	}
}

// lists are functions that make rows of one value.
var lists = map[string]bool{"unnest": true, "json_each": true, "json_table": true, "jsonb_array_elements": true,
	"json_array_elements": true, "json_to_recordset": true, "jsonb_to_recordset": true, "jsonb_array_elements_text": true}

func (c *classifier) binary(n *ir.Binary) {
	class := Other
	switch n.Op {
	case "=", "==", "<=>", "IS NOT DISTINCT FROM":
		class = Key
	case "<", ">", "<=", ">=":
		class = Range
	default:
		return
	}
	for _, side := range [][2]ir.Expr{{n.L, n.R}, {n.R, n.L}} {
		if rl, ok := side[0].(*ir.Row); ok {
			rr, ok := side[1].(*ir.Row)
			for i := 0; ok && i < len(rl.Items) && i < len(rr.Items); i++ {
				if col := columnIn(rr.Items[i]); col != nil {
					c.say(rl.Items[i], Access{Class: class, Column: col, At: n.Span()})
				}
			}
			continue
		}
		if col := columnIn(side[1]); col != nil {
			a := Access{Class: class, Column: col, At: n.Span()}
			if bare(side[0]) {
				a.Against = side[1].Span()
			}
			c.say(side[0], a)
		}
	}
}

// bare tells whether an expression is a parameter, but for a cast.
func bare(x ir.Expr) bool {
	if c, ok := x.(*ir.Cast); ok {
		x = c.X
	}
	_, ok := x.(*ir.Param)
	return ok
}

// columnIn is the first column of an expression; nil where it has none.
func columnIn(x ir.Expr) (col *ir.ColumnRef) {
	if x == nil {
		return nil
	}
	ir.Walk(x, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query:
			return false
		case *ir.ColumnRef:
			if col == nil {
				col = n
			}
		}
		return col == nil
	})
	return col
}

// Keys are the indexes of the parameters that a column has to be equal to.
func (q *Query) Keys() (out []int) {
	for i := range q.Params {
		if q.Params[i].Access.Class == Key {
			out = append(out, i)
		}
	}
	return out
}

// Inserts tells whether the query adds rows that are written out.
func (q *Query) Inserts() bool {
	i, ok := q.Tree.(*ir.Insert)
	if !ok {
		return false
	}
	_, ok = i.Source.(*ir.Values)
	return ok || i.Source == nil
}

// Changes tells whether the query writes.
func (q *Query) Changes() bool { return q.Kind == facts.Write }

// table is the table that a statement of one table is about; empty for others.
func (q *Query) table() string {
	switch t := q.Tree.(type) {
	case *ir.Insert:
		return strings.ToLower(t.Table.Name.Last())
	case *ir.Select:
		if len(t.From) == 1 {
			if r, ok := t.From[0].(*ir.TableRef); ok {
				return strings.ToLower(r.Name.Last())
			}
		}
	case *ir.Update:
		if len(t.Tables) == 1 {
			if r, ok := t.Tables[0].(*ir.TableRef); ok {
				return strings.ToLower(r.Name.Last())
			}
		}
	case *ir.Delete:
		if len(t.Tables) == 1 {
			return strings.ToLower(t.Tables[0].Name.Last())
		}
	}
	return ""
}
