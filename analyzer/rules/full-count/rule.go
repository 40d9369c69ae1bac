// Package fullcount is the rule CV5020.
package fullcount

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds tables of which all rows are counted.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, s := range rule.Exprs[*ir.Select](q) {
		if len(s.From) != 1 || s.Where != nil || s.GroupBy != nil || s.Having != nil || len(s.Items) != 1 {
			continue
		}
		r := q.Relation(s.From[0])
		f, ok := s.Items[0].X.(*ir.FuncCall)
		if ok && r != nil && r.Table != nil && r.Table.Kind == catalog.BaseTable && strings.EqualFold(f.Name.Last(), "count") && f.Filter == nil && f.Over == nil {
			q.Add(q.At(f, "all rows of %s are read to count them", r.Table.Name).WithHelp("%s", help[q.Package.Engine]))
		}
	}
}

var help = map[catalog.Engine]string{
	catalog.PostgreSQL: "an estimate is there for nothing: SELECT reltuples FROM pg_class WHERE oid = 'the_table'::regclass; an exact number costs a counter that writes keep",
	catalog.MySQL:      "an estimate is there for nothing: table_rows in information_schema.tables; an exact number costs a counter that writes keep",
	catalog.SQLite:     "keep a counter where the table is large and the number is asked for often",
}
