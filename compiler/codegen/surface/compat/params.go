package compat

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// place is where a parameter stands, as far as sqlc looks: the nearest node around it that
// it goes by.
type place struct {
	name string // of a parameter that was taken in with its arithmetic
	kind placeKind
	// left and right are an operator's operands, x what is tested by BETWEEN and IN.
	op          string
	left, right ir.Node
	x           ir.Expr
	first       *ir.Param // of IN's list, where it is one
	hi          bool      // the upper bound of BETWEEN
	call        *ir.FuncCall
	typ         *ir.TypeName
	column      string // a written column, or a select item's name
	table       *ir.TableRef
}

type placeKind uint8

const (
	nowhere placeKind = iota
	atOperator
	atBetween
	atIn
	atCall
	atCast
	atTarget // a column that is written
	atItem   // a select item
	atLimit
	atOffset
	lost // sqlc would not have seen the parameter
)

// search walks a statement in the order in which sqlc does, and notes the first place of each
// parameter.
type search struct {
	q      *query
	stmt   *token.Statement
	tree   ir.Node
	places []place // by index of the occurrence in stmt.Params
	seen   []bool
	order  []int
	tables []indexed // every table that the statement names, in sqlc's order
	// asItStands visits values that are written where the tree has them, not first.
	asItStands bool
}

// searchOf is a search for n parameters, in the memory of the one before.
func (s *schema) searchOf(e *query, q *facts.Query, n int) *search {
	w := &s.search
	*w = search{
		q: e, stmt: q.Source, tree: q.Tree, order: w.order[:0], tables: w.tables[:0],
		places: slices.Grow(w.places[:0], n)[:n], seen: slices.Grow(w.seen[:0], n)[:n],
	}
	clear(w.places)
	clear(w.seen)
	return w
}

type indexed struct {
	alias   string
	table   *relation
	ref     *surface.Relation // as the schema names it
	written *surface.Relation // as the statement does
}

// context is what is passed down the walk.
type context struct {
	place
	limit, offset int // numbers of the parameters that LIMIT and OFFSET are, 0 for none
}

func (c context) in(p place) context {
	c.place = p
	return c
}

func (w *search) number(ref int) int {
	if ref < 0 || ref >= len(w.stmt.Params) {
		return 0
	}
	return w.stmt.Params[ref].Number
}

func (w *search) note(p *ir.Param, at place) {
	if p.Ref < 0 || p.Ref >= len(w.seen) || w.seen[p.Ref] {
		return
	}
	w.places[p.Ref], w.seen[p.Ref] = at, true
	w.order = append(w.order, p.Ref)
}

func asParam(x ir.Node) *ir.Param {
	p, _ := x.(*ir.Param)
	return p
}

// at is the place of a parameter in a context.
func (w *search) at(p *ir.Param, c context) place {
	switch num := w.number(p.Ref); {
	case num == 0:
	case num == c.limit:
		return place{kind: atLimit}
	case num == c.offset:
		return place{kind: atOffset}
	}
	return c.place
}

// binding are the operators that bind closer than PostgreSQL's prefix @, which is what its
// parser takes the sign of a named parameter for: to sqlc, @n - 1 as a whole is the parameter.
var binding = map[string]bool{"+": true, "-": true, "*": true, "/": true, "%": true, "^": true}

// swallowing is the named parameter at the start of an arithmetic expression that the parser
// of PostgreSQL takes in whole.
func (w *search) swallowing(n *ir.Binary) *ir.Param {
	if w.q.engine != catalog.PostgreSQL {
		return nil
	}
	for x := ir.Expr(n); ; {
		switch b := x.(type) {
		case *ir.Binary:
			if !binding[b.Op] || enclosed(b.L) {
				return nil
			}
			x = b.L
			continue
		case *ir.Param:
			if b.Ref >= 0 && b.Ref < len(w.stmt.Params) && strings.HasPrefix(w.stmt.Params[b.Ref].Span.Text(), "@") {
				return b
			}
		}
		return nil
	}
}

// enclosed tells whether an expression stands in parentheses, inside or beside its span.
func enclosed(x ir.Expr) bool {
	at := x.Span()
	if at.IsZero() {
		return false
	}
	return strings.HasPrefix(at.Text(), "(") || strings.HasPrefix(strings.TrimLeft(at.File.Text[at.End:], " \t\r\n"), ")")
}

// swallowed is what sqlc calls a parameter that was taken in with its arithmetic: the operators
// stand before the name.
func swallowed(n *ir.Binary, name string) string {
	var ops string
	for x := ir.Expr(n); ; {
		b, ok := x.(*ir.Binary)
		if !ok {
			return ops + name
		}
		ops += b.Op
		x = b.L
	}
}

// limited is the parameter that a LIMIT or OFFSET is, nil where it is something else.
func (w *search) limited(x ir.Expr) *ir.Param {
	if b, ok := x.(*ir.Binary); ok {
		return w.swallowing(b)
	}
	return asParam(x)
}

// walk visits an expression.
func (w *search) walk(n ir.Node, c context) {
	switch n := n.(type) {
	case nil, *ir.ColumnRef, *ir.Literal, *ir.Star, *ir.Default:
	case *ir.Param:
		w.note(n, w.at(n, c))
	case *ir.Unary:
		w.walk(n.X, c.in(place{kind: atOperator, op: n.Op, right: n.X}))
	case *ir.Binary:
		if p := w.swallowing(n); p != nil {
			at := w.at(p, c)
			at.name = swallowed(n, w.stmt.Params[p.Ref].Name)
			w.note(p, at)
		}
		w.binary(n.Op, n.L, n.R, c)
	case *ir.Logical:
		for _, a := range n.Args {
			w.walk(a, c)
		}
	case *ir.Not:
		w.walk(n.X, c)
	case *ir.IsTest:
		w.walk(n.X, c)
	case *ir.Between:
		w.walk(n.X, c.in(place{kind: atBetween, x: n.X}))
		w.walk(n.Lo, c.in(place{kind: atBetween, x: n.X}))
		w.walk(n.Hi, c.in(place{kind: atBetween, x: n.X, hi: true}))
	case *ir.In:
		w.in(n, c)
	case *ir.Like:
		w.like(n, c)
	case *ir.Quantified:
		if n.Query != nil {
			w.walk(n.X, c)
			w.statement(n.Query, c)
			return
		}
		w.binary(n.Op, n.X, n.Array, c)
	case *ir.Exists:
		w.statement(n.Query, c)
	case *ir.Subquery:
		w.statement(n.Query, c)
	case *ir.Case:
		w.walk(n.Operand, c)
		for i := range n.Whens {
			w.walk(n.Whens[i].Cond, c)
			w.walk(n.Whens[i].Then, c)
		}
		w.walk(n.Else, c)
	case *ir.Cast:
		w.walk(n.X, c.in(place{kind: atCast, typ: &n.Type}))
	case *ir.FuncCall:
		w.call(n, c)
	default:
		for _, child := range ir.Children(n) {
			switch child.(type) {
			case ir.Query:
				w.statement(child, c)
			default:
				w.walk(child, c)
			}
		}
	}
}

func (w *search) binary(op string, l, r ir.Node, c context) {
	at := c.in(place{kind: atOperator, op: op, left: l, right: r})
	w.walk(l, at)
	w.walk(r, at)
}

// like visits a pattern match. PostgreSQL's grammar makes a call of a pattern that is SQL's
// own or has an ESCAPE.
func (w *search) like(n *ir.Like, c context) {
	call := ""
	switch {
	case w.q.engine != catalog.PostgreSQL:
	case n.Op == "SIMILAR TO":
		call = "similar_to_escape"
	case n.Escape != nil:
		call = "like_escape"
	}
	if call == "" {
		w.binary(n.Op, n.X, n.Pattern, c)
		w.walk(n.Escape, c)
		return
	}
	f := &ir.FuncCall{At: n.At, Name: ir.Name{Parts: []ir.Ident{{Name: "pg_catalog"}, {Name: call}}}, Args: []ir.Arg{{X: n.Pattern}}}
	if n.Escape != nil {
		f.Args = append(f.Args, ir.Arg{X: n.Escape})
	}
	w.walk(n.X, c.in(place{kind: atOperator, op: n.Op, left: n.X, right: f}))
	w.call(f, c)
}

func (w *search) in(n *ir.In, c context) {
	if n.Query != nil {
		w.walk(n.X, c)
		w.statement(n.Query, c)
		return
	}
	at := place{kind: atIn, x: n.X}
	if len(n.List) > 0 {
		at.first = asParam(n.List[0])
	}
	if w.q.engine == catalog.PostgreSQL {
		at = place{kind: atOperator, op: "=", left: n.X}
	}
	if asParam(n.X) != nil && len(n.List) > 0 {
		at.x = n.List[0]
		if at.kind == atOperator {
			at.right = n.List[0]
		}
	}
	w.walk(n.X, c.in(at))
	for _, x := range n.List {
		w.walk(x, c.in(at))
	}
}

// formless are the forms that PostgreSQL's tree does not hold as calls.
var formless = map[string]bool{"coalesce": true, "greatest": true, "least": true, "grouping": true}

func (w *search) call(n *ir.FuncCall, c context) {
	name := strings.ToLower(n.Name.Last())
	inner := c.in(place{kind: atCall, call: n})
	switch {
	case len(n.Name.Parts) == 1 && name == "coalesce",
		len(n.Name.Parts) == 1 && w.q.engine == catalog.PostgreSQL && formless[name]:
		inner = c
	case len(n.Name.Parts) == 1 && w.q.engine == catalog.PostgreSQL && name == "nullif" && len(n.Args) == 2:
		inner = c.in(place{kind: atOperator, op: "=", left: n.Args[0].X, right: n.Args[1].X})
	}
	for i := range n.Args {
		w.walk(n.Args[i].X, inner)
	}
	for i := range n.OrderBy {
		w.walk(n.OrderBy[i].X, inner)
	}
	for i := range n.Within {
		w.walk(n.Within[i].X, inner)
	}
	w.walk(n.Filter, inner)
	if n.Over != nil {
		w.window(n.Over, inner)
	}
	w.walk(n.Separator, inner)
}

func (w *search) window(n *ir.Window, c context) {
	for _, x := range n.Partition {
		w.walk(x, c)
	}
	for i := range n.OrderBy {
		w.walk(n.OrderBy[i].X, c)
	}
	if n.Frame != nil {
		w.walk(n.Frame.Start.X, c)
		w.walk(n.Frame.End.X, c)
	}
}

// statement visits a query or another statement.
func (w *search) statement(n ir.Node, c context) {
	switch n := n.(type) {
	case *ir.Select:
		w.selectQuery(n, c)
	case *ir.SetOp:
		inner := w.limits(n.Limit, n.Offset, c)
		w.orderBy(n.OrderBy, inner)
		w.walk(n.Offset, inner)
		w.walk(n.Limit, inner)
		w.with(n.With, inner)
		w.statement(n.L, inner)
		w.statement(n.R, inner)
	case *ir.Values:
		inner := w.limits(n.Limit, n.Offset, c)
		for _, row := range n.Rows {
			for _, x := range row {
				w.walk(x, inner)
			}
		}
		w.orderBy(n.OrderBy, inner)
		w.walk(n.Offset, inner)
		w.walk(n.Limit, inner)
		w.with(n.With, inner)
	case *ir.Insert:
		w.insert(n, c)
	case *ir.Update:
		w.update(n, c)
	case *ir.Delete:
		inner := w.limits(n.Limit, nil, c)
		for _, t := range n.Tables {
			w.table(t, inner)
		}
		w.from(n.From, inner)
		w.walk(n.Where, inner)
		w.walk(n.Limit, inner)
		w.orderBy(n.OrderBy, inner)
		w.items(n.Returning, inner)
		w.with(n.With, inner)
	case *ir.Merge:
		w.lose(n)
	case *ir.Call:
		w.call(n.Func, c)
	case nil:
	default:
		w.walk(n, c)
	}
}

// lose notes all parameters below n as such that sqlc does not see.
func (w *search) lose(n ir.Node) {
	ir.Walk(n, func(x ir.Node) bool {
		if p := asParam(x); p != nil {
			w.note(p, place{kind: lost})
		}
		return true
	})
}

// limits is the context with the parameters that LIMIT and OFFSET are.
func (w *search) limits(limit, offset ir.Expr, c context) context {
	if p := w.limited(limit); limit != nil {
		c.limit = 0
		if p != nil {
			c.limit = w.number(p.Ref)
		}
	}
	if p := w.limited(offset); offset != nil {
		c.offset = 0
		if p != nil {
			c.offset = w.number(p.Ref)
		}
	}
	return c
}

func (w *search) selectQuery(n *ir.Select, c context) {
	c = w.limits(n.Limit, n.Offset, c)
	for _, x := range n.DistinctOn {
		w.walk(x, c)
	}
	w.items(n.Items, c)
	w.from(n.From, c)
	w.walk(n.Where, c)
	if n.GroupBy != nil {
		w.groupBy(n.GroupBy.Elems, c)
	}
	w.walk(n.Having, c)
	for i := range n.Windows {
		w.window(&n.Windows[i], c)
	}
	w.walk(n.Qualify, c)
	w.orderBy(n.OrderBy, c)
	w.walk(n.Offset, c)
	w.walk(n.Limit, c)
	w.with(n.With, c)
}

func (w *search) groupBy(list []ir.GroupElem, c context) {
	for i := range list {
		for _, x := range list[i].Exprs {
			w.walk(x, c)
		}
		w.groupBy(list[i].Sets, c)
	}
}

func (w *search) orderBy(items []ir.OrderItem, c context) {
	for i := range items {
		w.walk(items[i].X, c)
	}
}

func (w *search) items(items []ir.SelectItem, c context) {
	for i := range items {
		at := place{kind: atItem}
		if items[i].Alias != nil {
			at.column = items[i].Alias.Name
		}
		w.walk(items[i].X, c.in(at))
	}
}

func (w *search) with(n *ir.With, c context) {
	if n == nil {
		return
	}
	for i := range n.CTEs {
		w.statement(n.CTEs[i].Query, c)
	}
}

func (w *search) from(list []ir.TableExpr, c context) {
	for _, f := range list {
		switch f := f.(type) {
		case *ir.TableRef:
			w.table(f, c)
		case *ir.Derived:
			w.statement(f.Query, c)
		case *ir.TableFunc:
			for i := range f.Calls {
				w.call(f.Calls[i].Func, c)
			}
		case *ir.Join:
			w.from([]ir.TableExpr{f.L, f.R}, c)
			w.walk(f.On, c)
		}
	}
}

// table notes a table of the schema by name.
func (w *search) table(t *ir.TableRef, c context) {
	if t == nil {
		return
	}
	for _, x := range t.Sample {
		w.walk(x, c)
	}
	for _, k := range w.tables {
		if k.alias != "" && t.Name.Schema() == "" && w.q.same(k.alias, t.Name.Last()) {
			return // sqlc takes a name that is an alias already for that
		}
	}
	ct := w.q.lookupTable(t.Name)
	if ct == nil {
		return
	}
	k := indexed{table: w.q.table(ct), ref: w.q.declared(ct), written: w.q.written(ct, t.Name)}
	if t.Alias != nil {
		k.alias = t.Alias.Name.Name
	}
	w.tables = append(w.tables, k)
}

func (w *search) insert(n *ir.Insert, c context) {
	target := func(i int) place {
		if i < len(n.Columns) {
			return place{kind: atTarget, column: n.Columns[i].Name.Name, table: n.Table}
		}
		return place{kind: lost}
	}
	direct := func(x ir.Expr, i int) {
		if p := asParam(x); p != nil && !w.asItStands {
			w.note(p, target(i))
		}
	}
	switch s := n.Source.(type) {
	case *ir.Values:
		for _, row := range s.Rows {
			for i, x := range row {
				direct(x, i)
			}
		}
	case *ir.Select:
		for i := range s.Items {
			direct(s.Items[i].X, i)
		}
	}
	w.table(n.Table, c)
	w.statement(n.Source, c.in(place{}))
	for i := range n.OnConflict {
		o := &n.OnConflict[i]
		if w.q.engine == catalog.SQLite {
			w.lose(o)
			continue
		}
		for j := range o.Target {
			w.walk(o.Target[j].X, c)
		}
		w.walk(o.Where, c)
		w.assign(o.Set, n.Table, c)
		w.walk(o.UpdateIf, c)
	}
	w.assign(n.OnDuplicate, n.Table, c)
	w.items(n.Returning, c)
	w.with(n.With, c)
}

// assign visits SET; a parameter that is the whole value is the column's.
func (w *search) assign(list []ir.Assign, table *ir.TableRef, c context) {
	for i := range list {
		a := &list[i]
		if row, ok := a.Value.(*ir.Row); ok && len(a.Targets) == len(row.Items) {
			for j, x := range row.Items {
				w.walk(x, c.in(place{kind: atTarget, column: a.Targets[j].Name.Name, table: table}))
			}
			continue
		}
		if len(a.Targets) == 1 {
			t := table
			w.walk(a.Value, c.in(place{kind: atTarget, column: a.Targets[0].Name.Name, table: t}))
			continue
		}
		w.walk(a.Value, c)
	}
}

func (w *search) update(n *ir.Update, c context) {
	c = w.limits(n.Limit, nil, c)
	var table *ir.TableRef
	if len(n.Tables) > 0 {
		table = firstTable(n.Tables[0])
	}
	for i := range n.Set {
		a := &n.Set[i]
		if p := asParam(a.Value); p != nil && len(a.Targets) == 1 && !w.asItStands {
			w.note(p, place{kind: atTarget, column: a.Targets[0].Name.Name, table: w.written(a, n.Tables, table)})
		}
	}
	w.from(n.Tables, c)
	for i := range n.Set {
		w.assign(n.Set[i:i+1], w.written(&n.Set[i], n.Tables, table), c)
	}
	w.from(n.From, c)
	w.walk(n.Where, c)
	w.walk(n.Limit, c)
	w.orderBy(n.OrderBy, c)
	w.items(n.Returning, c)
	w.with(n.With, c)
}

// written is the table whose column is assigned: MySQL's t.a names it.
func (w *search) written(a *ir.Assign, tables []ir.TableExpr, first *ir.TableRef) *ir.TableRef {
	if len(a.Targets) == 0 || len(a.Targets[0].Qualifier) == 0 {
		return first
	}
	name := a.Targets[0].Qualifier[len(a.Targets[0].Qualifier)-1].Name
	var found *ir.TableRef
	var look func(t ir.TableExpr)
	look = func(t ir.TableExpr) {
		switch t := t.(type) {
		case *ir.TableRef:
			if found == nil && (t.Alias != nil && w.q.same(t.Alias.Name.Name, name) || t.Alias == nil && w.q.same(t.Name.Last(), name)) {
				found = t
			}
		case *ir.Join:
			look(t.L)
			look(t.R)
		}
	}
	for _, t := range tables {
		look(t)
	}
	if found != nil {
		return found
	}
	return first
}

func firstTable(t ir.TableExpr) *ir.TableRef {
	switch t := t.(type) {
	case *ir.TableRef:
		return t
	case *ir.Join:
		return firstTable(t.L)
	}
	return nil
}
