// Package windowdefaultframe is the rule CV4211.
package windowdefaultframe

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds functions whose window ends too early.
var Rule = rule.New(page, check)

// reach are the functions that look behind the current row, running those that grow with it.
var (
	reach   = map[string]bool{"last_value": true, "nth_value": true}
	running = map[string]bool{"sum": true, "count": true, "avg": true, "total": true, "string_agg": true, "array_agg": true, "group_concat": true, "json_agg": true, "jsonb_agg": true}
)

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		f, ok := n.(*ir.FuncCall)
		if !ok || f.Over == nil || in == nil {
			return true
		}
		name := strings.ToLower(f.Name.Last())
		w := q.Window(in, f.Over)
		if w.Frame != nil || len(w.OrderBy) == 0 || len(f.Name.Parts) > 1 {
			return true
		}
		switch {
		case reach[name]:
			what := "the value of the current row, not of the last"
			if name == "nth_value" {
				what = "NULL in the rows before, not the same value in all"
			}
			q.Add(q.At(f, "without a frame the window ends at the current row: %s gives %s", name, what).
				WithHelp("write ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING behind ORDER BY"))
		case running[name] && !q.Unties(in, w):
			q.Add(q.At(f, "without a frame rows that tie in ORDER BY are taken at once: %s already has those below in it, and is the same over all of them", name).
				WithHelp("write ROWS UNBOUNDED PRECEDING, and end ORDER BY with a key; or write the RANGE frame out if that is meant"))
		}
		return true
	})
}
