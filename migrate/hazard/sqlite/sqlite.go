// Package sqlite says what a statement of SQLite does to a live database: what ALTER TABLE refuses (lang_altertable.html), what it
// writes anew, and which rows go with a table. Every writer locks the whole database for as long as it writes.
package sqlite

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	"github.com/covetsql/covetsql/migrate/plan"
)

// statement is what is known while one statement is looked at.
type statement struct {
	effect.Scene
	effect.Effect
	about effect.Table
}

// Of is what a statement does.
func Of(scene effect.Scene) effect.Effect {
	s := &statement{Scene: scene}
	switch n := scene.Tree.(type) {
	case *ir.CreateTable:
		s.needs(n)
		own := effect.Table{Schema: scene.Schema.DefaultSchema, Name: n.Name.Last()}
		if scene.Schema.Table(n.Name.Schema(), n.Name.Last()) == nil {
			s.Locks = append(s.Locks, effect.Lock{Table: own, Mode: effect.Exclusive, New: true})
		} else if !n.IfNotExists && !n.Temp {
			s.Refused = "table " + n.Name.String() + " exists already"
		}
	case *ir.AlterTable:
		if t := s.table(n.Name, n.IfExists); t != nil {
			for i := range n.Actions {
				s.action(t, &n.Actions[i])
			}
		}
	case *ir.Rename:
		s.rename(n)
	case *ir.CreateIndex:
		if t := s.table(n.Table, false); t != nil {
			s.Do(effect.BuildIndex, effect.Of(t), n.Name.Name)
			if n.Unique {
				s.FailsOnRows = "rows that have the same key"
			}
		}
	case *ir.Drop:
		if n.Kind == ir.ObjTable {
			for _, name := range n.Names {
				if t := s.table(name, n.IfExists); t != nil {
					s.dropTable(t)
				}
			}
		}
	case *ir.Delete:
		s.delete(n)
	case *ir.Utility:
		switch n.Verb {
		case "VACUUM", "PRAGMA SYNCHRONOUS":
			s.Alone = true
		}
	}
	return s.Effect
}

func (s *statement) warn(code *diag.Code, text string, safe ...string) {
	s.Warn(effect.Danger{Code: code, Table: s.about, Text: text, Safe: safe})
}

// table finds what a statement is about. Tables of the schema temp are the connection's own: they are no part of the database, and the
// schema that is followed does not hold them.
func (s *statement) table(n ir.Name, ifExists bool) *catalog.Table {
	if strings.EqualFold(n.Schema(), "temp") {
		return nil
	}
	t := s.Schema.Table(n.Schema(), n.Last())
	if t == nil {
		if !ifExists && s.Refused == "" {
			s.Refused = "table " + n.String() + " does not exist"
		}
		return nil
	}
	s.about = effect.Of(t)
	s.Lock(s.about, effect.Exclusive)
	return t
}

func (s *statement) action(t *catalog.Table, a *ir.AlterAction) {
	switch a.Kind {
	case ir.AddColumn:
		s.addColumn(t, a.Def)
	case ir.DropColumn:
		s.dropColumn(t, a)
	case ir.RenameColumn:
		s.renamedColumn(t, a.Column.Name, a.New.Name)
	case ir.RenameTable:
		if a.NewTable != nil {
			s.renamedTable(t, a.NewTable.Last())
		}
	}
}

func (s *statement) rename(n *ir.Rename) {
	if n.Kind != ir.ObjTable && n.Kind != ir.ObjColumn {
		return
	}
	t := s.table(n.Object, n.IfExists)
	switch {
	case t == nil:
	case n.Column != nil:
		s.renamedColumn(t, n.Column.Name, n.New.Last())
	default:
		s.renamedTable(t, n.New.Last())
	}
}

func (s *statement) renamedColumn(t *catalog.Table, old, now string) {
	s.since("RENAME COLUMN")
	if t.Column(old, true) == nil && s.Refused == "" {
		s.Refused = "column " + old + " of " + t.Name + " does not exist"
	}
	s.warn(diag.RenameBreaks, "the column "+t.Name+"."+old+" is called "+now+" from now on, and queries that run now use the old name",
		"add the new column and keep both the same; move readers; then drop the old one")
}

func (s *statement) renamedTable(t *catalog.Table, now string) {
	s.warn(diag.RenameBreaks, "the table "+t.Name+" is called "+now+" from now on, and queries that run now use the old name",
		"CREATE VIEW "+sqlite.New().Quote(t.Name)+" AS SELECT * FROM "+sqlite.New().Quote(now)+" in the same transaction; drop the view once nobody uses it")
}

// addColumn is refused for what the stored rows, which are not written, could not have.
func (s *statement) addColumn(t *catalog.Table, d *ir.ColumnDef) {
	name := t.Name + "." + d.Name.Name
	if t.Column(d.Name.Name, true) != nil {
		s.Refused = "the column " + name + " exists already"
		return
	}
	notNull, filled, refers := false, false, false
	for i := range d.Constraints {
		switch k := &d.Constraints[i]; k.Kind {
		case ir.Unique, ir.PrimaryKey:
			s.Refused = "ALTER TABLE adds no column that is UNIQUE or a PRIMARY KEY: make an index behind it, or the table anew"
		case ir.NotNull:
			notNull = true
		case ir.DefaultValue:
			filled = !null(k.X)
			if !constant(k.X) {
				s.fails(name + " has a default that is no constant, which ALTER TABLE takes on an empty table only")
			}
		case ir.ForeignKey:
			refers = true
		case ir.Generated:
			filled = true
			if k.Stored {
				s.fails(name + " is STORED, which ALTER TABLE adds to an empty table only; VIRTUAL can always be added")
			}
		case ir.Check:
			s.Do(effect.Verify, effect.Of(t), "")
		}
	}
	if notNull && !filled {
		s.fails(name + " is NOT NULL without a default, which fails where " + t.Name + " has a row")
	}
	if refers && filled && !s.ForeignKeysOff {
		s.fails(name + " refers to another table and has a default, which fails where foreign keys are enforced and " + t.Name + " has a row")
	}
}

func (s *statement) fails(text string) {
	s.FailsOnRows = "any row"
	s.warn(diag.FailsOnRows, text, "add the column NULL or with a constant default; or make the table anew: CREATE, INSERT … SELECT, DROP, RENAME, with -- covet:foreign_keys off")
}

func null(x ir.Expr) bool {
	l, ok := x.(*ir.Literal)
	return ok && l.Kind == ir.Null
}

// constant tells whether a default is one value for all rows that SQLite knows without asking.
func constant(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Literal:
		return true
	case *ir.Unary:
		return constant(x.X)
	case *ir.ColumnRef: // a bare word is a text here
		return true
	}
	return false
}

// dropColumn writes the table anew, and is refused for columns that something else names.
func (s *statement) dropColumn(t *catalog.Table, a *ir.AlterAction) {
	c := t.Column(a.Column.Name, true)
	if c == nil {
		s.Refused = "column " + a.Column.Name + " of " + t.Name + " does not exist"
		return
	}
	same := func(name string) bool { return strings.EqualFold(name, c.Name) }
	for _, k := range t.Constraints {
		switch {
		case k.Kind == ir.Check && k.X != nil && mentions(k.X, c.Name), slices.ContainsFunc(k.Columns, same) && (k.Kind != ir.ForeignKey || len(k.Columns) > 1):
			s.Refused = "a constraint of " + t.Name + " needs the column " + c.Name + ": the table has to be made anew"
		}
	}
	for _, x := range t.Indexes {
		if slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return same(p.Column) || p.X != nil && mentions(p.X, c.Name) }) || x.WhereExpr != nil && mentions(x.WhereExpr, c.Name) {
			s.Refused = "the index " + x.Name + " needs the column " + c.Name + ": drop it first"
		}
	}
	for _, g := range t.Columns {
		if g != c && g.GeneratedExpr != nil && mentions(g.GeneratedExpr, c.Name) {
			s.Refused = "the generated column " + g.Name + " needs the column " + c.Name
		}
	}
	for _, sc := range s.Schema.Schemas {
		for _, v := range sc.Tables {
			if v.Kind == catalog.View && v.Query != nil && reads(v.Query, t.Name) && mentions(v.Query, c.Name) {
				s.Refused = "the view " + v.Name + " names the column " + c.Name + ": drop it first"
			}
		}
	}
	for _, sc := range s.Schema.Schemas {
		for _, g := range sc.Triggers {
			if strings.EqualFold(g.Table, t.Name) && uses(g, c.Name) {
				s.Refused = "the trigger " + g.Name + " names the column " + c.Name + ": drop it first"
			}
		}
	}
	s.since("DROP COLUMN")
	s.Do(effect.Rewrite, effect.Of(t), "")
	if c.Generated != "" {
		return // what is computed can be computed again
	}
	s.Losses = append(s.Losses, plan.Loss{Object: plan.Object{Kind: "column", Schema: t.Schema, Table: t.Name, Name: c.Name}, What: "the values of the column", Rows: true})
	s.warn(diag.DataLost, "the values of "+t.Name+"."+c.Name+" are gone, and can't be had back but from a backup", "deploy code that does not use it first, and drop it a release later")
}

// mentions tells whether a tree names a column.
func mentions(n ir.Node, column string) (found bool) {
	ir.Walk(n, func(n ir.Node) bool {
		if x, ok := n.(*ir.ColumnRef); ok {
			found = found || strings.EqualFold(x.Parts[len(x.Parts)-1].Name, column)
		}
		return !found
	})
	return found
}

func reads(n ir.Node, table string) (found bool) {
	ir.Walk(n, func(n ir.Node) bool {
		if x, ok := n.(*ir.TableRef); ok {
			found = found || strings.EqualFold(x.Name.Last(), table)
		}
		return !found
	})
	return found
}

// dropTable deletes all rows first where foreign keys are enforced, and so those of others that cascade.
func (s *statement) dropTable(t *catalog.Table) {
	if !t.Temp {
		s.warn(diag.DataLost, "the rows of "+t.Name+" are gone, and can't be had back but from a backup",
			"deploy code that does not name the table first; rename it out of the way for a release, then drop it")
	}
	for i := range s.Locks {
		s.Locks[i].Gone = s.Locks[i].Gone || s.Locks[i].Table == effect.Of(t)
	}
	for _, sc := range s.Schema.Schemas {
		for _, u := range sc.Tables {
			for _, k := range u.Constraints {
				if k.Kind != ir.ForeignKey || u == t || !strings.EqualFold(k.RefTable, t.Name) || s.ForeignKeysOff {
					continue
				}
				what := ""
				switch strings.ToUpper(k.OnDelete) {
				case "CASCADE":
					what = "the rows of " + u.Name + " that refer to it are deleted"
					s.Losses = append(s.Losses, plan.Loss{Object: plan.Object{Kind: "table", Schema: u.Schema, Name: u.Name}, What: "rows that refer to " + t.Name, Rows: true})
				case "SET NULL", "SET DEFAULT":
					what = "the rows of " + u.Name + " that refer to it lose their reference"
					s.Losses = append(s.Losses, plan.Loss{Object: plan.Object{Kind: "column", Schema: u.Schema, Table: u.Name, Name: strings.Join(k.Columns, ", ")}, What: "references to " + t.Name, Rows: true})
				default:
					continue
				}
				s.Warn(effect.Danger{Code: diag.RowsCascade, Table: effect.Of(u), Text: "DROP TABLE " + t.Name + " deletes its rows first, where foreign keys are enforced: " + what,
					Safe: []string{"-- covet:foreign_keys off before the first statement: PRAGMA foreign_keys does nothing within a transaction"}})
			}
		}
	}
	s.Losses = append(s.Losses, plan.Loss{Object: plan.Object{Kind: "table", Schema: t.Schema, Name: t.Name}, What: "the rows of the table", Rows: true})
}

func (s *statement) delete(n *ir.Delete) {
	if len(n.Tables) != 1 {
		return
	}
	if t := s.table(n.Tables[0].Name, false); t != nil {
		s.Do(effect.Write, effect.Of(t), "")
	}
}
