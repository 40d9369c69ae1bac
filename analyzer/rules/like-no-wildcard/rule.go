// Package likenowildcard is the rule CV4126.
package likenowildcard

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds patterns without a wildcard.
var Rule = rule.New(page, check)

// wildcards are the characters that make a pattern of a text, by operator. ILIKE without one compares without case, which = does
// not.
var wildcards = map[string]string{"LIKE": "%_", "GLOB": "*?["}

func check(q *rule.Query) {
	for _, l := range rule.Exprs[*ir.Like](q) {
		wild, ok := wildcards[l.Op]
		p, constant := l.Pattern.(*ir.Literal)
		if !ok || !constant || p.Kind == ir.Null || strings.ContainsAny(p.Text, wild) {
			continue
		}
		if l.Op == "LIKE" && q.Package.Engine == catalog.SQLite && strings.ToLower(p.Text) != strings.ToUpper(p.Text) {
			continue // LIKE compares letters without case there
		}
		op, said := "=", "is compared with"
		if l.Not {
			op, said = "<>", "differs from"
		}
		d := q.At(l, "%s has no wildcard, so %s %s the whole text", q.Text(p), l.Op, said).
			WithHelp("write %s if that is meant, which keys and indexes serve; else the wildcard: '%%%s%%'", op, strings.Trim(p.Text, "%"))
		if gap, ok := rule.Operator(l.X, l.Pattern, l.Op, "NOT "+l.Op); ok && l.Escape == nil && p.Kind == ir.String && !strings.Contains(p.Text, `\`) {
			t := q.Package.Semantics.Base(q.Value(l.X).Type)
			safe := q.Package.Engine == catalog.PostgreSQL && t.Is("text", "varchar") && plain(q, l.X)
			d = d.WithFix(diag.Fix{Title: "compare by " + op, Edits: []diag.Edit{{Span: gap, New: " " + op + " "}}, Safe: safe})
		}
		q.Add(d)
	}
}

// plain tells whether a column has the collation that the database has: another may take different texts for equal.
func plain(q *rule.Query, x ir.Expr) bool {
	c := q.Column(x)
	return c != nil && c.Source != nil && c.Source.Collation == ""
}
