package postgres

import (
	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// The SQL standard's XML and JSON forms.

var xmlForms = map[pg.XmlExprOp]string{
	pg.XmlExprOp_IS_XMLCONCAT: "xmlconcat", pg.XmlExprOp_IS_XMLELEMENT: "xmlelement", pg.XmlExprOp_IS_XMLFOREST: "xmlforest",
	pg.XmlExprOp_IS_XMLPARSE: "xmlparse", pg.XmlExprOp_IS_XMLPI: "xmlpi", pg.XmlExprOp_IS_XMLROOT: "xmlroot",
}

func (l *lowerer) xml(x *pg.XmlExpr) (ir.Expr, rng) {
	if x.Op == pg.XmlExprOp_IS_DOCUMENT && len(x.Args) == 1 {
		return l.isTest(x.Args[0], x.Location, "DOCUMENT", false)
	}
	c, r := l.formCall(xmlForms[x.Op], x.Location)
	saved := l.fallback
	l.fallback = l.one(r.lo)
	defer func() { l.fallback = saved }()
	if x.Name != "" && l.is(r.lo+2, "NAME") {
		c.Args = append(c.Args, ir.Arg{X: &ir.Literal{At: l.pos(l.one(r.lo + 3)), Kind: ir.String, Text: x.Name}})
	}
	for _, n := range x.NamedArgs {
		t := n.GetResTarget()
		v, vr := l.expr(t.GetVal())
		a := ir.Arg{X: v}
		if t.GetName() != "" && l.is(l.onBracket(vr, t.GetLocation()).hi+1, "AS") {
			a.Name = l.optIdent(l.onBracket(vr, t.GetLocation()).hi+2, t.GetName())
		}
		c.Args = append(c.Args, a)
	}
	c.Args = append(c.Args, l.args(x.Args, false)...)
	return c, r
}

// onBracket is r lifted to the level of the token at location.
func (l *lowerer) onBracket(r rng, location int32) rng { return l.cover(l.at(location), r) }

// xmlSerialize is a cast by another name.
func (l *lowerer) xmlSerialize(x *pg.XmlSerialize) (ir.Expr, rng) {
	r := l.or(l.at(x.Location))
	r.hi = l.closing(r.lo + 1)
	t, _ := l.typeName(x.TypeName)
	return &ir.Cast{At: l.pos(r), X: l.value(x.Expr), Type: t}, r
}

// returning wraps a JSON constructor into the cast that its RETURNING clause is.
func (l *lowerer) returning(c *ir.FuncCall, r rng, out *pg.JsonOutput) (ir.Expr, rng) {
	c.At = l.pos(r)
	if out.GetTypeName() == nil {
		return c, r
	}
	t, _ := l.typeName(out.TypeName)
	return &ir.Cast{At: l.pos(r), X: c, Type: t}, r
}

func (l *lowerer) jsonObject(x *pg.JsonObjectConstructor) (ir.Expr, rng) {
	c, r := l.formCall("json_object", x.Location)
	for _, n := range x.Exprs {
		c.Args = append(c.Args, l.keyValue(n.GetJsonKeyValue())...)
	}
	return l.returning(c, r, x.Output)
}

func (l *lowerer) keyValue(kv *pg.JsonKeyValue) []ir.Arg {
	return []ir.Arg{{X: l.value(kv.GetKey())}, {X: l.value(kv.GetValue().GetRawExpr())}}
}

func (l *lowerer) jsonArray(x *pg.JsonArrayConstructor) (ir.Expr, rng) {
	c, r := l.formCall("json_array", x.Location)
	c.Args = l.args(x.Exprs, false)
	return l.returning(c, r, x.Output)
}

func (l *lowerer) jsonArrayQuery(x *pg.JsonArrayQueryConstructor) (ir.Expr, rng) {
	c, r := l.formCall("json_array", x.Location)
	inner := rng{r.lo + 2, max(r.hi-1, r.lo+2)}
	if i := l.find(inner.lo, inner.hi, "RETURNING", "FORMAT"); i > inner.lo {
		inner.hi = i - 1
	}
	q, qr := l.query(x.Query, inner)
	c.Args = []ir.Arg{{X: &ir.Subquery{At: l.pos(qr), Query: q}}}
	return l.returning(c, r, x.Output)
}

func (l *lowerer) jsonObjectAgg(x *pg.JsonObjectAgg) (ir.Expr, rng) {
	c, r := l.formCall("json_objectagg", x.GetConstructor().GetLocation())
	c.Args = l.keyValue(x.Arg)
	return l.jsonAgg(c, r, x.Constructor)
}

func (l *lowerer) jsonArrayAgg(x *pg.JsonArrayAgg) (ir.Expr, rng) {
	c, r := l.formCall("json_arrayagg", x.GetConstructor().GetLocation())
	c.Args = []ir.Arg{{X: l.value(x.GetArg().GetRawExpr())}}
	return l.jsonAgg(c, r, x.Constructor)
}

func (l *lowerer) jsonAgg(c *ir.FuncCall, r rng, x *pg.JsonAggConstructor) (ir.Expr, rng) {
	c.OrderBy = l.orderBy(x.AggOrder, r.lo+1)
	r = l.filterAndOver(c, x.AggFilter, x.Over, r)
	return l.returning(c, r, x.Output)
}

var jsonItems = map[pg.JsonValueType]string{
	pg.JsonValueType_JS_TYPE_ANY: "JSON", pg.JsonValueType_JS_TYPE_OBJECT: "JSON OBJECT",
	pg.JsonValueType_JS_TYPE_ARRAY: "JSON ARRAY", pg.JsonValueType_JS_TYPE_SCALAR: "JSON SCALAR",
}

func (l *lowerer) isJSON(x *pg.JsonIsPredicate, not bool) (ir.Expr, rng) {
	arg, ar := l.expr(x.Expr)
	r := l.cover(l.at(x.Location), ar)
	for i := r.hi + 1; l.isAny(i, "IS", "NOT", "JSON", "VALUE", "ARRAY", "OBJECT", "SCALAR", "WITH", "WITHOUT", "UNIQUE", "KEYS"); i++ {
		r.hi = i
	}
	return &ir.IsTest{At: l.pos(l.or(r)), X: arg, What: jsonItems[x.ItemType], Not: not}, r
}
