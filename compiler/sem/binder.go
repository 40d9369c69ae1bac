package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// binder holds the state of one statement's analysis.
type binder struct {
	in     *catalog.Snapshot
	d      dialect.Dialect
	sem    dialect.Semantics
	traits dialect.Traits
	opt    Options
	src    *token.Statement // nil for queries of the schema

	diags     diag.List
	jsonDepth int
	// mistaken: an error was found, even if it passes as a warning.
	mistaken bool
	// constants are columns that are computed of constants, where that matters.
	constants rel.ColSet
	meta      *rel.Metadata
	// bound are the columns that references turned out to be.
	bound map[*ir.ColumnRef]*column
	edits map[source.Span]string // star expansions

	params []param
	occurs []occurrence // by token.ParamRef
	place  *place       // where the expression being bound stands
	// args are the arguments of the function whose body is being bound, nil elsewhere.
	args *relation
	// nullableArgs are parameters that a first pass found to take NULL.
	nullableArgs map[int]bool

	// touched are the columns referred to since a subquery began.
	touched rel.ColSet

	// tokens are ids for computed expressions, by print: a condition that proves one not to be
	// NULL proves it for the same expression elsewhere in the block.
	tokens map[string]rel.ColID
	// indexed are ids for what unique indexes compute, by print.
	indexed map[string]rel.ColID
	// printsIndexed: an expression is printed to be held against those.
	printsIndexed bool

	// implied are what follows from what a predicate proves.
	implied []implication
	// guarded are the relations with CHECK constraints that say something of NULLs, facts what
	// can be known of their columns.
	guarded []*relation
	facts   map[rel.ColID]*facts
	// locking counts the queries around that lock the rows they read.
	locking int

	// notes are kept where Options.Bound asks for them, nil elsewhere.
	notes *Bound

	scratch *Scratch // what is needed no longer than the bound tree stands there

	effects Effects
	depth   int
	// upsert is the query of an INSERT whose ON DUPLICATE KEY may name what it reads, upsertFrom its frames once FROM is bound.
	upsert     *ir.Select
	upsertFrom []*frame
	// rowAt is the row that may stand where the next expression is bound.
	rowAt ir.Expr
	// keepsUnknown: the query being bound is a branch or a source whose columns get their types outside.
	keepsUnknown bool
	// testing counts the conditions of CASE and IF around what is being bound.
	testing int
	// unsteady counts what was bound that may differ from one evaluation to the next.
	unsteady int
	// moody are the subqueries that call volatile functions: written twice they are two values.
	moody map[ir.Query]bool
	// leaks are columns that a value of their NOT NULL domain is stored in which may be NULL.
	leaks map[*catalog.Column]bool
}

func newBinder(src *token.Statement, in *catalog.Snapshot, d dialect.Dialect, o Options) *binder {
	scratch := o.Scratch
	if scratch == nil {
		scratch = new(Scratch)
	}
	scratch.begin()
	b := &scratch.binder
	*b = binder{in: in, d: d, sem: o.Semantics, traits: d.Traits(), opt: o, src: src, meta: scratch.meta, scratch: scratch}
	if b.sem == nil {
		b.sem = d.Semantics(in)
	}
	if o.Bound {
		b.notes = newBound()
	}
	b.numberParams()
	return b
}

// bind notes what a reference turned out to be; only the names of parameters ask for it.
func (b *binder) bind(x *ir.ColumnRef, c *column) {
	if len(b.occurs) == 0 {
		return
	}
	if b.bound == nil {
		b.bound = map[*ir.ColumnRef]*column{}
	}
	b.bound[x] = c
}

// report adds a diagnostic.
func (b *binder) report(d diag.Diagnostic) {
	if b.src != nil && b.src.Header != nil {
		d.Query = b.src.Header.Name
	}
	b.mistaken = b.mistaken || d.Severity == diag.Error
	if b.opt.Tolerant && tolerated[d.Code] {
		d.Severity = diag.Warning
	}
	b.diags = append(b.diags, d)
}

// boundary settles what a query leaves untyped where the engine then decides: PostgreSQL
// makes text of an unknown literal or parameter in a derived table's or the outermost
// select list.
func (b *binder) boundary(cols []*column) {
	for _, c := range cols {
		if c.source != nil || c.typ.Known() && c.typ.Kind != types.Unknown {
			continue
		}
		t := b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown})
		if t.Known() && t.Kind != types.Unknown && (c.lit != nil || len(c.params) > 0 || c.typ.Kind == types.Unknown) {
			b.typeParams(c.params, t, c.expr)
			c.typ = t
		}
	}
}

// tooDeep guards the recursion over nested queries and expressions.
func (b *binder) tooDeep(at source.Span) bool {
	if b.depth < maxDepth {
		return false
	}
	if b.depth == maxDepth {
		b.depth++
		b.report(diag.New(diag.TooDeep, at, "the statement is nested more than %d levels deep", maxDepth))
	}
	return true
}

const maxDepth = 10000
