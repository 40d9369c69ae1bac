package sem

import (
	"github.com/covetsql/covetsql/compiler/dialect"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// column is a column in scope, or of a query's output.
type column struct {
	name string
	id   rel.ColID
	typ  types.Type
	// null leaves the paddings out: it is the nullability in rows that are really there.
	null types.Nullability
	pads []*pad
	// padded tells that an outer join as written can miss the column's relation.
	padded bool
	table  *catalog.Table
	source *catalog.Column
	rel    *relation
	hidden bool
	// merges are the two columns that USING merged into this one, where it is neither.
	merges []*column
	// constant marks one of a subquery or view that is computed of constants, or of columns around it, where padding does
	// not keep such a value from being compared (dialect.Traits.ConstantsPassPadding).
	constant bool
	// argument marks one of the function whose body is being bound: a constant there.
	argument bool
	// params and lit let an untyped column of a subquery take its type from outside.
	params               []int
	lit                  *ir.Literal
	elemNever, elemMaybe bool
	fields               []*catalog.Column
	json                 *JSON
	// digits is a value's, where the column is one computed in a subquery.
	digits int
	// class is of what it holds, whatever it is declared for.
	class dialect.Class

	// Of output columns only:
	expr      ir.Expr
	strict    rel.ColSet     // as that of the item's value
	byColumns bool           // a row's columns determine it
	wants     rel.ColSet     // of a plain column what must be proved for it not to be NULL; empty: unknown
	item      *ir.SelectItem // in a set operation that of the first branch
	fromStar  bool
	derived   bool // the engine made the name up
	alias     string
	embed     int
	embedNull types.Nullability
}

// pad is one outer join's effect on the columns of a side that it may fill with NULLs.
type pad struct {
	id   rel.ColID
	null types.Nullability
}

// relation is one named item of FROM.
type relation struct {
	name, schema string
	at           source.Span
	table        *catalog.Table // of a base table or view
	cols         []*column
	hidden       []*column
	row          rel.ColID // identity of its rows
	node         rel.Node
	// plain tells that it is all rows of its table, changed that the statement changes them, only
	// that there are none of child tables.
	plain, changed, only bool
	// checks are its table's CHECK constraints that say something of NULLs, facts what is known
	// of all its rows that are there.
	checks []ir.Expr
	facts  rel.ColSet
	// uniques are its unique indexes over expressions, and over some of the rows.
	uniques []uniqueKey
	// function marks a function in FROM, defined one whose columns the query defines: its rows are records, even those of one
	// column.
	function, defined bool
	// bad marks a relation that does not exist: any column may be asked of it.
	bad bool
	// typ is the composite type of its rows, where it has a name.
	typ types.Type
	// pads are those of all its columns: a row is missing as a whole.
	pads []*pad
}

// frame is a bound table expression.
type frame struct {
	rels []*relation
	// cols are what * shows, in order: merged columns of USING come once.
	cols []*column
	node rel.Node
}

// env is a chain of common table expressions.
type env struct {
	parent *env
	name   string
	cte    *cte
}

func (e *env) find(name string, caseless bool) *cte {
	for ; e != nil; e = e.parent {
		if sameName(e.name, name, caseless) {
			return e.cte
		}
	}
	return nil
}

// known is what a condition proved about columns while an expression under it is bound.
type known struct {
	notNull, dead rel.ColSet
}

// scope is what one query block can name.
type scope struct {
	parent *scope
	env    *env
	frames []*frame
	known  known
	local  rel.ColSet
	// order is the ORDER BY that was bound last, orderCols the columns that it names (sortedBy).
	order     []ir.OrderItem
	orderCols []rel.ColID
	// clause is where in the block the binder stands.
	clause clause
	// inAggregate counts aggregate calls around the expression being bound.
	inAggregate int
	// loose tells that columns stand bare where ANY_VALUE or a condition that is decided lets them, or
	// that a subquery reads them.
	loose      bool
	aggregates int // aggregate calls seen
	// summed counts the aggregates of HAVING whose arguments are being bound for the first time.
	summed int
	// losesRows: windows of the block may not find a row that is there (dialect.Traits.GroupsLoseRows).
	losesRows bool
	// losesWindows: what is computed of windows of the block may be NULL (dialect.Traits.GroupsLoseWindows).
	losesWindows bool
	// overAggregates are those of them that stand within window functions.
	overAggregates int
	// overArguments counts window functions whose arguments are being bound.
	overArguments int
	items         []ir.SelectItem
	// whole is the expression being bound that is a whole item of the select list, ORDER BY or a window.
	whole      ir.Expr
	aliasDepth int
	group      *grouping
	// empty marks a block that aggregates without GROUP BY: its bare columns have no row.
	empty bool
	// relied: a subquery is taken to run for a row, which there is none of if the block aggregates.
	relied bool
	// oneGroup: aggregates or HAVING without GROUP BY make one group, with a row or without.
	oneGroup bool
	bare     []bareRef
	having   []bareRef // those of HAVING, where it sees what is selected only
	windows  []ir.Window
	windowed bool
	// windowCalls counts window functions seen.
	windowCalls int
	// kept is what HAVING proved of the groups that it leaves.
	kept rel.ColSet
	// nonEmpty: what the block reads has at least one row; void: it never has one.
	nonEmpty, void bool
	// absentQueries counts the subqueries that the rows of ROLLUP have no group for.
	absentQueries int
	// filled is the fact that the group has a row; 0 where nothing proves it.
	filled rel.ColID
	// fallback are frames whose columns may be named without qualifier where no other has
	// the name.
	fallback []*frame
	// setReturning: an item of the select list yields several rows.
	setReturning bool
	// sets counts the calls that yield several rows, in items and what orders them;
	// setColumns are the output columns with such a call in them.
	sets       int
	setColumns []int
}

// clause is a part of a query block.
type clause uint8

const (
	inFrom clause = iota
	inWhere
	inGroupBy
	inItems
	inHaving
	inOrderBy
	inLimit
	inValues
	inSet
	inReturning
)

func (c clause) String() string {
	return [...]string{"FROM", "WHERE", "GROUP BY", "the select list", "HAVING", "ORDER BY", "LIMIT", "VALUES", "SET", "RETURNING"}[c]
}

// grouped tells whether the clause sees groups rather than rows.
func (c clause) grouped() bool { return c == inItems || c == inHaving || c == inOrderBy }

func sameName(a, b string, caseless bool) bool {
	return a == b || caseless && len(a) == len(b) && strings.EqualFold(a, b)
}

// push adds a frame to what the scope can name.
func (s *scope) push(f *frame) {
	s.frames = append(s.frames, f)
	for _, r := range f.rels {
		s.local = s.local.With(r.row)
		for _, c := range r.cols {
			s.local = s.local.With(c.id)
		}
		for i := range r.uniques {
			s.local = s.local.Union(r.uniques[i].parts)
		}
	}
	for _, c := range f.cols {
		s.local = s.local.With(c.id)
	}
}

// nullOf is the nullability of c as the scope sees it now.
func (s *scope) nullOf(c *column) types.Nullability {
	if s.known.notNull.Has(c.id) {
		return types.NotNull
	}
	for _, p := range c.pads {
		if !s.known.dead.Has(p.id) {
			return p.null
		}
	}
	return c.null
}

// given runs f while the columns of set are known not to be NULL, in s and the scopes
// around it.
func (b *binder) given(s *scope, set rel.ColSet, f func()) {
	if set.Empty() {
		f()
		return
	}
	set = b.closed(set.Union(s.known.notNull))
	saved := make([]known, 0, 4)
	for t := s; t != nil; t = t.parent {
		saved = append(saved, t.known)
		t.known.notNull = t.known.notNull.Union(set)
		t.known.dead = t.known.dead.Union(set) // paddings have ids of their own in it
	}
	f()
	i := 0
	for t := s; t != nil; t = t.parent {
		t.known = saved[i]
		i++
	}
}

func (f *frame) eachColumn(do func(*column)) {
	for _, r := range f.rels {
		for _, c := range r.cols {
			do(c)
		}
		for _, c := range r.hidden {
			do(c)
		}
	}
	for _, c := range f.cols {
		if c.rel == nil { // a merged column
			do(c)
		}
	}
}

// reject makes known for good that the columns of set are not NULL. A set that a predicate
// proves holds the ids of paddings too: those do not occur where it is true, so that all
// the columns they would make NULL are what they are without them.
func reject(frames []*frame, set rel.ColSet) {
	if set.Empty() {
		return
	}
	dead := false
	for _, f := range frames {
		for _, r := range f.rels {
			if len(r.checks) > 0 {
				r.facts = r.facts.Union(set)
			}
		}
		f.eachColumn(func(c *column) {
			if set.Has(c.id) {
				c.null = types.NotNull
			}
			for _, p := range c.pads {
				dead = dead || set.Has(p.id)
			}
		})
	}
	if !dead {
		return
	}
	for _, f := range frames {
		f.eachColumn(func(c *column) { c.pads = alive(c.pads, set) })
		for _, r := range f.rels {
			r.pads = alive(r.pads, set)
		}
		effective(f.node, set)
	}
}

func alive(pads []*pad, dead rel.ColSet) []*pad {
	if len(pads) == 0 {
		return pads
	}
	var out []*pad
	for _, p := range pads {
		if !dead.Has(p.id) {
			out = append(out, p)
		}
	}
	return out
}

// effective notes on the joins what the predicates above left of them.
func effective(n rel.Node, dead rel.ColSet) {
	j, ok := n.(*rel.Join)
	if !ok {
		return
	}
	l, r := dead.Has(j.PadL), dead.Has(j.PadR)
	switch {
	case j.Effective == rel.Left && r, j.Effective == rel.Right && l, j.Effective == rel.Full && l && r:
		j.Effective = rel.Inner
	case j.Effective == rel.Full && r: // no row without its right side's partner: L's padding is left
		j.Effective = rel.Right
	case j.Effective == rel.Full && l:
		j.Effective = rel.Left
	}
	effective(j.L, dead)
	effective(j.R, dead)
}

// notNull are the columns of frames that are never NULL now.
func notNullOf(frames ...*frame) rel.ColSet {
	var out rel.ColSet
	for _, f := range frames {
		f.eachColumn(func(c *column) {
			if len(c.pads) == 0 && c.null.IsNever() {
				out = out.With(c.id)
			}
		})
	}
	return out
}

// outerColumns are the columns of the blocks around s.
func (s *scope) outerColumns() rel.ColSet {
	var out rel.ColSet
	for t := s.parent; t != nil; t = t.parent {
		for _, f := range t.frames {
			for _, c := range f.cols {
				out = out.With(c.id)
			}
		}
	}
	return out
}
