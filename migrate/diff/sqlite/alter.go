package sqlite

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/diff/sqlite/definition"
	"github.com/covetsql/covetsql/migrate/plan"
)

// The versions that brought what a plan uses.
const (
	dropColumn    = 3035005 // the first that does it right
	checkedColumn = 3038000 // ADD COLUMN looks at a CHECK, a generated NOT NULL and STRICT for the rows that are there
)

// inPlace are the columns that ALTER TABLE can drop and add to make old the wanted table; why says what it can't do.
func (d *differ) inPlace(old, wanted *relation) (drops, adds []*definition.Column, why string) {
	a, b := old.table, wanted.table
	switch {
	case a.Strict != b.Strict:
		return nil, nil, "STRICT changes"
	case a.WithoutRowID != b.WithoutRowID:
		return nil, nil, "WITHOUT ROWID changes"
	}
	for _, c := range a.Columns {
		now := b.Column(definition.Fold(c.Name))
		switch {
		case now == nil:
			drops = append(drops, c)
		case now.Canonical() != c.Canonical():
			return nil, nil, "column " + c.Name + " changes"
		}
	}
	for _, c := range b.Columns {
		if !a.Has(definition.Fold(c.Name)) {
			adds = append(adds, c)
		}
	}
	if !slices.Equal(constraintsWithout(a, drops), constraintsWithout(b, adds)) {
		return nil, nil, "a constraint changes"
	}
	if len(drops) == len(a.Columns) {
		return nil, nil, "all its columns change"
	}
	for _, c := range drops {
		if why = d.cannotDrop(old, wanted, c); why != "" {
			return nil, nil, why
		}
	}
	for _, c := range adds {
		if why = d.cannotAdd(wanted, c); why != "" {
			return nil, nil, why
		}
	}
	return drops, adds, ""
}

// constraintsWithout are the table's constraints but those that are written at some columns.
func constraintsWithout(t *definition.Table, columns []*definition.Column) (out []string) {
	for _, k := range t.Constraints {
		if k.At == nil || !slices.Contains(columns, k.At) {
			out = append(out, k.Canonical)
		}
	}
	slices.Sort(out)
	return out
}

// cannotDrop says why DROP COLUMN would be refused, "" where it is not.
func (d *differ) cannotDrop(old, wanted *relation, c *definition.Column) string {
	name := definition.Fold(c.Name)
	if d.Version < dropColumn {
		return "column " + c.Name + " goes, which ALTER TABLE does from SQLite 3.35.5 on"
	}
	for _, k := range old.table.Constraints {
		switch {
		case k.At == c && (k.Kind == definition.PrimaryKey || k.Kind == definition.Unique):
			return "column " + c.Name + " goes, which is a key"
		case k.At != c && (slices.Contains(k.Columns, name) || k.Mentions[name]):
			return "column " + c.Name + " goes, which a constraint uses"
		}
	}
	for _, other := range old.table.Columns {
		if other != c && other.Mentions[name] {
			return "column " + c.Name + " goes, which column " + other.Name + " uses"
		}
	}
	if c.Stored {
		return "column " + c.Name + " goes, which is generated and stored"
	}
	for _, index := range d.old.indexes.by {
		if definition.Fold(index.Table) != definition.Fold(old.name) || !index.Mentions[name] {
			continue
		}
		if now := d.new.indexes.by[definition.Fold(index.Name)]; now != nil && now.Canonical == index.Canonical {
			return "column " + c.Name + " goes, whose name index " + index.Name + " uses" // as a string, then
		}
	}
	for _, r := range d.old.tables.by { // a key that foreign keys of others refer to is gone by then
		for _, k := range r.table.Constraints {
			if k.Kind == definition.ForeignKey && definition.Fold(k.RefTable) == definition.Fold(old.name) && slices.Contains(k.RefColumns, name) {
				return "column " + c.Name + " goes, which " + r.name + " refers to"
			}
		}
	}
	return ""
}

// cannotAdd says why ADD COLUMN would be refused over rows, "" where it is not.
func (d *differ) cannotAdd(wanted *relation, c *definition.Column) string {
	constant := c.Default == "" || !strings.HasPrefix(c.Default, "(") && !strings.HasPrefix(c.Default, "current_")
	null := c.Default == "" || c.Default == "null"
	switch {
	case c.Stored:
		return "column " + c.Name + " is added, which is generated and stored"
	case !constant:
		return "column " + c.Name + " is added, whose default is no constant"
	case c.NotNull && null && c.Generated == "":
		return "column " + c.Name + " is added, which is NOT NULL and has no default"
	case (c.NotNull && c.Generated != "" || wanted.table.Strict && !null) && d.Version < checkedColumn:
		return "column " + c.Name + " is added, which SQLite checks from 3.38 on"
	}
	for _, k := range c.Inline {
		switch {
		case k.Kind == definition.PrimaryKey || k.Kind == definition.Unique:
			return "column " + c.Name + " is added, which is a key"
		case k.Kind == definition.Check && d.Version < checkedColumn:
			return "column " + c.Name + " is added with a CHECK, which SQLite checks from 3.38 on"
		case k.Kind == definition.ForeignKey && !null:
			return "column " + c.Name + " is added, which refers to " + k.RefTable + " by a default"
		case k.Kind == definition.ForeignKey && c.Generated != "":
			return "column " + c.Name + " is added, which is generated and refers to " + k.RefTable
		}
	}
	return ""
}

// alter writes the ALTER TABLEs of a table that changes in place.
func (d *differ) alter(a alter) {
	for _, c := range a.drops {
		s := plan.Step{
			SQL:   "ALTER TABLE " + d.Quote(a.old.name) + " DROP COLUMN " + d.Quote(c.Name),
			About: plan.Object{Kind: "column", Table: a.old.name, Name: c.Name},
		}
		if c.Generated == "" {
			s.Losses = []plan.Loss{d.lostColumn(a.old, c)}
		}
		d.step(s)
	}
	for _, c := range a.adds {
		d.step(plan.Step{
			SQL:   "ALTER TABLE " + d.Quote(a.old.name) + " ADD COLUMN " + c.Text,
			About: plan.Object{Kind: "column", Table: a.old.name, Name: c.Name},
		})
	}
}

func (d *differ) lostColumn(r *relation, c *definition.Column) plan.Loss {
	return plan.Loss{Object: plan.Object{Kind: "column", Table: r.name, Name: c.Name}, What: "the values of the column", Rows: true}
}
