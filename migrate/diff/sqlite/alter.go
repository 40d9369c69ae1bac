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
	if adds = usedFirst(adds); adds == nil && len(b.Columns) > len(a.Columns)-len(drops) {
		return nil, nil, "columns are added that use each other"
	}
	return drops, adds, ""
}

// usedFirst orders columns so that none stands before one that it uses; nil where that can't be.
func usedFirst(columns []*definition.Column) (out []*definition.Column) {
	left := slices.Clone(columns)
	for len(left) > 0 {
		at := slices.IndexFunc(left, func(c *definition.Column) bool {
			return !slices.ContainsFunc(left, func(other *definition.Column) bool { return other != c && c.Mentions[definition.Fold(other.Name)] })
		})
		if at < 0 {
			return nil
		}
		out = append(out, left[at])
		left = slices.Delete(left, at, at+1)
	}
	return out
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
	if broken := d.brokenObject(); broken != "" {
		return "column " + c.Name + " goes, and ALTER TABLE stops at " + broken + ", which mentions what is not there"
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
	for _, i := range d.old.indexes.order {
		index := d.old.indexes.by[i]
		if definition.Fold(index.Table) != definition.Fold(old.name) || !index.Mentions[name] {
			continue
		}
		if now := d.new.indexes.by[definition.Fold(index.Name)]; now != nil && now.Canonical == index.Canonical {
			return "column " + c.Name + " goes, whose name index " + index.Name + " uses" // as a string, then
		}
	}
	for _, t := range d.old.tables.order { // a key that foreign keys of others refer to is gone by then
		r := d.old.tables.by[t]
		for _, k := range r.table.Constraints {
			if k.Kind == definition.ForeignKey && definition.Fold(k.RefTable) == definition.Fold(old.name) && slices.Contains(k.RefColumns, name) {
				return "column " + c.Name + " goes, which " + r.name + " refers to"
			}
		}
	}
	return ""
}

// brokenObject is a view or a trigger that stays and mentions a relation that is not there, "" where none does: SQLite looks into all of
// them when a column goes.
func (d *differ) brokenObject() string {
	if d.broken == nil {
		found := ""
		look := func(kind, name, text string) {
			for _, r := range definition.Relations(text) {
				if d.old.tables.by[r] == nil && d.old.views.by[r] == nil && d.old.virtuals.by[r] == nil && !strings.HasPrefix(r, "sqlite_") {
					found = kind + " " + name
				}
			}
		}
		for _, name := range d.old.views.order {
			v := d.old.views.by[name]
			if w := d.new.views.by[name]; w != nil && w.canonical == v.canonical {
				if look("view", v.name, v.text); len(v.columns) == 0 { // it can't be used
					found = "view " + v.name
				}
			}
		}
		for _, name := range d.old.triggers.order {
			t := d.old.triggers.by[name]
			if w := d.new.triggers.by[name]; w != nil && w.canonical == t.canonical {
				look("trigger", t.name, t.text)
			}
		}
		d.broken = &found
	}
	return *d.broken
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
