// Package dmlwithoutwhere is the rule CV4109.
package dmlwithoutwhere

import (
	_ "embed"
	"strings"
	"unicode"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds UPDATE and DELETE of all rows of a table.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	if says(q.Name) {
		return
	}
	for _, f := range q.Froms() {
		verb, change := "", ""
		var limit ir.Expr
		switch n := f.Node.(type) {
		case *ir.Update:
			verb, change, limit = "UPDATE", "changes", n.Limit
			if byRow(q, n) {
				continue
			}
		case *ir.Delete:
			verb, change, limit = "DELETE", "deletes", n.Limit
		default:
			continue
		}
		if limit != nil || f.Where != nil && !holds(q, f.Where) || !all(q, f.Items) {
			continue
		}
		table := ""
		if list := q.Relations(f.Items[0]); len(list) > 0 {
			table = list[0].Table.Name
			if verb == "UPDATE" && whole(q.Package, list[0].Table) {
				continue
			}
		}
		d := q.At(f.Node, "this %s has no WHERE: it %s every row of %s", verb, change, table)
		if f.Where != nil {
			d = q.At(f.Where, "WHERE %s holds for every row: this %s %s all of %s", q.Text(f.Where), verb, change, table)
		}
		d = d.WithHelp("add the condition that chooses the rows")
		if verb == "DELETE" && q.Package.Engine != catalog.SQLite {
			d = d.WithHelp("if all rows are meant, TRUNCATE says so and is faster; or give the query a name with All in it, as DeleteAllRows")
		} else {
			d = d.WithHelp("if all rows are meant, give the query a name with All in it, as %sAllRows", strings.ToUpper(verb[:1])+strings.ToLower(verb[1:]))
		}
		q.Add(d)
	}
}

// whole tells of a table that it is read and written as a whole, as one of a single row is: no key tells its rows apart, some query reads it,
// and none chooses rows of it.
func whole(p *rule.Package, t *catalog.Table) bool {
	if len(p.Keys(t)) > 0 {
		return false
	}
	reads, chooses := false, false
	p.Each(func(q *rule.Query) {
		for _, f := range q.Froms() {
			for _, item := range f.Items {
				for _, r := range q.Relations(item) {
					if r.Table != t {
						continue
					}
					chooses = chooses || f.Where != nil || len(f.Items) > 1 || len(rule.Leaves(item)) > 1
					if s, ok := f.Node.(*ir.Select); ok {
						reads = true
						chooses = chooses || s.GroupBy != nil || len(s.OrderBy) > 0
					}
				}
			}
		}
	})
	return reads && !chooses
}

// words of a query's name tell that all rows are meant.
var words = map[string]bool{"all": true, "every": true, "everything": true, "clear": true, "reset": true, "truncate": true,
	"purge": true, "wipe": true, "flush": true, "empty": true}

func says(name string) bool {
	start := 0
	runes := []rune(name)
	for i := 1; i <= len(runes); i++ {
		if i == len(runes) || unicode.IsUpper(runes[i]) && !unicode.IsUpper(runes[i-1]) || runes[i] == '_' {
			if words[strings.ToLower(strings.Trim(string(runes[start:i]), "_"))] {
				return true
			}
			start = i
		}
	}
	return false
}

// holds tells whether a condition is true of every row.
func holds(q *rule.Query, x ir.Expr) bool {
	v := q.Value(x)
	truth, known := q.Truth(x)
	return known && truth || v.NeverFalse && v.Null.IsNever() && q.Fixed(x)
}

// byRow tells whether an UPDATE decides by each row what it sets: SET chosen = (id = 5) is for all rows.
func byRow(q *rule.Query, n *ir.Update) bool {
	var own rel.ColSet
	for _, t := range n.Tables {
		for _, r := range q.Relations(t) {
			own = own.Union(r.Columns)
		}
	}
	decides := false
	for i := range n.Set {
		ir.Walk(n.Set[i].Value, func(x ir.Node) bool {
			switch x := x.(type) {
			case *ir.Binary:
				switch x.Op {
				case "=", "<>", "<", "<=", ">", ">=":
					decides = decides || q.Value(x).Uses.Intersects(own)
				}
			case *ir.In, *ir.Between, *ir.IsTest, *ir.Case, *ir.Quantified, *ir.Exists:
				decides = decides || q.Value(x.(ir.Expr)).Uses.Intersects(own)
			}
			return !decides
		})
	}
	return decides
}

// all tells whether what stands in the statement leaves no row of its tables out by itself.
func all(q *rule.Query, items []ir.TableExpr) bool {
	for _, item := range items {
		if j, ok := item.(*ir.Join); ok {
			if j.On != nil && !q.Fixed(j.On) || j.Using != nil || j.Natural && common(q, j) || !all(q, []ir.TableExpr{j.L, j.R}) {
				return false
			}
			continue
		}
		r := q.Relation(item)
		if r == nil || r.Table == nil || r.Table.Kind != catalog.BaseTable || r.Table.Temp || r.Node.Props().Card.AtMost(1) || rule.OneRow(r.Table) {
			return false
		}
	}
	return true
}

// common tells whether the sides of a natural join have a column of the same name.
func common(q *rule.Query, j *ir.Join) bool {
	names := map[string]bool{}
	for _, r := range q.Relations(j.L) {
		r.Columns.Each(func(id rel.ColID) { names[strings.ToLower(q.ByID(id).Name)] = true })
	}
	found := false
	for _, r := range q.Relations(j.R) {
		r.Columns.Each(func(id rel.ColID) { found = found || names[strings.ToLower(q.ByID(id).Name)] })
	}
	return found
}
