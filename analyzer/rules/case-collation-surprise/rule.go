// Package casecollationsurprise is the rule CV4135.
package casecollationsurprise

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds comparisons that mind case where the schema does not, and lower-cased values that are to equal capitals.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, b := range rule.Exprs[*ir.Binary](q) {
		if b.Op != "=" {
			continue
		}
		for _, pair := range [][2]ir.Expr{{b.L, b.R}, {b.R, b.L}} {
			if index(q, b, pair[0], pair[1]) || constant(q, b, pair[0], pair[1]) {
				break
			}
		}
	}
}

// folding is the name of the function that takes case from a value: lower or upper.
func folding(x ir.Expr) (name string, of ir.Expr) {
	call, ok := x.(*ir.FuncCall)
	if !ok || len(call.Args) != 1 {
		return "", nil
	}
	if name = strings.ToLower(call.Name.Last()); name != "lower" && name != "upper" {
		return "", nil
	}
	return name, call.Args[0].X
}

// index finds a column that the schema knows without case only: a unique index is over lower(column), and none over the column.
func index(q *rule.Query, at, x, other ir.Expr) bool {
	c := q.Column(x)
	if c == nil || c.Source == nil || c.Table == nil || q.Column(other) != nil {
		return false
	}
	if name, _ := folding(other); name != "" || strings.EqualFold(c.Source.Collation, "nocase") || q.Package.Semantics.Base(c.Type).Is("citext") {
		return false
	}
	caseless := q.Package.Traits.CaselessNames
	same := func(name string) bool {
		return name == c.Source.Name || caseless && strings.EqualFold(name, c.Source.Name)
	}
	for _, k := range c.Table.Constraints {
		if (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && len(k.Columns) > 0 && same(k.Columns[0]) {
			return false
		}
	}
	var found *catalog.Index
	function := ""
	for _, ix := range c.Table.Indexes {
		if len(ix.Parts) == 0 {
			continue
		}
		p := ix.Parts[0]
		if p.Column != "" && same(p.Column) {
			return false
		}
		name, of := folding(p.X)
		if ref, ok := of.(*ir.ColumnRef); ok && name != "" && same(ref.Parts[len(ref.Parts)-1].Name) && ix.Unique {
			found, function = ix, name
		}
	}
	if found == nil {
		return false
	}
	q.Add(q.At(at, "%s is compared with case, but it is unique without: '%s' and '%s' are one to the index", q.Text(x), "A", "a").
		WithLabel(found.Span, "%s is over %s(%s)", found.Name, function, c.Source.Name).
		WithHelp("write %s(%s) = %s(%s), which the index serves too", function, q.Text(x), function, q.Text(other)))
	return true
}

// constant finds a value without capitals that is to equal one with, or the other way round.
func constant(q *rule.Query, at, x, other ir.Expr) bool {
	name, _ := folding(x)
	l, ok := other.(*ir.Literal)
	if name == "" || !ok || l.Kind != ir.String {
		return false
	}
	folded, has := strings.ToLower(l.Text), "has capitals"
	if name == "upper" {
		folded, has = strings.ToUpper(l.Text), "has small letters"
	}
	if folded == l.Text {
		return false
	}
	q.Add(q.At(at, "%s never equals %s, which %s", q.Text(x), q.Text(other), has).WithHelp("write '%s'", folded))
	return true
}
