// Package prefixlikecollation is the rule CV5004.
package prefixlikecollation

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds LIKE with a pattern that begins with text, over an index that is not sorted so that it serves LIKE.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		if a.Reached() {
			continue
		}
		for _, c := range a.Conds {
			like, ok := c.X.(*ir.Like)
			if !ok || like.Op != "LIKE" || c.Within != nil || c.Optional != nil || c.Wrap != access.Bare || c.Column == nil || a.Finds(c) {
				continue
			}
			begins := c.Op == access.Prefix || c.Op == access.Pattern && access.HeadIsArgument(like.Pattern)
			if p := leading(a, c); begins && p != nil {
				report(q, a, c, like, p)
			}
		}
	}
}

// leading is an index that begins with the column, and that serves = and < but not LIKE.
func leading(a *access.Access, c access.Cond) *access.Path {
	for _, p := range a.Paths {
		if p.Ordered() && p.Has(c.Column) == 0 && (p.Where == nil || a.Implies(p.Where)) {
			if a.ServesPrefix(p.Parts[0], c) {
				return nil
			}
			return p
		}
	}
	return nil
}

func report(q *rule.Query, a *access.Access, c access.Cond, like *ir.Like, p *access.Path) {
	column := q.Package.Dialect.Quote(c.Column.Name)
	_, constant := like.Pattern.(*ir.Literal)
	var text, help string
	switch {
	case q.Package.Engine == catalog.PostgreSQL:
		text, help = "is sorted by the rules of a language, under which texts that begin alike need not stand together",
			a.Create("", column+" text_pattern_ops")+" (where the database's collation is C, the index is used as it is)"
	case !constant:
		text, help = "is used for LIKE only with a pattern that is a constant or one argument",
			"put the % to the argument in the program, and let the index ignore case: "+a.Create("", column+" COLLATE NOCASE")
	default:
		text, help = "tells capital letters from small ones, and LIKE does not",
			a.Create("", column+" COLLATE NOCASE")+"; or write GLOB '"+strings.TrimRight(access.Text(like.Pattern), "%")+"*', which tells them apart"
	}
	d := q.At(like, "%s %s: all rows of %s are read", p, text, a.Table.Name)
	if p.Span.File != nil {
		d = d.WithLabel(p.Span, "the index")
	}
	q.Add(d.WithHelp("%s", help))
}
