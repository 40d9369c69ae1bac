package mysql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// verdict is how one action is done, and why it is not done better.
type verdict struct {
	class   effect.Class
	rebuild bool
	reason  string
}

var (
	instant = verdict{class: effect.Instant}
	inplace = verdict{class: effect.Inplace}
)

func rebuilds(reason string) verdict { return verdict{effect.Inplace, true, reason} }
func shared(rebuild bool, reason string) verdict {
	return verdict{effect.InplaceShared, rebuild, reason}
}
func copies(reason string) verdict { return verdict{effect.CopyShared, true, reason} }

// alter is an ALTER TABLE: as dear as its dearest action.
func (s *statement) alter(t *catalog.Table, actions []ir.AlterAction) {
	worst := instant
	keyed := slices.ContainsFunc(actions, func(a ir.AlterAction) bool {
		return a.Kind == ir.AddConstraint && a.Constraint.Kind == ir.PrimaryKey
	})
	limit := effect.Unclassed
	for i := range actions {
		a := &actions[i]
		if a.Kind == ir.OtherAction && (a.Verb == "ALGORITHM" || a.Verb == "LOCK") {
			continue
		}
		v := s.action(t, a)
		if a.Kind == ir.DropPrimaryKey && keyed {
			v = rebuilds("another primary key orders the rows anew")
		}
		if v.class > worst.class || v.class == worst.class && v.rebuild && !worst.rebuild {
			v.rebuild = v.rebuild || worst.rebuild
			worst = v
		}
		worst.rebuild = worst.rebuild || v.rebuild
	}
	limit = s.asked()
	switch {
	case limit != effect.Unclassed && worst.class > limit:
		s.Refused = "it asks for " + limit.String() + ", and " + worst.reason
		if worst.reason == "" {
			s.Refused = "it asks for " + limit.String() + ", which does not do it"
		}
	case limit > worst.class && limit == effect.CopyShared:
		worst = copies("ALGORITHM=COPY was asked for")
	}
	s.Class, s.Rebuild, s.Reason = worst.class, worst.rebuild, worst.reason
	s.tell(t, limit)
}

// asked is what the statement itself asks for; Unclassed where it asks for nothing.
func (s *statement) asked() effect.Class {
	value := func(word string) string {
		i := slices.Index(s.words, word)
		if i < 0 || i+1 >= len(s.words) {
			return ""
		}
		if s.words[i+1] == "=" && i+2 < len(s.words) {
			return s.words[i+2]
		}
		return s.words[i+1]
	}
	lock := value("LOCK")
	switch value("ALGORITHM") {
	case "INSTANT":
		return effect.Instant
	case "INPLACE", "NOCOPY":
		if lock == "SHARED" || lock == "EXCLUSIVE" || lock == "" || lock == "DEFAULT" {
			return effect.InplaceShared
		}
		return effect.Inplace
	case "COPY":
		return effect.CopyShared
	}
	if lock == "NONE" {
		return effect.Inplace
	}
	return effect.Unclassed
}

// tell says what the class means.
func (s *statement) tell(t *catalog.Table, limit effect.Class) {
	own := effect.Of(t)
	tools := "gh-ost and pt-online-schema-change copy the rows beside readers and writers; or add a column and fill it in batches"
	why := s.Reason
	if why == "" {
		why = "the server has no better way"
	}
	switch s.Class {
	case effect.CopyShared:
		s.Do(effect.Copy, own, "")
		s.warn(diag.TableCopied, "all rows of "+t.Name+" are copied to a new table, while nobody writes: "+why, tools)
	case effect.InplaceShared:
		s.Do(effect.BuildIndex, own, "")
		s.warn(diag.WritesBlocked, "nobody writes to "+t.Name+" until it is done: "+why, "do it while the table is small, or at a quiet hour; "+tools)
	case effect.Inplace:
		if s.Rebuild {
			s.Do(effect.Rewrite, own, "")
			s.warn(diag.TableRebuilt, "all rows of "+t.Name+" are written anew, beside readers and writers, and once more on each replica, which lags for that time: "+why,
				"write "+effect.Inplace.String()+" behind it, so that the server refuses rather than do worse")
		}
	}
}

func (s *statement) version(n int) bool { return s.Version == 0 || s.Version >= n }

func (s *statement) action(t *catalog.Table, a *ir.AlterAction) verdict {
	switch a.Kind {
	case ir.AddColumn:
		return s.addColumn(t, a)
	case ir.DropColumn:
		return s.dropColumn(t, a)
	case ir.RenameColumn:
		s.warn(diag.RenameBreaks, "the column "+t.Name+"."+a.Column.Name+" is called "+a.New.Name+" from now on, and queries that run now use the old name",
			"add the new column and keep both the same (a trigger, or the application writes both); move readers; then drop the old one")
		return instant
	case ir.SetDefault, ir.DropDefault:
		return instant
	case ir.ModifyColumn:
		return s.modify(t, a)
	case ir.AddIndex:
		return s.addIndex(t, a.Index.Using)
	case ir.AddConstraint:
		return s.addConstraint(t, a.Constraint)
	case ir.DropIndex, ir.RenameIndex:
		if a.Kind == ir.RenameIndex && s.maria {
			return instant
		}
		return inplace
	case ir.DropConstraint:
		if s.maria {
			return instant
		}
		return inplace
	case ir.DropPrimaryKey:
		return copies("a table that loses its primary key is copied")
	case ir.RenameTable:
		if a.NewTable != nil {
			s.renamed(t, a.NewTable.Last())
		}
		return instant
	case ir.ConvertCharset:
		s.warn(diag.ValuesConverted, "all texts of "+t.Name+" are converted, TEXT columns may become MEDIUMTEXT, and keys may be too long", "look at SHOW CREATE TABLE of a copy first")
		return copies("texts are stored in another character set")
	case ir.SetOption:
		return s.option(t, a)
	case ir.OtherAction:
		return s.other(t, a)
	}
	return inplace
}

func (s *statement) hasFulltext(t *catalog.Table) bool {
	return slices.ContainsFunc(t.Indexes, func(x *catalog.Index) bool { return strings.EqualFold(x.Method, "fulltext") })
}

func (s *statement) addColumn(t *catalog.Table, a *ir.AlterAction) verdict {
	d := a.Def
	if t.Column(d.Name.Name, true) != nil {
		if !a.IfNotExists && s.Refused == "" {
			s.Refused = "the column " + d.Name.Name + " of " + t.Name + " exists already"
		}
		return instant
	}
	v := instant
	worse := func(w verdict) {
		if w.class > v.class || w.class == v.class && w.rebuild {
			v = w
		}
	}
	stored := true
	for i := range d.Constraints {
		switch k := &d.Constraints[i]; k.Kind {
		case ir.Identity:
			worse(shared(true, "each row gets a number"))
		case ir.Generated:
			if k.Stored {
				worse(copies("the value of each row is computed"))
			} else {
				stored = false
			}
		case ir.DefaultValue:
			if computed(k.X) {
				worse(copies("the default is computed for each row"))
			}
		case ir.Unique:
			worse(inplace)
		case ir.PrimaryKey:
			worse(rebuilds("another primary key orders the rows anew"))
		case ir.Check:
			if !s.maria && !k.NotValid { // MariaDB looks at new rows only
				worse(copies("a CHECK is looked at for each row"))
			}
		}
	}
	switch {
	case !stored:
	case s.hasFulltext(t) && s.maria:
		worse(shared(true, "a table with a FULLTEXT index takes no column instantly"))
	case s.hasFulltext(t):
		worse(copies("a table with a FULLTEXT index is copied for a new column"))
	case compressed(t) && v.class == effect.Instant:
		worse(rebuilds("tables of compressed rows take no column instantly"))
	case s.maria && (d.First || d.After != nil) && s.virtual(t):
		worse(copies("a column goes between others of a table that has virtual ones"))
	}
	return v
}

func (s *statement) virtual(t *catalog.Table) bool {
	return slices.ContainsFunc(t.Columns, func(c *catalog.Column) bool { return c.Generated != "" && !c.Stored })
}

func compressed(t *catalog.Table) bool {
	return strings.EqualFold(t.Options["row_format"], "compressed")
}

// computed tells whether a default is no constant. The time of the statement is one.
func computed(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		if c, ok := n.(*ir.FuncCall); ok {
			switch strings.ToLower(c.Name.Last()) {
			case "current_timestamp", "now", "localtime", "localtimestamp":
			default:
				found = true
			}
		}
		return !found
	})
	return found
}

func (s *statement) dropColumn(t *catalog.Table, a *ir.AlterAction) verdict {
	c := t.Column(a.Column.Name, true)
	if c == nil {
		if !a.IfExists && s.Refused == "" {
			s.Refused = "the column " + a.Column.Name + " of " + t.Name + " does not exist"
		}
		return instant
	}
	s.lose(t, c.Name, "the values of "+t.Name+"."+c.Name+" are gone, and can't be had back but from a backup")
	if c.Generated != "" && !c.Stored {
		return instant
	}
	indexed := slices.ContainsFunc(t.Indexes, func(x *catalog.Index) bool {
		return slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return strings.EqualFold(p.Column, c.Name) })
	}) || slices.ContainsFunc(t.Constraints, func(k *catalog.Constraint) bool {
		return (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && slices.ContainsFunc(k.Columns, func(n string) bool { return strings.EqualFold(n, c.Name) })
	})
	switch {
	case indexed:
		return rebuilds("indexes go with the column")
	case !s.version(80029) && !s.maria, s.hasFulltext(t) && !s.maria, compressed(t):
		return rebuilds("the rows are written without it")
	}
	return instant
}

func (s *statement) addIndex(t *catalog.Table, using string) verdict {
	switch strings.ToLower(using) {
	case "fulltext":
		first := !s.hasFulltext(t) && t.Column("FTS_DOC_ID", true) == nil
		return shared(first, "a FULLTEXT index is built without writers")
	case "spatial":
		return shared(false, "a SPATIAL index is built without writers")
	}
	return inplace
}

func (s *statement) addConstraint(t *catalog.Table, k *ir.Constraint) verdict {
	switch k.Kind {
	case ir.PrimaryKey:
		return rebuilds("another primary key orders the rows anew")
	case ir.Unique, ir.PlainIndex:
		return s.addIndex(t, k.Using)
	case ir.ForeignKey:
		if k.References != nil {
			if u := s.Schema.Table(k.References.Schema(), k.References.Last()); u != nil {
				s.Lock(effect.Of(u), effect.ShareRowExclusive)
			}
		}
		if s.ForeignKeysOff {
			return inplace
		}
		return copies("each row of a foreign key is looked up; with foreign_key_checks=0 it is not, and nobody knows whether they hold")
	case ir.Check:
		if k.NotValid {
			return instant
		}
		return copies("a CHECK is looked at for each row")
	}
	return inplace
}

// option is a table option.
func (s *statement) option(t *catalog.Table, a *ir.AlterAction) verdict {
	v := instant
	for _, o := range a.Options {
		w := inplace
		switch o.Key {
		case "engine":
			if now := t.Options["engine"]; now != "" && !strings.EqualFold(now, o.Value) {
				w = copies("another engine keeps its rows elsewhere")
			} else {
				w = rebuilds("ENGINE writes the table anew, even where it is the engine that it has")
			}
		case "row_format", "key_block_size", "encryption", "page_compressed":
			w = rebuilds("the rows are stored in another form")
		case "partition":
			w = copies("the rows are moved to partitions")
		case "comment", "auto_increment":
			if s.maria {
				w = instant
			}
		}
		if w.class > v.class || w.rebuild {
			v = w
		}
	}
	return v
}

func (s *statement) other(t *catalog.Table, a *ir.AlterAction) verdict {
	switch a.Verb {
	case "FORCE", "OPTIMIZE":
		return rebuilds("FORCE writes the table anew")
	case "ORDER":
		return copies("the rows are written in another order")
	case "ALTER CHECK":
		if slices.Contains(s.words, "NOT") {
			return inplace
		}
		return copies("a CHECK is looked at for each row")
	case "ALTER INDEX":
		if s.maria {
			return instant
		}
		return inplace
	case "SET VISIBLE", "SET INVISIBLE":
		return instant
	case "REORGANIZE", "COALESCE", "REMOVE", "REBUILD":
		return copies("the rows are moved between partitions")
	case "DROP PARTITION", "TRUNCATE":
		s.lose(t, "", "the rows of a partition of "+t.Name+" are gone")
	}
	return inplace
}

// modify is MODIFY and CHANGE.
func (s *statement) modify(t *catalog.Table, a *ir.AlterAction) verdict {
	c := t.Column(a.Column.Name, true)
	if c == nil || a.Def == nil || a.Def.Type == nil {
		if c == nil && !a.IfExists && s.Refused == "" {
			s.Refused = "the column " + a.Column.Name + " of " + t.Name + " does not exist"
		}
		return instant
	}
	d := a.Def
	if !strings.EqualFold(d.Name.Name, c.Name) {
		s.warn(diag.RenameBreaks, "the column "+t.Name+"."+c.Name+" is called "+d.Name.Name+" from now on, and queries that run now use the old name",
			"add the new column and keep both the same; move readers; then drop the old one")
	}
	notNull := false
	identity, generated, stored := false, false, false
	for _, k := range d.Constraints {
		switch k.Kind {
		case ir.NotNull, ir.PrimaryKey:
			notNull = true
		case ir.Identity:
			identity, notNull = true, true
		case ir.Generated:
			generated, stored = true, k.Stored
		}
	}
	if pk := t.PrimaryKey(); pk != nil && slices.ContainsFunc(pk.Columns, func(n string) bool { return strings.EqualFold(n, c.Name) }) {
		notNull = true
	}
	to := s.d.Type(*d.Type, s.Schema)
	v := s.typeChange(c, d, to.Name, to.Length, to.Scale, to.Unsigned)
	if v.class == effect.CopyShared {
		s.warn(diag.ValuesConverted, "the values of "+t.Name+"."+c.Name+" are converted from "+spelled(c)+" to "+d.Type.Raw+": those that do not fit fail in strict mode, and are cut off without a word elsewhere",
			"look for such rows first")
		return v
	}
	if generated != (c.Generated != "") || generated && stored != c.Stored {
		return copies("a column becomes generated, or ceases to be")
	}
	if identity && c.Identity == "" {
		return copies("a column becomes AUTO_INCREMENT")
	}
	if notNull != c.NotNull {
		if notNull {
			s.FailsOnRows = "rows in which " + t.Name + "." + c.Name + " is NULL"
			s.warn(diag.ValuesConverted, "rows with NULL in "+t.Name+"."+c.Name+" fail in strict mode, and get 0 or '' elsewhere", "fill them first, and keep sql_mode strict")
		}
		if s.maria && notNull {
			v = copies("each row is looked at for NULL")
		} else {
			v = rebuilds("whether a column may be NULL is stored with each row")
		}
	}
	if d.First || d.After != nil {
		if moved(t, c, d) && !s.maria && v.class <= effect.Inplace {
			v = rebuilds("the column moves to another place")
		}
	}
	return v
}

func spelled(c *catalog.Column) string {
	if c.Declared != "" {
		return c.Declared
	}
	if c.Type.Length > 0 {
		return c.Type.String() + "(" + strconv.Itoa(int(c.Type.Length)) + ")"
	}
	return c.Type.String()
}

// moved tells whether FIRST and AFTER name another place than the column's.
func moved(t *catalog.Table, c *catalog.Column, d *ir.ColumnDef) bool {
	i := slices.Index(t.Columns, c)
	if d.First {
		return i != 0
	}
	return i == 0 || !strings.EqualFold(t.Columns[i-1].Name, d.After.Name)
}

// widths are the bytes of a character at the most.
var widths = map[string]int32{"latin1": 1, "ascii": 1, "binary": 1, "utf8": 3, "utf8mb3": 3, "utf8mb4": 4, "": 4}

// typeChange tells how stored values come under another type.
func (s *statement) typeChange(c *catalog.Column, d *ir.ColumnDef, name string, length, scale int32, unsigned bool) verdict {
	from := c.Type
	copied := copies("values of " + spelled(c) + " are stored otherwise than those of " + d.Type.Raw)
	if from.Name != name || from.Unsigned != unsigned {
		return copied
	}
	charset := d.Type.Charset
	if charset != "" && c.Charset != "" && !strings.EqualFold(charset, c.Charset) {
		return copied
	}
	if d.Collate != nil && c.Collation != "" && !strings.EqualFold(d.Collate.Last(), c.Collation) {
		return copied
	}
	switch name {
	case "varchar", "varbinary":
		width := widths[strings.ToLower(c.Charset)]
		if name == "varbinary" {
			width = 1
		}
		switch {
		case length == from.Length:
			return instant
		case length < from.Length:
			return copied
		case s.maria:
			return instant
		case from.Length*width <= 255 && length*width > 255:
			return copies("a varchar of more than 255 bytes has a longer length before its text")
		}
		return inplace
	case "enum", "set":
		old, now := c.EnumValues, d.Type.Values
		if len(now) < len(old) || !slices.Equal(old, now[:len(old)]) {
			return copies("values of an " + strings.ToUpper(name) + " are stored as numbers, which change")
		}
		if name == "enum" && len(old) <= 255 && len(now) > 255 || name == "set" && (len(old)+7)/8 != (len(now)+7)/8 {
			return copies("the numbers of the values need more bytes")
		}
		return instant
	case "char", "binary", "decimal", "bit", "datetime", "timestamp", "time":
		if length != from.Length || scale != from.Scale {
			return copied
		}
	}
	return instant
}
