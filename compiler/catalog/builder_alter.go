package catalog

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

func (b *Builder) alterTable(n *ir.AlterTable) {
	switch n.Kind {
	case ir.ObjType:
		b.alterComposite(n)
		return
	case ir.ObjTable, ir.ObjView, ir.ObjMatView, "":
	default: // indexes, sequences, foreign tables: storage and owners only
		b.noted["ALTER"]++
		b.attachIndex(n)
		return
	}
	t := b.table(n.Name, n.IfExists)
	if t == nil {
		return
	}
	for i := range n.Actions {
		b.alter(t, &n.Actions[i], n.Only)
	}
}

// attachIndex is ALTER INDEX … ATTACH PARTITION: an index ON ONLY a partitioned table begins to
// hold. It does so fully with the last partition's, which dumps give one after another.
func (b *Builder) attachIndex(n *ir.AlterTable) {
	for i := range n.Actions {
		if n.Actions[i].Kind != ir.AttachPartition {
			continue
		}
		for _, sc := range b.s.Schemas {
			for _, t := range sc.Tables {
				for _, x := range t.Indexes {
					if b.s.same(x.Name, n.Name.Last()) {
						x.Alone = false
					}
				}
			}
		}
	}
}

// alter applies one action; only tells that it does not reach the tables that inherit.
func (b *Builder) alter(t *Table, a *ir.AlterAction, only bool) {
	switch a.Kind {
	case ir.AddColumn:
		if a.IfNotExists && t.Column(a.Def.Name.Name, b.s.Caseless()) != nil {
			return
		}
		b.addColumn(t, a.Def)
		b.eachChild(t, func(child *Table) {
			if child.Column(a.Def.Name.Name, b.s.Caseless()) == nil {
				b.addColumn(child, a.Def)
			}
		})
	case ir.DropColumn:
		b.dropColumn(t, a)
	case ir.AddConstraint:
		before := len(t.Constraints)
		b.addConstraint(t, a.Constraint, "")
		if len(t.Constraints) > before {
			b.eachChild(t, func(child *Table) { b.inheritConstraint(child, t.Constraints[before]) })
		}
	case ir.DropConstraint:
		b.dropConstraint(t, a)
	case ir.ValidateConstraint:
		if c := t.constraint(a.Column.Name); c != nil {
			c.NotValid = false
			if c.Kind == ir.Check {
				b.eachChild(t, func(child *Table) {
					if k := child.constraint(c.Name); k != nil && k.Kind == ir.Check {
						k.NotValid = false
					}
				})
			}
		}
	case ir.DropPrimaryKey:
		t.Constraints = slices.DeleteFunc(t.Constraints, func(c *Constraint) bool { return c.Kind == ir.PrimaryKey })
	case ir.ModifyColumn:
		b.modifyColumn(t, a)
	case ir.RenameColumn:
		b.renameColumn(t, a.Column, a.New)
	case ir.RenameTable:
		if a.NewTable != nil {
			b.renameTable(t, *a.NewTable)
		}
	case ir.RenameConstraint:
		if c := t.constraint(a.Column.Name); c != nil {
			c.Name = a.New.Name
		}
	case ir.RenameIndex:
		for _, x := range t.Indexes {
			if b.s.same(x.Name, a.Column.Name) {
				x.Name = a.New.Name
			}
		}
		for _, c := range t.Constraints {
			if b.s.same(c.Name, a.Column.Name) {
				c.Name = a.New.Name
			}
		}
	case ir.AddIndex:
		b.addIndex(t, a.Index)
	case ir.DropIndex:
		b.dropIndexOf(t, a.Column.Name)
	case ir.AttachPartition:
		if a.Table != nil {
			if child := b.table(*a.Table, a.IfExists); child != nil {
				child.PartitionOf = t.Name
			}
		}
	case ir.DetachPartition:
		if a.Table != nil {
			if child := b.table(*a.Table, a.IfExists); child != nil {
				child.PartitionOf, child.Bound = "", ""
			}
		}
	case ir.Inherit:
		if a.Table != nil {
			t.Inherits = append(t.Inherits, a.Table.Last())
			if p := b.table(*a.Table, false); p != nil {
				p.HasChildren = true
			}
		}
	case ir.NoInherit:
		if a.Table != nil {
			t.Inherits = slices.DeleteFunc(t.Inherits, func(n string) bool { return n == a.Table.Last() })
		}
	case ir.SetOption, ir.ConvertCharset:
		for k, v := range options(a.Options) {
			if k == "comment" {
				t.Comment = v
				continue
			}
			if t.Options == nil {
				t.Options = map[string]string{}
			}
			t.Options[k] = v
		}
	case ir.OtherAction:
		b.noted["ALTER TABLE "+a.Verb]++
		switch a.Verb {
		case "ENABLE ROW":
			t.RowSecurity = true
		case "DISABLE ROW":
			t.RowSecurity = false
		}
	default:
		b.alterColumn(t, a, only)
	}
}

// alterColumn is ALTER COLUMN.
func (b *Builder) alterColumn(t *Table, a *ir.AlterAction, only bool) {
	c := t.Column(a.Column.Name, b.s.Caseless())
	if c == nil {
		if !a.IfExists {
			b.unknownColumn(t, a.Column)
		}
		return
	}
	change := func(c *Column) {
		switch a.Kind {
		case ir.AlterType:
			c.Type, c.Declared = b.resolve(*a.Def.Type), a.Def.Type.Raw
			if a.Def.Collate != nil {
				c.Collation = a.Def.Collate.String()
			}
			b.applyDomain(c)
		case ir.SetDefault:
			c.Default, c.DefaultExpr = text(a.X), a.X
		case ir.DropDefault:
			c.Default, c.DefaultExpr = "", nil
		case ir.SetNotNull:
			c.refuseNull()
			c.WroteNotNull = true
		case ir.DropNotNull:
			c.NotNull, c.NotNullByDomain, c.WroteNotNull = false, false, false
			b.applyDomain(c)
		case ir.AddIdentity:
			b.identity(c.Table, c, a.Constraint)
		case ir.DropIdentity:
			c.Identity = ""
			b.dropOwned(t, c.Name)
		case ir.DropExpression:
			c.Generated, c.GeneratedExpr, c.Stored = "", nil, false
		}
	}
	change(c)
	if only && (a.Kind == ir.SetNotNull || a.Kind == ir.DropNotNull) {
		return
	}
	b.eachChild(t, func(child *Table) {
		if c := child.Column(a.Column.Name, b.s.Caseless()); c != nil {
			change(c)
		}
	})
}

// eachChild visits the tables that inherit from t or are its partitions.
func (b *Builder) eachChild(t *Table, f func(*Table)) {
	if !b.rules.Inheritance {
		return
	}
	for _, sc := range b.s.Schemas {
		for _, child := range sc.Tables {
			if child.PartitionOf == t.Name || slices.Contains(child.Inherits, t.Name) {
				f(child)
				b.eachChild(child, f)
			}
		}
	}
}

func (b *Builder) dropColumn(t *Table, a *ir.AlterAction) {
	c := t.Column(a.Column.Name, b.s.Caseless())
	if c == nil {
		if !a.IfExists {
			b.unknownColumn(t, a.Column)
		}
		return
	}
	drop := func(t *Table) {
		t.Columns = slices.DeleteFunc(t.Columns, func(o *Column) bool { return b.s.same(o.Name, c.Name) })
		uses := func(name string) bool { return b.s.same(name, c.Name) }
		t.Constraints = slices.DeleteFunc(t.Constraints, func(k *Constraint) bool {
			return slices.ContainsFunc(k.Columns, uses) || k.Kind == ir.Check && b.mentions(k.X, c.Name)
		})
		t.Indexes = slices.DeleteFunc(t.Indexes, func(x *Index) bool {
			return slices.ContainsFunc(x.Parts, func(p IndexPart) bool { return uses(p.Column) || b.mentions(p.X, c.Name) }) ||
				slices.ContainsFunc(x.Include, uses) || b.mentions(x.WhereExpr, c.Name)
		})
	}
	drop(t)
	b.eachChild(t, drop)
	b.dropOwned(t, c.Name)
}

// mentions tells whether an expression names a column.
func (b *Builder) mentions(x ir.Expr, column string) bool {
	if x == nil {
		return false
	}
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		if ref, ok := n.(*ir.ColumnRef); ok && b.s.same(ref.Parts[len(ref.Parts)-1].Name, column) {
			found = true
		}
		return !found
	})
	return found
}

func (b *Builder) dropOwned(t *Table, column string) {
	sc := b.s.Schema(t.Schema)
	sc.Sequences = slices.DeleteFunc(sc.Sequences, func(q *Sequence) bool { return q.OwnedBy == t.Name+"."+column })
}

func (b *Builder) dropConstraint(t *Table, a *ir.AlterAction) {
	n := len(t.Constraints)
	if k := t.constraint(a.Column.Name); k != nil {
		b.eachChild(t, func(child *Table) { b.disinherit(child, k) })
	}
	t.Constraints = slices.DeleteFunc(t.Constraints, func(c *Constraint) bool { return b.s.same(c.Name, a.Column.Name) })
	if len(t.Constraints) == n && !a.IfExists {
		d := diag.New(diag.UnknownObject, a.Column.Span(), "table %q has no constraint %q", t.Name, a.Column.Name)
		d.Severity = diag.Warning // names that the engine chose differ between versions
		b.diags.Add(d)
	}
}

// disinherit takes a parent's constraint from a child that has it from there alone. Those of a partition may have other names.
func (b *Builder) disinherit(child *Table, k *Constraint) {
	child.Constraints = slices.DeleteFunc(child.Constraints, func(c *Constraint) bool {
		switch {
		case c.Kind != k.Kind || k.NoInherit || c.Postgres != nil && c.Postgres.Local:
			return false
		case k.Kind == ir.Check:
			return b.s.same(c.Name, k.Name)
		}
		return child.PartitionOf != "" && slices.Equal(c.Columns, k.Columns) && c.RefTable == k.RefTable && slices.Equal(c.RefColumns, k.RefColumns)
	})
}

func (b *Builder) dropIndexOf(t *Table, name string) {
	t.Indexes = slices.DeleteFunc(t.Indexes, func(x *Index) bool { return b.s.same(x.Name, name) })
	t.Constraints = slices.DeleteFunc(t.Constraints, func(c *Constraint) bool {
		return c.Kind == ir.Unique && b.s.same(c.Name, name)
	})
}

// modifyColumn is MySQL's MODIFY and CHANGE: the definition replaces all of the column.
func (b *Builder) modifyColumn(t *Table, a *ir.AlterAction) {
	i := slices.IndexFunc(t.Columns, func(c *Column) bool { return b.s.same(c.Name, a.Column.Name) })
	if i < 0 {
		if !a.IfExists {
			b.unknownColumn(t, a.Column)
		}
		return
	}
	old := t.Columns[i]
	if !b.s.same(old.Name, a.Def.Name.Name) {
		b.renameColumn(t, a.Column, a.Def.Name)
	}
	c := b.column(t, a.Def)
	for _, o := range t.Columns {
		c.Added = max(c.Added, o.Added+1)
	}
	t.Columns = slices.Delete(t.Columns, i, i+1)
	at := i
	switch {
	case a.Def.First:
		at = 0
	case a.Def.After != nil:
		if j := slices.IndexFunc(t.Columns, func(o *Column) bool { return b.s.same(o.Name, a.Def.After.Name) }); j >= 0 {
			at = j + 1
		} else {
			b.unknownColumn(t, *a.Def.After)
		}
	}
	t.Columns = slices.Insert(t.Columns, at, c)
	b.columnConstraints(t, c, a.Def)
	b.applyKeys(t)
}

func (b *Builder) renameColumn(t *Table, from, to ir.Ident) {
	c := t.Column(from.Name, b.s.Caseless())
	if c == nil {
		b.unknownColumn(t, from)
		return
	}
	if other := t.Column(to.Name, b.s.Caseless()); other != nil && other != c {
		b.diags.Add(diag.New(diag.DuplicateColumn, to.Span(), "table %q has a column %q already", t.Name, to.Name).
			WithLabel(other.Span, "it is here"))
		return
	}
	old := c.Name
	rename := func(list []string) {
		for i, n := range list {
			if b.s.same(n, old) {
				list[i] = to.Name
			}
		}
	}
	change := func(t *Table) {
		if c := t.Column(old, b.s.Caseless()); c != nil {
			c.Name, c.Span = to.Name, to.Span()
		}
		for _, k := range t.Constraints {
			rename(k.Columns)
			rename(k.Include)
		}
		for _, x := range t.Indexes {
			rename(x.Include)
			for i := range x.Parts {
				if x.Parts[i].Column != "" && b.s.same(x.Parts[i].Column, old) {
					x.Parts[i].Column = to.Name
				}
			}
		}
	}
	b.eachChild(t, change)
	change(t)
	for _, sc := range b.s.Schemas {
		for _, other := range sc.Tables {
			for _, k := range other.Constraints {
				if k.Kind == ir.ForeignKey && k.RefSchema == t.Schema && b.s.same(k.RefTable, t.Name) {
					rename(k.RefColumns)
				}
			}
		}
		for _, q := range sc.Sequences {
			if q.OwnedBy == t.Name+"."+old {
				q.OwnedBy = t.Name + "." + to.Name
			}
		}
	}
}

// renameTable moves a table to another name, and in MySQL to another database.
func (b *Builder) renameTable(t *Table, to ir.Name) {
	from := b.s.Schema(t.Schema)
	dest := from
	if to.Schema() != "" {
		if dest = b.target(to); dest == nil {
			return
		}
	}
	if other := dest.tables[b.s.fold(to.Last())]; other != nil && other != t {
		b.duplicate(nameSpan(to), "relation", to.String(), other.Span)
		return
	}
	oldSchema, oldName := t.Schema, t.Name
	delete(from.tables, b.s.fold(oldName))
	if dest != from {
		from.Tables = slices.DeleteFunc(from.Tables, func(u *Table) bool { return u == t })
		dest.Tables = append(dest.Tables, t)
	}
	t.Schema, t.Name, t.Span = dest.Name, to.Last(), nameSpan(to)
	dest.tables[b.s.fold(t.Name)] = t
	if b.rules.UniqueIsConstraint { // MySQL renames what it named after the table
		for _, k := range t.Constraints {
			for _, tail := range [...]string{"_ibfk_", "_chk_"} {
				if n, ok := strings.CutPrefix(k.Name, oldName+tail); ok {
					k.Name = t.Name + tail + n
				}
			}
		}
	}
	for _, sc := range b.s.Schemas {
		for _, other := range sc.Tables {
			if other.PartitionOf == oldName {
				other.PartitionOf = t.Name
			}
			for i, p := range other.Inherits {
				if p == oldName {
					other.Inherits[i] = t.Name
				}
			}
			for _, k := range other.Constraints {
				if k.Kind == ir.ForeignKey && k.RefSchema == oldSchema && b.s.same(k.RefTable, oldName) {
					k.RefSchema, k.RefTable = t.Schema, t.Name
				}
			}
		}
		for _, q := range sc.Sequences {
			if len(q.OwnedBy) > len(oldName) && q.OwnedBy[:len(oldName)+1] == oldName+"." {
				q.OwnedBy = t.Name + q.OwnedBy[len(oldName):]
			}
		}
		for _, g := range sc.Triggers {
			if b.s.same(g.Table, oldName) {
				g.Table = t.Name
			}
		}
	}
}

func (b *Builder) alterComposite(n *ir.AlterTable) {
	d := b.typeDef(n.Name, n.IfExists)
	if d == nil {
		return
	}
	t := &Table{Name: d.Name, Schema: d.Schema, Columns: d.Columns, Span: d.Span}
	for i := range n.Actions {
		b.alter(t, &n.Actions[i], false)
	}
	d.Columns = t.Columns
	for _, c := range d.Columns {
		c.Table = nil
	}
}

// typeDef finds the user's type that a statement is about, and reports it where it is missing.
func (b *Builder) typeDef(n ir.Name, ifExists bool) *TypeDef {
	d := b.s.Type(n.Schema(), n.Last())
	if d == nil && !ifExists {
		x := diag.New(diag.UnknownType, nameSpan(n), "there is no type %q", n.String())
		if near := diag.Nearest(n.Last(), b.typeNames(), 1); len(near) > 0 {
			x = x.WithHelp("did you mean %q?", near[0])
		}
		b.diags.Add(x)
	}
	return d
}

// retype applies f to every column whose type it is.
func (b *Builder) retype(old types.Type, f func(types.Type) types.Type) {
	each := func(cols []*Column) {
		for _, c := range cols {
			if c.Type.Schema == old.Schema && c.Type.Name == old.Name {
				c.Type = f(c.Type)
			}
		}
	}
	for _, sc := range b.s.Schemas {
		for _, t := range sc.Tables {
			each(t.Columns)
		}
		for _, d := range sc.Types {
			each(d.Columns)
			if d.Base.Schema == old.Schema && d.Base.Name == old.Name {
				d.Base = f(d.Base)
			}
		}
		for _, fn := range sc.Functions {
			each(fn.Columns)
			for i := range fn.Args {
				if a := &fn.Args[i]; a.Type.Schema == old.Schema && a.Type.Name == old.Name {
					a.Type = f(a.Type)
				}
			}
			if fn.Returns.Schema == old.Schema && fn.Returns.Name == old.Name {
				fn.Returns = f(fn.Returns)
			}
		}
	}
}
