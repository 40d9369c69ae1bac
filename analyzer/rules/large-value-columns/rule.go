// Package largevaluecolumns is the rule CV5031.
package largevaluecolumns

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds lists that fetch values without a limit to their size.
var Rule = rule.New(page, check)

// large are the types whose values may be megabytes.
var large = map[catalog.Engine][]string{
	catalog.PostgreSQL: {"bytea", "json", "jsonb", "xml"},
	catalog.MySQL:      {"blob", "mediumblob", "longblob", "mediumtext", "longtext", "json"},
	catalog.SQLite:     {"BLOB"},
}

func check(q *rule.Query) {
	if q.Command != "many" || q.Kind != facts.Read || q.Rel == nil {
		return
	}
	var names []string
	var columns []*catalog.Column
	seen := map[rel.ColID]bool{}
	for _, id := range q.Rel.Props().Cols {
		c := q.ByID(id)
		if c.Source == nil || seen[id] || !c.Type.Is(large[q.Package.Engine]...) || c.Source.Type.Length > 0 {
			continue
		}
		seen[id] = true
		names, columns = append(names, c.Name), append(columns, c.Source)
	}
	if len(names) == 0 || q.Rel.Props().Card.Max < rel.Unbounded {
		return
	}
	d := q.AtName("%s fetches %s of every row, which may be large", q.Name, rule.List(names))
	for _, c := range columns {
		d = d.WithLabel(c.Span, "%s", c.Declared)
	}
	q.Add(help(d))
}

func help(d diag.Diagnostic) diag.Diagnostic {
	return d.WithHelp("leave it out of the list, and fetch it by the key of the row that is opened")
}
