package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

// Query is what a rule sees of one query: what is known of it as a whole (facts.Query), its tree, and what became of
// each node of it.
type Query struct {
	*facts.Query
	// Whole is the query as it is written. Of one with optional parts Query is one variant, and what Whole says of rows holds of all.
	Whole   *facts.Query
	Package *Package

	rule  *Rule
	found *diag.List
	// variants are those of a query with optional parts that are judged, the query alone of one without.
	variants []*facts.Query
}

// Optional tells whether a node stands in a part of the query that may be left out. Of nil it tells whether there is such a part.
func (q *Query) Optional(n ir.Node) bool {
	if len(q.variants) < 2 || n == nil {
		return len(q.variants) > 1
	}
	there := false
	ir.Walk(q.variants[len(q.variants)-1].Tree, func(c ir.Node) bool {
		there = there || c.Span() == n.Span()
		return !there
	})
	return !there
}

// At is a finding of the rule at a node, to be completed (WithLabel, WithHelp, WithFix) and added.
func (q *Query) At(n ir.Node, format string, args ...any) diag.Diagnostic {
	d := diag.New(q.rule.Code, n.Span(), format, args...)
	d.Query = q.Name
	return d
}

// AtName is a finding about the query as a whole, at its name.
func (q *Query) AtName(format string, args ...any) diag.Diagnostic {
	d := diag.New(q.rule.Code, q.Source.Header.NameSpan, format, args...)
	d.Query = q.Name
	return d
}

// Add reports a finding.
func (q *Query) Add(d diag.Diagnostic) { q.found.Add(d) }

// Value is what became of an expression; never nil.
func (q *Query) Value(x ir.Expr) *sem.Value {
	if v := q.Bound.Value(x); v != nil {
		return v
	}
	return &sem.Value{Null: types.Nullability{Null: types.Maybe}}
}

// MayBeNull tells whether an expression is not proved to be never NULL.
func (q *Query) MayBeNull(x ir.Expr) bool { return !q.Value(x).Null.IsNever() }

// Column is the column that an expression plainly is, nil where it is something else. Column.Source is set where it is a
// table's.
func (q *Query) Column(x ir.Expr) *rel.Column {
	if id := q.Value(x).Column; id != 0 {
		return q.ByID(id)
	}
	return nil
}

// ByID is what a column's id stands for.
func (q *Query) ByID(id rel.ColID) *rel.Column { return q.Rel.Props().Meta.Column(id) }

// Param is the argument that a parameter stands for; nil where there is none.
func (q *Query) Param(x *ir.Param) *sem.Param {
	if x.Ref < 0 || x.Ref >= len(q.Source.Params) {
		return nil
	}
	number := q.Source.Params[x.Ref].Number
	for i := range q.Params {
		if q.Params[i].Number == number {
			return &q.Params[i]
		}
	}
	return nil
}

// Block is what became of a query, and Relation of an item of FROM; nil where it was not bound.
func (q *Query) Block(x ir.Query) *sem.Block { return q.Bound.Block(x) }

// Relation is what became of an item of FROM or of a written table; nil for a join.
func (q *Query) Relation(t ir.TableExpr) *sem.Relation { return q.Bound.Relation(t) }

// Outer are the columns of blocks around that an expression of block k reads.
func (q *Query) Outer(x ir.Expr, k *sem.Block) rel.ColSet {
	var out rel.ColSet
	q.Value(x).Uses.Each(func(id rel.ColID) {
		for at := k.Parent; at != nil; at = at.Parent {
			if q.Bound.Owner(id) == at {
				out = out.With(id)
			}
		}
	})
	return out
}

// Text is a node as the user wrote it, on one line, cut where it is long.
func (q *Query) Text(n ir.Node) string {
	s := strings.Join(strings.Fields(n.Span().Text()), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "…"
	}
	return s
}
