// Package distinctmisuse is the rule CV4131.
package distinctmisuse

import (
	_ "embed"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds DISTINCT that is written like a function, and DISTINCT over groups that differ anyway.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, s := range rule.Exprs[*ir.Select](q) {
		if !s.Distinct || len(s.DistinctOn) > 0 || len(s.Items) == 0 {
			continue
		}
		if outer, inner, ok := parentheses(s.Span(), s.Items[0].X); ok {
			report(q, s.Items[0].X, outer, inner, len(s.Items) > 1)
		}
		grouped(q, s)
	}
	for _, call := range rule.Exprs[*ir.FuncCall](q) {
		if call.Distinct && len(call.Args) > 0 {
			if outer, inner, ok := parentheses(call.Span(), call.Args[0].X); ok {
				report(q, call.Args[0].X, outer, inner, false)
			}
		}
	}
}

var word = regexp.MustCompile(`(?is)\bDISTINCT(\s*)\(`)

// parentheses finds those that stand behind the first DISTINCT of a node and hold x alone.
func parentheses(at source.Span, x ir.Expr) (outer, inner source.Span, ok bool) {
	if _, row := x.(*ir.Row); row {
		return outer, inner, false // (a, b) is one value
	}
	text := at.Text()
	m := word.FindStringIndex(text)
	if m == nil {
		return outer, inner, false
	}
	open := m[1] - 1
	start := int(x.Span().Start - at.Start)
	if start < open || strings.Trim(text[open:start], "( \t\r\n") != "" || open >= len(text) {
		return outer, inner, false
	}
	depth, end := 0, -1
	var quote byte
	for i := open; i < len(text) && end < 0; i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				end = i
			}
		}
	}
	if end < 0 || !all(text[open+1:end], x.Span().Text()) {
		return outer, inner, false
	}
	file, from := at.File, at.Start
	return source.Span{File: file, Start: from + int32(open), End: from + int32(end) + 1},
		source.Span{File: file, Start: from + int32(open) + 1, End: from + int32(end)}, true
}

// all tells whether a text is an expression and nothing more, parentheses aside.
func all(text, x string) bool {
	trim := func(s string) string { return strings.Trim(s, "() \t\r\n") }
	return trim(text) == trim(x)
}

func report(q *rule.Query, x ir.Expr, outer, inner source.Span, more bool) {
	d := q.At(x, "DISTINCT is no function: the parentheses belong to %s alone, and change nothing", q.Text(x))
	d.Severity = diag.Note
	if more {
		d = q.At(x, "DISTINCT is no function: it goes by all columns of the list, not by %s alone", q.Text(x)).
			WithHelp("for one row of each %s, group by it, or number the rows with row_number() OVER (PARTITION BY %s ORDER BY …)", q.Text(x), q.Text(x))
	}
	d.Span = outer
	text := strings.TrimSpace(inner.Text())
	before, behind := "", ""
	if from := outer.File.Text[:outer.Start]; strings.HasSuffix(strings.ToUpper(from), "DISTINCT") {
		before = " "
	}
	if rest := outer.File.Text[outer.End:]; rest != "" && regexp.MustCompile(`^\w`).MatchString(rest) {
		behind = " "
	}
	q.Add(d.WithFix(diag.Fix{Title: "leave the parentheses out", Safe: true, Edits: []diag.Edit{{Span: outer, New: before + text + behind}}}))
}

// grouped finds DISTINCT over groups of which all keys are selected.
func grouped(q *rule.Query, s *ir.Select) {
	k := q.Block(s)
	if s.GroupBy == nil || k == nil || k.Node == nil {
		return
	}
	distinct, ok := rule.Below[*rel.Distinct](k.Node)
	if !ok {
		return
	}
	p := distinct.Input.Props()
	if !p.Rows.SubsetOf(p.FDs.Closure(rel.MakeColSet(p.Cols...))) {
		return
	}
	d := q.At(s, "GROUP BY gives each group once, so DISTINCT finds nothing to leave out").WithLabel(s.GroupBy.Span(), "all of it is selected")
	if m := word.FindStringIndex(s.Span().Text()); m == nil {
		if w := regexp.MustCompile(`(?i)\bDISTINCT\b\s*`).FindStringIndex(s.Span().Text()); w != nil && w[1] <= int(s.Items[0].Span().Start-s.Span().Start) {
			at := source.Span{File: s.Span().File, Start: s.Span().Start + int32(w[0]), End: s.Span().Start + int32(w[1])}
			d.Span = at
			d = d.WithFix(diag.Fix{Title: "leave DISTINCT out", Safe: true, Edits: []diag.Edit{{Span: at}}})
		}
	}
	q.Add(d.WithHelp("leave DISTINCT out, or GROUP BY where nothing is summed up"))
}
