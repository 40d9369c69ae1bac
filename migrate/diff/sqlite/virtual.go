package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/diff/sqlite/definition"
	"github.com/covetsql/covetsql/migrate/plan"
)

// A virtual table is never altered: it is dropped and made again. What it holds is kept where its module is known to give back what it was
// given.

// content is FTS5's option, and whether it is there: the table whose rows are indexed, "" for an index alone.
func (r *relation) content() (table string, given bool) {
	for _, a := range r.arguments {
		if key, value, ok := strings.Cut(a, "="); ok && r.module == "fts5" && strings.EqualFold(strings.TrimSpace(key), "content") {
			return definition.Unquote(strings.TrimSpace(value)), true
		}
	}
	return "", false
}

// external is the table whose rows an FTS5 table indexes, "" where it holds its own or none.
func (r *relation) external() string {
	table, _ := r.content()
	return table
}

// holds tells whether the rows of a virtual table can be read and written back.
func (r *relation) holds() bool {
	_, given := r.content()
	return r.module == "fts5" && !given || r.module == "rtree" || r.module == "rtree_i32"
}

// kept is the name under which the rows of a virtual table wait for the next one.
func (d *differ) kept(r *relation) string { return d.free("covet_kept_" + r.name) }

// moves are the columns whose values go from one virtual table to the next; none where they can't.
func moves(old, wanted *relation) (columns []string) {
	if wanted == nil || !old.holds() || !wanted.holds() || old.module != wanted.module {
		return nil
	}
	for _, c := range old.columns {
		if slices.ContainsFunc(wanted.columns, func(w string) bool { return definition.Fold(w) == definition.Fold(c) }) {
			columns = append(columns, c)
		}
	}
	if old.module == "fts5" {
		return columns
	}
	bounds := 0 // an R*Tree takes no row without them
	for _, a := range wanted.arguments {
		if !strings.HasPrefix(strings.TrimSpace(a), "+") {
			bounds++
		}
	}
	if len(wanted.columns) < bounds || slices.ContainsFunc(wanted.columns[:bounds], func(w string) bool {
		return !slices.ContainsFunc(columns, func(c string) bool { return definition.Fold(w) == definition.Fold(c) })
	}) {
		return nil
	}
	return columns
}

// dropVirtual drops a virtual table, for good or to make it again as wanted.
func (d *differ) dropVirtual(r, wanted *relation) {
	object := plan.Object{Kind: "table", Name: r.name}
	s := plan.Step{SQL: "DROP TABLE " + d.Quote(r.name), About: object}
	if wanted != nil {
		s.Why = "it is made again below"
	}
	columns := moves(r, wanted)
	switch {
	case r.external() != "":
		s.Losses = []plan.Loss{{Object: object, What: "the index over " + r.external() + ", which can be built again"}}
	case columns == nil:
		s.Losses = []plan.Loss{{Object: object, What: "what the virtual table holds", Rows: true}}
	default:
		d.step(plan.Step{
			SQL:   fmt.Sprintf("CREATE TEMP TABLE %s AS SELECT %s FROM %s", d.Quote(d.kept(r)), d.list(r, columns, "rowid AS kept_rowid"), d.Quote(r.name)),
			About: object, Why: "a virtual table can't be altered: its rows wait here",
		})
		for _, c := range r.columns {
			if !slices.Contains(columns, c) {
				s.Losses = append(s.Losses, d.lostColumn(r, &definition.Column{Name: c}))
			}
		}
	}
	d.step(s)
}

// list are the columns of a virtual table as SQL; those of FTS5 have a rowid beside them.
func (d *differ) list(r *relation, columns []string, rowid string) string {
	var out []string
	if r.module == "fts5" {
		out = append(out, rowid)
	}
	for _, c := range columns {
		out = append(out, d.Quote(c))
	}
	return strings.Join(out, ", ")
}

// createVirtual makes a virtual table. The index of FTS5 over a table of its own is filled from it, and rows that were kept come back.
func (d *differ) createVirtual(r, old *relation) {
	object := plan.Object{Kind: "table", Name: r.name}
	d.create("table", r.name, r.text)
	if r.external() != "" {
		d.step(plan.Step{SQL: fmt.Sprintf("INSERT INTO %s(%[1]s) VALUES ('rebuild')", d.Quote(r.name)), About: object, Why: "the index is built from the rows of " + r.external()})
	}
	if old == nil {
		return
	}
	if columns := moves(old, r); columns != nil {
		kept := "temp." + d.Quote(d.kept(old))
		d.step(plan.Step{
			SQL: fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", d.Quote(r.name), d.list(r, columns, "rowid"), d.list(r, columns, "kept_rowid"), kept), About: object,
		})
		d.step(plan.Step{
			SQL:   fmt.Sprintf("SELECT 1 WHERE (SELECT count(*) FROM %s) <> (SELECT count(*) FROM %s)", kept, d.Quote(r.name)),
			About: object, Check: "not all rows of " + r.name + " were moved",
		})
		d.step(plan.Step{SQL: "DROP TABLE " + kept, About: object})
	}
}
