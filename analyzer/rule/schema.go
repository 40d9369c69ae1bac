package rule

import (
	"strings"
	"unicode"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// Tables lists the tables that the schema declares, in order: no views, none of the server's own.
func (p *Package) Tables() []*catalog.Table {
	var out []*catalog.Table
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			if t.Kind == catalog.BaseTable && !t.Temp && !t.Span.IsZero() {
				out = append(out, t)
			}
		}
	}
	return out
}

// Column is a table's column by its name as a key or foreign key has it; nil where there is none.
func (p *Package) Column(t *catalog.Table, name string) *catalog.Column {
	return t.Column(name, p.Catalog.Caseless())
}

// Key is a primary key, a unique constraint or a unique index.
type Key struct {
	Constraint *catalog.Constraint // nil for an index
	Index      *catalog.Index      // nil for a constraint
	Columns    []*catalog.Column
}

// Keys are what keeps the rows of a table apart: all rows, by their columns. Those that are partial, that are over expressions or that may be
// broken for a while are left out.
func (p *Package) Keys(t *catalog.Table) []Key {
	var out []Key
	for _, c := range t.Constraints {
		if c.Kind == ir.PrimaryKey || c.Kind == ir.Unique {
			if columns := p.columns(t, c.Columns); columns != nil {
				out = append(out, Key{Constraint: c, Columns: columns})
			}
		}
	}
	for _, x := range t.Indexes {
		if !x.Unique || x.Alone || x.Where != "" || x.WhereExpr != nil {
			continue
		}
		var names []string
		for _, part := range x.Parts {
			names = append(names, part.Column)
		}
		if columns := p.columns(t, names); columns != nil {
			out = append(out, Key{Index: x, Columns: columns})
		}
	}
	return out
}

func (p *Package) columns(t *catalog.Table, names []string) (out []*catalog.Column) {
	for _, name := range names {
		c := p.Column(t, name)
		if c == nil {
			return nil
		}
		out = append(out, c)
	}
	return out
}

// Words takes a name apart, in lower case: created_at and createdAt both give created and at.
func Words(name string) []string {
	var b strings.Builder
	low := false
	for _, r := range name {
		if unicode.IsUpper(r) && low {
			b.WriteByte('_')
		}
		low = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return r == '_' || r == '-' || r == ' ' || r == '.' })
}
