// Package timestamptimezonemix is the rule CV4133.
package timestamptimezonemix

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds points in time that are compared with, or written from, times without a zone.
var Rule = rule.NewPackage(page, check)

var comparisons = map[string]bool{"=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true, "IS DISTINCT FROM": true, "IS NOT DISTINCT FROM": true}

// found is the first comparison of columns, the other columns that are compared so, and the names of queries with others.
type found struct {
	first   diag.Diagnostic
	columns []*catalog.Column
	more    []string
}

// check judges comparisons of a schema's columns together: all are wrong for one reason, that its times have no zone, which is told
// once.
func check(p *rule.Package) {
	var stored *found
	var order []*found
	p.Each(func(q *rule.Query) {
		said := map[*found]bool{}
		note := func(at, l, r ir.Expr) bool {
			d, column, ok := compare(q, at, l, r)
			if !ok {
				return false
			}
			f := stored
			if f == nil || column == nil {
				f = &found{first: d}
				order = append(order, f)
				if column != nil {
					stored = f
				}
			} else if !said[f] && f.first.Query != q.Name && !slices.Contains(f.more, q.Name) {
				f.more = append(f.more, q.Name)
			}
			if column != nil && !slices.Contains(f.columns, column) {
				f.columns = append(f.columns, column)
			}
			said[f] = true
			return true
		}
		for _, b := range rule.Exprs[*ir.Binary](q) {
			if comparisons[b.Op] || b.Op == "-" && q.Package.Engine == catalog.PostgreSQL {
				note(b, b.L, b.R)
			}
		}
		for _, b := range rule.Exprs[*ir.Between](q) {
			if !note(b, b.X, b.Lo) {
				note(b, b.X, b.Hi)
			}
		}
		for _, in := range rule.Exprs[*ir.In](q) {
			for _, x := range in.List {
				if note(in, in.X, x) {
					break
				}
			}
		}
		for _, w := range q.Writes() {
			write(q, w)
		}
	})
	for _, f := range order {
		if n := len(f.columns); n > 1 {
			var names []string
			for _, c := range f.columns[1:min(n, 4)] {
				names = append(names, c.Table.Name+"."+c.Name)
			}
			if n > 4 {
				names = append(names, "others")
			}
			f.first = f.first.WithHelp("it is the same with %s", rule.List(names))
		}
		switch n := len(f.more); {
		case n > 3:
			f.first = f.first.WithHelp("so do %s and %d more queries", strings.Join(f.more[:3], ", "), n-3)
		case n > 1:
			f.first = f.first.WithHelp("so do %s", strings.Join(f.more, ", "))
		case n == 1:
			f.first = f.first.WithHelp("so does %s", f.more[0])
		}
		p.Add(f.first)
	}
}

// compare judges a comparison of two values; column is the one without a zone, nil where none is.
func compare(q *rule.Query, at, l, r ir.Expr) (d diag.Diagnostic, column *catalog.Column, ok bool) {
	if q.Moment(l) == rule.Zoned && q.Moment(r) == rule.Local {
		l, r = r, l
	}
	local, zoned := l, r
	if q.Moment(local) != rule.Local || q.Moment(zoned) != rule.Zoned || q.Package.Engine == catalog.MySQL && !mixes(q, local, zoned) {
		return d, nil, false
	}
	d = q.At(at, "%s has no time zone and %s has one: which of them is later depends on the time zone of the session", q.Text(local), q.Text(zoned))
	if b, ok := at.(*ir.Binary); ok && b.Op == "-" {
		d = q.At(at, "%s has no time zone and %s has one: how far they are apart depends on the time zone of the session", q.Text(local), q.Text(zoned))
	}
	c := q.Column(local)
	if c != nil && c.Source != nil && clocked(c.Source.Default) && clock(q, zoned) {
		return d, nil, false // both are the server's clock, by the zone of one session as a rule
	}
	if c != nil && c.Source != nil {
		column = c.Source
		d = d.WithLabel(column.Span, "%s is %s", column.Name, c.Type)
	}
	switch {
	case q.Package.Engine == catalog.MySQL:
		d = d.WithHelp("store both as the same type, or compare with what is of the same kind")
	case c != nil:
		d = d.WithHelp("declare %s as timestamptz; or say which zone it is in: %s AT TIME ZONE 'UTC'", q.Text(local), q.Text(local))
	default:
		d = d.WithHelp("say which zone the time is in: (%s) AT TIME ZONE 'UTC'", q.Text(local))
	}
	return d, column, true
}

// clocked tells of a default that it is the server's clock.
func clocked(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "now()") || strings.Contains(text, "current_timestamp") || strings.Contains(text, "localtimestamp") || strings.Contains(text, "clock_timestamp")
}

// clock tells whether a point in time is computed from the server's clock alone.
func clock(q *rule.Query, x ir.Expr) bool {
	alone := q.Value(x).Uses.Empty()
	ir.Walk(x, func(n ir.Node) bool {
		if _, ok := n.(*ir.Param); ok {
			alone = false
		}
		return true
	})
	return alone
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
