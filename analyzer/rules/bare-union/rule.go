// Package bareunion is the rule CV5032.
package bareunion

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds UNION that says neither ALL nor DISTINCT.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, s := range rule.Exprs[*ir.SetOp](q) {
		if s.Op != "UNION" || s.All {
			continue
		}
		file, from, to := s.Span().File, s.L.Span().End, s.R.Span().Start
		if from >= to || int(to) > len(file.Text) {
			continue
		}
		between := strings.ToUpper(file.Text[from:to])
		i := strings.Index(between, "UNION")
		if i < 0 || strings.Contains(between[i:], "DISTINCT") {
			continue
		}
		at := source.Span{File: file, Start: from + int32(i), End: from + int32(i) + 5}
		q.Add(q.At(ir.At{Pos: at}, "UNION compares all rows with each other to take repeated ones out").
			WithHelp("write UNION ALL where rows do not repeat or may, UNION DISTINCT where they must not"))
	}
}
