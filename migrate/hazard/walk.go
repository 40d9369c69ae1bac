package hazard

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	dialectmysql "github.com/covetsql/covetsql/compiler/dialect/mysql"
	dialectpostgres "github.com/covetsql/covetsql/compiler/dialect/postgres"
	dialectsqlite "github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	"github.com/covetsql/covetsql/migrate/hazard/mysql"
	"github.com/covetsql/covetsql/migrate/hazard/postgres"
	"github.com/covetsql/covetsql/migrate/hazard/sqlite"
)

// engine is what a walk has to know of one.
type engine struct {
	dialect dialect.Dialect
	of      func(effect.Scene) effect.Effect
	// transactional: a side runs in one transaction where it says nothing else.
	transactional bool
}

var engines = map[catalog.Engine]engine{
	catalog.PostgreSQL: {dialectpostgres.New(), postgres.Of, true},
	catalog.MySQL:      {dialectmysql.New(), mysql.Of, false},
	catalog.SQLite:     {dialectsqlite.New(), sqlite.Of, true},
}

// follower keeps the schema as it is between two statements.
type follower struct {
	engine
	o       Options
	schema  *catalog.Snapshot
	builder *catalog.Builder
	made    map[effect.Table]bool
	// was are the names that tables had at first, of those that were renamed.
	was map[effect.Table]effect.Table
	// filled are tables that got rows since; unsure: something ran that may have filled any.
	filled map[effect.Table]bool
	unsure bool
	zone   string
}

// follow begins with a schema, which is read only; nil where nothing is known of its engine.
func follow(before *catalog.Snapshot, o Options) *follower {
	e, known := engines[before.Engine]
	if !known {
		return nil
	}
	f := &follower{engine: e, o: o, schema: catalog.Clone(before), made: map[effect.Table]bool{}, was: map[effect.Table]effect.Table{}, filled: map[effect.Table]bool{}}
	f.builder = catalog.NewBuilder(f.schema, rules(e.dialect))
	return f
}

// walk goes through the statements, and gives the schema behind the last.
func walk(side file.Side, before *catalog.Snapshot, o Options) ([]Statement, *catalog.Snapshot) {
	f := follow(before, o)
	if f == nil || side.File == nil {
		return nil, before
	}
	return f.side(side), f.schema
}

// side goes through the statements of one migration.
func (f *follower) side(side file.Side) []Statement {
	f.zone = f.o.TimeZone
	whole := map[int]*token.Statement{}
	if split, _ := token.Split(side.File, f.dialect.Lex(), token.Schema); len(split) > 0 {
		for _, s := range split {
			whole[int(s.Span.Start)] = s
		}
	}
	var out []Statement
	numbers := transactions(side, f.engine)
	for i, st := range side.Statements {
		s := Statement{Statement: st, At: firstLine(side.File, st.Span), Quiet: map[effect.Table]bool{}, Transaction: numbers[i]}
		read := whole[int(st.Span.Start)]
		if read == nil || read.Span.End != st.Span.End {
			read = cut(side.File, st.Span, f.dialect.Lex())
		}
		if read != nil {
			f.statement(&s, read, side)
		}
		out = append(out, s)
	}
	return out
}

// rules are what following DDL takes.
func rules(d dialect.Dialect) catalog.Rules {
	r := d.SchemaRules()
	r.Type, r.Extension = d.Type, d.Extension
	r.Columns = func(q ir.Query, columns []ir.Ident, in *catalog.Snapshot) ([]*catalog.Column, diag.List) {
		return sem.QueryColumns(q, columns, in, d)
	}
	return r
}

// cut reads one statement of a file, at its place.
func cut(f *source.File, at source.Span, lex token.Dialect) *token.Statement {
	blank := []byte(f.Text)
	for i := range blank {
		if (i < int(at.Start) || i >= int(at.End)) && blank[i] != '\n' {
			blank[i] = ' '
		}
	}
	split, _ := token.Split(source.NewFile(f.Path, string(blank)), lex, token.Schema)
	if len(split) != 1 {
		return nil
	}
	return split[0]
}

func firstLine(f *source.File, at source.Span) source.Span {
	text := f.Text[at.Start:at.End]
	if i := strings.IndexByte(text, '\n'); i > 0 {
		text = strings.TrimRight(text[:i], " \t\r")
	}
	return f.Span(int(at.Start), int(at.Start)+len(text))
}

// transactions numbers the transactions in which statements run.
func transactions(side file.Side, e engine) []int {
	out := make([]int, len(side.Statements))
	switch {
	case side.Transaction == file.Grouped:
		for i, s := range side.Statements {
			out[i] = s.Group
		}
	case side.Transaction == file.Unsaid && e.transactional:
		for i := range out {
			out[i] = 1
		}
	}
	return out
}

func (f *follower) statement(s *Statement, read *token.Statement, side file.Side) {
	s.Tree, s.Problems = f.dialect.Parse(read)
	if s.Tree == nil {
		return
	}
	if zone, ok := timeZone(s.Tree, read); ok {
		f.zone = zone
	}
	s.Effect = f.of(effect.Scene{Schema: f.schema, Statement: read, Tree: s.Tree, Version: f.o.Version, TimeZone: f.zone,
		InTransaction: s.Transaction > 0, ForeignKeysOff: side.ForeignKeysOff})
	for _, l := range s.Locks {
		if l.New {
			f.made[l.Table] = true
		}
		if f.quiet(l.Table) {
			s.Quiet[l.Table] = true
		}
	}
	for _, d := range s.Dangers {
		if f.quiet(d.Table) {
			s.Quiet[d.Table] = true
		}
	}
	f.fills(s)
	f.renamed(s.Tree)
	f.builder.Apply(s.Tree)
	f.forget(s.Tree)
}

// timeZone is what SET timezone says.
func timeZone(tree ir.Statement, read *token.Statement) (string, bool) {
	if u, ok := tree.(*ir.Utility); !ok || !strings.HasPrefix(u.Verb, "SET") {
		return "", false
	}
	var words []string
	for i := range read.Tokens {
		words = append(words, read.TokenText(i))
	}
	for i, w := range words {
		zone := strings.EqualFold(w, "timezone") && i+2 < len(words) || strings.EqualFold(w, "zone") && i > 0 && strings.EqualFold(words[i-1], "time")
		if zone {
			return strings.Trim(words[len(words)-1], "'\""), true
		}
	}
	return "", false
}

// quiet tells whether nothing is to be said of a table: the migrations made it, or it has no rows.
func (f *follower) quiet(t effect.Table) bool {
	if f.made[t] {
		return true
	}
	if t == (effect.Table{}) || f.o.Empty == nil || f.unsure || f.filled[t] {
		return false
	}
	if old, renamed := f.was[t]; renamed {
		t = old
	}
	return f.o.Empty(t.Schema, t.Name)
}

// fills notes which tables have rows behind a statement that had none before.
func (f *follower) fills(s *Statement) {
	switch s.Tree.(type) {
	case *ir.Update, *ir.Delete:
		return
	}
	f.unsure = f.unsure || s.Unknown
	for _, w := range s.Work {
		if w.Kind == effect.Write || w.Kind == effect.Query {
			f.filled[w.Table] = true
		}
	}
}

// renamed keeps what is known of a table known under its new name, and what rests on a renamed one.
func (f *follower) renamed(tree ir.Statement) {
	switch n := tree.(type) {
	case *ir.Rename:
		f.rename(n)
		for i := range n.Also {
			f.rename(&n.Also[i])
		}
	case *ir.SetSchema:
		if t := f.schema.Table(n.Object.Schema(), n.Object.Last()); t != nil && n.Kind == ir.ObjTable {
			f.moved(effect.Of(t), effect.Table{Schema: n.Schema.Name, Name: t.Name})
		}
	case *ir.AlterTable:
		for i := range n.Actions {
			if a := &n.Actions[i]; a.Kind == ir.RenameTable && a.NewTable != nil {
				if t := f.schema.Table(n.Name.Schema(), n.Name.Last()); t != nil {
					f.moved(effect.Of(t), effect.Table{Schema: or(a.NewTable.Schema(), t.Schema), Name: a.NewTable.Last()})
				}
			}
		}
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// moved notes that a table has another name from now on.
func (f *follower) moved(from, to effect.Table) {
	f.made[to], f.filled[to] = f.made[from], f.filled[from]
	first, again := f.was[from]
	if !again {
		first = from
	}
	f.was[to] = first
	delete(f.made, from)
	delete(f.filled, from)
	delete(f.was, from)
}

func (f *follower) rename(n *ir.Rename) {
	t := f.schema.Table(n.Object.Schema(), n.Object.Last())
	if t == nil {
		// Of several renames of one statement an earlier one may have made the name.
		if from := (effect.Table{Schema: or(n.Object.Schema(), f.schema.DefaultSchema), Name: n.Object.Last()}); n.Kind == ir.ObjTable && n.Column == nil && (f.made[from] || f.was[from] != effect.Table{}) {
			f.moved(from, effect.Table{Schema: or(n.New.Schema(), from.Schema), Name: n.New.Last()})
		}
		return
	}
	depends := slices.Clone(f.schema.Depends)
	for i := range depends {
		on := &depends[i].On
		switch {
		case on.Schema != t.Schema:
		case n.Column != nil && on.Kind == "column" && on.Table == t.Name && on.Name == n.Column.Name:
			on.Name = n.New.Last()
		case n.Column == nil && on.Table == t.Name:
			on.Table = n.New.Last()
		case n.Column == nil && on.Table == "" && on.Name == t.Name:
			on.Name = n.New.Last()
		}
	}
	f.schema.Depends = depends
	if n.Column == nil {
		f.moved(effect.Of(t), effect.Table{Schema: or(n.New.Schema(), t.Schema), Name: n.New.Last()})
	}
}

// forget takes what the server said of views that are gone, or made anew, out of what rests on what.
func (f *follower) forget(tree ir.Statement) {
	var names []string
	switch n := tree.(type) {
	case *ir.Drop:
		for _, name := range n.Names {
			names = append(names, name.Last())
		}
	case *ir.CreateView:
		names = []string{n.Name.Last()}
	default:
		return
	}
	f.schema.Depends = slices.DeleteFunc(slices.Clone(f.schema.Depends), func(d catalog.Dependency) bool {
		return slices.Contains(names, d.Object.Name) || slices.Contains(names, d.Object.Table)
	})
}
