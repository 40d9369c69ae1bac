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

// cause is why times mix.
type cause struct {
	kind string // one of the below
	// query is the one whose expressions are at fault; empty where the cause is the schema's or a habit.
	query string
}

const (
	zoneless = "zoneless" // columns of the schema have no zone
	written  = "written"  // zoneless times are written into columns that have one
	asked    = "asked"    // a query compares an expression that has no zone
)

// found is the first finding of a cause, what else has it, and the names of other queries that have it.
type found struct {
	first diag.Diagnostic
	names []string
	more  []string
	kind  string
}

// habit tells of a schema that keeps times without a zone throughout: its sessions are all of one zone, or everything would be wrong.
func (f *found) habit() bool { return f.kind == zoneless && len(f.names) > 3 }

// check tells of each cause once.
func check(p *rule.Package) {
	causes := map[cause]*found{}
	var order []*found
	p.Each(func(q *rule.Query) {
		add := func(c cause, name string, d diag.Diagnostic) {
			f := causes[c]
			if f == nil {
				f = &found{first: d, kind: c.kind}
				causes[c], order = f, append(order, f)
			} else if f.first.Query != q.Name && !slices.Contains(f.more, q.Name) {
				f.more = append(f.more, q.Name)
			}
			if !slices.Contains(f.names, name) {
				f.names = append(f.names, name)
			}
		}
		note := func(at, l, r ir.Expr) bool {
			d, local, column, ok := compare(q, at, l, r)
			switch {
			case !ok:
			case column != nil:
				add(cause{kind: zoneless}, column.Table.Name+"."+column.Name, d)
			default:
				add(cause{asked, q.Name}, q.Text(local), d)
			}
			return ok
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
			if kind, d, ok := write(q, w); ok {
				add(cause{kind: kind}, w.Column.Table.Name+"."+w.Column.Name, d)
			}
		}
	})
	for _, f := range order {
		if f.habit() {
			continue
		}
		if n := len(f.names); n > 1 {
			names := slices.Clone(f.names[1:min(n, 4)])
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

// compare judges a comparison of two values; local is the one without a zone, column the one that it is, or nil.
func compare(q *rule.Query, at, l, r ir.Expr) (d diag.Diagnostic, local ir.Expr, column *catalog.Column, ok bool) {
	if q.Moment(l) == rule.Zoned && q.Moment(r) == rule.Local {
		l, r = r, l
	}
	local = l
	zoned := r
	if q.Moment(local) != rule.Local || q.Moment(zoned) != rule.Zoned || q.Package.Engine == catalog.MySQL && !mixes(q, local, zoned) {
		return d, nil, nil, false
	}
	d = q.At(at, "%s has no time zone and %s has one: which of them is later depends on the time zone of the session", q.Text(local), q.Text(zoned))
	if b, ok := at.(*ir.Binary); ok && b.Op == "-" {
		d = q.At(at, "%s has no time zone and %s has one: how far they are apart depends on the time zone of the session", q.Text(local), q.Text(zoned))
	}
	c := q.Column(local)
	if c != nil && c.Source != nil && clocked(c.Source.Default) && clock(q, zoned) {
		return d, nil, nil, false // both are the server's clock, by the zone of one session as a rule
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
	return d, local, column, true
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
func write(q *rule.Query, w rule.Write) (kind string, d diag.Diagnostic, ok bool) {
	column := rule.Local
	t := q.Package.Semantics.Base(w.Column.Type)
	switch {
	case t.IsArray():
		return kind, d, false
	case q.Package.Engine == catalog.PostgreSQL && t.Name == "timestamptz", q.Package.Engine == catalog.MySQL && t.Name == "timestamp":
		column = rule.Zoned
	case q.Package.Engine == catalog.PostgreSQL && t.Name == "timestamp":
	default:
		return kind, d, false
	}
	value := q.Moment(w.Value)
	switch {
	case column == rule.Zoned && value == rule.Local && (q.Package.Engine == catalog.PostgreSQL || utc(w.Value)):
		kind = written
		d = q.At(w.Value, "%s has no time zone, but %s has one: it is taken for a time in the zone of the session", q.Text(w.Value), w.Column.Name).
			WithHelp("write the point in time itself, as now() gives it")
	case column == rule.Local && value == rule.Zoned && q.Column(w.Value) != nil:
		kind = zoneless
		d = q.At(w.Value, "%s has a time zone and %s has none: it is written as the session's clock shows it, and the zone is lost", q.Text(w.Value), w.Column.Name).
			WithHelp("declare %s as timestamptz, or say in which zone to write it: %s AT TIME ZONE 'UTC'", w.Column.Name, q.Text(w.Value))
	default:
		return kind, d, false
	}
	return kind, d.WithLabel(w.Column.Span, "%s is %s", w.Column.Name, w.Column.Type), true
}
