package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

// tallies are what a block has seen before a call's arguments are bound.
type tallies struct {
	aggregates, windows, sets int
	bare                      []int // of the block and those around it
}

func (s *scope) tallies() tallies { return tallies{s.aggregates, s.windowCalls, s.sets, s.bareMarks()} }

// nested reports windows and functions of several rows inside an aggregate's or a window
// function's arguments.
func (b *binder) nested(x *ir.FuncCall, aggregate bool, before tallies, s *scope) {
	if aggregate && !x.Star && len(x.Args) == 0 && len(x.Within) == 0 && b.traits.ResolvesUnknown {
		b.report(diag.New(diag.NoFunctionMatch, x.Span(), "an aggregate over whole rows is written %s(*)", x.Name.Last()))
	}
	switch {
	case !aggregate && x.Over == nil:
	case s.windowCalls > before.windows:
		b.report(diag.New(diag.MisplacedAggregate, x.Span(), "%s can not have a window function among its arguments", x.Name.Last()))
	case s.sets > before.sets && b.traits.SetsAnywhere:
		b.report(diag.New(diag.MisplacedAggregate, x.Span(), "%s can not have a function of several rows among its arguments", x.Name.Last()))
	}
}

// placeSet checks where a function that yields several rows stands.
func (b *binder) placeSet(x *ir.FuncCall, s *scope) {
	s.setReturning = true
	s.sets++
	switch {
	case !b.traits.SetsAnywhere:
		b.report(diag.New(diag.UnknownFunction, x.Name.Span(), "%s is a table; it stands in FROM", x.Name.Last()))
	case s.clause == inWhere, s.clause == inHaving, s.clause == inLimit, s.clause == inSet, s.clause == inReturning:
		b.report(diag.New(diag.MisplacedAggregate, x.Span(), "%s yields several rows and can not stand in %s", x.Name.Last(), s.clause))
	}
}

// noSets reports functions of several rows in what is bound until the returned function runs.
func (b *binder) noSets(s *scope, at ir.Node, where string) func() {
	before := s.sets
	return func() {
		if s.sets > before && b.traits.SetsAnywhere {
			b.report(diag.New(diag.MisplacedAggregate, at.Span(), "a function of several rows can not stand in %s", where))
		}
	}
}

// groupingArguments checks that what GROUPING is asked of are grouping expressions.
func (b *binder) groupingArguments(x *ir.FuncCall, args []value, s *scope) {
	if anyBad(args...) {
		return
	}
	for i := range x.Args {
		if s.group != nil && (args[i].col != nil && s.group.cols.Has(args[i].col.id) || s.group.exprs[b.print(x.Args[i].X, s)].id != 0) {
			continue
		}
		b.report(diag.New(diag.GroupingError, x.Args[i].X.Span(), "GROUPING asks for an expression of GROUP BY"))
		return
	}
}

// checkLocks reports locks on rows that are no table's.
func (b *binder) checkLocks(q *ir.Select, s *scope) {
	if len(q.Locking) == 0 || !b.traits.LocksPlainRows {
		return
	}
	what := ""
	switch {
	case q.Distinct:
		what = "DISTINCT"
	case s.group != nil:
		what = "GROUP BY"
	case q.Having != nil:
		what = "HAVING"
	case s.aggregates > 0:
		what = "aggregates"
	case s.windowed:
		what = "window functions"
	case s.setReturning:
		what = "functions of several rows in the select list"
	default:
		return
	}
	b.notLockable(&q.Locking[0], what)
}

func (b *binder) notLockable(l *ir.Lock, what string) {
	b.report(diag.New(diag.GroupingError, l.Span(), "FOR %s locks rows of tables; it does not go with %s", l.Strength, what))
}

// checkDistinctOrder reports an ORDER BY over what SELECT DISTINCT does not show.
func (b *binder) checkDistinctOrder(q *ir.Select, cols []*column, s *scope) {
	if !q.Distinct || len(q.DistinctOn) > 0 || !b.traits.DistinctOrders {
		return
	}
	shown := map[string]bool{}
	for i := range q.Items {
		if _, star := q.Items[i].X.(*ir.Star); !star {
			shown[b.print(q.Items[i].X, s)] = true
		}
	}
	var ids rel.ColSet
	for _, c := range cols {
		ids = ids.With(c.id)
	}
	for i := range q.OrderBy {
		x := q.OrderBy[i].X
		switch x := x.(type) {
		case *ir.Literal:
			continue
		case *ir.ColumnRef:
			if len(x.Parts) == 1 && outputNamed(cols, x.Parts[0].Name, b.traits.CaselessNames) {
				continue
			}
			mark := len(b.diags)
			v := b.expr(x, s)
			b.diags = b.diags[:mark]
			if v.bad || v.col != nil && ids.Has(v.col.id) {
				continue
			}
		}
		if !shown[b.print(x, s)] {
			b.report(diag.New(diag.GroupingError, x.Span(), "SELECT DISTINCT is ordered by what its list does not show"))
			return
		}
	}
}

// checkWindows reports a window's name that is given twice.
func (b *binder) checkWindows(list []ir.Window) {
	for i := range list {
		for j := range i {
			if list[i].Name != nil && list[j].Name != nil && sameName(list[i].Name.Name, list[j].Name.Name, b.traits.CaselessNames) {
				b.report(diag.New(diag.DuplicateAlias, list[i].Name.Span(), "window %q is defined twice", list[i].Name.Name).WithLabel(list[j].Name.Span(), "the first time"))
			}
		}
	}
}

// isAggregate tells whether a signature is an aggregate's.
func isAggregate(sig dialect.Signature) bool {
	return sig.Kind == catalog.Aggregate || sig.Kind == catalog.OrderedSet
}

// topLevelWrites reports statements that change data in a WITH that is not the statement's own.
func (b *binder) topLevelWrites(w *ir.With) {
	for i := range w.CTEs {
		switch q := w.CTEs[i].Query.(type) {
		case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge:
			b.report(diag.New(diag.MisplacedAggregate, q.Span(), "a WITH that changes data belongs to the whole statement"))
		}
	}
}

// orderBranches checks what orders a set operation: it has the names and positions of the
// output only (PostgreSQL), no constants (SQLite).
func (b *binder) orderBranches(list []ir.OrderItem, cols []*column) {
	for i := range list {
		switch x := list[i].X.(type) {
		case *ir.Literal:
			if x.Kind != ir.Integer && b.traits.UntypedSetOps {
				b.report(diag.New(diag.TypeMismatch, x.Span(), "a constant does not order a set operation"))
			}
		case *ir.ColumnRef:
		case *ir.FuncCall:
			if b.traits.SetOpsOrderByName {
				b.notOrdering(x)
			}
		default:
			if b.traits.SetOpsOrderByName {
				b.notOrdering(x)
			}
		}
	}
}

func (b *binder) notOrdering(x ir.Expr) {
	b.report(diag.New(diag.UnknownColumn, x.Span(), "a set operation is ordered by the names and positions of its columns").
		WithHelp("put it into FROM and order that"))
}

// twins reports a * over two relations of one name that share a column: its text can not say
// which is meant (SQLite).
func (b *binder) twins(x *ir.Star, s *scope) {
	if !b.traits.DuplicateAliases {
		return
	}
	seen := map[string]*relation{}
	for _, f := range s.frames {
		for _, r := range f.rels {
			first := seen[fold(r.name, b.traits.CaselessNames)]
			seen[fold(r.name, b.traits.CaselessNames)] = r
			if first == nil || r.name == "" {
				continue
			}
			for _, c := range r.cols {
				for _, d := range first.cols {
					if sameName(c.name, d.name, b.traits.CaselessNames) {
						b.report(diag.New(diag.AmbiguousColumn, x.Span(), "* shows column %q of two relations that are called %q", c.name, r.name))
						return
					}
				}
			}
		}
	}
}
