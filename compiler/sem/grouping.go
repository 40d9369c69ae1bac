package sem

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// grouping is a block's GROUP BY.
type grouping struct {
	cols rel.ColSet // grouping columns
	// always are the grouping columns that every grouping set has.
	always rel.ColSet
	exprs  map[string]groupExpr // other grouping expressions, by print
	sets   int                  // 0 for a plain GROUP BY
	// empty: a grouping set is the empty one, which has a row even over no rows.
	empty  bool
	reason types.Nullability
	input  rel.Node // what is grouped
	closed bool
	// closure is what the grouping columns determine, once closed.
	closure rel.ColSet
	names   map[string]int // how many grouping columns have a name
}

// named counts the grouping columns of a name.
func (g *grouping) named(name string, caseless bool) {
	if g.names == nil {
		g.names = map[string]int{}
	}
	g.names[fold(name, caseless)]++
}

type groupExpr struct {
	value  value
	id     rel.ColID
	always bool
}

// absent tells whether a column may be NULL because a grouping set leaves it out.
func (g *grouping) absent(c *column) (types.Nullability, bool) {
	if g.sets == 0 || g.always.Has(c.id) {
		return types.Nullability{}, false
	}
	return g.reason, true
}

// groupBy binds GROUP BY.
func (b *binder) groupBy(q *ir.GroupBy, node rel.Node, s *scope) rel.Node {
	s.clause = inGroupBy
	g := &grouping{input: node, reason: types.Nullable(q.Span(), "grouping set without the column")}
	var keys []rel.Scalar
	// sets are the grouping sets as sets of key indexes.
	sets := [][]int{{}}
	key := func(x ir.Expr) []int {
		list := []ir.Expr{x}
		if r, ok := x.(*ir.Row); ok {
			list = r.Items
		}
		var out []int
		for _, x := range list {
			x = b.aliased(b.ordinal(x, s, "GROUP BY"), s)
			v := b.expr(x, s)
			b.groupable(v.typ, x, "GROUP BY")
			k := rel.Scalar{X: x, Uses: v.uses, Type: v.typ, Null: v.null}
			if v.col != nil {
				k.ID, k.Name = v.col.id, v.col.name
				if g.cols.Has(k.ID) {
					out = append(out, keyOf(keys, k.ID))
					continue
				}
				g.cols = g.cols.With(k.ID)
				g.named(k.Name, b.traits.CaselessNames)
			} else {
				p := b.print(x, s)
				if e, twice := g.exprs[p]; twice {
					out = append(out, keyOf(keys, e.id))
					continue
				}
				k.ID = b.meta.Add(rel.Column{Type: v.typ})
				if g.exprs == nil {
					g.exprs = map[string]groupExpr{}
				}
				g.exprs[p] = groupExpr{value: v, id: k.ID}
			}
			out = append(out, len(keys))
			keys = append(keys, k)
		}
		return out
	}
	var expand func(e *ir.GroupElem) [][]int
	expand = func(e *ir.GroupElem) [][]int {
		switch e.Kind {
		case ir.GroupSimple:
			var all []int
			for _, x := range e.Exprs {
				all = append(all, key(x)...)
			}
			return [][]int{all}
		case ir.GroupRollup:
			out := [][]int{{}}
			var sofar []int
			for _, x := range e.Exprs {
				sofar = append(sofar, key(x)...)
				out = append(out, append([]int(nil), sofar...))
			}
			return out
		case ir.GroupCube:
			out := [][]int{{}}
			for _, x := range e.Exprs {
				k := key(x)
				for _, o := range out[:len(out):len(out)] {
					if len(out) < 4096 {
						out = append(out, append(append([]int(nil), o...), k...))
					}
				}
			}
			return out
		case ir.GroupSets:
			var out [][]int
			for i := range e.Sets {
				out = append(out, expand(&e.Sets[i])...)
			}
			return out
		}
		return [][]int{{}} // ()
	}
	plain := true
	for i := range q.Elems {
		e := &q.Elems[i]
		plain = plain && e.Kind == ir.GroupSimple
		more := expand(e)
		var next [][]int
		for _, a := range sets {
			for _, m := range more {
				if len(next) < 4096 {
					next = append(next, append(append([]int(nil), a...), m...))
				}
			}
		}
		sets = next
	}
	words := "grouping set without the column"
	if q.WithRollup {
		plain = false
		full := sets[0]
		sets = nil
		for i := range len(full) + 1 {
			sets = append(sets, full[:i])
		}
		words = "WITH ROLLUP"
	} else if len(q.Elems) == 1 {
		switch q.Elems[0].Kind {
		case ir.GroupRollup:
			words = "ROLLUP"
		case ir.GroupCube:
			words = "CUBE"
		}
	}
	g.reason = types.Nullable(q.Span(), words)
	if !plain {
		g.sets = len(sets)
		held := make([]int, len(keys))
		for _, set := range sets {
			if len(set) == 0 {
				g.empty = true
			}
			in := map[int]bool{}
			for _, k := range set {
				in[k] = true
			}
			for k := range in {
				held[k]++
			}
		}
		for i, n := range held {
			if n == len(sets) {
				g.always = g.always.With(keys[i].ID)
				for p, x := range g.exprs {
					if x.id == keys[i].ID {
						x.always = true
						g.exprs[p] = x
					}
				}
			}
		}
	} else {
		g.always = g.cols
	}
	if len(q.Elems) == 0 {
		g.empty = true
	}
	if g.sets == 1 && len(keys) == 0 { // GROUP BY (): one group, always there
		s.group = g
		s.clause = inFrom
		return rel.NewAggregate(node, nil, 0, true, b.meta.Add(rel.Column{}), rel.ColSet{})
	}
	var notNull rel.ColSet
	for _, k := range keys {
		if k.Null.IsNever() && (g.sets == 0 || g.always.Has(k.ID)) {
			notNull = notNull.With(k.ID)
		}
	}
	agg := rel.NewAggregate(node, keys, g.sets, false, b.meta.Add(rel.Column{}), notNull)
	s.group = g
	s.clause = inFrom
	return agg
}

// keyOf is the index of the key that yields id.
func keyOf(keys []rel.Scalar, id rel.ColID) int {
	for i := range keys {
		if keys[i].ID == id {
			return i
		}
	}
	return 0
}

// ordinal replaces a number in GROUP BY or DISTINCT ON by the item it stands for.
func (b *binder) ordinal(x ir.Expr, s *scope, where string) ir.Expr {
	l, ok := x.(*ir.Literal)
	if !ok || len(s.items) == 0 {
		return x
	}
	if l.Kind != ir.Integer {
		b.noPosition(l, where)
		return x
	}
	for i := range s.items {
		if _, star := s.items[i].X.(*ir.Star); star {
			return x // counted by columns; the star's own columns are not expressions
		}
	}
	if i := b.position(l, len(s.items), where); i >= 0 {
		if f, all := s.items[i].X.(*ir.Field); all && f.All {
			return x // several columns
		}
		return s.items[i].X
	}
	return x
}

// noPosition reports a constant that is no number where a position stands.
func (b *binder) noPosition(l *ir.Literal, where string) {
	if b.traits.PositionsOnly {
		b.report(diag.New(diag.GroupingError, l.Span(), "a constant in %s is a position in the select list, which %s is not", where, l.Span().Text()).
			WithHelp("leave it out: it does not tell rows apart"))
	}
}

// aliased replaces a name in GROUP BY that is no column by the item it is the alias of.
func (b *binder) aliased(x ir.Expr, s *scope) ir.Expr {
	ref, ok := x.(*ir.ColumnRef)
	if !ok || len(ref.Parts) != 1 || !b.traits.AliasInGroupBy {
		return x
	}
	if _, n, _ := b.lookup(ref.Parts[0].Name, s); n > 0 {
		return x
	}
	for i := range s.items {
		if it := &s.items[i]; it.Alias != nil && sameName(it.Alias.Name, ref.Parts[0].Name, b.traits.CaselessNames) {
			return it.X
		}
	}
	return x
}

// groupedExpr finds x among the block's grouping expressions that are no plain columns. In a
// subquery the engines look for none.
func (b *binder) groupedExpr(x ir.Expr, s *scope) (value, bool) {
	g := s.group
	if g == nil || len(g.exprs) == 0 || !s.clause.grouped() || s.inAggregate > 0 {
		return value{}, false
	}
	if b.traits.HavingSeesSelected && (s.clause == inHaving && s.aliasDepth == 0 || s.overArguments > 0) {
		return value{}, false
	}
	e, ok := g.exprs[b.print(x, s)]
	if !ok {
		return value{}, false
	}
	if b.traits.StatedDependence && x != s.whole {
		b.bareIn(x, s)
	}
	v := e.value
	if g.sets > 0 && !e.always {
		v.null, v.strict = g.reason, rel.ColSet{} // a column in it may be a key by itself, in other sets
	}
	v.ifTrue, v.ifFalse, v.equal = rel.ColSet{}, rel.ColSet{}, nil
	return v, true
}

// bareIn notes the columns of s in x, which is bound as a whole, as if they stood alone.
func (b *binder) bareIn(x ir.Expr, s *scope) {
	ir.Walk(x, func(n ir.Node) bool {
		if ref, ok := n.(*ir.ColumnRef); ok {
			if c := b.peek(ref, s); c != nil && s.local.Has(c.id) {
				s.bare = append(s.bare, bareRef{c, ref.Span(), s.clause, s.aliasDepth > 0})
			}
		}
		if call, is := n.(*ir.FuncCall); is && strings.EqualFold(call.Name.Last(), "any_value") {
			return false // lets them stand
		}
		_, query := n.(ir.Query)
		return !query
	})
}

// checkGrouping reports columns that stand outside of aggregates without being determined
// by the groups.
func (b *binder) checkGrouping(s *scope) {
	if b.traits.LooseGroupBy || s.group == nil && s.aggregates == 0 {
		return
	}
	said := map[rel.ColID]bool{}
	for _, r := range s.bare {
		if said[r.col.id] || s.group != nil && b.determined(r.col, s.group) || r.in == inHaving && !r.aliased && b.traits.HavingSeesSelected {
			continue
		}
		if s.group == nil && r.in == inOrderBy && b.traits.OrdersOneRow {
			continue
		}
		said[r.col.id] = true
		name := r.col.name
		if r.col.rel != nil && r.col.rel.name != "" {
			name = r.col.rel.name + "." + name
		}
		d := diag.New(diag.GroupingError, r.at, "column %q must be in GROUP BY or inside an aggregate", name)
		if s.group == nil {
			d = diag.New(diag.GroupingError, r.at, "column %q stands beside an aggregate, but there is no GROUP BY", name)
		}
		if b.opt.Tolerant && s.group != nil && r.col.rel != nil && r.col.rel.table != nil && r.col.rel.table.PrimaryKey() == nil {
			// The key may be declared where the schema files are not looked into (a DO block).
			d.Severity = diag.Warning
		}
		b.report(d.WithInline("has many values in a group"))
	}
	s.bare = nil
}

// constant tells whether each of the columns has one value in all rows of node, by equations
// with constants and what depends on such columns. Where no key but a primary one counts, none has.
func (b *binder) constant(bare []bareRef, node rel.Node) bool {
	if b.traits.GroupByPrimaryKeyOnly {
		return false
	}
	fixed := b.determinedBy(rel.ColSet{}, node)
	for _, r := range bare {
		if !fixed.Has(r.col.id) {
			return false
		}
	}
	return true
}

// checkHaving reports columns in HAVING that are neither selected nor grouped by.
func (b *binder) checkHaving(s *scope, cols []*column) {
	if !b.traits.HavingSeesSelected {
		return
	}
	for _, r := range s.having {
		grouped := s.group != nil && s.group.cols.Has(r.col.id)
		if grouped && s.group.names[fold(r.col.name, b.traits.CaselessNames)] == 1 || slices.ContainsFunc(cols, func(c *column) bool { return c.id == r.col.id }) {
			continue
		}
		if grouped {
			b.report(diag.New(diag.GroupingError, r.at, "HAVING can not name column %q: two columns in GROUP BY are called so and it is not selected", r.col.name))
			continue
		}
		b.report(diag.New(diag.GroupingError, r.at, "HAVING can not name column %q, which is neither selected nor in GROUP BY", r.col.name).
			WithHelp("put the condition into WHERE, or select the column"))
	}
}

// determined tells whether a group has one value of c.
func (b *binder) determined(c *column, g *grouping) bool {
	if g.cols.Has(c.id) || c.rel != nil && c.rel.bad {
		return true
	}
	keys := g.cols
	if g.sets > 0 {
		keys = g.always
	}
	if !b.traits.GroupByPrimaryKeyOnly {
		if b.traits.StatedDependence && g.sets > 0 {
			return false
		}
		if !g.closed {
			g.closed, g.closure = true, b.determinedBy(g.cols, g.input)
		}
		return g.closure.Has(c.id)
	}
	if c.rel == nil || c.rel.table == nil {
		return false
	}
	pk := c.rel.table.PrimaryKey()
	if pk == nil || len(pk.Columns) == 0 || c.rel.table.Kind != catalog.BaseTable {
		return false
	}
	for _, name := range pk.Columns {
		found := false
		for _, k := range c.rel.cols {
			if k.source != nil && k.source.Name == name && keys.Has(k.id) {
				found = true
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// counted tells whether a condition asks for groups with a row: count(*) > 0. The count of a value
// may be of the rows of a query around.
func counted(x *ir.Binary) bool {
	n, ok := x.R.(*ir.Literal)
	call, is := x.L.(*ir.FuncCall)
	if !ok || !is || n.Kind != ir.Integer || !call.Star || call.Over != nil || strings.ToLower(call.Name.String()) != "count" {
		return false
	}
	positive := strings.Trim(n.Text, "0123456789") == "" && strings.Trim(n.Text, "0") != "" // not 00, not 0x0
	return x.Op == ">" || (x.Op == ">=" || x.Op == "=") && positive || x.Op == "<>" && n.Text == "0"
}

func rowSpan(row []ir.Expr, q ir.Node) source.Span {
	if len(row) == 0 {
		return q.Span()
	}
	return row[0].Span().Cover(row[len(row)-1].Span())
}
