// Package samequery is the rule CV4321.
package samequery

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds queries that are there twice.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	first := map[string]*facts.Query{}
	for _, q := range p.List {
		if q.Bound == nil || q.Variants != nil || q.Nested != nil || q.Page != nil {
			continue
		}
		if _, ok := q.Tree.(ir.Query); !ok {
			continue
		}
		v := rule.Query{Query: q, Whole: q, Package: p}
		key := q.Command + v.Print(q.Tree)
		for i := range q.Params {
			key += " " + q.Params[i].Name + " " + q.Params[i].Type.String()
		}
		for i := range q.Columns {
			key += " " + q.Columns[i].Name
		}
		if f := first[key]; f != nil {
			d := p.At(q.Source.Header.NameSpan, "%s is the same query as %s", q.Name, f.Name).WithLabel(f.Source.Header.NameSpan, "the other one").WithHelp("keep one of them")
			d.Query = q.Name
			p.Add(d)
			continue
		}
		first[key] = q
	}
}
