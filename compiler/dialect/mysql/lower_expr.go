package mysql

import (
	"fmt"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/opcode"
	driver "github.com/pingcap/tidb/pkg/parser/test_driver"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// markerOffset is where TiDB saw a placeholder.
func markerOffset(m ast.ParamMarkerExpr) int {
	if p, ok := m.(*driver.ParamMarkerExpr); ok {
		return p.Offset
	}
	return 0
}

var binaryOps = map[opcode.Op]string{
	opcode.LeftShift: "<<", opcode.RightShift: ">>", opcode.GE: ">=", opcode.LE: "<=", opcode.EQ: "=",
	opcode.NE: "<>", opcode.LT: "<", opcode.GT: ">", opcode.Plus: "+", opcode.Minus: "-", opcode.And: "&",
	opcode.Or: "|", opcode.Mod: "%", opcode.Xor: "^", opcode.Div: "/", opcode.Mul: "*",
	opcode.IntDiv: "DIV", opcode.NullEQ: "<=>",
}

var logicalOps = map[opcode.Op]string{opcode.LogicAnd: "AND", opcode.LogicOr: "OR", opcode.LogicXor: "XOR"}

// expr lowers an expression; the cursor ends behind it.
func (l *lowering) expr(n ast.ExprNode) ir.Expr {
	if n == nil {
		return nil
	}
	l.jump(n)
	l.unwrap(n)
	start := l.i
	switch n := n.(type) {
	case *ast.ParenthesesExpr:
		return l.parens(n)
	case *ast.ColumnNameExpr:
		name := l.qualified(n.Name.Schema.O, n.Name.Table.O, n.Name.Name.O)
		return &ir.ColumnRef{At: name.At, Parts: name.Parts}
	case *driver.ParamMarkerExpr:
		return l.param()
	case *driver.ValueExpr:
		return l.literal(n)
	case *ast.BinaryOperationExpr:
		return l.binary(n, start)
	case *ast.UnaryOperationExpr:
		l.i++
		x := l.expr(n.V)
		switch n.Op {
		case opcode.Not, opcode.Not2:
			return &ir.Not{At: l.since(start), X: x}
		case opcode.Minus:
			return &ir.Unary{At: l.since(start), Op: "-", X: x}
		case opcode.Plus:
			return &ir.Unary{At: l.since(start), Op: "+", X: x}
		}
		return &ir.Unary{At: l.since(start), Op: "~", X: x}
	case *ast.IsNullExpr:
		x := l.expr(n.Expr)
		what := "NULL"
		if l.seek(4, "NULL", "UNKNOWN") {
			what = strings.ToUpper(l.text(l.i))
			l.i++
		}
		return &ir.IsTest{At: l.since(start), X: x, What: what, Not: n.Not}
	case *ast.IsTruthExpr:
		x := l.expr(n.Expr)
		what := "FALSE"
		if n.True != 0 {
			what = "TRUE"
		}
		if l.seek(4, what) {
			l.i++
		}
		return &ir.IsTest{At: l.since(start), X: x, What: what, Not: n.Not}
	case *ast.BetweenExpr:
		x := l.expr(n.Expr)
		l.skip("NOT", "!", "BETWEEN")
		lo := l.expr(n.Left)
		l.eat("AND")
		hi := l.expr(n.Right)
		return &ir.Between{At: l.since(start), X: x, Lo: lo, Hi: hi, Not: n.Not}
	case *ast.PatternInExpr:
		in := &ir.In{X: l.expr(n.Expr), Not: n.Not}
		l.skip("NOT", "!", "IN")
		if n.Sel != nil {
			in.Query = l.parenthesised(n.Sel)
		} else {
			in.List = l.row(n.List)
		}
		in.At = l.since(start)
		return in
	case *ast.PatternLikeOrIlikeExpr:
		return l.like(n, start)
	case *ast.PatternRegexpExpr:
		x := l.expr(n.Expr)
		l.skip("NOT", "!")
		op := strings.ToUpper(l.text(l.i))
		l.i++
		return &ir.Like{Op: op, X: x, Pattern: l.expr(n.Pattern), Not: n.Not, At: l.since(start)}
	case *ast.CaseExpr:
		return l.caseExpr(n, start)
	case *ast.RowExpr:
		explicit := l.eat("ROW")
		items := l.row(n.Values)
		return &ir.Row{At: l.since(start), Items: items, Explicit: explicit}
	case *ast.SubqueryExpr:
		q := l.parenthesised(n.Query)
		return &ir.Subquery{At: l.since(start), Query: q}
	case *ast.ExistsSubqueryExpr:
		l.skip("NOT", "!")
		from := l.i
		l.eat("EXISTS")
		q := l.parenthesised(n.Sel)
		x := &ir.Exists{At: l.since(from), Query: q}
		if n.Not {
			return &ir.Not{At: l.since(start), X: x}
		}
		if start != from { // NOT NOT EXISTS
			return &ir.Not{At: l.since(start), X: &ir.Not{At: l.since(start), X: x}}
		}
		return x
	case *ast.CompareSubqueryExpr:
		x := l.expr(n.L)
		l.i++
		l.eat("ANY", "SOME", "ALL")
		q := l.parenthesised(n.R)
		return &ir.Quantified{At: l.since(start), Op: binaryOps[n.Op], X: x, All: n.All, Query: q}
	case *ast.FuncCallExpr:
		return l.call(n, start)
	case *ast.AggregateFuncExpr:
		return l.aggregate(n.Args, n.Distinct, n.Order, nil, start)
	case *ast.WindowFuncExpr:
		return l.aggregate(n.Args, n.Distinct, nil, &n.Spec, start)
	case *ast.FuncCastExpr:
		return l.cast(n, start)
	case *ast.SetCollationExpr:
		x := l.expr(n.Expr)
		l.eat("COLLATE")
		id := l.find(n.Collate)
		return &ir.Collate{At: l.since(start), X: x, Name: ir.Name{At: id.At, Parts: []ir.Ident{id}}}
	case *ast.VariableExpr:
		return l.variable(n, start)
	case *ast.DefaultExpr:
		if n.Name == nil {
			l.i++
			return &ir.Default{At: l.since(start)}
		}
		return l.columnCall("default", n.Name, start)
	case *ast.ValuesExpr:
		return l.columnCall("values", n.Column.Name, start)
	case *ast.MatchAgainst:
		return l.match(n, start)
	case *ast.PositionExpr:
		for l.is(l.i, "(") {
			l.i++
		}
		x := &ir.Literal{At: l.here(), Kind: ir.Integer, Text: l.text(l.i)}
		if n.P != nil {
			return l.expr(n.P)
		}
		l.i++
		return x
	case *ast.TimeUnitExpr, *ast.GetFormatSelectorExpr:
		x := &ir.Literal{At: l.here(), Kind: ir.String, Text: strings.ToUpper(l.text(l.i))}
		l.i++
		return x
	case *ast.TableNameExpr:
		name := l.tableName(n.Name)
		return &ir.Literal{At: name.At, Kind: ir.String, Text: name.String()}
	case *ast.MaxValueExpr:
		l.i++
		return &ir.Opaque{At: l.since(start), What: "MAXVALUE"}
	}
	l.i++
	at := l.since(start)
	l.notModelled(at, "this expression")
	return &ir.Opaque{At: at, What: strings.TrimPrefix(fmt.Sprintf("%T", n), "*ast.")}
}

// unwrap moves the cursor from a parenthesis that TiDB counts to an expression's place to
// the expression itself: it does so where the grammar, not an expression, has the parenthesis.
func (l *lowering) unwrap(n ast.ExprNode) {
	switch n.(type) {
	case *ast.ColumnNameExpr, *driver.ValueExpr, *driver.ParamMarkerExpr, *ast.CaseExpr, *ast.VariableExpr,
		*ast.FuncCallExpr, *ast.AggregateFuncExpr, *ast.WindowFuncExpr, *ast.FuncCastExpr, *ast.ExistsSubqueryExpr:
	default:
		return
	}
	if f, ok := n.(*ast.FuncCallExpr); ok && len(f.Args) > 0 && !l.isCallOf(f) {
		return // an operator that TiDB makes a call: its first operand may be in parentheses
	}
	for l.is(l.i, "(", ",") {
		l.i++
	}
}

func (l *lowering) parens(n *ast.ParenthesesExpr) ir.Expr {
	if p, ok := l.patched[l.i]; ok && p.kind == castPatch {
		return l.patchedCast(n, l.i)
	}
	open := l.i
	l.eat("(")
	x := l.expr(n.Expr)
	if l.is(open, "(") {
		l.i = l.closing(open) + 1
	}
	return x
}

func (l *lowering) param() ir.Expr {
	start := l.i
	ref := -1
	if start < len(l.toks) {
		ref = l.paramAt(int(l.toks[start].Start))
	}
	l.i++
	at := l.since(start)
	if ref < 0 {
		l.notModelled(at, "a parameter here")
		return &ir.Opaque{At: at, What: "parameter"}
	}
	l.params++
	return &ir.Param{At: at, Ref: ref}
}

// paramAt is s.ParamAt by halving: a statement may have thousands of placeholders.
func (l *lowering) paramAt(offset int) int {
	ps := l.s.Params
	lo, hi := 0, len(ps)
	for lo < hi {
		mid := (lo + hi) / 2
		if int(ps[mid].End) <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(ps) && int(ps[lo].Start) <= offset {
		return lo
	}
	return -1
}

func (l *lowering) literal(n *driver.ValueExpr) ir.Expr {
	start := l.i
	lit := &ir.Literal{}
	switch n.Kind() {
	case driver.KindNull:
		lit.Kind = ir.Null
		l.i++
	case driver.KindString, driver.KindBytes:
		lit.Kind, lit.Text = ir.String, n.GetString()
		if l.kind(l.i) == token.Ident && l.kind(l.i+1) == token.String { // _utf8mb4'…'
			l.i++
		}
		for l.i++; l.kind(l.i) == token.String && l.kind(l.i-1) == token.String; l.i++ {
		}
	case driver.KindBinaryLiteral:
		lit.Kind, lit.Text = ir.Blob, l.text(l.i)
		if k := l.kind(l.i + 1); l.kind(l.i) == token.Ident && (k == token.Blob || k == token.Number) { // _binary x'…'
			l.i++
			lit.Text = l.text(l.i)
		}
		if c := lit.Text[0] | 0x20; c == 'b' || c == '0' && len(lit.Text) > 1 && lit.Text[1]|0x20 == 'b' {
			lit.Kind = ir.Bit
		}
		lit.Text = strings.Trim(strings.TrimLeft(lit.Text[1:], "xXbB"), "'")
		l.i++
	default:
		text := l.text(l.i)
		l.i++
		if strings.EqualFold(text, "true") || strings.EqualFold(text, "false") {
			lit.Kind, lit.Text = ir.Bool, strings.ToLower(text)
			break
		}
		lit.Kind, lit.Text = numberKind(text), text
	}
	lit.At = l.since(start)
	return lit
}

// numberKind is the form of a number as written.
func numberKind(text string) ir.LiteralKind {
	switch {
	case strings.ContainsAny(text, "eE"):
		return ir.Float
	case strings.Contains(text, "."):
		return ir.Decimal
	}
	digits := strings.TrimLeft(text, "0")
	if len(digits) > 20 || len(digits) == 20 && digits > "18446744073709551615" {
		return ir.Decimal
	}
	return ir.Integer
}

func (l *lowering) binary(n *ast.BinaryOperationExpr, start int) ir.Expr {
	if op, ok := logicalOps[n.Op]; ok {
		return l.logical(n, op, start)
	}
	if n.Op == opcode.Mod && l.is(start, "MOD") && l.is(start+1, "(") && n.L.OriginTextPosition() > 0 && l.s.TokenAt(n.L.OriginTextPosition()+l.delta) > start {
		x := &ir.Binary{Op: "%", L: l.expr(n.L), R: l.expr(n.R)}
		l.i = l.closing(start+1) + 1
		x.At = l.since(start)
		return x
	}
	x := &ir.Binary{Op: binaryOps[n.Op], L: l.expr(n.L)}
	op := l.i
	l.i++
	if l.are(op, "SOUNDS", "LIKE") {
		x.Op = "SOUNDS LIKE"
		l.i++
	}
	x.R = l.expr(n.R)
	x.At = l.since(start)
	return x
}

// logical makes chains of one operator flat; long ones are not recursed into.
func (l *lowering) logical(n *ast.BinaryOperationExpr, op string, start int) ir.Expr {
	var rights []ast.ExprNode
	var left ast.ExprNode = n
	for {
		b, ok := left.(*ast.BinaryOperationExpr)
		if !ok || b.Op != n.Op {
			break
		}
		rights = append(rights, b.R)
		left = b.L
	}
	x := &ir.Logical{Op: op, Args: make([]ir.Expr, 0, len(rights)+1)}
	l.operand(x, left)
	for i := len(rights) - 1; i >= 0; i-- {
		l.eat("AND", "OR", "XOR", "&&", "||")
		l.operand(x, rights[i])
	}
	x.At = l.since(start)
	return x
}

func (l *lowering) operand(x *ir.Logical, n ast.ExprNode) {
	a := l.expr(n)
	if inner, ok := a.(*ir.Logical); ok && inner.Op == x.Op {
		x.Args = append(x.Args, inner.Args...)
		return
	}
	x.Args = append(x.Args, a)
}

func (l *lowering) like(n *ast.PatternLikeOrIlikeExpr, start int) ir.Expr {
	x := &ir.Like{Op: "LIKE", X: l.expr(n.Expr), Not: n.Not}
	if !n.IsLike {
		x.Op = "ILIKE"
	}
	l.skip("NOT", "!", "LIKE", "ILIKE")
	x.Pattern = l.expr(n.Pattern)
	if l.eat("ESCAPE") {
		text, _ := l.unquoted(l.i)
		x.Escape = &ir.Literal{At: l.here(), Kind: ir.String, Text: text}
		l.i++
	}
	x.At = l.since(start)
	return x
}

func (l *lowering) caseExpr(n *ast.CaseExpr, start int) ir.Expr {
	l.eat("CASE")
	x := &ir.Case{Operand: l.expr(n.Value)}
	for _, w := range n.WhenClauses {
		from := l.i
		l.eat("WHEN")
		when := ir.When{Cond: l.expr(w.Expr)}
		l.eat("THEN")
		when.Then = l.expr(w.Result)
		when.At = l.since(from)
		x.Whens = append(x.Whens, when)
	}
	if n.ElseClause != nil {
		l.eat("ELSE")
		x.Else = l.expr(n.ElseClause)
	}
	l.eat("END")
	x.At = l.since(start)
	return x
}

func (l *lowering) variable(n *ast.VariableExpr, start int) ir.Expr {
	l.i++
	v := &ir.Variable{Name: n.Name, System: n.IsSystem}
	if n.Value != nil {
		l.eat(":=", ":", "=")
		l.eat("=")
		v.Value = l.expr(n.Value)
	}
	v.At = l.since(start)
	return v
}

// columnCall lowers DEFAULT(col) and VALUES(col).
func (l *lowering) columnCall(name string, col *ast.ColumnName, start int) ir.Expr {
	f := &ir.FuncCall{Name: l.funcName(name, start)}
	l.i++
	open := l.i
	l.eat("(")
	c := l.qualified(col.Schema.O, col.Table.O, col.Name.O)
	f.Args = []ir.Arg{{X: &ir.ColumnRef{At: c.At, Parts: c.Parts}}}
	if l.is(open, "(") {
		l.i = l.closing(open) + 1
	}
	f.At = l.since(start)
	return f
}

func (l *lowering) funcName(name string, tok int) ir.Name {
	at := ir.At{Pos: l.between(tok, tok+1)}
	return ir.Name{At: at, Parts: []ir.Ident{{At: at, Name: name}}}
}

// match lowers MATCH (cols) AGAINST (x mode): the columns, the text and, named, the mode.
func (l *lowering) match(n *ast.MatchAgainst, start int) ir.Expr {
	f := &ir.FuncCall{Name: l.funcName("match_against", start)}
	l.i++
	l.eat("(")
	for _, c := range n.ColumnNames {
		name := l.qualified(c.Schema.O, c.Table.O, c.Name.O)
		f.Args = append(f.Args, ir.Arg{X: &ir.ColumnRef{At: name.At, Parts: name.Parts}})
	}
	l.eat(")")
	l.eat("AGAINST")
	open := l.i
	l.eat("(")
	f.Args = append(f.Args, ir.Arg{X: l.expr(n.Against)})
	end := l.closing(open)
	if from := l.i; from < end {
		at := ir.At{Pos: l.between(from, end)}
		words := make([]string, 0, 7)
		for i := from; i < end; i++ {
			words = append(words, strings.ToUpper(l.text(i)))
		}
		f.Args = append(f.Args, ir.Arg{
			Name: &ir.Ident{At: at, Name: "mode"},
			X:    &ir.Literal{At: at, Kind: ir.String, Text: strings.Join(words, " ")},
		})
	}
	l.i = end + 1
	f.At = l.since(start)
	return f
}
