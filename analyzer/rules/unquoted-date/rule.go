// Package unquoteddate is the rule CV4127.
package unquoteddate

import (
	_ "embed"
	"regexp"
	"strconv"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds dates without quotes, which are subtractions.
var Rule = rule.New(page, check)

var date = regexp.MustCompile(`^(\d{4}|\d{2})([-/])(\d{1,2})[-/](\d{1,2})$`)

func check(q *rule.Query) {
	for _, b := range rule.Exprs[*ir.Binary](q) {
		text := b.Span().Text()
		m := date.FindStringSubmatch(text)
		if m == nil || b.Op != "-" && b.Op != "/" {
			continue
		}
		month, _ := strconv.Atoi(m[3])
		day, _ := strconv.Atoi(m[4])
		if month < 1 || month > 12 || day < 1 || day > 31 || len(m[1]) == 2 && len(m[3])+len(m[4]) < 4 {
			continue
		}
		says := "a subtraction"
		if m[2] == "/" {
			says = "a division"
		}
		d := q.At(b, "%s without quotes is %s, not a date", text, says)
		if year, _ := strconv.Atoi(m[1]); m[2] == "-" {
			d = q.At(b, "%s without quotes is %s: it means %d, not a date", text, says, year-month-day)
		}
		q.Add(d.WithHelp("write '%s'", text).
			WithFix(diag.Fix{Title: "put the date into quotes", Edits: []diag.Edit{{Span: b.Span(), New: "'" + text + "'"}}}))
	}
}
