// Package fkwithoutindex is the rule CV5011.
package fkwithoutindex

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds foreign keys whose columns no index begins with, where a query needs one.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	use := uses(p)
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			if !access.Stored(t) || t.PartitionOf != "" {
				continue
			}
			for _, c := range t.Constraints {
				if c.Kind == ir.ForeignKey && !access.Indexed(p, t, c) && !skipped(p, t, c) {
					judge(p, use, t, c)
				}
			}
		}
	}
}

// skipped tells of a key that an earlier one of the table has the first columns of, which is reported.
func skipped(p *rule.Package, t *catalog.Table, c *catalog.Constraint) bool {
	for _, o := range t.Constraints {
		if o == c {
			return false
		}
		if o.Kind == ir.ForeignKey && slices.Equal(o.Columns, c.Columns) {
			return true
		}
	}
	return false
}

// usage is what the queries do.
type usage struct {
	all  []*access.Access
	none bool // no query reads or writes any table
}

func uses(p *rule.Package) *usage {
	_, none := access.Written(p)
	return &usage{all: access.All(p), none: none}
}

func judge(p *rule.Package, u *usage, t *catalog.Table, c *catalog.Constraint) {
	parent := p.Catalog.Table(c.RefSchema, c.RefTable)
	if parent == nil {
		return
	}
	columns := strings.Join(c.Columns, ", ")
	var why string
	switch {
	case u.none:
		why = fmt.Sprintf("deleting a row of %s reads all of %s, and so does a join from there", parent.Name, t.Name)
	default:
		a := joined(u, t, c)
		if a == nil || access.Enumeration(parent) || u.purged(t) {
			return
		}
		why = fmt.Sprintf("%s looks up rows of %s by it, and reads all of them", a.Query.Name, t.Name)
	}
	var parts []string
	for _, n := range c.Columns {
		parts = append(parts, p.Dialect.Quote(n))
	}
	at := c.Span
	if at.File == nil {
		at = t.Span
	}
	d := p.At(at, "no index begins with %s, which refers to %s: %s", columns, parent.Name, why)
	if x := access.Partial(p, t, c); x != nil {
		d = p.At(at, "no index of all rows begins with %s, which refers to %s: %s", columns, parent.Name, why)
		if x.Span.File != nil {
			d = d.WithLabel(x.Span, "holds only rows with %s", x.Index.Where)
		}
	}
	p.Add(d.WithHelp("%s", access.CreateOn(p.Dialect, t, "", parts...)))
}

// purged tells of a table that a query deletes its old rows: few are left.
func (u *usage) purged(t *catalog.Table) bool {
	for _, a := range u.all {
		if _, deletes := a.Block.Query.(*ir.Delete); a.Table == t && a.Target && deletes && slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
			return c.Op == access.Range && c.Column != nil && c.Column.Type.Is("timestamptz", "timestamp", "date", "datetime")
		}) {
			return true
		}
	}
	return false
}

// joined is an access that finds rows by the foreign key's columns alone, from rows of another relation that were found by an index.
func joined(u *usage, t *catalog.Table, c *catalog.Constraint) *access.Access {
	for _, a := range u.all {
		if a.Table != t || a.Reached() || a.Unimplied() != nil { // the last is partial-index-not-implied's
			continue
		}
		found := 0
		for _, name := range c.Columns {
			if slices.ContainsFunc(a.Conds, func(x access.Cond) bool {
				return x.Op == access.Equal && x.Wrap == access.Bare && x.Within == nil && x.Optional == nil && !constant(a, x) && x.Column != nil && strings.EqualFold(x.Column.Name, name) && a.Supplied(x)
			}) {
				found++
			}
		}
		if found == len(c.Columns) {
			return a
		}
	}
	return nil
}

// constant tells of a comparison with a constant: a kind or state, of which a table has many rows.
func constant(a *access.Access, c access.Cond) bool {
	return slices.ContainsFunc(c.Values, func(v ir.Expr) bool { return a.Query.Value(v).Constant != nil })
}
