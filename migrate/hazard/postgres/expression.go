package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// volatile tells whether an expression has another value each time: its column is then computed row by row.
func (s *statement) volatile(x ir.Expr) bool {
	if x == nil {
		return false
	}
	found := false
	sem := s.d.Semantics(s.Schema)
	ir.Walk(x, func(n ir.Node) bool {
		call, ok := n.(*ir.FuncCall)
		if !ok || found {
			return !found
		}
		found = s.volatility(sem, call) == "volatile"
		return true
	})
	return found
}

// volatility is that of a call. Where the call can't be resolved it is taken for volatile, which announces more work than there is
// and never less.
func (s *statement) volatility(sem dialect.Semantics, call *ir.FuncCall) string {
	if call.NoParens {
		return "stable"
	}
	if steady[call.Name.Last()] {
		return "immutable"
	}
	sig, failure := sem.Function(call.Name.Schema(), call.Name.Last(), s.operands(sem, call), call.Star)
	if failure != dialect.OK || sig.Volatility == "" {
		return "volatile"
	}
	return sig.Volatility
}

// steady are calls that are forms of the grammar.
var steady = map[string]bool{"coalesce": true, "nullif": true, "greatest": true, "least": true, "row": true}

func (s *statement) operands(sem dialect.Semantics, call *ir.FuncCall) (out []dialect.Operand) {
	for _, a := range call.Args {
		o := s.operand(sem, a.X)
		if a.Name != nil {
			o.Name = a.Name.Name
		}
		o.Variadic = a.Variadic
		out = append(out, o)
	}
	return out
}

// operand types an expression without names of columns, as defaults are.
func (s *statement) operand(sem dialect.Semantics, x ir.Expr) dialect.Operand {
	switch x := x.(type) {
	case *ir.Literal:
		return dialect.Operand{Type: sem.Literal(x), Literal: x}
	case *ir.Cast:
		return dialect.Operand{Type: s.d.Type(x.Type, s.Schema)}
	case *ir.FuncCall:
		if sig, failure := sem.Function(x.Name.Schema(), x.Name.Last(), s.operands(sem, x), x.Star); failure == dialect.OK {
			return dialect.Operand{Type: sig.Returns}
		}
	case *ir.Binary:
		if sig, failure := sem.Operator(x.Op, []dialect.Operand{s.operand(sem, x.L), s.operand(sem, x.R)}); failure == dialect.OK {
			return dialect.Operand{Type: sig.Returns}
		}
	}
	return dialect.Operand{Type: types.Type{Kind: types.Unknown, Name: "unknown"}}
}

// condition is the tree of a constraint's condition, nil where it can't be read.
func (s *statement) condition(k *catalog.Constraint) ir.Expr {
	if k.X != nil {
		return k.X
	}
	text := strings.TrimSpace(k.Expr)
	if text == "" {
		return nil
	}
	if strings.HasPrefix(strings.ToUpper(text), "CHECK") {
		text = text[len("CHECK"):]
	}
	return s.parse(text)
}

func (s *statement) parse(text string) ir.Expr {
	if q, ok := s.parseQuery("SELECT " + text).(*ir.Select); ok && len(q.Items) == 1 {
		return q.Items[0].X
	}
	return nil
}

// parseQuery is the tree of a query's text, nil where it can't be read.
func (s *statement) parseQuery(text string) ir.Query {
	statements, _ := token.Split(source.NewFile("definition", text), s.d.Lex(), token.Schema)
	if len(statements) != 1 {
		return nil
	}
	tree, _ := s.d.Parse(statements[0])
	q, _ := tree.(ir.Query)
	return q
}

// conjuncts are what has to hold together for a condition to hold.
func conjuncts(x ir.Expr) []ir.Expr {
	if l, ok := x.(*ir.Logical); ok && l.Op == "AND" {
		var out []ir.Expr
		for _, a := range l.Args {
			out = append(out, conjuncts(a)...)
		}
		return out
	}
	if x == nil {
		return nil
	}
	return []ir.Expr{x}
}

// provesNotNull tells whether a valid check of t has c IS NOT NULL, without that which the same statement drops.
func (s *statement) provesNotNull(t *catalog.Table, column string, dropped map[string]bool) bool {
	for _, k := range t.Constraints {
		if k.Kind != ir.Check || k.NotValid || dropped[k.Name] {
			continue
		}
		for _, x := range conjuncts(s.condition(k)) {
			if test, ok := x.(*ir.IsTest); ok && test.Not && test.What == "NULL" && isColumn(test.X, column) {
				return true
			}
		}
	}
	return false
}

func isColumn(x ir.Expr, name string) bool {
	c, ok := x.(*ir.ColumnRef)
	return ok && c.Parts[len(c.Parts)-1].Name == name
}

// plainOf tells whether a USING expression is the column itself, or it cast to the column's new type.
func (s *statement) plainOf(x ir.Expr, column string, to types.Type) bool {
	for {
		c, ok := x.(*ir.Cast)
		if !ok {
			return isColumn(x, column)
		}
		if t := s.d.Type(c.Type, s.Schema); !t.Same(to) || t.Length != to.Length || t.Scale != to.Scale {
			return false
		}
		x = c.X
	}
}
