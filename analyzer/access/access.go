// Package access knows, of each place where a query reads a table, which of its conditions an index could serve, and
// which of the table's indexes do. It counts no rows: what it says holds whatever is stored.
package access

import (
	"strings"
	"sync"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Access is one place where a query reads a base table.
type Access struct {
	Query    *rule.Query
	Ref      *ir.TableRef
	Table    *catalog.Table
	Relation *sem.Relation
	Block    *sem.Block
	// Conds are the conditions that all rows taken from the table have to fulfil, one by one.
	Conds []Cond
	// Target tells that the statement changes or deletes the rows.
	Target bool
	// Padded tells that an outer join may leave the table's rows out.
	Padded bool
	// Order is what the block's rows are sorted by, where all of it are columns of the table; Limit is where they are cut.
	Order []Sort
	Limit ir.Expr
	// Paths are the table's indexes and keys.
	Paths []*Path

	engine engine
	memo   *memo
	around []*Access // of the same block, itself among them
	scalar bool      // the block is a subquery for a value: it is run for each row around
	inner  bool      // conditions of the query around a subquery in FROM may be missing
}

// Sort is a column that rows are sorted by.
type Sort struct {
	Column *catalog.Column
	Desc   bool
	Nulls  string // "", "FIRST" or "LAST"
}

// memo keeps what was found out of the accesses of a query.
type memo struct {
	mutex   sync.Mutex
	text    map[ir.Node]string
	reached map[*Access]bool
}

type byQuery struct{ *facts.Query }

// Of lists the accesses of a query.
func Of(q *rule.Query) []*Access {
	return rule.Shared(q.Package, byQuery{q.Query}, func() []*Access { return find(q) })
}

// All lists the accesses of all queries of a package, in order; of a query with optional parts those with all of them and with none.
func All(p *rule.Package) []*Access {
	var out []*Access
	for _, q := range Queries(p) {
		out = append(out, Of(q)...)
	}
	return out
}

// Queries lists the queries of a package as rules see them.
func Queries(p *rule.Package) []*rule.Query {
	var out []*rule.Query
	for _, f := range p.List {
		ends := []*facts.Query{f}
		if f.Variants != nil {
			ends = f.Variants.Ends
		}
		for _, e := range ends {
			if e.Bound != nil {
				out = append(out, &rule.Query{Query: e, Package: p})
			}
		}
	}
	return out
}

// ByID finds the access whose column id is.
func ByID(list []*Access, id rel.ColID) *Access {
	for _, a := range list {
		if a.Relation.Columns.Has(id) {
			return a
		}
	}
	return nil
}

// Stored tells whether a table is one of the schema's own, whose rows an index can find.
func Stored(t *catalog.Table) bool {
	return t != nil && (t.Kind == catalog.BaseTable || t.Kind == catalog.MaterializedView) && t.Span.File != nil && !strings.HasPrefix(fold(t.Name), "sqlite_")
}

// find lists the accesses of a query.
func find(q *rule.Query) []*Access {
	f := &finder{q: q, engine: engines[q.Package.Engine], blocks: map[*sem.Block][]*Access{}, byRef: map[*ir.TableRef]*Access{}, scalars: map[ir.Query]bool{}}
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Subquery:
			f.scalars[n.Query] = true
		case *ir.TableRef:
			f.add(n, in)
		}
		return true
	})
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		if b, ok := n.(ir.Query); ok && in != nil && in.Query == b {
			f.block(b, in)
		}
		return true
	})
	kept := &memo{text: map[ir.Node]string{}, reached: map[*Access]bool{}}
	for _, a := range f.list {
		a.around, a.memo = f.blocks[a.Block], kept
	}
	return f.list
}

type finder struct {
	q      *rule.Query
	engine engine
	list   []*Access
	blocks map[*sem.Block][]*Access
	byRef  map[*ir.TableRef]*Access
	// scalars are the subqueries for a value.
	scalars map[ir.Query]bool
}

func (f *finder) add(t *ir.TableRef, in *sem.Block) {
	r := f.q.Relation(t)
	if r == nil || !Stored(r.Table) || in == nil || in.Query == nil {
		return
	}
	a := &Access{Query: f.q, Ref: t, Table: r.Table, Relation: r, Block: in, engine: f.engine, scalar: f.scalars[in.Query], Paths: paths(f.q.Package, r.Table)}
	switch n := in.Query.(type) {
	case *ir.Insert:
		if t == n.Table {
			return // what is inserted is not looked for
		}
	case *ir.Update:
		a.Target = targets(n.Tables, t)
	case *ir.Delete:
		for _, d := range n.Tables {
			a.Target = a.Target || d == t || n.Multi && d.Name.Last() == r.Name
		}
		if n.Multi && !under(n.From, t) {
			return // names one of FROM
		}
	case *ir.Merge:
		a.Target = t == n.Table
	}
	f.list = append(f.list, a)
	f.blocks[in] = append(f.blocks[in], a)
	f.byRef[t] = a
}

// targets tells whether t is among the tables of an UPDATE.
func targets(list []ir.TableExpr, t *ir.TableRef) bool {
	return len(list) == 1 && list[0] == ir.TableExpr(t) || len(list) > 0 && under(list, t)
}

func under(list []ir.TableExpr, t *ir.TableRef) bool {
	found := false
	for _, x := range list {
		ir.Walk(x, func(n ir.Node) bool {
			if _, sub := n.(ir.Query); sub {
				return false
			}
			found = found || n == ir.Node(t)
			return !found
		})
	}
	return found
}

// block gives the accesses of a block their conditions and what order is wanted of them.
func (f *finder) block(b ir.Query, k *sem.Block) {
	var from []ir.TableExpr
	var where ir.Expr
	var order []ir.OrderItem
	var limit ir.Expr
	switch n := b.(type) {
	case *ir.Select:
		from, where = n.From, n.Where
		if n.GroupBy == nil && !n.Distinct && n.DistinctOn == nil && n.Having == nil {
			order, limit = n.OrderBy, n.Limit
		}
	case *ir.Update:
		from, where, order, limit = append(append([]ir.TableExpr(nil), n.Tables...), n.From...), n.Where, n.OrderBy, n.Limit
	case *ir.Delete:
		if !n.Multi {
			for _, t := range n.Tables {
				from = append(from, t)
			}
		}
		from, where, order, limit = append(from, n.From...), n.Where, n.OrderBy, n.Limit
	case *ir.Merge:
		from = []ir.TableExpr{n.Table, n.Source}
		where = n.On
	default:
		return
	}
	var all []place
	for _, t := range from {
		all = append(all, f.from(t)...)
	}
	for _, c := range rule.Conjuncts(where) {
		f.give(all, c)
	}
	f.sorted(k, order, limit)
}

// place is a relation of FROM: an access, or a query in FROM whose own accesses the conditions reach.
type place struct {
	access  *Access
	derived *ir.Derived
	columns rel.ColSet
	padded  bool
}

// from gives the conditions of joins to what they join.
func (f *finder) from(t ir.TableExpr) []place {
	switch t := t.(type) {
	case *ir.TableRef:
		if a := f.byRef[t]; a != nil {
			return []place{{access: a, columns: a.Relation.Columns}}
		}
	case *ir.Derived:
		if r := f.q.Relation(t); r != nil {
			return []place{{derived: t, columns: r.Columns}}
		}
	case *ir.Join:
		l, r := f.from(t.L), f.from(t.R)
		reach := append(append([]place(nil), l...), r...)
		switch t.Kind {
		case ir.LeftJoin:
			reach = pad(r)
			r = reach
		case ir.RightJoin:
			reach = pad(l)
			l = reach
		case ir.FullJoin:
			reach, l, r = nil, pad(l), pad(r)
		}
		for _, c := range rule.Conjuncts(t.On) {
			f.give(reach, c)
		}
		f.using(t, l, r, reach)
		return append(append([]place(nil), l...), r...)
	}
	return nil
}

func pad(list []place) []place {
	out := append([]place(nil), list...)
	for i := range out {
		out[i].padded = true
		if a := out[i].access; a != nil {
			a.Padded = true
		}
	}
	return out
}

// give tells each place what a condition says of it. What a subquery that has to give a row says of it counts too.
func (f *finder) give(to []place, c ir.Expr) {
	if x, ok := c.(*ir.Exists); ok {
		if s, ok := x.Query.(*ir.Select); ok && s.GroupBy == nil && s.Having == nil && s.Limit == nil {
			for _, inner := range rule.Conjuncts(s.Where) {
				f.give(to, inner)
			}
			for _, t := range s.From {
				f.inner(to, t)
			}
		}
		return
	}
	for _, p := range to {
		conds := f.classify(c, p.columns, true)
		if p.derived != nil {
			f.push(p, conds)
			continue
		}
		for _, x := range conds {
			if x.Op == Null && p.padded {
				continue // it asks for rows that are not there
			}
			p.access.Conds = append(p.access.Conds, x)
		}
	}
}

// inner gives the conditions of a subquery's inner joins.
func (f *finder) inner(to []place, t ir.TableExpr) {
	if j, ok := t.(*ir.Join); ok && j.Kind == ir.InnerJoin {
		for _, c := range rule.Conjuncts(j.On) {
			f.give(to, c)
		}
		f.inner(to, j.L)
		f.inner(to, j.R)
	}
}

// push gives conditions on a query in FROM to the tables in it, where planners do the same.
func (f *finder) push(p place, conds []Cond) {
	s, ok := p.derived.Query.(*ir.Select)
	k := f.q.Block(p.derived.Query)
	r := f.q.Relation(p.derived)
	if k == nil || r == nil {
		return
	}
	cols := r.Node.Props().Cols
	plain := ok && s.GroupBy == nil && s.Having == nil && !s.Distinct && s.DistinctOn == nil && s.Limit == nil && s.Offset == nil && len(cols) == len(k.Columns)
	for _, c := range conds {
		if c.Column == nil || c.Wrap != Bare {
			continue
		}
		for i, id := range cols {
			if id != c.ID {
				continue
			}
			for _, a := range f.list {
				if !plain {
					a.inner = a.inner || within(a.Block, k)
					continue
				}
				if a.Block == k && a.Relation.Columns.Has(k.Columns[i].ID) {
					inner := c
					inner.ID = k.Columns[i].ID
					if col := f.q.ByID(inner.ID); col.Source != nil {
						inner.Column = col.Source
						a.Conds = append(a.Conds, inner)
					}
				} else {
					a.inner = a.inner || within(a.Block, k)
				}
			}
		}
	}
}

func within(k, outer *sem.Block) bool {
	for ; k != nil; k = k.Parent {
		if k == outer {
			return true
		}
	}
	return false
}

// using adds the equations of USING and NATURAL.
func (f *finder) using(j *ir.Join, l, r, reach []place) {
	var names []string
	for _, u := range j.Using {
		names = append(names, u.Name)
	}
	if j.Natural {
		for _, a := range l {
			a.columns.Each(func(id rel.ColID) { names = append(names, f.q.ByID(id).Name) })
		}
	}
	for _, name := range names {
		a, b := f.named(l, name), f.named(r, name)
		if a == 0 || b == 0 {
			continue
		}
		for _, p := range reach {
			for _, pair := range [2][2]rel.ColID{{a, b}, {b, a}} {
				if p.access == nil || !p.columns.Has(pair[0]) {
					continue
				}
				if col := f.q.ByID(pair[0]); col.Source != nil {
					c := Cond{X: j, Column: col.Source, ID: pair[0], Op: Equal, Operator: "=", Needs: rel.MakeColSet(pair[1])}
					if other := f.q.ByID(pair[1]); other.Source != nil && Casts(f.q.Package.Engine, col.Type, other.Type) {
						c.Wrap, c.Other = Coerced, other.Type
					}
					p.access.Conds = append(p.access.Conds, c)
				}
			}
		}
	}
}

func (f *finder) named(list []place, name string) (found rel.ColID) {
	for _, p := range list {
		p.columns.Each(func(id rel.ColID) {
			if c := f.q.ByID(id); found == 0 && (c.Name == name || f.q.Package.Traits.CaselessNames && fold(c.Name) == fold(name)) && (c.Source == nil || !c.Source.Hidden) {
				found = id
			}
		})
	}
	return found
}

// sorted notes what order is wanted of which access.
func (f *finder) sorted(k *sem.Block, order []ir.OrderItem, limit ir.Expr) {
	var of *Access
	var list []Sort
	for _, o := range order {
		c := f.q.Column(f.item(k, o.X))
		if c == nil || c.Source == nil || o.Using != "" {
			return
		}
		a := ByID(f.blocks[k], f.q.Value(f.item(k, o.X)).Column)
		if a == nil || of != nil && a != of {
			return
		}
		of = a
		list = append(list, Sort{Column: c.Source, Desc: o.Desc, Nulls: o.Nulls})
	}
	if of != nil {
		of.Order, of.Limit = list, limit
	}
}

// item is what ORDER BY's x means: an item of the select list where it is its position or alias.
func (f *finder) item(k *sem.Block, x ir.Expr) ir.Expr {
	s, ok := k.Query.(*ir.Select)
	if !ok {
		return x
	}
	switch x := x.(type) {
	case *ir.Literal:
		if i := position(x); i >= 1 && i <= len(s.Items) {
			return s.Items[i-1].X
		}
	case *ir.ColumnRef:
		if len(x.Parts) == 1 && f.q.Value(x).Column == 0 {
			for _, it := range s.Items {
				if it.Alias != nil && fold(it.Alias.Name) == fold(x.Parts[0].Name) {
					return it.X
				}
				if ref, ok := it.X.(*ir.ColumnRef); ok && it.Alias == nil && fold(ref.Parts[len(ref.Parts)-1].Name) == fold(x.Parts[0].Name) {
					return it.X
				}
			}
		}
	}
	return x
}
