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
		if len(found) == 0 || a.Reached() || bounded(a) {
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
	if c.Op == access.Suffix && c.Column != nil && !a.Finds(c) && !optional(c) {
		out = append(out, c)
	}
	return out
}

// optional tells of a pattern with an argument within OR: a search box, which another arm switches off.
func optional(c access.Cond) bool {
	if c.Within == nil {
		return false
	}
	param := false
	for _, v := range c.Values {
		ir.Walk(v, func(n ir.Node) bool {
			_, is := n.(*ir.Param)
			param = param || is
			return !param
		})
	}
	return param
}

// bounded tells whether something else leaves few rows to compare: an order that an index gives, cut by LIMIT, or a condition on
// a foreign key, whose index is another rule's.
func bounded(a *access.Access) bool {
	if a.Limit != nil && len(a.Order) > 0 && slices.ContainsFunc(a.Paths, func(p *access.Path) bool { return a.Match(p, a.Given).Sorted }) {
		return true
	}
	return slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
		any, quantified := c.X.(*ir.Quantified)
		return (c.Op != access.Other && c.Op != access.Suffix || quantified && !any.All) && c.Wrap == access.Bare && c.Column != nil &&
			c.Within == nil && c.Optional == nil && foreign(a, c.Column)
	})
}

func foreign(a *access.Access, col *catalog.Column) bool {
	return slices.ContainsFunc(a.Table.Constraints, func(k *catalog.Constraint) bool {
		return k.Kind == ir.ForeignKey && slices.ContainsFunc(k.Columns, func(name string) bool { return strings.EqualFold(name, col.Name) })
	})
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
