// Package functiononindexedcolumn is the rule CV5001.
package functiononindexedcolumn

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds conditions on what a function, an operator or a cast makes of a column, where an index holds the column itself.
var Rule = rule.NewPackage(page, check)

// use is a condition of a query on something made of a column, and the index that holds the column; nil where none does.
type use struct {
	q *rule.Query
	a *access.Access
	c access.Cond
	p *access.Path
}

// cause is what several queries do alike: the same is made of the same column.
type cause struct {
	table *catalog.Table
	text  string
}

func check(p *rule.Package) {
	var causes []cause
	uses := map[cause][]use{}
	said := map[string]bool{}
	p.EachOrView(func(q *rule.Query) {
		for _, a := range access.Of(q) {
			for _, c := range a.Conds {
				x, hidden := hidden(a, c)
				text := q.Name + " " + a.Table.Name + "." + q.Text(c.X)
				if !hidden || said[text] {
					continue
				}
				said[text] = true
				k := cause{a.Table, strings.ToLower(bare(a, c))}
				if uses[k] == nil {
					causes = append(causes, k)
				}
				uses[k] = append(uses[k], use{q, a, c, x})
			}
		}
	})
	for _, k := range causes {
		list := uses[k]
		if names := queries(list); len(names) > 2 {
			u := list[0]
			u.q.Add(report(u.q, u.a, u.c, u.p).WithHelp("%d more queries do so: %s", len(names)-1, listed(names[1:])))
			continue
		}
		for _, u := range list {
			u.q.Add(report(u.q, u.a, u.c, u.p))
		}
	}
}

// queries names the queries of a list.
func queries(list []use) (out []string) {
	for _, u := range list {
		if !slices.Contains(out, u.q.Name) {
			out = append(out, u.q.Name)
		}
	}
	return out
}

// listed writes the first of some names.
func listed(names []string) string {
	if len(names) > 4 {
		names = append(slices.Clone(names[:3]), fmt.Sprintf("%d more", len(names)-3))
	}
	return rule.List(names)
}

// hidden tells whether a condition on something made of its column hides the column from an index, and gives the index; nil where none
// holds the column, but one over the expression is what the query wants.
func hidden(a *access.Access, c access.Cond) (*access.Path, bool) {
	switch {
	case c.Within != nil || c.Optional != nil || c.Key == nil || c.Column == nil || c.Columns(a) != 1:
		return nil, false
	case c.Wrap != access.Called && c.Wrap != access.Computed && c.Wrap != access.Cast:
		return nil, false
	case c.Op != access.Equal && c.Op != access.In && c.Op != access.Range && c.Op != access.Prefix:
		return nil, false
	case !meant(a, c.Key) || a.Finds(c):
		return nil, false
	}
	reached := a.Reached()
	if reached && a.Best(nil).Whole() {
		return nil, false
	}
	var found *access.Path
	for _, p := range a.Paths {
		if !p.Ordered() || p.Has(c.Column) < 0 || p.Where != nil && !a.Implies(p.Where) || reached && !next(a, p, c) {
			continue
		}
		if found == nil || p.Has(c.Column) < found.Has(c.Column) {
			found = p
		}
	}
	return found, found != nil || !reached && c.Op == access.Equal && c.Wrap == access.Called && alone(a)
}

// alone tells that no other condition could find the rows by an index, were there one.
func alone(a *access.Access) bool {
	return !slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
		return c.Wrap == access.Bare && (c.Op == access.Equal || c.Op == access.In || c.Op == access.Range)
	})
}

// next tells whether the column is the part of an index that follows those in use: bare, it would narrow the rows further. Only moments
// count, of which there are ever more: of what has a name each owner has few.
func next(a *access.Access, p *access.Path, c access.Cond) bool {
	m := a.Match(p, a.Given)
	return dated(c.Column) && m.Equal > 0 && !m.Range && m.Equal == p.Has(c.Column) && a.Best(nil).Path == p
}

// opaque are the operators of conditions that have no form for the bare column: remainders and bits.
var opaque = []string{"%", "MOD", "&", "|", "#", "^", "<<", ">>", "->", "->>", "#>", "#>>"}

// meant tells whether what is made of the column can be undone, or kept in an index.
func meant(a *access.Access, key ir.Expr) bool {
	switch x := key.(type) {
	case *ir.Binary:
		return !slices.Contains(opaque, x.Op)
	case *ir.Unary:
		return !(x.Op == "+" && a.Query.Package.Engine == catalog.SQLite) // +a is SQLite's own way to keep an index out
	case *ir.FuncCall:
		return x.Over == nil && x.Filter == nil && !slices.Contains([]string{"mod", "json_extract", "json_value", "json_unquote", "jsonb_extract_path_text"}, strings.ToLower(x.Name.Last()))
	case *ir.Cast:
		return true
	}
	return false
}

// moments are functions that take a part of a date or time: a range of the column says the same.
var moments = []string{"date", "date_trunc", "year", "month", "day", "dayofmonth", "extract", "date_part", "to_char", "date_format", "strftime", "datetime", "unix_timestamp", "to_days"}

func report(q *rule.Query, a *access.Access, c access.Cond, p *access.Path) diag.Diagnostic {
	column := c.Column.Name
	d := q.At(c.Key, "no index finds %s, so all rows of %s are read", q.Text(c.Key), a.Table.Name)
	switch {
	case p == nil:
		d = d.WithLabel(c.Column.Span, "%s is in no index", column)
	case p.Has(c.Column) > 0 && a.Reached():
		d = q.At(c.Key, "%s goes no further than %s: it holds %s itself, not %s", p, p.Parts[p.Has(c.Column)-1].Column, column, q.Text(c.Key))
	default:
		d = q.At(c.Key, "no index finds %s: %s holds %s itself, so all rows of %s are read", q.Text(c.Key), p, column, a.Table.Name)
	}
	if p != nil && p.Span.File != nil {
		d = d.WithLabel(p.Span, "holds %s", column)
	}
	index := "make an index over the expression: " + a.Create("", expression(a, c))
	switch x := c.Key.(type) {
	case *ir.Binary:
		d = d.WithHelp("move the arithmetic to the other side, so that %s stands alone", column)
	case *ir.Unary:
		d = d.WithHelp("move the operator to the other side, so that %s stands alone", column)
	case *ir.Cast:
		if strings.HasPrefix(strings.ToUpper(q.Text(x)), "BINARY") {
			d = d.WithHelp("add the plain comparison, which an index serves: %s = … AND %s", column, q.Text(c.X))
			break
		}
		if dated(c.Column) {
			d = d.WithHelp("compare %s itself with a range: %s >= … AND %s < … (the day after)", column, column, column)
			break
		}
		d = d.WithHelp("cast the other side to %s instead, so that %s stands alone", declared(c.Column), column)
	case *ir.FuncCall:
		switch name := strings.ToLower(x.Name.Last()); {
		case slices.Contains(moments, name) && dated(c.Column):
			d = d.WithHelp("compare %s itself with a range: %s >= … AND %s < …", column, column, column)
		case name == "coalesce" || name == "ifnull":
			d = d.WithHelp("write the two cases out: %s = … OR %s IS NULL", column, column)
		default:
			d = d.WithHelp("%s", index)
		}
	}
	if p != nil && p.Has(c.Column) > 0 && !a.Reached() {
		d = d.WithHelp("then an index that begins with %s finds the rows: %s", column, a.Create("", column))
	}
	return d
}

func declared(c *catalog.Column) string {
	if c.Declared != "" {
		return c.Declared
	}
	return c.Type.String()
}

func dated(c *catalog.Column) bool {
	return c.Type.Is("timestamp", "timestamptz", "date", "datetime") || strings.Contains(strings.ToLower(c.Declared), "date") || strings.Contains(strings.ToLower(c.Declared), "time")
}

// expression is the key as CREATE INDEX takes it.
func expression(a *access.Access, c access.Cond) string {
	if a.Query.Package.Engine == catalog.MySQL {
		return "(" + bare(a, c) + ")"
	}
	return bare(a, c)
}

// bare is the key without the name of the table.
func bare(a *access.Access, c access.Cond) string {
	text := a.Query.Text(c.Key)
	if a.Relation.Name != "" {
		text = strings.ReplaceAll(text, a.Relation.Name+".", "")
	}
	return text
}
