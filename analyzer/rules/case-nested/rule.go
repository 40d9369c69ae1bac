// Package casenested is the rule CV4604.
package casenested

import (
	_ "embed"
	"regexp"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds CASE that says more than it means.
var Rule = rule.New(page, check)

var elseNull = regexp.MustCompile(`(?i)^\s*ELSE\s+NULL$`)

func check(q *rule.Query) {
	for _, c := range rule.Exprs[*ir.Case](q) {
		switch e := c.Else.(type) {
		case *ir.Literal:
			if e.Kind != ir.Null || len(c.Whens) == 0 {
				continue
			}
			d := q.At(e, "ELSE NULL is what CASE gives anyway").WithHelp("leave it out")
			last := c.Whens[len(c.Whens)-1].Then.Span()
			at := source.Span{File: last.File, Start: last.End, End: e.Span().End}
			if elseNull.MatchString(at.Text()) {
				d = d.WithFix(diag.Fix{Title: "leave it out", Safe: true, Edits: []diag.Edit{{Span: at}}})
			}
			q.Add(d)
		case *ir.Case:
			if c.Operand == nil && e.Operand == nil || c.Operand != nil && q.Same(c.Operand, e.Operand) {
				q.Add(q.At(e, "this CASE stands in the ELSE of another").WithLabel(c.Span(), "its branches can stand here").
					WithHelp("make its branches ones of the outer CASE"))
			}
		}
	}
}
