// Package mysql says what a statement of MySQL or MariaDB does to a live database: by the tables of the manual's "Online DDL
// Operations", and by the servers themselves, which the package's tests ask.
package mysql

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	"github.com/covetsql/covetsql/migrate/plan"
)

// statement is what is known while one statement is looked at.
type statement struct {
	effect.Scene
	effect.Effect
	d     dialect.Dialect
	words []string
	about effect.Table
	maria bool
	// fallsBack: something that is instant by itself writes the rows anew where the statement as a whole is not.
	fallsBack bool
	// done is told of each operation that is looked up; nil: nobody asks.
	done func(operation)
}

// Of is what a statement does. Class is that of an ALTER TABLE, and of what is one by another name.
func Of(scene effect.Scene) effect.Effect { return of(scene, nil) }

func of(scene effect.Scene, done func(operation)) effect.Effect {
	s := &statement{Scene: scene, d: mysql.New(), maria: scene.Schema.Flavor == "mariadb", done: done}
	for i := range scene.Statement.Tokens {
		s.words = append(s.words, strings.ToUpper(scene.Statement.TokenText(i)))
	}
	switch n := scene.Tree.(type) {
	case *ir.CreateTable:
		s.createTable(n)
	case *ir.AlterTable:
		if t := s.table(n.Name, n.IfExists); t != nil && t.Kind == catalog.BaseTable {
			s.alter(t, n.Actions)
		}
	case *ir.CreateIndex:
		if t := s.table(n.Table, false); t != nil {
			s.alter(t, []ir.AlterAction{{Kind: ir.AddIndex, Index: n}})
		}
	case *ir.Drop:
		s.drop(n)
	case *ir.Rename:
		s.rename(n)
	case *ir.Utility:
		if n.Verb == "TRUNCATE" || n.Verb == "TRUNCATE TABLE" {
			for _, ref := range n.Tables {
				if t := s.table(ref.Name, false); t != nil {
					s.lose(t, "", "all rows of "+t.Name+" are gone, and TRUNCATE is not rolled back")
				}
			}
		}
	case *ir.Delete:
		if len(n.Tables) == 1 && n.Where == nil && len(n.From) == 0 && n.Limit == nil {
			if t := s.Schema.Table(n.Tables[0].Name.Schema(), n.Tables[0].Name.Last()); t != nil {
				s.Do(effect.Write, effect.Of(t), "")
			}
		}
	}
	return s.Effect
}

// table finds a table and takes its metadata lock, which every DDL holds alone at its beginning and its end.
func (s *statement) table(n ir.Name, ifExists bool) *catalog.Table {
	t := s.Schema.Table(n.Schema(), n.Last())
	if t == nil {
		if !ifExists && s.Refused == "" {
			s.Refused = "table " + n.String() + " does not exist"
		}
		return nil
	}
	s.about = effect.Of(t)
	s.Lock(s.about, effect.AccessExclusive)
	return t
}

func (s *statement) warn(code *diag.Code, text string, safe ...string) {
	s.Warn(effect.Danger{Code: code, Table: s.about, Text: text, Safe: safe})
}

func (s *statement) lose(t *catalog.Table, column, text string) {
	o := plan.Object{Kind: "table", Schema: t.Schema, Name: t.Name}
	what := "the rows of the table"
	if c := t.Column(column, true); c != nil && c.Generated != "" {
		return // what is computed can be computed again
	}
	if column != "" {
		o, what = plan.Object{Kind: "column", Schema: t.Schema, Table: t.Name, Name: column}, "the values of the column"
	}
	s.Losses = append(s.Losses, plan.Loss{Object: o, What: what, Rows: true})
	s.warn(diag.DataLost, text, "deploy code that does not use it first, and drop it a release later")
}

func (s *statement) createTable(n *ir.CreateTable) {
	schema := n.Name.Schema()
	if schema == "" {
		schema = s.Schema.DefaultSchema
	}
	own := effect.Table{Schema: schema, Name: n.Name.Last()}
	if s.Schema.Table(n.Name.Schema(), n.Name.Last()) != nil && !n.OrReplace && !n.Temp {
		if !n.IfNotExists {
			s.Refused = "table " + n.Name.String() + " exists already"
		}
		return
	}
	s.Locks = append(s.Locks, effect.Lock{Table: own, Mode: effect.AccessExclusive, New: true})
	for _, k := range n.Constraints {
		if k.Kind == ir.ForeignKey && k.References != nil {
			if u := s.Schema.Table(k.References.Schema(), k.References.Last()); u != nil {
				s.Lock(effect.Of(u), effect.ShareRowExclusive)
			}
		}
	}
	for _, d := range n.Columns {
		if d.Type == nil {
			continue
		}
		key, counted := false, false
		for _, k := range d.Constraints {
			key, counted = key || k.Kind == ir.PrimaryKey, counted || k.Kind == ir.Identity
		}
		if name := strings.ToLower(d.Type.Name.Last()); key && counted && !d.Type.Unsigned && (name == "int" || name == "integer" || name == "mediumint" || name == "smallint") {
			s.Warn(effect.Danger{Code: diag.KeyTooSmall, Text: n.Name.Last() + "." + d.Name.Name + " is " + name + " and is counted up with every row", Safe: []string{"bigint"}})
		}
	}
}

func (s *statement) drop(n *ir.Drop) {
	switch n.Kind {
	case ir.ObjTable:
		for _, name := range n.Names {
			if t := s.table(name, n.IfExists); t != nil {
				for i := range s.Locks {
					s.Locks[i].Gone = s.Locks[i].Gone || s.Locks[i].Table == effect.Of(t)
				}
				if t.Kind == catalog.BaseTable {
					s.lose(t, "", "the rows of "+t.Name+" are gone, and can't be had back but from a backup")
				}
			}
		}
	case ir.ObjIndex:
		if n.Table == nil {
			return
		}
		if t := s.table(*n.Table, n.IfExists); t != nil {
			var actions []ir.AlterAction
			for _, name := range n.Names {
				actions = append(actions, ir.AlterAction{Kind: ir.DropIndex, Column: ir.Ident{Name: name.Last()}})
			}
			s.alter(t, actions)
		}
	}
}

func (s *statement) rename(n *ir.Rename) {
	if n.Kind != ir.ObjTable {
		return
	}
	for _, r := range append([]ir.Rename{*n}, n.Also...) {
		t := s.Schema.Table(r.Object.Schema(), r.Object.Last())
		if t == nil {
			continue // an earlier pair may have made it
		}
		s.about = effect.Of(t)
		s.Lock(s.about, effect.AccessExclusive)
		s.renamed(t, r.New.Last())
	}
	s.Class = effect.Instant
}

func (s *statement) renamed(t *catalog.Table, name string) {
	s.warn(diag.RenameBreaks, "the table "+t.Name+" is called "+name+" from now on, and queries that run now use the old name",
		"CREATE VIEW "+s.d.Quote(t.Name)+" AS SELECT * FROM "+s.d.Quote(name)+" right behind it; drop the view once nobody uses it")
}
