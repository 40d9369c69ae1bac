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
	how
	reason string
}

// worse is the dearer of two.
func (v verdict) worse(w verdict) verdict {
	if w.class > v.class || w.class == v.class && w.rebuild && !v.rebuild {
		w.rebuild = w.rebuild || v.rebuild
		return w
	}
	v.rebuild = v.rebuild || w.rebuild
	return v
}

// alter is an ALTER TABLE: as dear as its dearest action.
func (s *statement) alter(t *catalog.Table, actions []ir.AlterAction) {
	worst := verdict{how: instantly}
	primary, index := replaced(t, actions)
	for i := range actions {
		a := &actions[i]
		if a.Kind == ir.OtherAction && (a.Verb == "ALGORITHM" || a.Verb == "LOCK") {
			continue
		}
		switch {
		case a.Kind == ir.DropPrimaryKey && primary:
			worst = worst.worse(s.of(replacePrimary))
		case index && (a.Kind == ir.DropIndex || a.Kind == ir.AddIndex || a.Kind == ir.AddConstraint):
			worst = worst.worse(s.of(remakeIndex))
		default:
			worst = worst.worse(s.action(t, a))
		}
	}
	if worst.class > effect.Instant && s.fallsBack && !worst.rebuild {
		worst = verdict{how{worst.class, true}, "what is instant by itself is not so beside the rest of the statement"}
	}
	limit := s.asked()
	switch {
	case limit != effect.Unclassed && worst.class > limit:
		s.Refused = "it asks for " + limit.String() + ", and " + worst.reason
		if worst.reason == "" {
			s.Refused = "it asks for " + limit.String() + ", which does not do it"
		}
	case limit > worst.class && limit == effect.CopyShared:
		worst = verdict{copying, "ALGORITHM=COPY was asked for"}
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

// replaced tells whether a statement drops the primary key and adds another, and whether it does nothing but make an index anew over the same columns.
func replaced(t *catalog.Table, actions []ir.AlterAction) (primary, index bool) {
	var dropped *catalog.Index
	same := len(actions) > 0
	for i := range actions {
		switch a := &actions[i]; {
		case a.Kind == ir.AddConstraint && a.Constraint.Kind == ir.PrimaryKey:
			primary = true
			same = false
		case a.Kind == ir.DropIndex && dropped == nil:
			for _, x := range t.Indexes {
				if strings.EqualFold(x.Name, a.Column.Name) {
					dropped = x
				}
			}
		case a.Kind == ir.AddConstraint && a.Constraint.Kind == ir.PlainIndex:
			same = same && dropped != nil && a.Constraint.Name != nil && strings.EqualFold(dropped.Name, a.Constraint.Name.Name) && sameColumns(dropped, a.Constraint.Parts)
		case a.Kind == ir.AddIndex:
			same = same && dropped != nil && strings.EqualFold(dropped.Name, a.Index.Name.Name) && sameColumns(dropped, a.Index.Parts)
		case a.Kind == ir.OtherAction && (a.Verb == "ALGORITHM" || a.Verb == "LOCK"):
		default:
			same = false
		}
	}
	return primary, same && dropped != nil && len(actions) > 1
}

func sameColumns(x *catalog.Index, parts []ir.IndexPart) bool {
	return slices.EqualFunc(x.Parts, parts, func(p catalog.IndexPart, q ir.IndexPart) bool {
		return q.Column != nil && strings.EqualFold(p.Column, q.Column.Name)
	})
}

func (s *statement) action(t *catalog.Table, a *ir.AlterAction) verdict {
	switch a.Kind {
	case ir.AddColumn:
		return s.addColumn(t, a)
	case ir.DropColumn:
		return s.dropColumn(t, a)
	case ir.RenameColumn:
		s.warn(diag.RenameBreaks, "the column "+t.Name+"."+a.Column.Name+" is called "+a.New.Name+" from now on, and queries that run now use the old name",
			"add the new column and keep both the same (a trigger, or the application writes both); move readers; then drop the old one")
		return s.renameColumn(t, a.Column.Name)
	case ir.SetDefault, ir.DropDefault:
		return s.of(setDefault)
	case ir.ModifyColumn:
		return s.modify(t, a)
	case ir.AddIndex:
		return s.addIndex(t, a.Index.Using, a.Index.Parts)
	case ir.AddConstraint:
		return s.addConstraint(t, a.Constraint)
	case ir.DropIndex:
		return s.of(dropIndex)
	case ir.RenameIndex:
		return s.of(renameIndex)
	case ir.DropConstraint:
		for _, k := range t.Constraints {
			if strings.EqualFold(k.Name, a.Column.Name) && k.Kind != ir.Check {
				if k.Kind == ir.ForeignKey {
					return s.of(dropForeign)
				}
				return s.of(dropIndex)
			}
		}
		return s.of(dropCheck)
	case ir.DropPrimaryKey:
		return s.of(dropPrimary)
	case ir.RenameTable:
		if a.NewTable != nil {
			s.renamed(t, a.NewTable.Last())
		}
		return s.of(renameTable)
	case ir.ConvertCharset:
		s.warn(diag.ValuesConverted, "all texts of "+t.Name+" are converted, TEXT columns may become MEDIUMTEXT, and keys may be too long", "look at SHOW CREATE TABLE of a copy first")
		return s.of(convertCharset)
	case ir.SetOption:
		return s.option(t, a)
	case ir.OtherAction:
		return s.other(t, a)
	}
	return s.of(changeColumn)
}

// renameColumn is cheap everywhere, but the dictionary alone does not do it where other tables refer to the column.
func (s *statement) renameColumn(t *catalog.Table, column string) verdict {
	for _, sc := range s.Schema.Schemas {
		for _, o := range sc.Tables {
			for _, k := range o.Constraints {
				if k.Kind == ir.ForeignKey && o != t && strings.EqualFold(k.RefTable, t.Name) && slices.ContainsFunc(k.RefColumns, func(n string) bool { return strings.EqualFold(n, column) }) {
					return s.of(renameReferred)
				}
			}
		}
	}
	return s.of(renameColumn)
}

// hasFulltext tells whether a table has a FULLTEXT index that is over more than one column.
func (s *statement) hasFulltext(t *catalog.Table, but string) bool {
	return slices.ContainsFunc(t.Indexes, func(x *catalog.Index) bool {
		return strings.EqualFold(x.Method, "fulltext") && slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return !strings.EqualFold(p.Column, but) })
	})
}

// drops tells whether the statement drops a column, or gives it another name, so that another one may take it.
func (s *statement) drops(column string) bool {
	n, ok := s.Tree.(*ir.AlterTable)
	return ok && slices.ContainsFunc(n.Actions, func(a ir.AlterAction) bool {
		switch a.Kind {
		case ir.DropColumn, ir.RenameColumn:
			return strings.EqualFold(a.Column.Name, column)
		case ir.ModifyColumn:
			return strings.EqualFold(a.Column.Name, column) && !strings.EqualFold(a.Def.Name.Name, column)
		}
		return false
	})
}

func (s *statement) addColumn(t *catalog.Table, a *ir.AlterAction) verdict {
	d := a.Def
	if t.Column(d.Name.Name, true) != nil && !s.drops(d.Name.Name) {
		if !a.IfNotExists && s.Refused == "" {
			s.Refused = "the column " + d.Name.Name + " of " + t.Name + " exists already"
		}
		return verdict{how: instantly}
	}
	placed, o := d.First || d.After != nil, addColumn
	var also []operation
	for i := range d.Constraints {
		switch k := &d.Constraints[i]; k.Kind {
		case ir.Identity:
			also = append(also, addCounter)
		case ir.Generated:
			switch {
			case k.Stored:
				o = addStored
			case t.Partition != "":
				o = addVirtualPartitioned
			default:
				o = addVirtual
			}
		case ir.DefaultValue:
			if s.computed(k.X) {
				also = append(also, addExpression)
			}
		case ir.Unique:
			also = append(also, addUnique)
		case ir.PrimaryKey:
			also = append(also, addPrimary)
		case ir.ForeignKey:
			also = append(also, addReferring)
		case ir.Check:
			if !k.NotValid {
				also = append(also, addChecked)
			}
		}
	}
	if o == addColumn {
		switch {
		case s.hasFulltext(t, ""):
			o = addColumnFulltext
		case compressed(t):
			o = addColumnCompressed
		case placed && hasVirtual(t):
			o = addColumnAmongVirtual
		case placed:
			o = addColumnAmong
		}
	}
	v := s.of(o)
	for _, o := range also {
		v = v.worse(s.of(o))
	}
	return v
}

func hasVirtual(t *catalog.Table) bool {
	return slices.ContainsFunc(t.Columns, func(c *catalog.Column) bool { return c.Generated != "" && !c.Stored })
}

func compressed(t *catalog.Table) bool {
	return strings.EqualFold(t.Options["row_format"], "compressed")
}

// computed tells whether a default is worked out for each row. The time of the statement is not. MySQL takes each expression for one that is,
// MariaDB those with functions that differ from row to row or read columns.
func (s *statement) computed(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.FuncCall:
			switch name := strings.ToLower(n.Name.Last()); {
			case slices.Contains([]string{"current_timestamp", "now", "localtime", "localtimestamp"}, name):
			case s.maria:
				found = found || slices.Contains(volatile, name)
			default:
				found = true
			}
		case *ir.ColumnRef:
			found = found || s.maria
		case *ir.Binary:
			found = found || !s.maria
		}
		return !found
	})
	return found
}

// volatile are the functions that give another value for each row.
var volatile = []string{"uuid", "uuid_v4", "uuid_v7", "uuid_short", "sys_guid", "rand", "random_bytes", "sysdate", "nextval", "lastval"}

func (s *statement) dropColumn(t *catalog.Table, a *ir.AlterAction) verdict {
	c := t.Column(a.Column.Name, true)
	if c == nil {
		if !a.IfExists && s.Refused == "" {
			s.Refused = "the column " + a.Column.Name + " of " + t.Name + " does not exist"
		}
		return verdict{how: instantly}
	}
	s.lose(t, c.Name, "the values of "+t.Name+"."+c.Name+" are gone, and can't be had back but from a backup")
	is := func(n string) bool { return strings.EqualFold(n, c.Name) }
	indexed := slices.ContainsFunc(t.Indexes, func(x *catalog.Index) bool {
		return slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return is(p.Column) })
	}) || slices.ContainsFunc(t.Constraints, func(k *catalog.Constraint) bool {
		return (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && slices.ContainsFunc(k.Columns, is)
	})
	switch {
	case c.Generated != "" && !c.Stored:
		return s.of(dropVirtual)
	case s.hasFulltext(t, c.Name):
		return s.of(dropColumnFulltext)
	case indexed && s.hasFulltext(t, ""):
		return s.of(dropFulltexted)
	case indexed:
		return s.of(dropIndexed)
	case compressed(t):
		return s.of(dropColumnCompressed)
	case c.Generated != "":
		return s.of(dropStored)
	}
	return s.of(dropColumn)
}

func (s *statement) addIndex(t *catalog.Table, using string, parts []ir.IndexPart) verdict {
	switch strings.ToLower(using) {
	case "fulltext":
		if !s.hasFulltext(t, "") && t.Column("FTS_DOC_ID", true) == nil {
			return s.of(addFirstFulltext)
		}
		return s.of(addFulltext)
	case "spatial":
		return s.of(addSpatial)
	}
	if slices.ContainsFunc(parts, func(p ir.IndexPart) bool { return p.Column == nil }) {
		return s.of(addFunctional)
	}
	return s.of(addIndex)
}

func (s *statement) addConstraint(t *catalog.Table, k *ir.Constraint) verdict {
	switch k.Kind {
	case ir.PrimaryKey:
		return s.of(addPrimary)
	case ir.ForeignKey:
		if k.References != nil {
			if u := s.Schema.Table(k.References.Schema(), k.References.Last()); u != nil {
				s.Lock(effect.Of(u), effect.ShareRowExclusive)
			}
		}
		if s.ForeignKeysOff {
			return s.of(addForeignUnchecked)
		}
		return s.of(addForeign)
	case ir.Check:
		if k.NotValid {
			return s.of(addCheckNotEnforced)
		}
		return s.of(addCheck)
	}
	return s.addIndex(t, k.Using, k.Parts)
}

// option are table options.
func (s *statement) option(t *catalog.Table, a *ir.AlterAction) verdict {
	v := verdict{how: instantly}
	for _, o := range a.Options {
		kind := tableOption
		switch o.Key {
		case "engine":
			kind = sameEngine
			if now := t.Options["engine"]; now != "" && !strings.EqualFold(now, o.Value) {
				kind = otherEngine
			}
		case "row_format", "key_block_size", "page_compressed":
			kind = rowFormat
		case "encryption", "encrypted":
			if now := t.Options[o.Key]; !strings.EqualFold(o.Value, now) && (now != "" || !slices.Contains([]string{"N", "NO"}, strings.ToUpper(o.Value))) {
				kind = encryption
			}
		case "charset", "character set", "collate":
			kind = defaultCharset
		case "partition":
			kind = partitionBy
		}
		v = v.worse(s.of(kind))
	}
	return v
}

// other are the actions without a shape of their own, by their first words.
func (s *statement) other(t *catalog.Table, a *ir.AlterAction) verdict {
	partitioned := slices.Contains(s.words, "PARTITION")
	switch a.Verb {
	case "FORCE":
		return s.of(force)
	case "ORDER":
		return s.of(orderBy)
	case "ALTER CHECK":
		if slices.Contains(s.words, "NOT") {
			return s.of(dropCheck)
		}
		return s.of(enforceCheck)
	case "ALTER INDEX":
		return s.of(hideIndex)
	case "SET VISIBLE", "SET INVISIBLE":
		return s.of(changeColumn)
	case "ADD SYSTEM", "DROP SYSTEM", "ADD PERIOD", "DROP PERIOD":
		return s.of(versioning)
	case "REMOVE":
		return s.of(removePartitioning)
	case "ADD PARTITION":
		if kind := strings.ToUpper(t.Partition); strings.Contains(kind, "HASH") || strings.Contains(kind, "BY KEY") || strings.Contains(kind, "LINEAR KEY") {
			return s.of(addPartitionHash)
		}
		return s.of(addPartition)
	case "DROP PARTITION", "TRUNCATE":
		s.lose(t, "", "the rows of a partition of "+t.Name+" are gone")
		if a.Verb == "TRUNCATE" {
			return s.of(truncatePartition)
		}
		return s.of(dropPartition)
	case "COALESCE":
		return s.of(coalescePartition)
	case "REORGANIZE":
		return s.of(reorganizePartition)
	case "REBUILD":
		return s.of(rebuildPartition)
	case "OPTIMIZE":
		return s.of(optimizePartition)
	case "EXCHANGE":
		s.exchange()
		if slices.Contains(s.words, "WITHOUT") {
			return s.of(exchangeUnchecked)
		}
		return s.of(exchangePartition)
	case "ANALYZE", "CHECK", "REPAIR":
		return s.of(lookAtPartition)
	case "DISCARD", "IMPORT":
		if a.Verb == "DISCARD" {
			what := "the rows of " + t.Name + " are gone"
			if partitioned {
				what = "the rows of a partition of " + t.Name + " are gone"
			}
			s.lose(t, "", what)
		}
		return s.of(movePartition)
	}
	return s.of(tableOption)
}

// exchange locks the table that a partition is exchanged with.
func (s *statement) exchange() {
	i := slices.Index(s.words, "TABLE")
	if j := slices.Index(s.words[i+1:], "TABLE"); j >= 0 && i+j+2 < len(s.words) {
		name := strings.Trim(s.Statement.TokenText(i+j+2), "`")
		if u := s.Schema.Table("", name); u != nil {
			s.Lock(effect.Of(u), effect.AccessExclusive)
		}
	}
}

// modify is MODIFY and CHANGE.
func (s *statement) modify(t *catalog.Table, a *ir.AlterAction) verdict {
	c := t.Column(a.Column.Name, true)
	if c == nil || a.Def == nil || a.Def.Type == nil {
		if c == nil && !a.IfExists && s.Refused == "" {
			s.Refused = "the column " + a.Column.Name + " of " + t.Name + " does not exist"
		}
		return verdict{how: instantly}
	}
	d := a.Def
	v := verdict{how: instantly}
	if !strings.EqualFold(d.Name.Name, c.Name) {
		s.warn(diag.RenameBreaks, "the column "+t.Name+"."+c.Name+" is called "+d.Name.Name+" from now on, and queries that run now use the old name",
			"add the new column and keep both the same; move readers; then drop the old one")
		v = s.renameColumn(t, c.Name)
	}
	notNull, identity := false, false
	var generated *ir.Constraint
	for i, k := range d.Constraints {
		switch k.Kind {
		case ir.NotNull, ir.PrimaryKey:
			notNull = true
		case ir.Identity:
			identity, notNull = true, true
		case ir.Generated:
			generated = &d.Constraints[i]
		}
	}
	if pk := t.PrimaryKey(); pk != nil && slices.ContainsFunc(pk.Columns, func(n string) bool { return strings.EqualFold(n, c.Name) }) {
		notNull = true
	}
	to := s.d.Type(*d.Type, s.Schema)
	change := s.typeChange(c, d, to.Name, to.Length, to.Scale, to.Unsigned)
	v = v.worse(s.of(change))
	if v.class == effect.CopyShared {
		s.warn(diag.ValuesConverted, "the values of "+t.Name+"."+c.Name+" are converted from "+spelled(c)+" to "+d.Type.Raw+": those that do not fit fail in strict mode, and are cut off without a word elsewhere",
			"look for such rows first")
		return v
	}
	switch {
	case (generated != nil) != (c.Generated != "") || generated != nil && generated.Stored != c.Stored:
		return v.worse(s.of(becomeGenerated))
	case generated != nil && !s.sameExpression(c, generated):
		if c.Stored {
			return v.worse(s.of(changeStored))
		}
		return v.worse(s.of(changeVirtual))
	case identity && c.Identity == "":
		return v.worse(s.of(becomeCounter))
	case !identity && c.Identity != "":
		return v.worse(s.of(ceaseCounter))
	}
	if notNull != c.NotNull {
		v = v.worse(s.nullability(t, c, to.Name, notNull))
	}
	if (d.First || d.After != nil) && moved(t, c, d) {
		switch {
		case c.Generated == "":
			v = v.worse(s.of(moveColumn))
		case c.Stored:
			v = v.worse(s.of(moveStored))
		default:
			v = v.worse(s.of(moveVirtual))
		}
	}
	return v
}

// nullability is the change of whether a column may be NULL.
func (s *statement) nullability(t *catalog.Table, c *catalog.Column, typ string, notNull bool) verdict {
	if !notNull {
		if strings.EqualFold(t.Options["row_format"], "redundant") {
			return s.of(allowNullRedundant)
		}
		return s.of(allowNull)
	}
	s.FailsOnRows = "rows in which " + t.Name + "." + c.Name + " is NULL"
	s.warn(diag.ValuesConverted, "rows with NULL in "+t.Name+"."+c.Name+" fail in strict mode, and get 0 or '' elsewhere", "fill them first, and keep sql_mode strict")
	if typ == "timestamp" || slices.ContainsFunc(t.Columns, func(o *catalog.Column) bool { return o.Stored }) {
		return s.of(forbidNullComputed)
	}
	return s.of(forbidNull)
}

// sameExpression tells whether a generated column is computed as before, by the words of both.
func (s *statement) sameExpression(c *catalog.Column, k *ir.Constraint) bool {
	if k.X == nil {
		return true
	}
	at := k.X.Span()
	from, to := int(at.Start)-int(s.Statement.Span.Start), int(at.End)-int(s.Statement.Span.Start)
	if from < 0 || to > len(s.Statement.Text) || from > to {
		return false
	}
	return plainWords(s.Statement.Text[from:to]) == plainWords(c.Generated)
}

// plainWords is an expression without what a server writes otherwise than people do.
func plainWords(expression string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("` ()\n\t", r) {
			return -1
		}
		return r
	}, strings.ToLower(expression))
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
func (s *statement) typeChange(c *catalog.Column, d *ir.ColumnDef, name string, length, scale int32, unsigned bool) operation {
	from := c.Type
	charset := d.Type.Charset
	switch {
	case from.Name != name || from.Unsigned != unsigned,
		charset != "" && c.Charset != "" && !strings.EqualFold(charset, c.Charset),
		d.Collate != nil && c.Collation != "" && !strings.EqualFold(d.Collate.Last(), c.Collation):
		return changeType
	}
	switch name {
	case "varchar", "varbinary":
		width := widths[strings.ToLower(c.Charset)]
		if name == "varbinary" {
			width = 1
		}
		switch {
		case length == from.Length:
			return changeColumn
		case length < from.Length:
			return changeType
		case from.Length*width <= 255 && length*width > 255:
			return widenVarcharOver
		}
		return widenVarchar
	case "enum", "set":
		old, now := c.EnumValues, d.Type.Values
		switch {
		case len(now) < len(old) || !slices.Equal(old, now[:len(old)]):
			return changeValues
		case name == "enum" && len(old) <= 255 && len(now) > 255 || name == "set" && (len(old)+7)/8 != (len(now)+7)/8:
			return moreValueBytes
		case len(now) > len(old):
			return appendValues
		}
		return changeColumn
	case "char", "binary", "decimal", "bit", "datetime", "timestamp", "time":
		if length != from.Length || scale != from.Scale {
			return changeType
		}
	}
	return changeColumn
}
