// Package mysqllegacy is the rule CV5030.
package mysqllegacy

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds words and functions of MySQL that are on their way out, and were no help before.
var Rule = rule.New(page, check)

// words stand between the first word of a statement and what it selects or writes.
var words = []struct{ word, what, help string }{
	{"SQL_CALC_FOUND_ROWS", "finds all rows although LIMIT asks for a few, and FOUND_ROWS() answers only on the same connection", "count in a query of its own: SELECT count(*) with the same FROM and WHERE"},
	{"SQL_CACHE", "asks for the query cache, which is gone since MySQL 8.0: there the statement fails", "leave it out"},
	{"SQL_NO_CACHE", "speaks of the query cache, which is gone since MySQL 8.0", "leave it out"},
	{"DELAYED", "is gone since MySQL 5.7: the word is ignored", "leave it out"},
}

func check(q *rule.Query) {
	for _, s := range rule.Exprs[*ir.Select](q) {
		if len(s.Items) > 0 {
			between(q, s.Span(), s.Items[0].Span())
		}
		for i := range s.Items {
			if f, ok := s.Items[i].X.(*ir.FuncCall); ok && strings.EqualFold(f.Name.Last(), "found_rows") {
				q.Add(q.At(f, "FOUND_ROWS() speaks of the last query of its connection, and two calls may run on different ones").
					WithHelp("count in a query of its own: SELECT count(*) with the same FROM and WHERE"))
			}
		}
	}
	for _, n := range rule.Exprs[*ir.Insert](q) {
		if n.Table != nil {
			between(q, n.Span(), n.Table.Span())
		}
	}
}

// between looks for the words in front of at.
func between(q *rule.Query, in, at source.Span) {
	if in.Start >= at.Start {
		return
	}
	text := in.File.Text[in.Start:at.Start]
	for _, w := range words {
		from := 0
		for {
			i := strings.Index(strings.ToUpper(text[from:]), w.word)
			if i < 0 {
				break
			}
			from += i
			end := from + len(w.word)
			if (from == 0 || strings.ContainsAny(text[from-1:from], " \t\r\n/")) && (end == len(text) || strings.ContainsAny(text[end:end+1], " \t\r\n/")) {
				span := source.Span{File: in.File, Start: in.Start + int32(from), End: in.Start + int32(end)}
				q.Add(q.At(ir.At{Pos: span}, "%s %s", w.word, w.what).WithHelp("%s", w.help))
				break
			}
			from = end
		}
	}
}
