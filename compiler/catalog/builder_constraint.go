package catalog

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// columnConstraints lifts the constraints of a column's definition.
func (b *Builder) columnConstraints(t *Table, c *Column, def *ir.ColumnDef) {
	for i := range def.Constraints {
		k := &def.Constraints[i]
		switch k.Kind {
		case ir.NotNull:
			c.refuseNull()
			c.WroteNotNull = true
		case ir.NullAllowed:
			c.NotNull, c.WroteNull = false, true
		case ir.DefaultValue:
			c.Default, c.DefaultExpr = text(k.X), k.X
		case ir.Generated:
			c.Generated, c.GeneratedExpr, c.Stored = text(k.X), k.X, k.Stored
		case ir.Identity:
			b.identity(t, c, k)
		default:
			c.WroteNotNull = c.WroteNotNull || k.Kind == ir.PrimaryKey
			b.addConstraint(t, k, c.Name)
		}
	}
	b.applyDomain(c)
}

// refuseNull marks a column that a constraint of its own keeps from being NULL.
func (c *Column) refuseNull() { c.NotNull, c.NotNullByDomain = true, false }

// applyDomain makes a column NOT NULL where its type is a domain that is, or rests on one, and
// takes that back where its type no longer is.
//
// What PostgreSQL checks is the conversion to the domain, not the column (manual, CREATE DOMAIN,
// Notes): a value that is of the domain's type already is stored as it is, and it is NULL where it
// comes from a subquery without a row, the missing side of an outer join, a field of a row that
// is NULL, or a function. Only a statement that stores such a value gets a NULL into the column;
// sem warns of it where it stands, and says of its RETURNING, and of every value but the
// plain column, what is so.
func (b *Builder) applyDomain(c *Column) {
	refuses := false
	for t, depth := c.Type, 0; !t.IsArray() && depth < 32; depth++ {
		d := b.s.Type(t.Schema, t.Name)
		if d == nil || d.Kind != types.Domain {
			break
		}
		refuses = refuses || d.NotNull
		t = d.Base
	}
	switch {
	case refuses && !c.NotNull:
		c.NotNull, c.NotNullByDomain = true, true
	case !refuses && c.NotNullByDomain:
		c.NotNull, c.NotNullByDomain = false, false
	}
}

func (b *Builder) identity(t *Table, c *Column, k *ir.Constraint) {
	switch {
	case !b.rules.Sequences: // AUTO_INCREMENT, AUTOINCREMENT
		c.Identity = "auto_increment"
	case k.Always:
		c.Identity = "always"
	default:
		c.Identity = "by default"
	}
	if b.rules.Sequences {
		c.refuseNull()
		b.setSequence(b.sequenceFor(t, c), k.Options)
	}
}

// ownSequence gives a serial column its default and sequence, as the server does.
func (b *Builder) ownSequence(t *Table, c *Column) {
	q := b.sequenceFor(t, c)
	name := quotedName(q.Name)
	if t.Schema != b.s.DefaultSchema {
		name = quotedName(t.Schema) + "." + name
	}
	c.Default = "nextval('" + name + "'::regclass)"
}

// quotedName is a name as it stands in SQL: in quotes where it would be folded without.
func quotedName(name string) string {
	for i := 0; i < len(name); i++ {
		if c := name[i]; c != '_' && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return name
}

func (b *Builder) sequenceFor(t *Table, c *Column) *Sequence {
	sc := b.s.Schema(t.Schema)
	q := &Sequence{Schema: t.Schema, Type: c.Type, OwnedBy: t.Name + "." + c.Name, Span: c.Span}
	q.Name = Unused(t.Name+"_"+c.Name+"_seq", func(n string) bool { return sc.sequence(n) != nil })
	sc.Sequences = append(sc.Sequences, q)
	return q
}

// addConstraint adds a table constraint, or a column's where column is not empty.
func (b *Builder) addConstraint(t *Table, k *ir.Constraint, column string) {
	c := &Constraint{
		Kind: k.Kind, Expr: text(k.X), X: k.X,
		OnDelete: k.OnDelete, OnUpdate: k.OnUpdate, Match: k.Match,
		Deferrable: k.Deferrable, InitiallyDeferred: k.InitiallyDeferred,
		NotValid: k.NotValid, NoInherit: k.NoInherit, NullsNotDistinct: k.NullsNotDistinct,
		Include: idents(k.Include), OnConflict: k.OnConflict, Using: k.Using, Span: k.Span(),
	}
	if k.Name != nil {
		c.Name = k.Name.Name
	}
	if k.Kind == ir.Exclude {
		whole := k.Span().Text()
		c.Expr = whole[max(strings.Index(strings.ToUpper(whole), "EXCLUDE"), 0):]
	}
	switch {
	case k.Kind == ir.ForeignKey:
		c.Columns = idents(k.Columns)
	default:
		for i, p := range k.Parts {
			if p.Column != nil {
				c.Columns = append(c.Columns, p.Column.Name)
			} else {
				c.Columns = append(c.Columns, "")
			}
			if p.Collate != nil {
				if c.Collations == nil {
					c.Collations = make([]string, len(k.Parts))
				}
				c.Collations[i] = p.Collate.String()
			}
		}
	}
	if column != "" && k.Kind != ir.Check {
		c.Columns = []string{column}
	} else {
		b.checkColumns(t, k)
	}
	switch k.Kind {
	case ir.PlainIndex:
		b.addIndex(t, &ir.CreateIndex{At: k.At, Name: identOr(k.Name), Parts: k.Parts, Using: k.Using, Options: k.Options})
		return
	case ir.ForeignKey:
		if b.rules.IgnoresForeignKeys != nil && b.rules.IgnoresForeignKeys(t) {
			return
		}
		if k.References != nil {
			c.RefTable, c.RefColumns = k.References.Last(), idents(k.RefColumns)
			c.RefSchema = k.References.Schema()
			if ref := b.s.Table(k.References.Schema(), k.References.Last()); ref != nil {
				c.RefSchema = ref.Schema
				if c.RefColumns == nil {
					if pk := ref.PrimaryKey(); pk != nil {
						c.RefColumns = slices.Clone(pk.Columns)
					}
				}
			}
		}
	case ir.Unique, ir.PrimaryKey:
		if k.UsingIndex != nil {
			b.promoteIndex(t, c, k.UsingIndex.Name)
		}
		if k.Kind == ir.PrimaryKey && t.PrimaryKey() != nil {
			b.diags.Add(diag.New(diag.DuplicateObject, k.Span(), "table %q has a primary key already", t.Name).
				WithLabel(t.PrimaryKey().Span, "the first is here"))
			return
		}
	case ir.NotNull: // a named table-level NOT NULL (PostgreSQL 18)
		for _, id := range k.Columns {
			if col := t.Column(id.Name, b.s.Caseless()); col != nil {
				col.refuseNull()
			}
		}
		return
	}
	if c.Name == "" && b.rules.ConstraintName != nil {
		c.Name = b.rules.ConstraintName(t, c, func(n string) bool { return t.constraint(n) != nil })
	}
	t.Constraints = append(t.Constraints, c)
	if k.Kind == ir.PrimaryKey {
		b.applyKeys(t)
	}
}

// applyKeys marks the columns that the primary key makes NOT NULL.
func (b *Builder) applyKeys(t *Table) {
	pk := t.PrimaryKey()
	if pk == nil {
		return
	}
	for _, name := range pk.Columns {
		if c := t.Column(name, b.s.Caseless()); c != nil && (b.rules.KeyIsNotNull == nil || b.rules.KeyIsNotNull(t, pk, c)) {
			c.refuseNull()
		}
	}
}

func (b *Builder) checkColumns(t *Table, k *ir.Constraint) {
	check := func(id ir.Ident) {
		if t.Column(id.Name, b.s.Caseless()) == nil {
			b.unknownColumn(t, id)
		}
	}
	for _, id := range k.Columns {
		check(id)
	}
	for _, p := range k.Parts {
		if p.Column != nil {
			check(*p.Column)
		}
	}
}
