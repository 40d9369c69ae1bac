package access

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
)

// Path is a way to find rows of a table: an index, or the index of a key.
type Path struct {
	Name   string
	Parts  []catalog.IndexPart
	Unique bool
	// Method is "btree" where the parts are kept in order.
	Method string
	// Where is a partial index's condition.
	Where ir.Expr
	// Index is nil for a key's, Constraint for an index.
	Index      *catalog.Index
	Constraint *catalog.Constraint
	Span       source.Span
	// Implied tells of an index that the engine makes of itself: the row's number, InnoDB's for foreign keys.
	Implied bool
}

// Finds tells whether a part of an index of the table serves a condition on its key, wherever in the index it stands.
func (a *Access) Finds(c Cond) bool {
	sorted := c.Op == Equal || c.Op == In || c.Op == Null || c.Op == Range || c.Op == Prefix
	for _, p := range a.Paths {
		for _, part := range p.Parts {
			if p.Ordered() && sorted && a.serves(part, c) || !p.Ordered() && a.about(part, c) {
				return true
			}
		}
	}
	return false
}

// Ordered tells whether the parts are kept in order.
func (p *Path) Ordered() bool { return p.Method == "btree" }

// Columns names the parts as CREATE INDEX does.
func (p *Path) Columns() string {
	var out []string
	for _, x := range p.Parts {
		name := x.Column
		if name == "" {
			name = x.Expr
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}

// String names the path to people.
func (p *Path) String() string {
	switch {
	case p.Implied && p.Constraint == nil:
		return "the key " + p.Name
	case p.Constraint != nil && p.Constraint.Kind == ir.PrimaryKey:
		return "the primary key (" + p.Columns() + ")"
	case p.Name == "":
		return "the index over (" + p.Columns() + ")"
	case p.Unique:
		return "the unique index " + p.Name + " (" + p.Columns() + ")"
	}
	return "the index " + p.Name + " (" + p.Columns() + ")"
}

// Has tells at which place, from 0, a column stands; -1 where it does not.
func (p *Path) Has(c *catalog.Column) int {
	return slices.IndexFunc(p.Parts, func(x catalog.IndexPart) bool { return x.Column != "" && fold(x.Column) == fold(c.Name) })
}

type byTable struct{ *catalog.Table }

// Paths lists the indexes and keys of a table that planners may use.
func Paths(p *rule.Package, t *catalog.Table) []*Path {
	return rule.Shared(p, byTable{t}, func() []*Path { return list(p, t) })
}

func paths(p *rule.Package, t *catalog.Table) []*Path { return Paths(p, t) }

func list(p *rule.Package, t *catalog.Table) []*Path {
	e := engines[p.Engine]
	var out []*Path
	for _, c := range t.Constraints {
		switch c.Kind {
		case ir.PrimaryKey, ir.Unique:
			x := &Path{Name: c.Name, Unique: true, Method: "btree", Constraint: c, Span: c.Span}
			if c.Using != "" {
				x.Method = method(e, t, c.Using)
			}
			for i, name := range c.Columns {
				part := catalog.IndexPart{Column: name}
				if i < len(c.Collations) {
					part.Collation = c.Collations[i]
				}
				x.Parts = append(x.Parts, part)
			}
			out = append(out, x)
		case ir.Exclude:
			x := &Path{Name: c.Name, Method: "gist", Constraint: c, Span: c.Span}
			for _, col := range t.Columns {
				if strings.Contains(fold(c.Expr), fold(col.Name)) {
					x.Parts = append(x.Parts, catalog.IndexPart{Column: col.Name})
				}
			}
			out = append(out, x)
		}
	}
	for _, i := range t.Indexes {
		if i.Invisible || i.Alone {
			continue
		}
		out = append(out, &Path{Name: i.Name, Parts: i.Parts, Unique: i.Unique, Method: method(e, t, i.Method), Where: i.WhereExpr, Index: i, Span: i.Span})
	}
	for _, name := range e.rowIDs {
		if t.Column(name, true) == nil || t.Column(name, true).Hidden {
			out = append(out, &Path{Name: name, Parts: []catalog.IndexPart{{Column: name}}, Unique: true, Method: "btree", Implied: true})
		}
	}
	if e.foreignKeys {
		for _, c := range t.Constraints {
			if c.Kind == ir.ForeignKey && !slices.ContainsFunc(out, func(x *Path) bool { return x.Leads(c.Columns) }) {
				x := &Path{Name: c.Name, Method: "btree", Span: c.Span, Implied: true}
				for _, name := range c.Columns {
					x.Parts = append(x.Parts, catalog.IndexPart{Column: name})
				}
				out = append(out, x)
			}
		}
	}
	return out
}

// method is what an index is made as: InnoDB makes a btree where a hash is asked for.
func method(e engine, t *catalog.Table, written string) string {
	if fold(written) == "hash" && e.foreignKeys && fold(t.Options["engine"]) != "memory" {
		return "btree"
	}
	return fold(written)
}

// Leads tells whether the parts begin with the columns, in any order.
func (p *Path) Leads(columns []string) bool {
	if len(p.Parts) < len(columns) || len(columns) == 0 {
		return false
	}
	for _, x := range p.Parts[:len(columns)] {
		if x.Column == "" || !slices.ContainsFunc(columns, func(c string) bool { return fold(c) == fold(x.Column) }) {
			return false
		}
	}
	return true
}

// Match is what of a path serves an access.
type Match struct {
	Path *Path
	// Equal are the leading parts that conditions fix; Range tells that the next is bounded.
	Equal int
	Range bool
	// Loose tells that an index without an order of its own serves a condition.
	Loose bool
	// Sorted tells that the rows come in the order that is wanted.
	Sorted bool
	Conds  []Cond
}

// Serves tells whether the path finds rows by a condition.
func (m Match) Serves() bool { return m.Equal > 0 || m.Range || m.Loose }

// Whole tells that the conditions fix all parts of a unique path: there is one row at the most.
func (m Match) Whole() bool {
	if m.Path == nil || !m.Path.Unique || m.Path.Where != nil && !m.Serves() || m.Equal < len(m.Path.Parts) {
		return false
	}
	return !slices.ContainsFunc(m.Conds, func(c Cond) bool { return c.Op != Equal })
}

// Given tells of a condition whether it holds from the start: it compares with constants, arguments and columns of queries around.
func (a *Access) Given(c Cond) bool {
	ok := true
	c.Needs.Each(func(id rel.ColID) { ok = ok && a.Query.Bound.Owner(id) != a.Block })
	return ok
}

// Match tells what of a path serves the conditions that may is true for; nil is all.
func (a *Access) Match(p *Path, may func(Cond) bool) Match {
	m := Match{Path: p}
	if p.Where != nil && !a.Implies(p.Where) {
		return m
	}
	usable := func(c Cond) bool { return c.Optional == nil && c.Within == nil && (may == nil || may(c)) }
	if !p.Ordered() {
		m.loose(a, usable)
		return m
	}
	fixed := map[string]bool{}
	for _, part := range p.Parts {
		c, ok := a.on(part, usable, Equal, Null, In)
		if !ok {
			break
		}
		m.Equal++
		m.Conds = append(m.Conds, c)
		if c.Op != In && c.Column != nil {
			fixed[fold(part.Column)] = true
		}
	}
	if m.Equal < len(p.Parts) {
		if c, ok := a.on(p.Parts[m.Equal], usable, Range, Prefix); ok {
			m.Range = true
			m.Conds = append(m.Conds, c)
		}
	}
	m.Sorted = len(a.Order) > 0 && a.sorts(p, fixed)
	return m
}

// loose matches an index whose parts have no order.
func (m *Match) loose(a *Access, usable func(Cond) bool) {
	if m.Path.Method == "hash" {
		for _, part := range m.Path.Parts {
			if c, ok := a.on(part, usable, Equal, In); ok {
				m.Conds = append(m.Conds, c)
			}
		}
		if len(m.Conds) == len(m.Path.Parts) {
			m.Equal = len(m.Conds)
		}
		return
	}
	for _, part := range m.Path.Parts {
		for _, c := range a.Conds {
			if c.Op != Other && usable(c) && a.about(part, c) {
				m.Loose = true
				m.Conds = append(m.Conds, c)
			}
		}
	}
}

// about tells whether a condition is about what an index part holds, whatever it asks.
func (a *Access) about(part catalog.IndexPart, c Cond) bool {
	if part.Column != "" {
		return c.Column != nil && fold(c.Column.Name) == fold(part.Column)
	}
	return c.Key != nil && a.sameText(part.X, c.Key)
}

// on finds a condition of one of the kinds that a part of an ordered index serves.
func (a *Access) on(part catalog.IndexPart, usable func(Cond) bool, kinds ...Op) (Cond, bool) {
	for _, kind := range kinds {
		for _, c := range a.Conds {
			if c.Op == kind && usable(c) && a.serves(part, c) {
				return c, true
			}
		}
	}
	return Cond{}, false
}

// serves tells whether an ordered part finds the rows of a condition.
func (a *Access) serves(part catalog.IndexPart, c Cond) bool {
	if !a.holds(part, c) {
		return false
	}
	e := a.engine
	own := fold(part.Collation)
	if own == "" && c.Column != nil {
		own = fold(c.Column.Collation)
	}
	own = strings.Trim(own[strings.LastIndex(own, ".")+1:], `"`)
	class := fold(part.OpClass)
	switch {
	case c.Op == Prefix && len(e.likeCollations) > 0:
		if c.Operator == "GLOB" {
			return (own == "" || own == "binary") && literal(c.Values[0])
		}
		if !e.likeBound && !literal(c.Values[0]) {
			return false
		}
		return slices.Contains(e.likeCollations, own) || slices.Contains(e.likeClasses, class)
	case c.Op == Range && slices.Contains(e.likeClasses, class):
		return false
	case c.Collation != "" && c.Op != Prefix:
		return own == fold(c.Collation)
	}
	return true
}

// ServesPrefix tells whether an ordered part serves a pattern that begins with text, as the condition's does.
func (a *Access) ServesPrefix(part catalog.IndexPart, c Cond) bool {
	c.Op = Prefix
	return a.serves(part, c)
}

// holds tells whether a part of an index holds what a condition's key is.
func (a *Access) holds(part catalog.IndexPart, c Cond) bool {
	if part.Column != "" {
		if c.Column == nil {
			return false
		}
		if c.Wrap == Bare || c.Wrap == Collated {
			return fold(c.Column.Name) == fold(part.Column)
		}
		if a.engine.generated && c.Key != nil {
			g := a.Table.Column(part.Column, true)
			return g != nil && g.GeneratedExpr != nil && a.sameText(g.GeneratedExpr, c.Key)
		}
		return false
	}
	return c.Key != nil && part.X != nil && a.sameText(part.X, c.Key)
}

// sorts tells whether a path gives the rows in the order wanted, forwards or backwards; fixed are the columns of one value.
func (a *Access) sorts(p *Path, fixed map[string]bool) bool {
	if !p.Ordered() {
		return false
	}
	parts := p.Parts
	backwards, known := false, false
	for _, o := range a.Order {
		if a.fixed(o.Column) {
			continue
		}
		for len(parts) > 0 && parts[0].Column != "" && fixed[fold(parts[0].Column)] && fold(parts[0].Column) != fold(o.Column.Name) {
			parts = parts[1:]
		}
		if len(parts) == 0 {
			return false
		}
		x := parts[0]
		parts = parts[1:]
		if fold(x.Column) != fold(o.Column.Name) || x.Length > 0 || slices.Contains(a.engine.likeClasses, fold(x.OpClass)) || x.Collation != "" && fold(x.Collation) != fold(o.Column.Collation) {
			return false // or only the beginning, or by other rules
		}
		turned := x.Desc != o.Desc
		if known && turned != backwards {
			return false
		}
		backwards, known = turned, true
		if !o.Column.NotNull && a.nulls(x.Nulls, x.Desc) != (a.nulls(o.Nulls, o.Desc) != turned) {
			return false
		}
	}
	return known
}

// Ordered tells whether a path gives the rows in the order that is wanted. Where the engine sorts on from there, that of the first
// column is enough, unless many rows are alike in it.
func (a *Access) Ordered() bool {
	if len(a.Order) == 0 {
		return false
	}
	begins := *a
	if a.engine.sortsOn && !a.Few(Cond{Column: a.Order[0].Column}) {
		begins.Order = a.Order[:1]
	}
	return slices.ContainsFunc(a.Paths, func(p *Path) bool { return begins.Match(p, a.Given).Sorted })
}

// nulls tells whether NULL comes first.
func (a *Access) nulls(written string, desc bool) bool {
	if written != "" {
		return written == "FIRST"
	}
	return desc == a.engine.operators // PostgreSQL holds NULL for the greatest value, the others for the least
}

// fixed tells whether a condition gives a column one value.
func (a *Access) fixed(col *catalog.Column) bool {
	return slices.ContainsFunc(a.Conds, func(c Cond) bool {
		return c.Op == Equal && c.Column == col && c.Wrap == Bare && c.Optional == nil && c.Within == nil && a.Given(c)
	})
}

// Best is the match that serves most: by parts that are fixed, then by a range.
func (a *Access) Best(may func(Cond) bool) (best Match) {
	for _, p := range a.Paths {
		m := a.Match(p, may)
		if !m.Serves() {
			continue
		}
		if best.Path == nil || m.Whole() && !best.Whole() || m.Whole() == best.Whole() && (m.Equal > best.Equal || m.Equal == best.Equal && m.Range && !best.Range) {
			best = m
		}
	}
	return best
}

// Reached tells whether rows of the table are found by an index from what is given: constants and arguments, and rows of other relations
// of the block that are found so themselves. A range does not count, since it may be all of the table.
func (a *Access) Reached() bool {
	if ok, known := a.kept(); known {
		return ok
	}
	ok := a.reached(map[*Access]bool{})
	a.memo.mutex.Lock()
	a.memo.reached[a] = ok
	a.memo.mutex.Unlock()
	return ok
}

func (a *Access) kept() (ok, known bool) {
	a.memo.mutex.Lock()
	defer a.memo.mutex.Unlock()
	ok, known = a.memo.reached[a]
	return ok, known
}

// reached is Reached without what seen would have to be reached for.
func (a *Access) reached(seen map[*Access]bool) bool {
	if seen[a] {
		return false
	}
	if ok, known := a.kept(); known {
		return ok
	}
	seen[a] = true
	defer delete(seen, a)
	for _, p := range a.Paths {
		m := a.Match(p, func(c Cond) bool { return a.suppliedBy(c, seen) })
		if m.Equal > 0 || m.Loose {
			return true
		}
	}
	return a.eitherReached(seen)
}

// eitherReached tells whether OR finds rows by an index for each of its arms.
func (a *Access) eitherReached(seen map[*Access]bool) bool {
	for _, c := range a.Conds {
		if c.Op != Either || c.Optional != nil {
			continue
		}
		all := true
		for _, arm := range c.Arms {
			one := *a
			one.Conds = nil
			for _, x := range arm {
				x.Within = nil
				one.Conds = append(one.Conds, x)
			}
			found := false
			for _, p := range a.Paths {
				m := one.Match(p, func(c Cond) bool { return a.suppliedBy(c, seen) })
				found = found || m.Equal > 0 || m.Loose
			}
			all = all && found
		}
		if all {
			return true
		}
	}
	return false
}

// Scalar tells that the table is read by a subquery for a value, which is run for each row around.
func (a *Access) Scalar() bool { return a.scalar }

// Supplied tells whether what a condition compares with is found before the table is read, by indexes from what is given.
func (a *Access) Supplied(c Cond) bool { return a.suppliedBy(c, map[*Access]bool{a: true}) }

// suppliedBy tells whether what a condition compares with is there before the table is read.
func (a *Access) suppliedBy(c Cond, seen map[*Access]bool) bool {
	ok := true
	list := Of(a.Query)
	c.Needs.Each(func(id rel.ColID) {
		if a.scalar && a.Query.Bound.Owner(id) != a.Block {
			return // it is run for each row around
		}
		if other := ByID(list, id); other != nil && !other.reached(seen) {
			ok = false
		}
	})
	return ok
}
