// Package timestamptimezonemix is the rule CV4133.
package timestamptimezonemix

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

// Rule finds points in time that are compared with, or written from, times without a zone.
var Rule = rule.New(page, check)

var comparisons = map[string]bool{"=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true, "IS DISTINCT FROM": true, "IS NOT DISTINCT FROM": true}

func check(q *rule.Query) {
	for _, b := range rule.Exprs[*ir.Binary](q) {
		if comparisons[b.Op] {
			compare(q, b, b.L, b.R)
		}
	}
	for _, b := range rule.Exprs[*ir.Between](q) {
		if !compare(q, b, b.X, b.Lo) {
			compare(q, b, b.X, b.Hi)
		}
	}
	for _, in := range rule.Exprs[*ir.In](q) {
		for _, x := range in.List {
			if compare(q, in, in.X, x) {
				break
			}
		}
	}
	for _, w := range q.Writes() {
		write(q, w)
	}
}

// compare judges a comparison of two values.
func compare(q *rule.Query, at ir.Expr, l, r ir.Expr) bool {
	if q.Moment(l) == rule.Zoned && q.Moment(r) == rule.Local {
		l, r = r, l
	}
	local, zoned := l, r
	if q.Moment(local) != rule.Local || q.Moment(zoned) != rule.Zoned || q.Package.Engine == catalog.MySQL && !mixes(q, local, zoned) {
		return false
	}
	d := q.At(at, "%s has no time zone and %s has one: which of them is later depends on the time zone of the session", q.Text(local), q.Text(zoned))
	d = label(q, d, local)
	if q.Package.Engine == catalog.MySQL {
		q.Add(d.WithHelp("store both as the same type, or compare with what is of the same kind"))
	} else if q.Column(local) != nil {
		q.Add(d.WithHelp("declare %s as timestamptz; or say which zone it is in: %s AT TIME ZONE 'UTC'", q.Text(local), q.Text(local)))
	} else {
		q.Add(d.WithHelp("say which zone the time is in: (%s) AT TIME ZONE 'UTC'", q.Text(local)))
	}
	return true
}

// mixes tells of MySQL, where now() is a datetime of the session's zone and goes with both, that two values do not go together: two
// columns, or a timestamp and a time in UTC.
func mixes(q *rule.Query, local, zoned ir.Expr) bool {
	return q.Column(zoned) != nil && (q.Column(local) != nil || utc(local))
}

func utc(x ir.Expr) bool {
	call, ok := x.(*ir.FuncCall)
	return ok && strings.HasPrefix(strings.ToLower(call.Name.Last()), "utc_")
}

// write judges a value that is written into a column.
func write(q *rule.Query, w rule.Write) {
	column := rule.Local
	t := q.Package.Semantics.Base(w.Column.Type)
	switch {
	case t.IsArray():
		return
	case q.Package.Engine == catalog.PostgreSQL && t.Name == "timestamptz", q.Package.Engine == catalog.MySQL && t.Name == "timestamp":
		column = rule.Zoned
	case q.Package.Engine == catalog.PostgreSQL && t.Name == "timestamp":
	default:
		return
	}
	value := q.Moment(w.Value)
	var d diag.Diagnostic
	switch {
	case column == rule.Zoned && value == rule.Local && (q.Package.Engine == catalog.PostgreSQL || utc(w.Value)):
		d = q.At(w.Value, "%s has no time zone, but %s has one: it is taken for a time in the zone of the session", q.Text(w.Value), w.Column.Name).
			WithHelp("write the point in time itself, as now() gives it")
	case column == rule.Local && value == rule.Zoned && q.Column(w.Value) != nil:
		d = q.At(w.Value, "%s has a time zone and %s has none: it is written as the session's clock shows it, and the zone is lost", q.Text(w.Value), w.Column.Name).
			WithHelp("declare %s as timestamptz, or say in which zone to write it: %s AT TIME ZONE 'UTC'", w.Column.Name, q.Text(w.Value))
	default:
		return
	}
	q.Add(d.WithLabel(w.Column.Span, "%s is %s", w.Column.Name, w.Column.Type))
}

func label(q *rule.Query, d diag.Diagnostic, x ir.Expr) diag.Diagnostic {
	if c := q.Column(x); c != nil && c.Source != nil {
		return d.WithLabel(c.Source.Span, "%s is %s", c.Source.Name, c.Type)
	}
	return d
}
