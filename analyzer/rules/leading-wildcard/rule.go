// Package leadingwildcard is the rule CV5002.
package leadingwildcard

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds LIKE with a pattern that begins with a wildcard, where no index finds the rows.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		var found []access.Cond
		for _, c := range a.Conds {
			found = append(found, suffixes(a, c)...)
		}
		if len(found) == 0 || a.Reached() {
			continue
		}
		report(q, a, found)
	}
}

// suffixes lists the conditions that begin with a wildcard, within OR too.
func suffixes(a *access.Access, c access.Cond) (out []access.Cond) {
	for _, arm := range c.Arms {
		for _, x := range arm {
			out = append(out, suffixes(a, x)...)
		}
	}
	if c.Op == access.Suffix && c.Column != nil && !a.Finds(c) {
		out = append(out, c)
	}
	return out
}

// report reports the first; several columns searched for one word are one fault.
func report(q *rule.Query, a *access.Access, found []access.Cond) {
	c := found[0]
	var names, parts []string
	for _, x := range found {
		if !slices.Contains(names, x.Column.Name) {
			names = append(names, x.Column.Name)
			parts = append(parts, q.Text(x.Key))
		}
	}
	x := c.X.(ir.Expr)
	d := q.At(x, "the pattern begins with a wildcard, so no index over %s can be used: all rows of %s are read", strings.Join(names, ", "), a.Table.Name)
	switch q.Package.Engine {
	case catalog.PostgreSQL:
		for i, p := range parts {
			if a.Relation.Name != "" {
				p = strings.TrimPrefix(p, a.Relation.Name+".")
			}
			parts[i] = p + " gin_trgm_ops"
		}
		d = d.WithHelp("with the extension pg_trgm an index finds any part of a text: %s", a.Create("gin", parts...))
	case catalog.MySQL:
		d = d.WithHelp("a FULLTEXT index finds words: MATCH (%s) AGAINST (…); or let the pattern begin with text", strings.Join(names, ", "))
	default:
		d = d.WithHelp("an FTS5 table finds words, and any part of a text with tokenize = 'trigram'; or let the pattern begin with text")
	}
	q.Add(d)
}
