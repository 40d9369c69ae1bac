package mysql

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

func (l *lowering) createTable(temp, orReplace bool) ir.Statement {
	l.want("TABLE")
	t := &ir.CreateTable{Temp: temp, OrReplace: orReplace}
	t.IfNotExists = l.eatAll("IF", "NOT", "EXISTS")
	t.Name = l.objectName()
	if l.is(l.i, "LIKE") || l.is(l.i, "(") && l.is(l.i+1, "LIKE") {
		parens := l.eat("(")
		from := l.i
		l.want("LIKE")
		like := ir.LikeClause{Table: l.objectName(), Including: []string{"ALL"}}
		like.At = l.since(from)
		if parens {
			l.want(")")
		}
		t.Like = []ir.LikeClause{like}
		t.At = l.since(0)
		return t
	}
	if l.is(l.i, "(") && !l.is(l.i+1, "SELECT", "WITH", "VALUES", "(") {
		l.tableElements(t)
	}
	for !l.end() && !l.startsQuery() && !l.is(l.i, "PARTITION") {
		if l.is(l.i, "IGNORE", "REPLACE") {
			l.i++
			continue
		}
		t.Options = append(t.Options, l.tableOption())
		l.eat(",")
	}
	if l.is(l.i, "PARTITION") {
		from := l.i
		for !l.end() && !l.is(l.i, "AS", "SELECT", "WITH", "IGNORE", "REPLACE") {
			if l.is(l.i, "(") {
				l.i = l.closing(l.i)
			}
			l.i++
		}
		t.Partition = l.source(from, l.i)
		l.skip("IGNORE", "REPLACE")
	}
	if l.startsQuery() {
		l.eat("AS")
		t.AsQuery = l.partQuery(l.i, len(l.toks))
	}
	t.At = l.since(0)
	return t
}

// startsQuery tells whether the query of CREATE TABLE … [AS] SELECT starts here.
func (l *lowering) startsQuery() bool {
	return l.is(l.i, "AS", "SELECT", "VALUES", "(") || l.is(l.i, "WITH") && !l.is(l.i+1, "SYSTEM") || l.is(l.i, "TABLE")
}

func (l *lowering) tableElements(t *ir.CreateTable) {
	l.want("(")
	for {
		if c, ok := l.tableConstraint(); ok {
			if c != nil {
				t.Constraints = append(t.Constraints, *c)
			}
		} else {
			t.Columns = append(t.Columns, l.columnDef())
		}
		if !l.eat(",") {
			break
		}
	}
	l.want(")")
}

// columnDef reads a column's name, type and options.
func (l *lowering) columnDef() ir.ColumnDef {
	start := l.i
	c := ir.ColumnDef{Name: l.name()}
	l.columnBody(&c)
	c.At = l.since(start)
	return c
}

func (l *lowering) columnBody(c *ir.ColumnDef) {
	switch l.kind(l.i) {
	case token.Ident, token.QuotedIdent:
	default:
		l.fail()
	}
	from := l.i
	tn := l.typeName()
	c.Type = &tn
	if tn.Collate != "" {
		at := tn.At
		c.Collate = &ir.Name{At: at, Parts: []ir.Ident{{At: at, Name: tn.Collate}}}
	}
	if tn.Name.Last() == "serial" { // BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE
		at := ir.At{Pos: l.between(from, from+1)}
		for _, k := range []ir.ConstraintKind{ir.NotNull, ir.Identity, ir.Unique} {
			c.Constraints = append(c.Constraints, ir.Constraint{At: at, Kind: k})
		}
	}
	for l.columnOption(c) {
	}
}

// simpleOptions are column options that are words alone, or words and one value.
var simpleOptions = map[string]bool{
	"COLUMN_FORMAT": true, "STORAGE": true, "ENGINE_ATTRIBUTE": true, "SECONDARY_ENGINE_ATTRIBUTE": true,
	"SRID": true, "REF_SYSTEM_ID": true,
}

// columnOption reads one option of a column and tells whether one stood there.
func (l *lowering) columnOption(c *ir.ColumnDef) bool {
	start := l.i
	k := ir.Constraint{}
	switch {
	case l.eatAll("NOT", "NULL"):
		k.Kind = ir.NotNull
	case l.eatAll("NOT", "SECONDARY"), l.eatAll("NOT", "VISIBLE"):
		return true
	case l.eat("NULL"):
		k.Kind = ir.NullAllowed
	case l.eatAll("SERIAL", "DEFAULT", "VALUE"):
		for _, kind := range []ir.ConstraintKind{ir.NotNull, ir.Identity, ir.Unique} {
			c.Constraints = append(c.Constraints, ir.Constraint{At: l.since(start), Kind: kind})
		}
		return true
	case l.eat("DEFAULT"):
		k.Kind, k.X = ir.DefaultValue, l.columnExpr()
	case l.eatAll("ON", "UPDATE"):
		c.OnUpdate = l.columnExpr()
		return true
	case l.eat("AUTO_INCREMENT"):
		k.Kind = ir.Identity
	case l.eat("UNIQUE"):
		l.eat("KEY")
		k.Kind = ir.Unique
	case l.eat("PRIMARY"):
		l.want("KEY")
		k.Kind = ir.PrimaryKey
	case l.eat("KEY"):
		k.Kind = ir.PrimaryKey
	case l.eat("COMMENT"):
		l.eat("=")
		text := l.str()
		c.Comment = &text
		return true
	case l.eat("COLLATE"):
		l.eat("=")
		id := l.ident()
		c.Collate = &ir.Name{At: id.At, Parts: []ir.Ident{id}}
		return true
	case l.eatAll("CHARACTER", "SET"), l.eat("CHARSET"):
		c.Type.Charset, _ = l.unquoted(l.i)
		l.i++
		return true
	case l.is(l.i, "GENERATED", "AS"):
		return l.generated(c)
	case l.is(l.i, "CONSTRAINT", "CHECK"):
		if l.eat("CONSTRAINT") && !l.is(l.i, "CHECK") {
			id := l.name()
			k.Name = &id
		}
		l.check(&k)
	case l.is(l.i, "REFERENCES"):
		k.Kind = ir.ForeignKey
		l.references(&k)
	case l.eat("VISIBLE"):
		return true
	case l.eat("INVISIBLE"):
		c.Invisible = true
		return true
	case l.is(l.i, "COMPRESSED"):
		l.i++
		if l.eat("=") {
			l.i++
		}
		c.Options = append(c.Options, ir.Option{Key: "compressed", Value: "1"})
		return true
	case l.eatAll("WITH", "SYSTEM", "VERSIONING"), l.eatAll("WITHOUT", "SYSTEM", "VERSIONING"):
		return true
	case l.eat("AUTO_RANDOM"):
		if l.is(l.i, "(") {
			l.i = l.closing(l.i) + 1
		}
		k.Kind = ir.Identity
	case simpleOptions[strings.ToUpper(l.text(l.i))]:
		c.Options = append(c.Options, l.keyValue())
		return true
	default:
		return false
	}
	k.At = l.since(start)
	c.Constraints = append(c.Constraints, k)
	return true
}

// columnExprEnds are the words that end an expression in a column's definition.
var columnExprEnds = []string{",", ")", "NOT", "NULL", "DEFAULT", "ON", "AUTO_INCREMENT", "UNIQUE", "PRIMARY", "KEY", "COMMENT",
	"COLLATE", "REFERENCES", "CHECK", "CONSTRAINT", "GENERATED", "AS", "INVISIBLE", "VISIBLE", "COLUMN_FORMAT", "STORAGE",
	"ENGINE_ATTRIBUTE", "AFTER", "FIRST", "SRID", "COMPRESSED", "WITH", "WITHOUT", "CHARACTER", "CHARSET", "ALGORITHM", "LOCK"}

// columnExpr reads the expression of DEFAULT or ON UPDATE. MariaDB takes one without
// parentheses, so it ends where another option starts.
func (l *lowering) columnExpr() ir.Expr {
	from := l.i
	if l.end() || l.is(l.i, ",", ")") {
		l.fail()
	}
	for n := 0; !l.end() && (n == 0 || !l.is(l.i, columnExprEnds...)); n++ {
		if l.is(l.i, "(") {
			l.i = l.closing(l.i)
		}
		l.i++
	}
	return l.part(from, l.i)
}

// inParens parses the parenthesised expression under the cursor, without the parentheses.
func (l *lowering) inParens() ir.Expr {
	if !l.is(l.i, "(") {
		l.fail()
	}
	end := l.closing(l.i)
	x := l.part(l.i+1, end)
	l.i = end + 1
	return x
}

func (l *lowering) generated(c *ir.ColumnDef) bool {
	start := l.i
	if l.eat("GENERATED") {
		l.want("ALWAYS")
	}
	l.want("AS")
	if l.eat("ROW") { // GENERATED ALWAYS AS ROW START: a system-versioned table's period
		l.want("START", "END")
		c.Constraints = append(c.Constraints,
			ir.Constraint{At: l.since(start), Kind: ir.NotNull},
			ir.Constraint{At: l.since(start), Kind: ir.DefaultValue, X: &ir.Literal{At: l.since(start), Kind: ir.String, Text: "row period"}})
		return true
	}
	k := ir.Constraint{Kind: ir.Generated, Always: true, X: l.inParens()}
	switch {
	case l.eat("STORED", "PERSISTENT"):
		k.Stored = true
	case l.eat("VIRTUAL"):
	}
	k.At = l.since(start)
	c.Constraints = append(c.Constraints, k)
	return true
}

func (l *lowering) check(k *ir.Constraint) {
	l.want("CHECK")
	k.Kind, k.X = ir.Check, l.inParens()
	switch {
	case l.eatAll("NOT", "ENFORCED"):
		k.NotValid = true
	case l.eat("ENFORCED"):
	}
}

func (l *lowering) references(k *ir.Constraint) {
	l.want("REFERENCES")
	n := l.objectName()
	k.References = &n
	if l.is(l.i, "(") {
		for _, p := range l.indexParts() {
			if p.Column != nil {
				k.RefColumns = append(k.RefColumns, *p.Column)
			}
		}
	}
	for {
		switch {
		case l.eat("MATCH"):
			k.Match = strings.ToUpper(l.text(l.i))
			l.i++
		case l.eatAll("ON", "DELETE"):
			k.OnDelete = l.refAction()
		case l.is(l.i, "ON") && l.is(l.i+1, "UPDATE") && l.is(l.i+2, "CASCADE", "SET", "RESTRICT", "NO"):
			l.i += 2
			k.OnUpdate = l.refAction()
		default:
			return
		}
	}
}

func (l *lowering) refAction() string {
	switch {
	case l.eat("CASCADE"):
		return "CASCADE"
	case l.eat("RESTRICT"):
		return "RESTRICT"
	case l.eatAll("SET", "NULL"):
		return "SET NULL"
	case l.eatAll("SET", "DEFAULT"):
		return "SET DEFAULT"
	case l.eatAll("NO", "ACTION"):
		return "NO ACTION"
	}
	l.fail()
	return ""
}

// tableConstraint reads a key, index, foreign key or check; ok is false where a column
// stands. A period has no bearing on the table and gives nil.
func (l *lowering) tableConstraint() (c *ir.Constraint, ok bool) {
	start := l.i
	k := &ir.Constraint{}
	if l.eat("CONSTRAINT") {
		l.eatAll("IF", "NOT", "EXISTS")
		if !l.is(l.i, "PRIMARY", "UNIQUE", "FOREIGN", "CHECK") {
			id := l.name()
			k.Name = &id
		}
	}
	switch {
	case l.eat("PRIMARY"):
		l.want("KEY")
		k.Kind = ir.PrimaryKey
		l.key(k)
	case l.eat("UNIQUE"):
		l.eat("INDEX", "KEY")
		k.Kind = ir.Unique
		l.key(k)
	case l.eat("FULLTEXT"):
		l.eat("INDEX", "KEY")
		k.Kind, k.Using = ir.PlainIndex, "fulltext"
		l.key(k)
	case l.is(l.i, "SPATIAL", "VECTOR") && l.is(l.i+1, "INDEX", "KEY", "(") || l.is(l.i, "SPATIAL"):
		k.Kind, k.Using = ir.PlainIndex, strings.ToLower(l.text(l.i))
		l.i++
		l.eat("INDEX", "KEY")
		l.key(k)
	case l.eat("INDEX", "KEY"):
		k.Kind = ir.PlainIndex
		l.key(k)
	case l.eat("FOREIGN"):
		l.want("KEY")
		k.Kind = ir.ForeignKey
		l.eatAll("IF", "NOT", "EXISTS")
		if !l.is(l.i, "(") {
			id := l.name()
			if k.Name == nil {
				k.Name = &id
			}
		}
		for _, p := range l.indexParts() {
			if p.Column != nil {
				k.Columns = append(k.Columns, *p.Column)
			}
		}
		l.references(k)
	case l.is(l.i, "CHECK"):
		l.check(k)
	case l.are(l.i, "PERIOD", "FOR"):
		for !l.end() && !l.is(l.i, "(") {
			l.i++
		}
		l.i = l.closing(l.i) + 1
		return nil, true
	default:
		return nil, false
	}
	k.At = l.since(start)
	return k, true
}

// key reads [name] [USING type] (parts) options.
func (l *lowering) key(k *ir.Constraint) {
	l.eatAll("IF", "NOT", "EXISTS")
	if !l.is(l.i, "(", "USING", "TYPE") || l.is(l.i, "TYPE") && l.is(l.i+1, "(") {
		id := l.name()
		if k.Name == nil {
			k.Name = &id
		}
	}
	l.using(&k.Using)
	k.Parts = l.indexParts()
	k.Options = l.indexOptions(&k.Using)
}

func (l *lowering) using(method *string) {
	if l.eat("USING", "TYPE") {
		*method = strings.ToLower(l.text(l.i))
		l.i++
	}
}

func (l *lowering) indexParts() []ir.IndexPart {
	l.want("(")
	var out []ir.IndexPart
	for {
		start := l.i
		var p ir.IndexPart
		if l.is(l.i, "(") {
			p.X = l.inParens()
		} else {
			id := l.name()
			p.Column = &id
			if l.is(l.i, "(") {
				n, err := strconv.ParseInt(l.text(l.i+1), 10, 32)
				if err != nil {
					l.i++
					l.fail()
				}
				p.Length = int32(n)
				l.i = l.closing(l.i) + 1
			}
		}
		if l.eat("DESC") {
			p.Desc = true
		} else {
			l.eat("ASC")
		}
		p.At = l.since(start)
		out = append(out, p)
		if !l.eat(",") {
			break
		}
	}
	l.want(")")
	return out
}

// indexOptions reads what may follow an index's parts.
func (l *lowering) indexOptions(method *string) []ir.Option {
	var out []ir.Option
	for {
		switch {
		case l.is(l.i, "USING", "TYPE"):
			l.using(method)
		case l.is(l.i, "KEY_BLOCK_SIZE", "COMMENT", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE", "CLUSTERING", "ALGORITHM", "LOCK", "DISTANCE", "M"):
			out = append(out, l.keyValue())
		case l.eatAll("WITH", "PARSER"):
			out = append(out, ir.Option{Key: "parser", Value: l.value()})
		case l.eat("INVISIBLE"), l.eat("IGNORED"):
			out = append(out, ir.Option{Key: "invisible", Value: "1"})
		case l.eat("VISIBLE"), l.eatAll("NOT", "IGNORED"):
		case l.eat("CLUSTERED"), l.eat("NONCLUSTERED"), l.eat("GLOBAL"), l.eat("LOCAL"), l.eat("NOWAIT"):
		case l.eat("WAIT"):
			l.i++
		default:
			return out
		}
	}
}

func (l *lowering) createIndex() ir.Statement {
	x := &ir.CreateIndex{}
	switch {
	case l.eat("UNIQUE"):
		x.Unique = true
	case l.is(l.i, "FULLTEXT", "SPATIAL", "VECTOR"):
		x.Using = strings.ToLower(l.text(l.i))
		l.i++
	}
	l.want("INDEX")
	x.IfNotExists = l.eatAll("IF", "NOT", "EXISTS")
	x.Name = l.name()
	l.using(&x.Using)
	l.want("ON")
	x.Table = l.objectName()
	x.Parts = l.indexParts()
	x.Options = l.indexOptions(&x.Using)
	x.Invisible = invisible(x.Options)
	x.At = l.since(0)
	return x
}

func invisible(options []ir.Option) bool {
	for _, o := range options {
		if o.Key == "invisible" {
			return true
		}
	}
	return false
}
