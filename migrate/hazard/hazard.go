// Package hazard judges migrations before they run: what each statement locks, reads, writes anew and destroys in the schema that it
// meets, what of that is dangerous on a database that is in use, and what to write in its place.
//
// Lint is the whole of it for those who show findings. Statements gives the effects themselves, for those who tell people what
// is about to happen (migrate apply).
package hazard

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// Options are what is known beside the migration and the schema. The zero Options are right where nothing is.
type Options struct {
	// Version is the server's, as plan.Options has it.
	Version int
	// Empty tells whether a table is known to hold no rows: nothing is said of work and locks on it. Nil: none is.
	Empty func(schema, table string) bool
	// LockTimeout: whoever runs the migration sets a lock_timeout by himself.
	LockTimeout bool
	// TimeZone is that of the session that will run the migration, "" where it is not known.
	TimeZone string
	// Queries are the compiled queries of the application, for what they use.
	Queries []*facts.Query
}

// Statement is a statement of a migration with what it does.
type Statement struct {
	file.Statement
	// Tree is nil where the engine's parser did not take the text; Problems say why.
	Tree     ir.Statement
	Problems diag.List
	effect.Effect
	// At is the statement's first line, for findings.
	At source.Span
	// Transaction numbers the transaction that the statement runs in; 0: it runs by itself.
	Transaction int
	// Quiet are the tables of the effect that the migration made itself or that are empty.
	Quiet map[effect.Table]bool

	// The schema that it met.
	schema *catalog.Snapshot
}

// Lint judges one way of a migration (its Up, or its Down) against the schema that it will meet, which is read only. Findings are
// in the order of the file. Errors are statements that can not work; warnings are what hurts a database in use; notes are
// worth knowing.
func Lint(side file.Side, before *catalog.Snapshot, o Options) diag.List {
	w, after := walk(side, before, o)
	return judged(side, w, before, after, o)
}

func judged(side file.Side, w []Statement, before, after *catalog.Snapshot, o Options) diag.List {
	l := &lint{Options: o, side: side, engine: before.Engine, statements: w, before: before, after: after, told: map[*Statement]bool{}}
	l.judge()
	return l.found.Sorted()
}

// Judged is what a side does and what is wrong with it.
type Judged struct {
	Statements []Statement
	Found      diag.List
}

// Run judges sides that run one behind the other in one go, as Lint does each: of a table that one makes, fills or renames the later
// ones know.
func Run(sides []file.Side, before *catalog.Snapshot, o Options) []Judged {
	out := make([]Judged, len(sides))
	f := follow(before, o)
	for i, side := range sides {
		if f == nil || side.File == nil {
			continue
		}
		met := catalog.Clone(f.schema)
		w := f.side(side)
		out[i] = Judged{w, judged(side, w, met, f.schema, o)}
	}
	return out
}

// Statements are the statements of a side with their effects, each in the schema that the ones before it leave.
func Statements(side file.Side, before *catalog.Snapshot, o Options) []Statement {
	w, _ := walk(side, before, o)
	return w
}

// Held are the relations that a statement locks, strongest first, without those that it makes itself.
func (s *Statement) Held() []effect.Lock {
	var out []effect.Lock
	for _, l := range s.Locks {
		if !l.New {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b effect.Lock) int { return int(b.Mode) - int(a.Mode) })
	return out
}

// quiet tells whether nothing is to be said of work on a table.
func (s *Statement) quiet(t effect.Table) bool { return t != effect.Table{} && s.Quiet[t] }

// After is the schema that a side leaves, by its statements alone.
func After(side file.Side, before *catalog.Snapshot, o Options) *catalog.Snapshot {
	_, after := walk(side, before, o)
	return after
}
