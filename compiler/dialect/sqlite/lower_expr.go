package sqlite

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sqlc-dev/meyer/ast"

	"github.com/covetsql/covetsql/compiler/ir"
)

func (l *lowering) optExpr(n ast.Expr) ir.Expr {
	if n == nil {
		return nil
	}
	return l.expr(n)
}

func (l *lowering) exprs(list []ast.Expr) []ir.Expr {
	var out []ir.Expr
	for _, n := range list {
		out = append(out, l.expr(n))
	}
	return out
}

func (l *lowering) args(list []ast.Expr) []ir.Arg {
	var out []ir.Arg
	for _, n := range list {
		out = append(out, ir.Arg{X: l.expr(n)})
	}
	return out
}

func (l *lowering) expr(n ast.Expr) ir.Expr {
	defer l.leave()
	if !l.enter(n) {
		return &ir.Opaque{At: l.at(n), What: "expression"}
	}
	switch n := n.(type) {
	case *ast.Ident:
		if text, ok := truth(n); ok {
			return &ir.Literal{At: l.at(n), Kind: ir.Bool, Text: text}
		}
		return &ir.ColumnRef{At: l.at(n), Parts: []ir.Ident{l.ident(n)}}
	case *ast.QualifiedRef:
		return &ir.ColumnRef{At: l.at(n), Parts: l.idents(n.Parts)}
	case *ast.Star:
		return l.star(n)
	case *ast.Literal:
		return l.literal(n)
	case *ast.BindParam:
		return l.param(n)
	case *ast.ParenExpr:
		return l.expr(n.X)
	case *ast.UnaryExpr:
		return l.unary(n)
	case *ast.BinaryExpr:
		return l.binary(n)
	case *ast.LikeExpr:
		return &ir.Like{
			At: l.at(n), Op: strings.ToUpper(n.Op.Name), X: l.expr(n.X), Pattern: l.expr(n.Y),
			Escape: l.optExpr(n.Escape), Not: n.Not,
		}
	case *ast.IsExpr:
		return l.is(n)
	case *ast.NullCheckExpr:
		return &ir.IsTest{At: l.at(n), X: l.expr(n.X), What: "NULL", Not: n.Test != ast.TestIsNull}
	case *ast.BetweenExpr:
		return &ir.Between{At: l.at(n), X: l.expr(n.X), Lo: l.expr(n.Lo), Hi: l.expr(n.Hi), Not: n.Not}
	case *ast.InExpr:
		return l.in(n)
	case *ast.CaseExpr:
		c := &ir.Case{At: l.at(n), Operand: l.optExpr(n.Operand), Else: l.optExpr(n.Else)}
		for _, w := range n.Whens {
			c.Whens = append(c.Whens, ir.When{At: l.at(w), Cond: l.expr(w.When), Then: l.expr(w.Then)})
		}
		return c
	case *ast.CastExpr:
		return &ir.Cast{At: l.at(n), X: l.expr(n.X), Type: l.castType(n)}
	case *ast.CollateExpr:
		return &ir.Collate{At: l.at(n), X: l.expr(n.X), Name: l.plainName(n.Name)}
	case *ast.FuncCall:
		return &ir.FuncCall{
			At: l.at(n), Name: lowerCall(l.plainName(n.Name)), Args: l.args(n.Args), Star: n.Star,
			Distinct: n.Distinct, OrderBy: l.orderBy(n.OrderBy), Filter: l.optExpr(n.Filter), Over: l.window(n.Over),
		}
	case *ast.ExistsExpr:
		return &ir.Exists{At: l.at(n), Query: l.query(n.Select)}
	case *ast.SubqueryExpr:
		return &ir.Subquery{At: l.at(n), Query: l.query(n.Select)}
	case *ast.VectorExpr:
		return &ir.Row{At: l.at(n), Items: l.exprs(n.List)}
	case *ast.RaiseExpr:
		return l.raise(n)
	}
	return l.opaque(n, fmt.Sprintf("an expression of the form %T", n))
}

// truth recognises the words TRUE and FALSE, which SQLite's grammar reads as names.
func truth(n *ast.Ident) (text string, ok bool) {
	if n.Quote != ast.QuoteNone {
		return "", false
	}
	text = strings.ToLower(n.Name)
	return text, text == "true" || text == "false"
}

// lowerCall folds the name of a called function, which SQLite compares without case.
func lowerCall(n ir.Name) ir.Name {
	last := &n.Parts[len(n.Parts)-1]
	last.Name = strings.ToLower(last.Name)
	return n
}

func (l *lowering) star(n *ast.Star) *ir.Star {
	out := &ir.Star{At: l.at(n), Embed: l.s.EmbedAt(n.Pos())}
	if n.Table != nil {
		out.Qualifier = []ir.Ident{l.ident(n.Table)}
	}
	return out
}

var currentTime = map[ast.LiteralKind]string{
	ast.LitCurrentDate: "current_date", ast.LitCurrentTime: "current_time", ast.LitCurrentTimestamp: "current_timestamp",
}

func (l *lowering) literal(n *ast.Literal) ir.Expr {
	at := l.at(n)
	switch n.Kind {
	case ast.LitNull:
		return &ir.Literal{At: at, Kind: ir.Null}
	case ast.LitInteger:
		return &ir.Literal{At: at, Kind: integerKind(n.Value), Text: n.Value}
	case ast.LitFloat:
		kind := ir.Decimal
		if strings.ContainsAny(n.Value, "eE") {
			kind = ir.Float
		}
		return &ir.Literal{At: at, Kind: kind, Text: n.Value}
	case ast.LitString:
		return &ir.Literal{At: at, Kind: ir.String, Text: n.Value}
	case ast.LitBlob:
		return &ir.Literal{At: at, Kind: ir.Blob, Text: strings.Trim(n.Value[1:], "'")}
	}
	id := ir.Ident{At: at, Name: currentTime[n.Kind]}
	return &ir.FuncCall{At: at, Name: ir.Name{At: at, Parts: []ir.Ident{id}}, NoParens: true}
}

// integerKind tells an integer from one that SQLite reads as REAL because it has more than
// 64 bits. Hexadecimal literals never do that.
func integerKind(digits string) ir.LiteralKind {
	if strings.HasPrefix(strings.ToLower(digits), "0x") {
		return ir.Integer
	}
	if _, err := strconv.ParseInt(digits, 10, 64); err != nil {
		return ir.Decimal
	}
	return ir.Integer
}

func (l *lowering) unary(n *ast.UnaryExpr) ir.Expr {
	at := l.at(n)
	if n.Op == ast.OpNot {
		return &ir.Not{At: at, X: l.expr(n.X)}
	}
	// The smallest integer has no positive counterpart, so its minus belongs to the literal.
	if lit, ok := n.X.(*ast.Literal); ok && n.Op == ast.OpMinus && lit.Kind == ast.LitInteger {
		if v := "-" + lit.Value; integerKind(v) == ir.Integer && integerKind(lit.Value) != ir.Integer {
			return &ir.Literal{At: at, Kind: ir.Integer, Text: v}
		}
	}
	return &ir.Unary{At: at, Op: n.Op.String(), X: l.expr(n.X)}
}

func (l *lowering) binary(n *ast.BinaryExpr) ir.Expr {
	at := l.at(n)
	if n.Op != ast.OpAnd && n.Op != ast.OpOr {
		return &ir.Binary{At: at, Op: n.Op.String(), L: l.expr(n.X), R: l.expr(n.Y)}
	}
	out := &ir.Logical{At: at, Op: n.Op.String()}
	for _, x := range [2]ir.Expr{l.expr(n.X), l.expr(n.Y)} {
		if inner, ok := x.(*ir.Logical); ok && inner.Op == out.Op {
			out.Args = append(out.Args, inner.Args...)
		} else {
			out.Args = append(out.Args, x)
		}
	}
	return out
}

// is lowers IS: a test where the right side is NULL, TRUE or FALSE, else the comparison
// that takes NULL for a value.
func (l *lowering) is(n *ast.IsExpr) ir.Expr {
	at := l.at(n)
	distinct := n.Not != n.Distinct
	switch y := n.Y.(type) {
	case *ast.Literal:
		if y.Kind == ast.LitNull {
			return &ir.IsTest{At: at, X: l.expr(n.X), What: "NULL", Not: distinct}
		}
	case *ast.Ident:
		if text, ok := truth(y); ok && !n.Distinct {
			return &ir.IsTest{At: at, X: l.expr(n.X), What: strings.ToUpper(text), Not: n.Not}
		}
	}
	op := "IS NOT DISTINCT FROM"
	if distinct {
		op = "IS DISTINCT FROM"
	}
	return &ir.Binary{At: at, Op: op, L: l.expr(n.X), R: l.expr(n.Y)}
}

func (l *lowering) in(n *ast.InExpr) ir.Expr {
	out := &ir.In{At: l.at(n), X: l.expr(n.X), Not: n.Not}
	switch {
	case n.Select != nil:
		out.Query = l.query(n.Select)
	case n.Table != nil:
		out.Query = l.inTable(n)
	default:
		out.List = make([]ir.Expr, 0, len(n.List)) // SQLite allows x IN ()
		for _, x := range n.List {
			out.List = append(out.List, l.expr(x))
		}
	}
	return out
}

// inTable is the query that "x IN table" stands for: all columns of the table.
func (l *lowering) inTable(n *ast.InExpr) ir.Query {
	at := l.between(n.Table.Pos(), n.End())
	var t ir.TableExpr
	if n.HasArgs {
		fn := &ir.FuncCall{At: at, Name: lowerCall(l.name(n.Table)), Args: l.args(n.Args)}
		t = &ir.TableFunc{At: at, Calls: []ir.TableCall{{At: at, Func: fn}}, Lateral: true}
	} else {
		t = &ir.TableRef{At: at, Name: l.name(n.Table)}
	}
	return &ir.Select{
		At:    at,
		Items: []ir.SelectItem{{At: at, X: &ir.Star{At: at}}},
		From:  []ir.TableExpr{t},
	}
}

// raise is a call of raise('ACTION', message).
func (l *lowering) raise(n *ast.RaiseExpr) ir.Expr {
	at := l.at(n)
	i := l.s.TokenAt(n.Pos())
	word := func(i int) ir.At {
		if i >= len(l.s.Tokens) {
			return at
		}
		return l.between(int(l.s.Tokens[i].Start), int(l.s.Tokens[i].End))
	}
	name := ir.Name{At: word(i), Parts: []ir.Ident{{At: word(i), Name: "raise"}}}
	args := []ir.Arg{{X: &ir.Literal{At: word(i + 2), Kind: ir.String, Text: n.Action}}}
	if n.Message != nil {
		args = append(args, ir.Arg{X: l.expr(n.Message)})
	}
	return &ir.FuncCall{At: at, Name: name, Args: args}
}

func (l *lowering) castType(n *ast.CastExpr) ir.TypeName {
	if n.Type == nil { // CAST(x AS): valid, and numeric
		i := l.s.TokenAt(n.End() - 1)
		at := l.between(int(l.s.Tokens[i].Start), n.End())
		return ir.TypeName{At: at, Name: ir.Name{At: at, Parts: []ir.Ident{{At: at, Name: numeric.Name}}}}
	}
	return l.typeName(n.Type)
}

func (l *lowering) typeName(n *ast.TypeName) ir.TypeName {
	at := l.at(n)
	t := ir.TypeName{
		At: at, Raw: n.Raw,
		Name: ir.Name{At: at, Parts: []ir.Ident{{At: at, Name: n.Name}}},
	}
	for _, a := range n.Args {
		if v, err := strconv.ParseInt(a, 10, 32); err == nil {
			t.Mods = append(t.Mods, int32(v))
		}
	}
	return t
}
