package gowrite

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/diag"
)

// sharedRow is a result type that queries name by "-- returns: Name". It is written beside the
// models, which belong to no query alone either.
type sharedRow struct {
	*structType
	of    *method // whose columns it has; nil for a table's model
	names []string
}

// planShared gives a method the result type that its query names: a table's model, or one that
// it shares with other queries. The columns are the type's fields, in any order.
func (g *generator) planShared(m *method) {
	q := m.query
	columns := make([]*surface.Column, len(q.Columns))
	for i := range q.Columns {
		columns[i] = &q.Columns[i]
	}
	own := g.structOf(q.Returns, columns)
	g.planMissing(own)
	m.ret = value{name: "i", pointer: g.opts.EmitResultStructPointers}
	g.share(m, own)
}

// share gives a method's rows, which are of the struct own, the type that its query names.
func (g *generator) share(m *method, own *structType) {
	q := m.query
	if !token.IsIdentifier(q.Returns) || !token.IsExported(q.Returns) {
		g.notShared(m, nil, "%q can not be the name of a shared result type", q.Returns).
			add("write a Go name that begins with a capital letter, as in \"-- returns: AuthorRow\"")
		return
	}
	m.ret.fields = own
	s := g.sharedRow(q.Returns)
	if s == nil {
		g.shared = append(g.shared, &sharedRow{structType: own, of: m, names: []string{m.name}})
		return
	}
	s.names = append(s.names, m.name)
	g.fit(m, s, own)
}

// sharedRow is the type of a name that a query has taken, or a table's model; nil for a new name.
func (g *generator) sharedRow(name string) *sharedRow {
	for _, s := range g.shared {
		if s.name == name {
			return s
		}
	}
	for _, model := range g.models {
		if model.name == name {
			s := &sharedRow{structType: model}
			g.shared = append(g.shared, s)
			return s
		}
	}
	return nil
}

// fit holds a query's columns against a shared type's fields. A field of a model that takes NULL
// takes a column without.
func (g *generator) fit(m *method, s *sharedRow, own *structType) {
	var wrong []string
	for i := range own.fields {
		o := &own.fields[i]
		at := slices.IndexFunc(s.fields, func(f field) bool { return f.name == o.name })
		if at < 0 {
			wrong = append(wrong, o.name+" "+o.typ.Text+" is no field of "+s.name)
			continue
		}
		f := &s.fields[at]
		if f.typ.Text == o.typ.Text {
			o.tags = f.tags
			continue
		}
		if s.of == nil && f.column != nil && o.column.Embed == nil {
			wide := *o.column
			wide.NotNull = f.column.NotNull
			if g.goType(&wide).Text == f.typ.Text {
				o.typ, o.tags = f.typ, f.tags
				continue
			}
		}
		wrong = append(wrong, fmt.Sprintf("%s is %s here and %s in %s", o.name, o.typ.Text, f.typ.Text, s.name))
	}
	for i := range s.fields {
		f := &s.fields[i]
		if !slices.ContainsFunc(own.fields, func(o field) bool { return o.name == f.name }) {
			wrong = append(wrong, "no column for "+f.name+" "+f.typ.Text+" of "+s.name)
		}
	}
	if wrong != nil {
		g.notShared(m, s, "query %s does not give a %s: %s", m.name, s.name, strings.Join(wrong, "; ")).
			add("select the same columns with the same names; a cast or coalesce gives another type, or \"-- column: name nullable=…\"")
	}
}

// sharing is a finding about a shared type, still without its help.
type sharing struct {
	g *generator
	d diag.Diagnostic
}

func (g *generator) notShared(m *method, s *sharedRow, format string, args ...any) sharing {
	at := m.query.Span
	if at.IsZero() {
		at = g.at
	}
	d := diag.New(diag.SharedRow, at, format, args...)
	d.Query = m.query.Name
	switch {
	case s == nil:
	case s.of != nil:
		d = d.WithLabel(s.of.query.Span, "%s has its columns from here", s.name)
	default:
		d = d.WithLabel(s.at, "%s is the model of this table", s.name)
	}
	return sharing{g, d}
}

func (s sharing) add(help string) { s.g.diags.Add(s.d.WithHelp("%s", help)) }

// writeShared writes the shared types that are no models.
func (g *generator) writeShared(f *goFile) {
	for _, s := range g.shared {
		if s.of == nil {
			continue
		}
		f.p()
		f.p("// ", s.name, " is a row of ", series(s.names), ".")
		g.writeStruct(f, s.name, s.fields)
	}
}

// series lists names as a sentence does.
func series(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
