// Package regexscan is the rule CV5029.
package regexscan

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds regular expressions that are asked of every row of a table.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, c := range q.Conditions() {
		if c.Clause != rule.Where {
			continue
		}
		for _, x := range rule.Conjuncts(c.X) {
			if key, pattern := expression(x); key != nil {
				judge(q, x, key, pattern, c.Block)
			}
		}
	}
}

// expression takes a match with a regular expression apart.
func expression(x ir.Expr) (key, pattern ir.Expr) {
	switch x := x.(type) {
	case *ir.Binary:
		if x.Op == "~" || x.Op == "~*" {
			return x.L, x.R
		}
	case *ir.Like:
		if !x.Not && (x.Op == "REGEXP" || x.Op == "RLIKE" || x.Op == "SIMILAR TO") {
			return x.X, x.Pattern
		}
	}
	return nil, nil
}

func judge(q *rule.Query, x, key, pattern ir.Expr, in *sem.Block) {
	column := q.Column(key)
	if column == nil || column.Source == nil {
		return
	}
	a := access.ByID(access.Of(q), q.Value(key).Column)
	if a == nil || a.Block != in {
		return
	}
	for _, c := range a.Conds {
		if c.Op != access.Other && c.Op != access.Pattern && c.Op != access.Suffix && c.Within == nil && a.Finds(c) {
			return // the expression is asked of the rows that an index finds
		}
	}
	for _, p := range a.Paths {
		if !p.Ordered() && p.Has(column.Source) >= 0 {
			return // of trigrams, or another kind that may serve it
		}
	}
	text := ""
	if l := q.Value(pattern).Constant; l != nil {
		text = l.Text
	}
	anchored := strings.HasPrefix(text, "^") && !strings.Contains(text, "|") && len(text) > 1 && !strings.ContainsAny(text[1:2], `.*+?[(\|$`)
	d := q.At(x, "the regular expression is asked of every row of %s: no index serves it", a.Table.Name)
	switch {
	case q.Package.Engine == catalog.MySQL && anchored:
		d = d.WithHelp("an index serves LIKE 'text%%' where the expression only says how the value begins")
	case q.Package.Engine == catalog.MySQL:
		d = d.WithHelp("a FULLTEXT index finds words (MATCH … AGAINST), a stored generated column what the expression looks for; or narrow the rows by an indexed column")
	case anchored:
		return // a btree of text_pattern_ops serves how a value begins
	default:
		d = d.WithHelp("an index of trigrams serves it: CREATE EXTENSION pg_trgm; CREATE INDEX ON %s USING gin (%s gin_trgm_ops)", a.Table.Name, column.Name)
	}
	q.Add(d.WithLabel(column.Source.Span, "the column"))
}
