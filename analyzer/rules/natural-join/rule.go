// Package naturaljoin is the rule CV4602.
package naturaljoin

import (
	_ "embed"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds NATURAL JOIN.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, j := range rule.Exprs[*ir.Join](q) {
		if !j.Natural {
			continue
		}
		shared := common(q, j)
		if len(shared) == 0 {
			q.Add(q.At(j, "the two have no column in common, so NATURAL JOIN pairs each row with each").
				WithHelp("write JOIN … ON with the condition that is meant"))
			continue
		}
		list := strings.Join(shared, ", ")
		d := q.At(j, "NATURAL JOIN goes by all columns that are called alike, now %s: a column that is added to a table changes it", list).
			WithHelp("write JOIN … USING (%s), or ON with the columns that are meant", list)
		if f, ok := fix(j, list); ok {
			d = d.WithFix(f)
		}
		q.Add(d)
	}
}

// common are the names of columns that both sides have.
func common(q *rule.Query, j *ir.Join) []string {
	var out []string
	caseless := q.Package.Traits.CaselessNames
	fold := func(s string) string {
		if caseless {
			return strings.ToLower(s)
		}
		return s
	}
	left := map[string]bool{}
	each := func(list []*sem.Relation, visit func(string)) {
		for _, r := range list {
			r.Columns.Each(func(id rel.ColID) { visit(q.ByID(id).Name) })
		}
	}
	each(q.Relations(j.L), func(name string) { left[fold(name)] = true })
	each(q.Relations(j.R), func(name string) {
		if left[fold(name)] && name != "" {
			out = append(out, name)
			left[fold(name)] = false
		}
	})
	return out
}

var natural = regexp.MustCompile(`(?i)\bNATURAL\s+`)

// fix names the columns.
func fix(j *ir.Join, list string) (f diag.Fix, ok bool) {
	gap := rule.Between(j.L, j.R)
	m := natural.FindStringIndex(gap.Text())
	if _, right := j.R.(*ir.Join); m == nil || right {
		return f, false
	}
	end := j.R.Span()
	return diag.Fix{Title: "name the columns", Safe: true, Edits: []diag.Edit{
		{Span: source.Span{File: gap.File, Start: gap.Start + int32(m[0]), End: gap.Start + int32(m[1])}},
		{Span: source.Span{File: end.File, Start: end.End, End: end.End}, New: " USING (" + list + ")"},
	}}, true
}
