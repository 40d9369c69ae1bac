// Package constantofanothertype is the rule CV5033.
package constantofanothertype

import (
	_ "embed"
	"slices"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

//go:embed page.md
var page string

// Rule finds constants that are not written as those of the type that they are compared with.
var Rule = rule.New(page, check)

// written is how the constants of a type are written, and an example.
type written struct {
	forms   []ir.LiteralKind
	example string
}

var (
	integer = written{[]ir.LiteralKind{ir.Integer}, "123"}
	decimal = written{[]ir.LiteralKind{ir.Decimal}, "100.00"}
	float   = written{[]ir.LiteralKind{ir.Float}, "1.5e0"}
)

// forms are those of MySQL's types. A text, an ENUM and a SET are not among them: implicit-cast judges the first, and the others have
// no form of their own.
var forms = map[string]written{
	"tinyint": integer, "smallint": integer, "mediumint": integer, "int": integer, "bigint": integer, "year": integer,
	"decimal": decimal, "float": float, "double": float,
	"date": {nil, "DATE '2026-01-31'"}, "time": {nil, "TIME '12:00:00'"},
	"datetime": {nil, "TIMESTAMP '2026-01-31 12:00:00'"}, "timestamp": {nil, "TIMESTAMP '2026-01-31 12:00:00'"},
	"bit": {[]ir.LiteralKind{ir.Bit, ir.Blob}, "b'1'"},
}

// names are the forms of constants in the reader's words. What is none of them has no type of its own.
var names = map[ir.LiteralKind]string{ir.Integer: "an integer", ir.Decimal: "a decimal number", ir.Float: "a floating point number", ir.String: "a text"}

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch x := n.(type) {
		case *ir.Binary:
			switch x.Op {
			case "=", "<>", "<", "<=", ">", ">=", "<=>":
				if !pair(q, x.L, x.R) && !pair(q, x.R, x.L) {
					constants(q, x)
				}
			}
		case *ir.Between:
			pair(q, x.X, x.Lo)
			pair(q, x.X, x.Hi)
		case *ir.In:
			for _, v := range x.List {
				if pair(q, x.X, v) {
					break // the others of a list are as a rule alike
				}
			}
		case *ir.Assign:
			return false // it stores a value, and compares none
		}
		return true
	})
}

// pair judges a constant that a column is compared with.
func pair(q *rule.Query, key, value ir.Expr) bool {
	c, l := q.Column(key), literal(value)
	if c == nil || c.Source == nil || l == nil || c.Type.Kind != types.Base || c.Type.IsArray() {
		return false
	}
	w, known := forms[c.Type.Name]
	if !known || names[l.Kind] == "" || slices.Contains(w.forms, l.Kind) {
		return false
	}
	q.Add(q.At(value, "%s is %s, and %s is %s: the server converts it", q.Text(value), names[l.Kind], c.Name, declared(c)).
		WithLabel(c.Source.Span, "%s is %s", c.Name, declared(c)).
		WithHelp("write a constant of the column's type, such as %s", w.example))
	return true
}

// constants judges the comparison of two constants.
func constants(q *rule.Query, x *ir.Binary) {
	l, r := literal(x.L), literal(x.R)
	if l == nil || r == nil || names[l.Kind] == "" || names[r.Kind] == "" || (l.Kind == ir.String) == (r.Kind == ir.String) {
		return
	}
	q.Add(q.At(x, "%s is %s and %s is %s: the text is read as a number, by what it begins with", q.Text(x.L), names[l.Kind], q.Text(x.R), names[r.Kind]).
		WithHelp("write both as numbers, or both as texts"))
}

// literal is a constant that no type stands before, bare or behind a sign.
func literal(x ir.Expr) *ir.Literal {
	if u, ok := x.(*ir.Unary); ok {
		x = u.X
	}
	l, _ := x.(*ir.Literal)
	return l
}

func declared(c *rel.Column) string {
	if c.Source.Declared != "" {
		return c.Source.Declared
	}
	return c.Type.String()
}
