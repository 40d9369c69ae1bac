package compiler

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Session compiles further texts over the schema of a package, one after another. It is not
// for concurrent use.
type Session struct {
	pkg     *Package
	options sem.Options
}

// NewSession begins a session over a package that Compile returned.
func NewSession(p *Package) *Session {
	return &Session{p, sem.Options{LaxFunctions: !p.Strict, Tolerant: !p.Strict, Semantics: p.Dialect.Semantics(p.Catalog)}}
}

// Compile compiles the queries of a text. A query with an error is not among them.
func (s *Session) Compile(f *source.File) ([]*facts.Query, diag.List) {
	stmts, diags := token.Split(f, s.pkg.Dialect.Lex(), token.Queries)
	var out []*facts.Query
	for _, st := range stmts {
		if st.Header == nil {
			continue
		}
		q, ds := compileQuery(st, s.pkg, s.options)
		diags.Add(ds...)
		if q != nil {
			out = append(out, q)
		}
	}
	return out, diags
}
