// Package insertnocolumns is the rule CV5017.
package insertnocolumns

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds INSERT that does not name the columns it fills.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, n := range rule.Exprs[*ir.Insert](q) {
		if len(n.Columns) > 0 || n.Source == nil || n.Table == nil {
			continue
		}
		given := -1
		if v, ok := n.Source.(*ir.Values); ok {
			if len(v.Rows) == 0 || len(v.Rows[0]) == 0 {
				continue // MySQL's () VALUES ()
			}
			given = len(v.Rows[0])
		} else if k := q.Block(n.Source); k != nil {
			given = len(k.Columns)
		}
		r := q.Relation(n.Table)
		if r == nil || r.Table == nil {
			continue
		}
		d := q.At(n.Table, "the values go to the columns of %s by position: %s", r.Table.Name, breaks[q.Package.Engine]).
			WithLabel(r.Table.Span, "in this order, as of now").
			WithHelp("name the columns: INSERT INTO %s (…)", r.Table.Name)
		if names := columns(q, r.Table, given); names != "" && len(n.Table.Partitions) == 0 {
			end := n.Table.Span().End
			d = d.WithFix(diag.Fix{Title: "Name the columns", Safe: true,
				Edits: []diag.Edit{{Span: source.Span{File: n.Table.Span().File, Start: end, End: end}, New: " (" + names + ")"}}})
		}
		q.Add(d)
	}
}

// breaks says what a new column of the table does to the statement.
var breaks = map[catalog.Engine]string{
	catalog.PostgreSQL: "a column that is added is left at its default without a word, and a table whose columns stand in another order takes the values for others",
	catalog.MySQL:      "as soon as a column is added, the statement fails",
	catalog.SQLite:     "as soon as a column is added, the statement fails",
}

// columns are those that so many values fill.
func columns(q *rule.Query, t *catalog.Table, given int) string {
	var names []string
	for _, c := range t.Columns {
		if c.Hidden || c.Invisible || c.Generated != "" && q.Package.Traits.SkipsGenerated {
			continue
		}
		if len(names) < given {
			names = append(names, q.Package.Dialect.Quote(c.Name))
		}
	}
	if len(names) != given {
		return ""
	}
	return strings.Join(names, ", ")
}
