package compiler

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/token"
)

// queryRun compiles statements of query files, in parallel and some at a time: until then a statement is its tokens, which are
// several times its text.
type queryRun struct {
	c       *compilation
	p       *Package
	options sem.Options
	scratch []sem.Scratch // one a worker
	waiting []unit
	done    []outcome
}

// unit is a statement that is to be compiled, and the name and number of its file.
type unit struct {
	stmt *token.Statement
	file int
	name string
}

// outcome is what became of a statement: compiled, or taken from it, or neither.
type outcome struct {
	header   *token.Header
	file     int
	compiled *facts.Query
	taken    any
	problems diag.List
}

// maxWaiting is how many statements wait to be compiled together.
const maxWaiting = 2048

func (c *compilation) queryRun(p *Package) *queryRun {
	return &queryRun{c: c, p: p, scratch: make([]sem.Scratch, workers(maxWaiting)), options: sem.Options{
		LaxFunctions: c.lax(p), Tolerant: !p.Strict, PlainAliases: !p.Strict, LaxOrderBy: off(p.Config.StrictOrderBy),
		NullElements: p.NullElements(), Semantics: p.Dialect.Semantics(p.Catalog),
	}}
}

func (r *queryRun) add(s *token.Statement, file int, name string) {
	if r.waiting = append(r.waiting, unit{s, file, name}); len(r.waiting) == maxWaiting {
		r.compile()
	}
}

// compile compiles what waits.
func (r *queryRun) compile() {
	start := len(r.done)
	r.done = append(r.done, make([]outcome, len(r.waiting))...)
	parallel(len(r.waiting), func(worker, i int) {
		o := r.options
		if o.Bound = r.c.options.KeepRel; !o.Bound {
			o.Scratch = &r.scratch[worker]
		}
		u, q := &r.waiting[i], &r.done[start+i]
		q.header, q.file = u.stmt.Header, u.file
		q.compiled, q.problems = compileQuery(u.stmt, r.p, o)
		if r.c.options.Take != nil {
			if q.compiled != nil {
				var ds diag.List
				q.taken, ds = r.c.take(r.p, u.name, q.compiled, u.stmt)
				q.problems.Add(ds...)
			}
			q.compiled, u.stmt = nil, nil
		}
	})
	clear(r.waiting)
	r.waiting = r.waiting[:0]
}
