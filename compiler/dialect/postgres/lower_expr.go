package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// expr lowers an expression and tells which tokens it covers.
func (l *lowerer) expr(n *pg.Node) (ir.Expr, rng) {
	if n == nil || n.Node == nil {
		return nil, nowhere
	}
	switch x := n.Node.(type) {
	case *pg.Node_ColumnRef:
		return l.columnRef(x.ColumnRef)
	case *pg.Node_ParamRef:
		return l.param(x.ParamRef)
	case *pg.Node_AConst:
		return l.constant(x.AConst)
	case *pg.Node_AExpr:
		return l.operation(x.AExpr)
	case *pg.Node_FuncCall:
		return l.call(x.FuncCall)
	case *pg.Node_TypeCast:
		return l.cast(x.TypeCast)
	case *pg.Node_BoolExpr:
		return l.logical(x.BoolExpr)
	case *pg.Node_SubLink:
		return l.subLink(x.SubLink)
	case *pg.Node_NullTest:
		return l.isTest(x.NullTest.Arg, x.NullTest.Location, "NULL", x.NullTest.Nulltesttype == pg.NullTestType_IS_NOT_NULL)
	case *pg.Node_BooleanTest:
		t := booleanTests[x.BooleanTest.Booltesttype]
		return l.isTest(x.BooleanTest.Arg, x.BooleanTest.Location, t.what, t.not)
	case *pg.Node_CaseExpr:
		return l.caseOf(x.CaseExpr)
	case *pg.Node_CoalesceExpr:
		return l.form("coalesce", x.CoalesceExpr.Location, x.CoalesceExpr.Args...)
	case *pg.Node_MinMaxExpr:
		name := "greatest"
		if x.MinMaxExpr.Op == pg.MinMaxOp_IS_LEAST {
			name = "least"
		}
		return l.form(name, x.MinMaxExpr.Location, x.MinMaxExpr.Args...)
	case *pg.Node_SqlvalueFunction:
		return l.valueFunction(x.SqlvalueFunction)
	case *pg.Node_GroupingFunc:
		return l.form("grouping", x.GroupingFunc.Location, x.GroupingFunc.Args...)
	case *pg.Node_AIndirection:
		return l.indirection(x.AIndirection)
	case *pg.Node_AArrayExpr:
		return l.array(x.AArrayExpr)
	case *pg.Node_RowExpr:
		return l.row(x.RowExpr)
	case *pg.Node_CollateClause:
		return l.collate(x.CollateClause)
	case *pg.Node_NamedArgExpr:
		return l.expr(x.NamedArgExpr.Arg)
	case *pg.Node_SetToDefault:
		r := l.at(x.SetToDefault.Location)
		return &ir.Default{At: l.pos(l.or(r))}, r
	case *pg.Node_XmlExpr:
		return l.xml(x.XmlExpr)
	case *pg.Node_XmlSerialize:
		return l.xmlSerialize(x.XmlSerialize)
	case *pg.Node_JsonObjectConstructor:
		return l.jsonObject(x.JsonObjectConstructor)
	case *pg.Node_JsonArrayConstructor:
		return l.jsonArray(x.JsonArrayConstructor)
	case *pg.Node_JsonArrayQueryConstructor:
		return l.jsonArrayQuery(x.JsonArrayQueryConstructor)
	case *pg.Node_JsonObjectAgg:
		return l.jsonObjectAgg(x.JsonObjectAgg)
	case *pg.Node_JsonArrayAgg:
		return l.jsonArrayAgg(x.JsonArrayAgg)
	case *pg.Node_JsonValueExpr:
		return l.expr(x.JsonValueExpr.RawExpr)
	case *pg.Node_JsonIsPredicate:
		return l.isJSON(x.JsonIsPredicate, false)
	case *pg.Node_TypeName:
		// PUBLICATION and operator options give types where expressions stand.
		t, r := l.typeName(x.TypeName)
		return l.opaque(r, "type "+t.Name.String()), r
	case *pg.Node_List:
		return l.list(x.List)
	case *pg.Node_CurrentOfExpr:
		r := l.currentOf()
		return l.opaque(r, "WHERE CURRENT OF"), r
	default:
		return l.opaque(l.fallback, nodeName(n)), l.fallback
	}
}

// value is expr for callers that need no range.
func (l *lowerer) value(n *pg.Node) ir.Expr {
	x, _ := l.expr(n)
	return x
}

// exprs lowers a list; the range covers all.
func (l *lowerer) exprs(list []*pg.Node) ([]ir.Expr, rng) {
	if len(list) == 0 {
		return nil, nowhere
	}
	out := make([]ir.Expr, 0, len(list))
	all := nowhere
	for _, n := range list {
		x, r := l.expr(n)
		if x != nil {
			out = append(out, x)
			all = l.cover(all, r)
		}
	}
	return out, all
}

// or is r, or the surrounding construct for what the grammar made up.
func (l *lowerer) or(r rng) rng {
	if r.ok() {
		return r
	}
	return l.fallback
}

// opaque stands for what the tree can not express, and says so.
func (l *lowerer) opaque(r rng, what string, args ...ir.Expr) ir.Expr {
	at := l.pos(l.or(r))
	l.diags.Add(diag.New(diag.NotModelled, at.Pos, "%s is not understood; its type is unknown", what))
	return &ir.Opaque{At: at, What: what, Args: args}
}

func (l *lowerer) list(x *pg.List) (ir.Expr, rng) {
	items, r := l.exprs(x.Items)
	return &ir.Row{At: l.pos(l.or(r)), Items: items}, r
}

func (l *lowerer) columnRef(c *pg.ColumnRef) (ir.Expr, rng) {
	r := l.or(l.at(c.Location))
	names := c.Fields
	star := len(names) > 0 && names[len(names)-1].GetAStar() != nil
	if star {
		names = names[:len(names)-1]
	}
	parts := make([]ir.Ident, len(names))
	for i, f := range names {
		parts[i] = l.ident(r.lo+2*i, f.GetString_().GetSval())
	}
	r.hi = min(r.lo+2*(len(c.Fields)-1), l.n-1)
	if star {
		return &ir.Star{At: l.pos(r), Qualifier: parts, Embed: len(l.s.Embeds) > 0 && l.s.EmbedAt(int(c.Location))}, r
	}
	return &ir.ColumnRef{At: l.pos(r), Parts: parts}, r
}

func (l *lowerer) param(p *pg.ParamRef) (ir.Expr, rng) {
	r := l.or(l.at(p.Location))
	if l.body {
		return &ir.Param{At: l.pos(r), Ref: int(p.Number) - 1}, r
	}
	ref := l.paramAt(p.Location)
	if ref < 0 {
		at := l.pos(r)
		l.diags.Add(diag.New(diag.UnknownParameter, at.Pos, "$%d stands where no parameter can be given", p.Number))
		return &ir.Opaque{At: at, What: "parameter"}, r
	}
	return &ir.Param{At: l.pos(r), Ref: ref}, r
}

// paramAt is token.Statement.ParamAt for statements with thousands of parameters.
func (l *lowerer) paramAt(location int32) int {
	i, found := slices.BinarySearchFunc(l.s.Params, location, func(p token.ParamRef, at int32) int {
		switch {
		case p.End <= at:
			return -1
		case p.Start > at:
			return 1
		}
		return 0
	})
	if !found {
		return -1
	}
	return i
}

func (l *lowerer) constant(c *pg.A_Const) (ir.Expr, rng) {
	r := l.at(c.Location)
	if r.ok() {
		r = l.constantRange(r)
	}
	lit := &ir.Literal{At: l.pos(l.or(r))}
	switch v := c.Val.(type) {
	case *pg.A_Const_Ival:
		lit.Kind, lit.Text = ir.Integer, strconv.Itoa(int(v.Ival.GetIval()))
	case *pg.A_Const_Fval:
		lit.Kind, lit.Text = number(v.Fval.GetFval())
	case *pg.A_Const_Boolval:
		lit.Kind, lit.Text = ir.Bool, strconv.FormatBool(v.Boolval.GetBoolval())
	case *pg.A_Const_Sval:
		lit.Kind, lit.Text = ir.String, v.Sval.GetSval()
	case *pg.A_Const_Bsval:
		s := v.Bsval.GetBsval()
		lit.Kind = ir.Bit
		if s != "" {
			if lit.Text = s[1:]; s[0] == 'x' {
				lit.Text = hexBits(s[1:])
			}
		}
	}
	return lit, r
}

// constantRange extends a constant over what the grammar folded into it: a sign, brackets
// behind the sign, the pieces of a string over several lines, UESCAPE.
func (l *lowerer) constantRange(r rng) rng {
	if l.is(r.lo, "-") {
		for l.is(r.hi, "-") || l.char(r.hi) == '(' {
			r.hi++
		}
		return l.balance(r.lo, r.hi)
	}
	if l.isString(r.hi) {
		for l.isString(r.hi+1) || l.is(r.hi+1, "UESCAPE") {
			r.hi++
		}
	}
	return r
}

// number tells integers that fit 64 bits from decimals and floats.
func number(s string) (ir.LiteralKind, string) {
	if n, err := strconv.ParseInt(s, 0, 64); err == nil {
		// A leading zero is no octal sign in SQL.
		if d, err := strconv.ParseInt(s, 10, 64); err == nil {
			n = d
		}
		return ir.Integer, strconv.FormatInt(n, 10)
	}
	if strings.ContainsAny(s, "eE") && !strings.HasPrefix(strings.ToLower(strings.TrimPrefix(s, "-")), "0x") {
		return ir.Float, s
	}
	return ir.Decimal, s
}

// hexBits spells hexadecimal digits as bits: x'1F' is a bit string in PostgreSQL.
func hexBits(s string) string {
	var b strings.Builder
	for _, c := range s {
		n, err := strconv.ParseUint(string(c), 16, 8)
		if err != nil {
			return s
		}
		bits := strconv.FormatUint(n, 2)
		b.WriteString("0000"[len(bits):] + bits)
	}
	return b.String()
}

func (l *lowerer) caseOf(c *pg.CaseExpr) (ir.Expr, rng) {
	start := l.or(l.at(c.Location))
	r := start
	out := &ir.Case{Whens: make([]ir.When, 0, len(c.Args))}
	if c.Arg != nil {
		x, xr := l.expr(c.Arg)
		out.Operand, r = x, l.cover(r, xr)
	}
	for _, n := range c.Args {
		w := n.GetCaseWhen()
		wr := l.at(w.GetLocation())
		cond, cr := l.expr(w.GetExpr())
		then, tr := l.expr(w.GetResult())
		wr = l.cover(l.cover(wr, cr), tr)
		out.Whens = append(out.Whens, ir.When{At: l.pos(l.or(wr)), Cond: cond, Then: then})
		r = l.cover(r, wr)
	}
	if c.Defresult != nil {
		x, xr := l.expr(c.Defresult)
		out.Else, r = x, l.cover(r, xr)
	}
	if l.is(r.hi+1, "END") {
		r.hi++
	}
	out.At = l.pos(r)
	return out, r
}

func (l *lowerer) cast(c *pg.TypeCast) (ir.Expr, rng) {
	loc := l.at(c.Location)
	t, tr := l.typeName(c.TypeName)
	x, xr := l.expr(c.Arg)
	if !tr.ok() { // the grammar's own cast, as of substring's length
		at := l.pos(l.or(xr))
		t.At, t.Name.At = at, at
		for i := range t.Name.Parts {
			t.Name.Parts[i].At = at
		}
		return &ir.Cast{At: at, X: x, Type: t}, xr
	}
	r := l.cover(l.cover(xr, loc), tr)
	switch {
	case loc.ok() && l.char(loc.lo+1) == '(' && l.is(loc.lo, "CAST"):
		r = l.cover(r, rng{loc.lo, l.closing(loc.lo + 1)})
	case !loc.ok() && l.is(tr.lo, "INTERVAL") && len(c.TypeName.Typmods) > 0 && tr.hi == tr.lo:
		r.hi = l.fields(r.hi)
	}
	return &ir.Cast{At: l.pos(l.or(r)), X: x, Type: t}, r
}

func (l *lowerer) subLink(s *pg.SubLink) (ir.Expr, rng) {
	loc := l.or(l.at(s.Location))
	switch s.SubLinkType {
	case pg.SubLinkType_EXISTS_SUBLINK:
		r := rng{loc.lo, l.closing(loc.lo + 1)}
		return &ir.Exists{At: l.pos(r), Query: l.bracketed(s.Subselect, loc.lo+1)}, r
	case pg.SubLinkType_ARRAY_SUBLINK:
		r := rng{loc.lo, l.closing(loc.lo + 1)}
		return &ir.Subquery{At: l.pos(r), Query: l.bracketed(s.Subselect, loc.lo+1), Array: true}, r
	case pg.SubLinkType_ANY_SUBLINK, pg.SubLinkType_ALL_SUBLINK:
		x, xr := l.expr(s.Testexpr)
		open := l.inOpen(loc)
		if len(s.OperName) > 0 || open < 0 {
			open = l.quantifierOpen(loc)
		}
		r := l.cover(l.cover(xr, loc), rng{open, l.closing(open)})
		q := l.bracketed(s.Subselect, open)
		if len(s.OperName) == 0 {
			return &ir.In{At: l.pos(r), X: x, Query: q}, r
		}
		_, op := operator(s.OperName)
		return &ir.Quantified{At: l.pos(r), Op: op, X: x, All: s.SubLinkType == pg.SubLinkType_ALL_SUBLINK, Query: q}, r
	case pg.SubLinkType_EXPR_SUBLINK:
		r := rng{loc.lo, l.closing(loc.lo)}
		return &ir.Subquery{At: l.pos(r), Query: l.bracketed(s.Subselect, loc.lo)}, r
	}
	r := rng{loc.lo, l.closing(loc.lo)}
	return l.opaque(r, s.SubLinkType.String()), r
}

// bracketed lowers the query inside the brackets at open.
func (l *lowerer) bracketed(n *pg.Node, open int) ir.Query {
	q, _ := l.query(n, rng{open + 1, max(l.closing(open)-1, open+1)})
	return q
}

func (l *lowerer) indirection(a *pg.A_Indirection) (ir.Expr, rng) {
	x, r := l.expr(a.Arg)
	r = l.or(r)
	for l.char(r.hi+1) == ')' && l.up[r.lo] >= 0 {
		r = l.lift(r)
	}
	for _, n := range a.Indirection {
		switch s := n.Node.(type) {
		case *pg.Node_String_:
			r.hi = min(r.hi+2, l.n-1)
			x = &ir.Field{At: l.pos(r), X: x, Name: l.ident(r.hi, s.String_.Sval)}
		case *pg.Node_AStar:
			r.hi = min(r.hi+2, l.n-1)
			x = &ir.Field{At: l.pos(r), X: x, Name: l.ident(r.hi, "*"), All: true}
		case *pg.Node_AIndices:
			r.hi = l.closing(r.hi + 1)
			i := l.subscript(s.AIndices)
			i.X, i.At = x, l.pos(r)
			x = i
		}
	}
	return x, r
}

// subscript lowers what stands between the brackets of x[…]; in PostgreSQL's tree x[i] has
// its index as the upper bound.
func (l *lowerer) subscript(a *pg.A_Indices) *ir.Index {
	if a.IsSlice {
		return &ir.Index{Lo: l.value(a.Lidx), Hi: l.value(a.Uidx), Slice: true}
	}
	return &ir.Index{Lo: l.value(a.Uidx)}
}

func (l *lowerer) array(a *pg.A_ArrayExpr) (ir.Expr, rng) {
	r := l.or(l.at(a.Location))
	open := r.lo
	if l.is(open, "ARRAY") {
		open++
	}
	r.hi = l.closing(open)
	items, _ := l.exprs(a.Elements)
	return &ir.Array{At: l.pos(r), Items: items}, r
}

func (l *lowerer) row(x *pg.RowExpr) (ir.Expr, rng) {
	r := l.or(l.at(x.Location))
	explicit := x.RowFormat == pg.CoercionForm_COERCE_EXPLICIT_CALL
	open := r.lo
	if explicit && l.char(open) != '(' {
		open++
	}
	r.hi = l.closing(open)
	items, _ := l.exprs(x.Args)
	return &ir.Row{At: l.pos(r), Items: items, Explicit: explicit}, r
}

func (l *lowerer) collate(c *pg.CollateClause) (ir.Expr, rng) {
	x, xr := l.expr(c.Arg)
	name, nr := l.collation(c)
	r := l.cover(xr, nr)
	return &ir.Collate{At: l.pos(l.or(r)), X: x, Name: name}, r
}

// collation reads COLLATE name; the range covers both.
func (l *lowerer) collation(c *pg.CollateClause) (ir.Name, rng) {
	loc := l.or(l.at(c.Location))
	name, nr := l.name(loc.lo+1, strs(c.Collname)...)
	return name, l.cover(loc, nr)
}

// currentOf finds the CURRENT OF name that the tree gives no place.
func (l *lowerer) currentOf() rng {
	for i := range l.n {
		if l.are(i, "CURRENT", "OF") {
			return rng{i, min(i+2, l.n-1)}
		}
	}
	return l.fallback
}

// nodeName names a node's kind for a diagnostic.
func nodeName(n *pg.Node) string {
	if m := n.ProtoReflect().WhichOneof(n.ProtoReflect().Descriptor().Oneofs().Get(0)); m != nil {
		return string(m.Name())
	}
	return "node"
}
