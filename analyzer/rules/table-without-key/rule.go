// Package tablewithoutkey is the rule CV4701.
package tablewithoutkey

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

// Rule finds tables whose rows nothing tells apart.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		if t.PartitionOf != "" || len(t.Inherits) > 0 || t.PrimaryKey() != nil || ledger(t.Name) || whole(p, t) || eitherKey(p, t) || single(p, t) || log(p, t) {
			continue
		}
		p.Add(p.At(t.Span, "%s has no key: nothing keeps the same row from being there twice, and nothing names one of the two", t.Name).
			WithHelp("%s", help[p.Engine]))
	}
}

// whole tells whether a key keeps all rows apart.
func whole(p *rule.Package, t *catalog.Table) bool {
	for _, x := range t.Indexes {
		if x.Unique && !x.Alone && x.Where == "" && slices.ContainsFunc(x.Parts, func(part catalog.IndexPart) bool { return part.Column == "" }) {
			return true // of expressions: what NULL becomes in them is for who wrote them
		}
	}
	for _, k := range p.Keys(t) {
		all := true
		for _, c := range k.Columns {
			all = all && c.NotNull
		}
		if all || k.Index != nil && k.Index.NullsNotDistinct || k.Constraint != nil && k.Constraint.NullsNotDistinct {
			return true
		}
	}
	return false
}

// eitherKey tells that each row has a value in one of several keys that may be NULL: a CHECK says so.
func eitherKey(p *rule.Package, t *catalog.Table) bool {
	keys := map[string]bool{}
	for _, k := range p.Keys(t) {
		if len(k.Columns) == 1 {
			keys[strings.ToLower(k.Columns[0].Name)] = true
		}
	}
	return slices.ContainsFunc(t.Constraints, func(c *catalog.Constraint) bool {
		return c.Kind == ir.Check && c.X != nil && slices.ContainsFunc(rule.Conjuncts(c.X), func(x ir.Expr) bool { return oneOf(x, keys) })
	})
}

// oneOf tells of a condition that it holds only where one of the columns is not NULL.
func oneOf(x ir.Expr, columns map[string]bool) bool {
	switch x := x.(type) {
	case *ir.Binary: // (a IS NULL) <> (b IS NULL)
		l, lok := x.L.(*ir.IsTest)
		r, rok := x.R.(*ir.IsTest)
		if lok && rok {
			return (x.Op == "<>" || x.Op == "!=") && l.What == "NULL" && r.What == "NULL" && l.Not == r.Not && columns[column(l.X)] && columns[column(r.X)]
		}
		f, call := x.L.(*ir.FuncCall)
		n, number := x.R.(*ir.Literal)
		return call && number && strings.EqualFold(f.Name.Last(), "num_nonnulls") && (x.Op == "=" && n.Text != "0" || x.Op == ">=" && n.Text != "0" || x.Op == ">") &&
			!slices.ContainsFunc(f.Args, func(arg ir.Arg) bool { return !columns[column(arg.X)] })
	case *ir.Logical:
		if x.Op != "OR" {
			return false
		}
		for _, arm := range rule.Disjuncts(x) {
			if !slices.ContainsFunc(rule.Conjuncts(arm), func(y ir.Expr) bool {
				t, ok := y.(*ir.IsTest)
				return ok && t.What == "NULL" && t.Not && columns[column(t.X)]
			}) {
				return false
			}
		}
		return true
	}
	return false
}

func column(x ir.Expr) string {
	if ref, ok := x.(*ir.ColumnRef); ok {
		return strings.ToLower(ref.Parts[len(ref.Parts)-1].Name)
	}
	return ""
}

// single tells of a table that is used as one row: the queries change it, and none says which row it means.
func single(p *rule.Package, t *catalog.Table) bool {
	changed := false
	for _, a := range access.All(p) {
		if a.Table != t {
			continue
		}
		if len(a.Conds) > 0 {
			return false
		}
		_, update := a.Block.Query.(*ir.Update)
		changed = changed || update && a.Target
	}
	return changed
}

// log tells of a table that rows with a moment of theirs are only added to: no query changes, deletes or replaces one.
func log(p *rule.Package, t *catalog.Table) bool {
	if !access.Inserted(p)[t] || !slices.ContainsFunc(t.Columns, func(c *catalog.Column) bool {
		return c.NotNull && c.Type.Is("timestamptz", "timestamp", "datetime")
	}) {
		return false
	}
	for _, q := range access.Queries(p) {
		for _, w := range q.Writes() {
			if w.Assign != nil && w.Column.Table == t {
				return false
			}
		}
	}
	return !slices.ContainsFunc(access.All(p), func(a *access.Access) bool { return a.Table == t && a.Target })
}

// ledger tells whether a table is one that a tool for migrations keeps for itself, or stands for one of the server's own.
func ledger(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "pg_") || strings.Contains(name, "migration") || strings.Contains(name, "goose") || strings.Contains(name, "schema_version") || strings.Contains(name, "atlas_schema")
}

var help = map[catalog.Engine]string{
	catalog.PostgreSQL: "give it a primary key; without one logical replication refuses UPDATE and DELETE",
	catalog.MySQL:      "give it a primary key; without one a replica looks for each changed row by reading the whole table",
}
