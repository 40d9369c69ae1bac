package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// body is what a function's own SQL, bound with the arguments of a call, says of its result.
type body struct {
	null []types.Nullability // of its columns, in rows that are there
	card rel.Cardinality
}

// maxBodyDepth ends the recursion of functions that call each other.
const maxBodyDepth = 60

// body binds the one query that a function consists of; nil where it has no such body or that
// can not be made out. The body of a STRICT function never sees a NULL argument.
func (b *binder) body(x *ir.FuncCall, c *called) *body {
	f := c.sig.Function
	if f == nil || f.BodyQuery == nil || f.Kind != catalog.Scalar || b.depth > maxBodyDepth || c.sig.Returns.Is("void") {
		return nil
	}
	inner := newBinder(nil, b.in, b.d, Options{LaxFunctions: true, Tolerant: true})
	inner.depth = b.depth + 10
	args := &relation{name: f.Name, at: x.Span()}
	inner.args = args
	i := 0
	for _, fa := range f.Args {
		if fa.Mode == "OUT" {
			continue
		}
		a := &column{name: fa.Name, typ: fa.Type, rel: args, argument: true, embed: -1}
		a.id = inner.meta.Add(rel.Column{Name: fa.Name, Type: fa.Type})
		a.null = types.Nullable(x.Span(), "argument "+fa.Name)
		if i < len(x.Args) && i < len(c.args) && fa.Mode != "VARIADIC" && positional(x) {
			a.null, a.elemNever, a.elemMaybe = c.args[i].null, c.args[i].elemNever, c.args[i].elemMaybe
			if a.typ.Kind == types.Pseudo {
				a.typ = c.args[i].typ
			}
		}
		if f.Strict {
			a.null = types.NotNull
		}
		if a.typ.Kind == types.Pseudo {
			return nil
		}
		args.cols = append(args.cols, a)
		i++
	}
	around := &scope{}
	around.push(&frame{rels: []*relation{args}, cols: args.cols})
	out := inner.query(f.BodyQuery, around, nil, nil)
	if out.bad || !out.rows || inner.mistaken || len(inner.diags) > 0 {
		return nil
	}
	known := &body{card: out.node.Props().Card}
	for _, o := range out.cols {
		n := o.null
		if !n.IsNever() && !ofArgument(n, c.args) {
			n = types.Nullable(x.Span(), n.Reason.Text+" in function "+f.Name)
		}
		known.null = append(known.null, n)
	}
	if f.Strict && !strictNull(c.args...).IsNever() {
		known.card.Min = 0 // it is not called
	}
	return known
}

// ofArgument tells whether what may be NULL is an argument, handed through.
func ofArgument(n types.Nullability, args []value) bool {
	for i := range args {
		if args[i].null.Reason == n.Reason {
			return true
		}
	}
	return false
}

// positional tells whether no argument of a call is named.
func positional(x *ir.FuncCall) bool {
	for i := range x.Args {
		if x.Args[i].Name != nil {
			return false
		}
	}
	return true
}

// column is the nullability of the body's column i in the function's result: without a row, one
// that does not return a set gives NULL.
func (k *body) column(i int, x *ir.FuncCall, c *called) types.Nullability {
	n := k.null[i]
	if c.sig.ReturnsSet || k.card.Min >= 1 || !n.IsNever() {
		return n
	}
	if c.sig.Function.Strict {
		if s := strictNull(c.args...); !s.IsNever() {
			return s
		}
	}
	return types.Nullable(x.Span(), "function "+c.sig.Function.Name+" may give no row")
}

// apply gives a call's value what its body says. Several columns are a row, which is there
// where the body has one.
func (k *body) apply(x *ir.FuncCall, c *called) {
	fields := c.sig.Columns
	composite := len(fields) > 1 || c.sig.Returns.Kind == types.Composite
	if !composite && len(k.null) == 1 {
		c.value.null = k.column(0, x, c)
		return
	}
	if len(fields) != len(k.null) || len(fields) < 2 {
		return
	}
	row := body{null: []types.Nullability{types.NotNull}, card: k.card}
	c.value.null = row.column(0, x, c)
	c.value.fields = make([]*catalog.Column, len(fields))
	for i, f := range fields {
		copy := *f
		copy.NotNull = k.null[i].IsNever()
		c.value.fields[i] = &copy
	}
}
