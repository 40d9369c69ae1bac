// Package sessionstateacrosscalls is the rule CV4420.
package sessionstateacrosscalls

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds queries whose answer depends on the connection.
var Rule = rule.New(page, check)

// asks are functions that speak of the connection, and what to do instead.
var asks = map[string]string{
	"last_insert_id":    "make the INSERT :execlastid or :execresult, which give the id",
	"row_count":         "make the statement :execrows, which gives the number",
	"last_insert_rowid": "write RETURNING behind the INSERT, or make it :execlastid",
	"changes":           "make the statement :execrows, which gives the number",
	"lastval":           "write RETURNING behind the INSERT",
	"currval":           "write RETURNING behind the INSERT",
}

func check(q *rule.Query) {
	s, ok := q.Tree.(*ir.Select)
	if !ok || len(q.Query.Writes) > 0 {
		return
	}
	for i := range s.Items {
		x := s.Items[i].X
		if c, cast := x.(*ir.Cast); cast {
			x = c.X
		}
		f, ok := x.(*ir.FuncCall)
		if !ok {
			continue
		}
		name := strings.ToLower(f.Name.Last())
		switch help := asks[name]; {
		case help != "" && (name == "currval" || len(f.Args) == 0):
			q.Add(q.At(f, "%s() speaks of the last statement of its connection, and this call may get another connection from the pool", name).WithHelp("%s", help))
		case strings.HasPrefix(name, "pg_advisory_unlock"):
			q.Add(q.At(f, "%s() gives a lock back to the connection that took it, and this call may get another connection from the pool", name).
				WithHelp("take the lock by pg_advisory_xact_lock, which ends with the transaction"))
		case (strings.HasPrefix(name, "pg_advisory_lock") || strings.HasPrefix(name, "pg_try_advisory_lock")):
			q.Add(q.At(f, "the lock stays with the connection that this call gets from the pool, until that is closed: the call that gives it back may get another").
				WithHelp("take it by %s in a transaction, or call both on one connection", strings.Replace(name, "advisory_lock", "advisory_xact_lock", 1)))
		}
	}
}
