package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// cte is a bound common table expression; while its own recursive term is bound, node is
// nil and cols are what is known so far.
type cte struct {
	name string
	ast  *ir.CTE
	cols []*column
	node rel.Node
	bad  bool
}

// with binds a WITH clause and returns the environment under it.
func (b *binder) with(w *ir.With, parent *scope, e *env) (*env, []*cte) {
	if w == nil {
		return e, nil
	}
	if b.traits.RowValues && b.depth > 1 {
		b.topLevelWrites(w)
	}
	var all []*cte
	recursive := w.Recursive || b.traits.ImplicitRecursion
	for _, i := range b.cteOrder(w, recursive) {
		ast := &w.CTEs[i]
		for _, old := range all {
			if sameName(old.name, ast.Name.Name, b.traits.CaselessNames) {
				b.report(diag.New(diag.DuplicateAlias, ast.Name.Span(), "WITH defines %q twice", ast.Name.Name).
					WithLabel(old.ast.Name.Span(), "the first one"))
			}
		}
		c := &cte{name: ast.Name.Name, ast: ast}
		if recursive {
			b.recursive(c, parent, e)
		} else {
			out := b.query(ast.Query, parent, e, nil)
			b.define(c, out)
		}
		all = append(all, c)
		e = &env{parent: e, name: c.name, cte: c}
	}
	return e, all
}

// cteOrder is the order in which common table expressions are bound: as written, but where
// they may refer to later ones, those first.
func (b *binder) cteOrder(w *ir.With, forward bool) []int {
	order := make([]int, 0, len(w.CTEs))
	if !forward || len(w.CTEs) < 2 {
		for i := range w.CTEs {
			order = append(order, i)
		}
		return order
	}
	seen := make([]bool, len(w.CTEs))
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for j := i + 1; j < len(w.CTEs); j++ {
			if !seen[j] && b.names(w.CTEs[i].Query, w.CTEs[j].Name.Name) {
				visit(j)
			}
		}
		order = append(order, i)
	}
	for i := range w.CTEs {
		visit(i)
	}
	return order
}

// define gives a CTE its columns from its query's output.
func (b *binder) define(c *cte, out *output) {
	b.boundary(out.cols)
	c.node, c.bad = out.node, out.bad
	c.cols = b.cteColumns(c, out.cols)
}

// cteColumns are copies of a query's columns under the names of the column list, with
// those that SEARCH and CYCLE add.
func (b *binder) cteColumns(c *cte, from []*column) []*column {
	ast := c.ast
	if n := len(ast.Columns); n > 0 && n < len(from) && b.traits.AllColumnsNamed && !c.bad {
		b.report(diag.New(diag.WrongArity, ast.Columns[0].Span().Cover(ast.Columns[n-1].Span()), "%q has %d columns, but %d are named", c.name, len(from), n))
	}
	if len(ast.Columns) > len(from) && !c.bad {
		b.report(diag.New(diag.WrongArity, ast.Columns[len(from)].Span(), "%q has %d columns, but %d are named", c.name, len(from), len(ast.Columns)))
	}
	cols := make([]*column, len(from))
	for i, o := range from {
		c := b.scratch.columns.keep(*o)
		c.hidden = false
		if i < len(ast.Columns) {
			c.name = ast.Columns[i].Name
		}
		cols[i] = c
	}
	add := func(id *ir.Ident, t types.Type) {
		if id != nil {
			cols = append(cols, &column{name: id.Name, typ: t, null: types.NotNull, embed: -1})
		}
	}
	record := types.Type{Name: "record", Kind: types.Pseudo}
	add(ast.SearchColumn, record.Array())
	mark := b.traits.BoolType
	if ast.CycleMarkVal != nil {
		v := b.expr(ast.CycleMarkVal, &scope{})
		if !v.untyped() {
			mark = v.typ
		}
	}
	add(ast.CycleMark, mark)
	add(ast.CyclePath, record.Array())
	return cols
}

// recursive binds a CTE that may name itself: the recursive term is bound again until
// the nullability of the columns no longer changes.
func (b *binder) recursive(c *cte, parent *scope, e *env) {
	set, ok := c.ast.Query.(*ir.SetOp)
	self := &env{parent: e, name: c.name, cte: c}
	if !ok || !b.names(set.R, c.name) && !b.names(set.L, c.name) {
		b.define(c, b.query(c.ast.Query, parent, e, nil))
		return
	}
	// The first term may itself be a union of several that do not recur; the columns come
	// from it. WITH inside the set operation covers both terms.
	inner, ctes := b.with(set.With, parent, self)
	first, terms := b.recursiveTerms(set, c.name)
	b.keepsUnknown = true
	base := b.query(first, parent, inner, nil)
	b.keepsUnknown = false
	b.boundary(base.cols)
	c.bad = base.bad
	c.cols = b.cteColumns(c, base.cols)
	for _, col := range c.cols {
		col.strict, col.wants = rel.ColSet{}, rel.ColSet{} // the recursive term's rows are others
		col.digits, col.class = 0, dialect.AnyValue        // each round may make it larger
		if _, is := base.node.(*rel.Rows); is || col.expr != nil {
			col.table, col.source = nil, nil
		}
	}
	rounds := len(c.cols) + 2
	rights := make([]*output, len(terms))
	for round := 0; ; round++ {
		mark := len(b.diags)
		changed := false
		for i, term := range terms {
			b.keepsUnknown = true
			rights[i] = b.query(term.R, parent, inner, nil)
			b.keepsUnknown = false
			changed = b.recurs(c, base, rights[i]) || changed
		}
		if !changed || round >= rounds {
			break
		}
		b.diags = b.diags[:mark]
	}
	for i, term := range terms {
		b.checkTerm(c, base, rights[i], term)
	}
	for _, col := range c.cols {
		col.id = b.meta.Add(rel.Column{Name: col.name, Type: col.typ})
	}
	row := b.meta.Add(rel.Column{})
	n := min(len(c.cols), len(base.cols))
	ids := idsOf(c.cols[:n])
	start, again, all, some := base.node, rights[0].node, set.All, false
	for i, term := range terms {
		all, some = all && term.All, some || term.All
		if i > 0 {
			again = rel.NewSetOp(term.Op, true, again, rights[i].node, nil, b.meta.Add(rel.Column{}), rel.ColSet{}, false)
		}
	}
	if some && !all { // a term of several takes repeats out, which leaves one row of some
		start, all = rel.NewDistinct(start, nil), true
	}
	c.node = rel.NewSetOp(set.Op, all, start, again, ids, row, neverOf(c.cols[:n]), true)
	if len(ctes) > 0 {
		c.node = b.withNode(ctes, c.node)
	}
	outer := &scope{parent: parent, env: inner}
	c.node = b.tail(&set.Tail, c.node, outer)
}

// recursiveTerms splits a recursive union into what starts it and the operations whose right
// side recurs: one, or where the engine takes them, several behind one another.
func (b *binder) recursiveTerms(set *ir.SetOp, name string) (first ir.Query, terms []*ir.SetOp) {
	terms = []*ir.SetOp{set}
	for b.traits.SeveralRecursiveTerms {
		l, ok := terms[0].L.(*ir.SetOp)
		if !ok || !b.names(l, name) || l.Op != "UNION" || l.With != nil || l.Limit != nil || len(l.OrderBy) > 0 {
			break
		}
		terms = append([]*ir.SetOp{l}, terms...)
	}
	return terms[0].L, terms
}

// recurs takes a recursive term's columns in, and tells whether they change what is known.
func (b *binder) recurs(c *cte, base, right *output) (changed bool) {
	if len(right.cols) != len(base.cols) {
		return false
	}
	some := !void(right.node)
	for i, r := range right.cols {
		have := c.cols[i]
		if n := have.null.Either(r.null); some && n.Null != have.null.Null {
			have.null = n
			changed = true
		}
		if have.untyped() && r.typ.Known() {
			have.typ, changed = r.typ, true
		} else if t, wider := b.widened(have, r); wider {
			have.typ, changed = t, true
		}
		if have.elemNever && !r.elemNever {
			have.elemNever, changed = false, true
		}
		have.elemMaybe = have.elemMaybe || r.elemMaybe
		have.fields, have.json = bothFields(have.fields, r.fields), nil
		if have.source != nil && have.source != r.source {
			have.table, have.source = nil, nil
		}
	}
	return changed
}

// checkTerm holds a recursive term against the columns of the first.
func (b *binder) checkTerm(c *cte, base, right *output, term *ir.SetOp) {
	if len(right.cols) != len(base.cols) {
		if !right.bad && !base.bad {
			b.arity(term.R, term.Op, len(base.cols), len(right.cols))
		}
		return
	}
	for i, r := range right.cols {
		v := value{typ: r.typ, params: r.params, lit: r.lit}
		b.settle(&v, c.cols[i].typ, term.R)
		if _, ok := b.sem.Common([]dialect.Operand{{Type: c.cols[i].typ}, v.operand()}); !ok && !v.untyped() && !c.cols[i].untyped() && !b.traits.UntypedSetOps {
			b.report(diag.New(diag.TypeMismatch, term.R.Span(), "column %q of %q is %s, but %s where it recurs", c.cols[i].name, c.name, c.cols[i].typ, r.typ))
		}
	}
}

// widened is the type that both terms of a recursive query fit in, where the first term's
// alone is too narrow: MySQL computes 1 in a BIGINT, of which we say INT.
func (b *binder) widened(have, r *column) (types.Type, bool) {
	if b.traits.UntypedSetOps || have.untyped() || r.untyped() || have.typ.Same(r.typ) {
		return types.Type{}, false
	}
	t, ok := b.sem.Common([]dialect.Operand{{Type: have.typ}, {Type: r.typ}})
	return t, ok && t.Known() && !t.Same(have.typ)
}

func (c *column) untyped() bool { return !c.typ.Known() || c.typ.Kind == types.Unknown }

// names tells whether a query mentions a relation of that name without schema.
func (b *binder) names(q ir.Query, name string) bool {
	found := false
	ir.Walk(q, func(n ir.Node) bool {
		if t, ok := n.(*ir.TableRef); ok && len(t.Name.Parts) == 1 && sameName(t.Name.Last(), name, b.traits.CaselessNames) {
			found = true
		}
		return !found
	})
	return found
}

// cteScan is a reference to a common table expression.
func (b *binder) cteScan(c *cte, t *ir.TableRef) *relation {
	alias, at := t.Name.Last(), t.Name.Span()
	if t.Alias != nil {
		alias, at = t.Alias.Name.Name, t.Alias.Name.Span()
	}
	r := b.fresh(c.cols, alias, at)
	b.rename(r, t.Alias)
	r.bad = c.bad
	b.namedOnce(r)
	def := c.node
	if def != nil && len(def.Props().Cols) != len(r.cols) {
		def = nil // SEARCH and CYCLE add columns
	}
	r.node = rel.NewCTEScan(b.meta, c.name, alias, def, idsOf(r.cols), r.row, neverOf(r.cols))
	return r
}

func (b *binder) withNode(ctes []*cte, input rel.Node) rel.Node {
	if len(ctes) == 0 {
		return input
	}
	var names []string
	var nodes []rel.Node
	for _, c := range ctes {
		names = append(names, c.name)
		nodes = append(nodes, c.node)
	}
	return rel.NewWith(names, nodes, input)
}
