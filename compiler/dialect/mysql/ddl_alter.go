package mysql

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

func (l *lowering) alter() ir.Statement {
	l.want("ALTER")
	from := l.i
	for i := l.i; i < min(l.i+16, len(l.toks)); i++ {
		if l.is(i, "VIEW") && l.is(from, "ALGORITHM", "DEFINER", "SQL", "VIEW") {
			l.i = i
			return l.createView(true, nil)
		}
	}
	l.skip("ONLINE", "IGNORE")
	switch strings.ToUpper(l.text(l.i)) {
	case "TABLE":
		return l.alterTable()
	case "SEQUENCE":
		return l.createSequence(true)
	case "DATABASE", "SCHEMA", "EVENT", "FUNCTION", "PROCEDURE", "USER", "ROLE", "SERVER", "TABLESPACE", "INSTANCE", "LOGFILE",
		"RESOURCE", "UNDO", "DEFINER", "PLACEMENT", "RANGE":
		return l.noted(2)
	}
	l.fail()
	return nil
}

func (l *lowering) alterTable() ir.Statement {
	l.want("TABLE")
	a := &ir.AlterTable{Kind: ir.ObjTable, IfExists: l.eatAll("IF", "EXISTS")}
	a.Name = l.objectName()
	if l.eat("WAIT") {
		l.i++
	}
	l.eat("NOWAIT")
	for !l.end() {
		a.Actions = append(a.Actions, l.alterActions()...)
		if !l.eat(",") && !l.is(l.i, "PARTITION", "REMOVE") {
			break
		}
	}
	a.At = l.since(0)
	return a
}

// alterActions reads one specification; ADD (a …, b …) gives several actions.
func (l *lowering) alterActions() []ir.AlterAction {
	start := l.i
	word := strings.ToUpper(l.text(l.i))
	if l.kind(l.i) != token.Ident {
		l.fail()
	}
	a := ir.AlterAction{}
	switch word {
	case "ADD":
		l.i++
		return l.alterAdd(start)
	case "DROP":
		l.i++
		l.alterDrop(&a)
	case "MODIFY", "CHANGE":
		l.i++
		l.eat("COLUMN")
		a.Kind = ir.ModifyColumn
		a.IfExists = l.eatAll("IF", "EXISTS")
		a.Column = l.name()
		from, def := l.i, ir.ColumnDef{Name: a.Column}
		if word == "CHANGE" {
			def.Name = l.name()
		} else {
			from--
		}
		l.columnBody(&def)
		l.position(&def)
		def.At = l.since(from)
		a.Def = &def
	case "ALTER":
		l.i++
		l.alterColumn(&a)
	case "RENAME":
		l.i++
		l.alterRename(&a)
	case "CONVERT":
		if !l.are(l.i, "CONVERT", "TO") {
			l.fail()
		}
		l.i += 2
		a.Kind = ir.ConvertCharset
		a.Options = append(a.Options, l.tableOption())
		if l.is(l.i, "COLLATE") {
			a.Options = append(a.Options, l.tableOption())
		}
	case "PARTITION":
		from := l.i
		l.i = len(l.toks)
		a.Kind = ir.SetOption
		a.Options = []ir.Option{{Key: "partition", Value: l.source(from, l.i)}}
	case "ORDER", "FORCE", "ENABLE", "DISABLE", "DISCARD", "IMPORT", "REORGANIZE", "EXCHANGE", "TRUNCATE", "COALESCE", "ANALYZE",
		"CHECK", "OPTIMIZE", "REBUILD", "REPAIR", "REMOVE", "WITH", "WITHOUT", "UPGRADE", "SECONDARY_LOAD", "SECONDARY_UNLOAD":
		a.Kind, a.Verb = ir.OtherAction, word
		l.i++
		l.rest(word == "ORDER" || word == "REORGANIZE" || word == "REBUILD" || word == "TRUNCATE" || word == "OPTIMIZE")
	case "ALGORITHM", "LOCK":
		a.Kind, a.Verb = ir.OtherAction, word
		l.keyValue()
	default:
		a.Kind = ir.SetOption
		for !l.end() && !l.is(l.i, ",") && !l.is(l.i, "PARTITION", "REMOVE") {
			a.Options = append(a.Options, l.tableOption())
		}
	}
	a.At = l.since(start)
	return []ir.AlterAction{a}
}

// rest moves to the end of a specification: the next comma that is not inside parentheses,
// or, where commas are its own, the end of the statement.
func (l *lowering) rest(commas bool) {
	for !l.end() && (commas || !l.is(l.i, ",")) {
		if l.is(l.i, "(") {
			l.i = l.closing(l.i)
		}
		l.i++
	}
}

func (l *lowering) alterAdd(start int) []ir.AlterAction {
	if l.is(l.i, "PARTITION", "SYSTEM", "PERIOD") && !l.is(l.i+1, "INT", "VARCHAR") {
		verb := "ADD " + strings.ToUpper(l.text(l.i))
		l.rest(false)
		return []ir.AlterAction{{At: l.since(start), Kind: ir.OtherAction, Verb: verb}}
	}
	if !l.is(l.i, "COLUMN") {
		from := l.i
		if c, ok := l.tableConstraint(); ok && c != nil {
			a := ir.AlterAction{Kind: ir.AddConstraint, Constraint: c}
			a.IfNotExists = l.ifNotExists(from)
			if c.Kind == ir.PlainIndex {
				x := &ir.CreateIndex{At: c.At, Using: c.Using, Parts: c.Parts, Options: c.Options, IfNotExists: a.IfNotExists}
				if c.Name != nil {
					x.Name = *c.Name
				} else {
					x.Name = ir.Ident{At: c.At}
				}
				x.Invisible = invisible(c.Options)
				a.Kind, a.Index, a.Constraint = ir.AddIndex, x, nil
			}
			a.At = l.since(start)
			return []ir.AlterAction{a}
		}
		l.i = from
	}
	l.eat("COLUMN")
	ifNot := l.eatAll("IF", "NOT", "EXISTS")
	var out []ir.AlterAction
	add := func(from int) {
		def := l.columnDef()
		l.position(&def)
		def.At = l.since(from)
		out = append(out, ir.AlterAction{At: l.since(from), Kind: ir.AddColumn, Column: def.Name, Def: &def, IfNotExists: ifNot})
	}
	if !l.is(l.i, "(") {
		add(l.i)
		out[0].At = l.since(start)
		return out
	}
	l.i++
	for {
		from := l.i
		if c, ok := l.tableConstraint(); ok && c != nil {
			out = append(out, ir.AlterAction{At: c.At, Kind: ir.AddConstraint, Constraint: c})
		} else {
			l.i = from
			add(from)
		}
		if !l.eat(",") {
			break
		}
	}
	l.want(")")
	return out
}

// ifNotExists tells whether IF NOT EXISTS stands in the few tokens from from on.
func (l *lowering) ifNotExists(from int) bool {
	for i := from; i < min(from+6, l.i); i++ {
		if l.are(i, "IF", "NOT", "EXISTS") {
			return true
		}
	}
	return false
}

// position reads FIRST and AFTER column.
func (l *lowering) position(c *ir.ColumnDef) {
	switch {
	case l.eat("FIRST"):
		c.First = true
	case l.eat("AFTER"):
		id := l.name()
		c.After = &id
	}
}

func (l *lowering) alterDrop(a *ir.AlterAction) {
	named := func(kind ir.AlterKind) {
		a.Kind = kind
		a.IfExists = l.eatAll("IF", "EXISTS")
		a.Column = l.name()
	}
	switch {
	case l.are(l.i, "PRIMARY", "KEY"):
		a.Kind, a.Column = ir.DropPrimaryKey, ir.Ident{At: l.here()}
		l.i += 2
	case l.eatAll("FOREIGN", "KEY"), l.is(l.i, "CONSTRAINT", "CHECK") && l.kind(l.i+1) != token.EOF && !l.is(l.i+1, ","):
		l.eat("CONSTRAINT", "CHECK")
		named(ir.DropConstraint)
	case l.is(l.i, "INDEX", "KEY"):
		l.i++
		named(ir.DropIndex)
	case l.is(l.i, "PARTITION", "SYSTEM", "PERIOD") && !l.is(l.i+1, ",") && l.i+1 < len(l.toks):
		a.Kind, a.Verb = ir.OtherAction, "DROP "+strings.ToUpper(l.text(l.i))
		l.rest(true)
	default:
		l.eat("COLUMN")
		named(ir.DropColumn)
		l.eat("CASCADE", "RESTRICT")
	}
}

func (l *lowering) alterColumn(a *ir.AlterAction) {
	switch {
	case l.is(l.i, "INDEX", "KEY") && !l.is(l.i+1, "SET", "DROP"):
		l.i++
		a.Kind, a.Verb = ir.OtherAction, "ALTER INDEX"
		l.eatAll("IF", "EXISTS")
		a.Column = l.name()
		l.eat("NOT")
		l.want("VISIBLE", "INVISIBLE", "IGNORED")
		return
	case l.is(l.i, "CHECK", "CONSTRAINT"):
		l.i++
		a.Kind, a.Verb = ir.OtherAction, "ALTER CHECK"
		a.Column = l.name()
		l.eat("NOT")
		l.want("ENFORCED")
		return
	}
	l.eat("COLUMN")
	a.IfExists = l.eatAll("IF", "EXISTS")
	a.Column = l.name()
	switch {
	case l.eatAll("SET", "DEFAULT"):
		a.Kind, a.X = ir.SetDefault, l.columnExpr()
	case l.eatAll("DROP", "DEFAULT"):
		a.Kind = ir.DropDefault
	case l.eatAll("SET", "VISIBLE"), l.eatAll("SET", "INVISIBLE"):
		a.Kind, a.Verb = ir.OtherAction, "SET "+strings.ToUpper(l.text(l.i-1))
	default:
		l.fail()
	}
}

func (l *lowering) alterRename(a *ir.AlterAction) {
	pair := func(kind ir.AlterKind) {
		a.Kind = kind
		a.IfExists = l.eatAll("IF", "EXISTS")
		a.Column = l.name()
		l.want("TO")
		a.New = l.name()
	}
	switch {
	case l.is(l.i, "COLUMN") && !l.is(l.i+1, ","):
		l.i++
		pair(ir.RenameColumn)
	case l.is(l.i, "INDEX", "KEY"):
		l.i++
		pair(ir.RenameIndex)
	default:
		l.eat("TO", "AS", "=")
		n := l.objectName()
		a.Kind, a.NewTable = ir.RenameTable, &n
	}
}
