package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// operator is the name of an operator and its schema, where one is written.
func operator(name []*pg.Node) (schema, op string) {
	parts := strs(name)
	if len(parts) == 0 {
		return "", ""
	}
	if len(parts) > 1 {
		schema = parts[len(parts)-2]
	}
	return schema, parts[len(parts)-1]
}

func (l *lowerer) operation(a *pg.A_Expr) (ir.Expr, rng) {
	loc := l.at(a.Location)
	schema, op := operator(a.Name)
	switch a.Kind {
	case pg.A_Expr_Kind_AEXPR_OP:
		right, rr := l.expr(a.Rexpr)
		if a.Lexpr == nil {
			r := l.cover(loc, rr)
			return &ir.Unary{At: l.pos(l.or(r)), Op: op, X: right}, r
		}
		left, lr := l.expr(a.Lexpr)
		r := l.cover(l.cover(lr, loc), rr)
		return &ir.Binary{At: l.pos(l.or(r)), Op: op, OpSchema: schema, L: left, R: right}, r
	case pg.A_Expr_Kind_AEXPR_DISTINCT, pg.A_Expr_Kind_AEXPR_NOT_DISTINCT:
		left, lr := l.expr(a.Lexpr)
		right, rr := l.expr(a.Rexpr)
		r := l.cover(l.cover(lr, loc), rr)
		word := "IS DISTINCT FROM"
		if a.Kind == pg.A_Expr_Kind_AEXPR_NOT_DISTINCT {
			word = "IS NOT DISTINCT FROM"
		}
		return &ir.Binary{At: l.pos(l.or(r)), Op: word, L: left, R: right}, r
	case pg.A_Expr_Kind_AEXPR_OP_ANY, pg.A_Expr_Kind_AEXPR_OP_ALL:
		left, lr := l.expr(a.Lexpr)
		right, rr := l.expr(a.Rexpr)
		r := l.cover(l.cover(l.cover(lr, loc), rr), l.quantifier(loc))
		return &ir.Quantified{At: l.pos(l.or(r)), Op: op, X: left, All: a.Kind == pg.A_Expr_Kind_AEXPR_OP_ALL, Array: right}, r
	case pg.A_Expr_Kind_AEXPR_NULLIF:
		return l.form("nullif", a.Location, a.Lexpr, a.Rexpr)
	case pg.A_Expr_Kind_AEXPR_IN:
		left, lr := l.expr(a.Lexpr)
		items, ir1 := l.exprs(a.Rexpr.GetList().GetItems())
		r := l.cover(l.cover(lr, loc), ir1)
		if open := l.inOpen(loc); open >= 0 {
			r = l.cover(r, rng{open, l.closing(open)})
		}
		return &ir.In{At: l.pos(l.or(r)), X: left, List: items, Not: op == "<>"}, r
	case pg.A_Expr_Kind_AEXPR_LIKE, pg.A_Expr_Kind_AEXPR_ILIKE, pg.A_Expr_Kind_AEXPR_SIMILAR:
		return l.like(a, loc, op)
	case pg.A_Expr_Kind_AEXPR_BETWEEN, pg.A_Expr_Kind_AEXPR_NOT_BETWEEN, pg.A_Expr_Kind_AEXPR_BETWEEN_SYM, pg.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM:
		x, xr := l.expr(a.Lexpr)
		b := &ir.Between{X: x,
			Not:       a.Kind == pg.A_Expr_Kind_AEXPR_NOT_BETWEEN || a.Kind == pg.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM,
			Symmetric: a.Kind == pg.A_Expr_Kind_AEXPR_BETWEEN_SYM || a.Kind == pg.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM}
		r := l.cover(xr, loc)
		if items := a.Rexpr.GetList().GetItems(); len(items) == 2 {
			var lo, hi rng
			b.Lo, lo = l.expr(items[0])
			b.Hi, hi = l.expr(items[1])
			r = l.cover(l.cover(r, lo), hi)
		}
		b.At = l.pos(l.or(r))
		return b, r
	}
	left, lr := l.expr(a.Lexpr)
	right, rr := l.expr(a.Rexpr)
	r := l.cover(l.cover(lr, loc), rr)
	return l.opaque(r, "operator "+op, left, right), r
}

// quantifier covers ANY (…) behind the operator at loc.
func (l *lowerer) quantifier(loc rng) rng {
	if i := l.quantifierOpen(loc); i >= 0 {
		return rng{i, l.closing(i)}
	}
	return loc
}

func (l *lowerer) quantifierOpen(loc rng) int {
	if !loc.ok() {
		return -1
	}
	for i := loc.lo; i < l.n; i++ {
		if l.isAny(i, "ANY", "ALL", "SOME") && l.char(i+1) == '(' {
			return i + 1
		}
		if l.char(i) == '(' {
			i = l.closing(i)
		}
	}
	return -1
}

// inOpen is the bracket behind [NOT] IN at loc.
func (l *lowerer) inOpen(loc rng) int {
	i := loc.lo
	if l.is(i, "NOT") {
		i++
	}
	if l.is(i, "IN") && l.char(i+1) == '(' {
		return i + 1
	}
	return -1
}

func (l *lowerer) like(a *pg.A_Expr, loc rng, op string) (ir.Expr, rng) {
	x, r := l.expr(a.Lexpr)
	like := &ir.Like{Op: "LIKE", X: x, Not: strings.HasPrefix(op, "!")}
	switch a.Kind {
	case pg.A_Expr_Kind_AEXPR_ILIKE:
		like.Op = "ILIKE"
	case pg.A_Expr_Kind_AEXPR_SIMILAR:
		like.Op = "SIMILAR TO"
	}
	r = l.cover(r, loc)
	// The grammar wraps the pattern into a call, which stands where the operator does.
	pattern := a.Rexpr
	if f := pattern.GetFuncCall(); f != nil && f.Location == a.Location && len(f.Args) > 0 {
		pattern = f.Args[0]
		if len(f.Args) > 1 {
			e, er := l.expr(f.Args[1])
			like.Escape, r = e, l.cover(r, er)
		}
	}
	p, pr := l.expr(pattern)
	like.Pattern = p
	r = l.cover(r, pr)
	like.At = l.pos(l.or(r))
	return like, r
}

func (l *lowerer) logical(b *pg.BoolExpr) (ir.Expr, rng) {
	if b.Boolop == pg.BoolExprType_NOT_EXPR {
		return l.not(b)
	}
	op := "AND"
	if b.Boolop == pg.BoolExprType_OR_EXPR {
		op = "OR"
	}
	out := &ir.Logical{Op: op, Args: make([]ir.Expr, 0, len(b.Args))}
	r := l.at(b.Location)
	for _, a := range b.Args {
		x, xr := l.expr(a)
		r = l.cover(r, xr)
		if inner, ok := x.(*ir.Logical); ok && inner.Op == op {
			out.Args = append(out.Args, inner.Args...)
			continue
		}
		out.Args = append(out.Args, x)
	}
	out.At = l.pos(l.or(r))
	return out, r
}

// not lowers NOT x. The infix forms (NOT IN, IS NOT JSON …) arrive as a NOT that stands
// where its operand does.
func (l *lowerer) not(b *pg.BoolExpr) (ir.Expr, rng) {
	if len(b.Args) != 1 {
		return l.opaque(l.at(b.Location), "NOT"), l.at(b.Location)
	}
	arg := b.Args[0]
	switch a := arg.GetNode().(type) {
	case *pg.Node_SubLink:
		if a.SubLink.Location == b.Location {
			x, r := l.subLink(a.SubLink)
			if in, ok := x.(*ir.In); ok {
				in.Not = true
				return in, r
			}
			return &ir.Not{At: l.pos(l.or(r)), X: x}, r
		}
	case *pg.Node_JsonIsPredicate:
		if a.JsonIsPredicate.Location == b.Location {
			return l.isJSON(a.JsonIsPredicate, true)
		}
	case *pg.Node_FuncCall, *pg.Node_XmlExpr:
		if arg.GetFuncCall() != nil && arg.GetFuncCall().Location == b.Location || arg.GetXmlExpr() != nil && arg.GetXmlExpr().Location == b.Location {
			x, r := l.expr(arg)
			if t, ok := x.(*ir.IsTest); ok {
				t.Not = true
				return t, r
			}
			return &ir.Not{At: l.pos(l.or(r)), X: x}, r
		}
	}
	x, xr := l.expr(arg)
	r := l.cover(l.at(b.Location), xr)
	return &ir.Not{At: l.pos(l.or(r)), X: x}, r
}

var booleanTests = map[pg.BoolTestType]struct {
	what string
	not  bool
}{
	pg.BoolTestType_IS_TRUE: {"TRUE", false}, pg.BoolTestType_IS_NOT_TRUE: {"TRUE", true},
	pg.BoolTestType_IS_FALSE: {"FALSE", false}, pg.BoolTestType_IS_NOT_FALSE: {"FALSE", true},
	pg.BoolTestType_IS_UNKNOWN: {"UNKNOWN", false}, pg.BoolTestType_IS_NOT_UNKNOWN: {"UNKNOWN", true},
}

// isTest lowers x IS [NOT] what, whose IS stands at location.
func (l *lowerer) isTest(arg *pg.Node, location int32, what string, not bool) (ir.Expr, rng) {
	x, r := l.expr(arg)
	r = l.cover(r, l.at(location))
	r.hi = l.afterIs(r.hi)
	return &ir.IsTest{At: l.pos(l.or(r)), X: x, What: what, Not: not}, r
}

// afterIs is the last token of the test whose IS is token i.
func (l *lowerer) afterIs(i int) int {
	if !l.is(i, "IS") {
		return i // ISNULL, NOTNULL
	}
	if l.is(i+1, "NOT") {
		i++
	}
	if l.isAny(i+1, "NFC", "NFD", "NFKC", "NFKD") && l.is(i+2, "NORMALIZED") {
		i++
	}
	return min(i+1, l.n-1)
}
