// Package definerwithoutsearchpath is the rule CV4801.
package definerwithoutsearchpath

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
)

//go:embed page.md
var page string

// Rule finds functions whose owner's rights a caller can turn.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, s := range p.Catalog.Schemas {
		for _, f := range s.Functions {
			if !f.Definer || f.SetsPath || f.Span.IsZero() || f.Extension != "" || f.Language == "sql" && f.BodyQuery != nil && atomic(f) || f.Language == "c" || f.Language == "internal" {
				continue
			}
			p.Add(p.At(f.Span, "%s runs with the rights of its owner, and finds names by the search_path of its caller: whoever calls it can give it other tables and functions", f.Name).
				WithHelp("add SET search_path = %s, pg_temp", p.Package.Dialect.Quote(s.Name)))
		}
	}
}

// atomic tells of a body that was bound when the function was made: it is no string.
func atomic(f *catalog.Function) bool {
	text := f.Span.File.Text[f.Span.End:]
	text = strings.ToUpper(text[:min(len(text), 4000)])
	body := strings.Index(text, "BEGIN ATOMIC")
	quoted := strings.Index(text, " AS $")
	return body >= 0 && (quoted < 0 || body < quoted)
}
