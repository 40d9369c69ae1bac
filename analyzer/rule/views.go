package rule

import (
	"slices"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/token"
)

// views are the queries of the schema's views, which are judged as queries are: their names are the views', and their
// command is empty.
func views(p *compiler.Package) []*facts.Query {
	if p.Catalog == nil {
		return nil
	}
	var out []*facts.Query
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			tree, ok := t.Query.(ir.Statement)
			if !ok || t.Span.File == nil || tree.Span().File == nil {
				continue
			}
			statement := &token.Statement{File: t.Span.File, Span: tree.Span(), Raw: tree.Span(),
				Header: &token.Header{Name: t.Name, NameSpan: t.Span}, Lex: p.Dialect.Lex()}
			r, diags := sem.Analyze(statement, tree, p.Catalog, p.Dialect, sem.Options{LaxFunctions: true, Tolerant: true, Bound: true})
			if r != nil && !diags.HasErrors() {
				out = append(out, facts.Of(r))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *facts.Query) int {
		if a.Source.Span.Before(b.Source.Span) {
			return -1
		}
		return 1
	})
	return out
}
