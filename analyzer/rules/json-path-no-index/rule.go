// Package jsonpathnoindex is the rule CV5022.
package jsonpathnoindex

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds conditions on what is in a JSON column, where no index holds it.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		if a.Reached() {
			continue
		}
		for _, c := range a.Conds {
			if c.Within != nil || c.Optional != nil || c.Key == nil || c.Column == nil || a.Finds(c) {
				continue
			}
			switch {
			case (c.Op == access.Equal || c.Op == access.In) && path(c.Key) && !parameter(c.Key):
				key := q.Text(c.Key)
				if a.Relation.Name != "" {
					key = strings.TrimPrefix(key, a.Relation.Name+".")
				}
				d := q.At(c.Key, "no index holds %s: all rows of %s are read, and the document of each", q.Text(c.Key), a.Table.Name)
				if q.Package.Engine == catalog.MySQL {
					d = d.WithHelp("add a generated column that holds the value, and index it: ALTER TABLE %s ADD COLUMN … varchar(…) AS (%s), ADD INDEX (…)", a.Table.Name, key)
				} else {
					d = d.WithHelp("make an index over the value: %s", a.Create("", "("+key+")"))
				}
				q.Add(d)
			case c.Op == access.Contains && c.Operator == "@>" && c.Wrap == access.Bare && c.Column.Type.Is("jsonb"):
				q.Add(q.At(c.X.(ir.Expr), "no index serves @> over %s: all rows of %s are read, and the document of each", c.Column.Name, a.Table.Name).
					WithHelp("make an index over what documents contain: %s", a.Create("gin", q.Package.Dialect.Quote(c.Column.Name)+" jsonb_path_ops")))
			}
		}
	}
}

var functions = []string{"json_extract", "json_value", "json_unquote", "jsonb_extract_path_text", "json_extract_path_text"}

// path tells of an expression that takes a value out of a document.
func path(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Binary:
		return x.Op == "->>" || x.Op == "#>>" || x.Op == "->"
	case *ir.FuncCall:
		return slices.Contains(functions, strings.ToLower(x.Name.Last()))
	case *ir.Cast:
		return path(x.X)
	}
	return false
}

// parameter tells of a path that is an argument: no index holds that.
func parameter(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		_, is := n.(*ir.Param)
		found = found || is
		return !found
	})
	return found
}
