package mysql

import (
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// The reader of DDL: recursive descent over the statement's tokens. What it does not take
// makes it bail out; TiDB's parser is then asked, so that an error is in the engine's words.

// bailout stops the reader at a token that it does not take.
type bailout struct{ at int }

func (l *lowering) fail() { panic(bailout{l.i}) }

// want moves over one of the words or bails out.
func (l *lowering) want(words ...string) {
	if !l.eat(words...) {
		l.fail()
	}
}

// name reads an identifier, or bails out where none stands.
func (l *lowering) name() ir.Ident {
	switch l.kind(l.i) {
	case token.Ident, token.QuotedIdent, token.Keyword:
		return l.ident()
	case token.String: // ANSI_QUOTES in old dumps
		if strings.HasPrefix(l.text(l.i), `"`) {
			return l.ident()
		}
	}
	l.fail()
	return ir.Ident{}
}

// objectName reads a possibly qualified name.
func (l *lowering) objectName() ir.Name {
	id := l.name()
	n := ir.Name{At: id.At, Parts: []ir.Ident{id}}
	for l.is(l.i, ".") {
		l.i++
		id = l.name()
		n.Parts = append(n.Parts, id)
		n.Pos = n.Pos.Cover(id.Pos)
	}
	return n
}

func (l *lowering) names() []ir.Name {
	out := []ir.Name{l.objectName()}
	for l.eat(",") {
		out = append(out, l.objectName())
	}
	return out
}

// columnList reads (a, b, …), bailing out on anything else.
func (l *lowering) columnList() []ir.Ident {
	l.want("(")
	out := []ir.Ident{l.name()}
	for l.eat(",") {
		out = append(out, l.name())
	}
	l.want(")")
	return out
}

// str reads a string literal.
func (l *lowering) str() string {
	if l.kind(l.i) != token.String {
		l.fail()
	}
	s, _ := l.unquoted(l.i)
	l.i++
	return s
}

func (l *lowering) end() bool { return l.i >= len(l.toks) }

var ddlReaders = map[string]func(*lowering) ir.Statement{
	"CREATE": (*lowering).create,
	"ALTER":  (*lowering).alter,
	"DROP":   (*lowering).drop,
	"RENAME": (*lowering).rename,
}

// ddl runs a reader over the whole statement.
func (l *lowering) ddl(read func(*lowering) ir.Statement) ir.Statement {
	tree, stop := l.attempt(read)
	if tree != nil && (l.end() || stop >= 0) {
		stop = l.i
	}
	if tree != nil && l.end() {
		return tree
	}
	if l.diags.HasErrors() {
		return nil
	}
	l.i = 0
	if l.parsePart("", 0, len(l.toks)) == nil {
		// Both refuse: the one that came further knows better what is wrong.
		if last := l.diags[len(l.diags)-1]; stop < len(l.toks) && last.Span.Start < l.between(stop, stop+1).Start {
			l.diags[len(l.diags)-1] = l.syntaxError(stop)
		}
		return nil
	}
	at := ir.At{Pos: l.between(0, len(l.toks))}
	l.notModelled(ir.At{Pos: l.between(stop, stop+1)}, "this part of the statement")
	return &ir.Noted{At: at, Verb: l.verb(2)}
}

// attempt gives the reader's tree, nil where it bailed out, and the token where it stopped.
func (l *lowering) attempt(read func(*lowering) ir.Statement) (tree ir.Statement, stop int) {
	defer func() {
		if r := recover(); r != nil {
			b, ok := r.(bailout)
			if !ok {
				panic(r)
			}
			tree, stop = nil, b.at
		}
	}()
	l.i = 0
	tree = read(l)
	return tree, l.i
}

// verb is the first n words of the statement in capitals.
func (l *lowering) verb(n int) string {
	var words []string
	for i := 0; i < len(l.toks) && len(words) < n && l.kind(i) == token.Ident; i++ {
		words = append(words, strings.ToUpper(l.text(i)))
	}
	return strings.Join(words, " ")
}

// noted keeps the whole statement as a note, by its first words.
func (l *lowering) noted(words int) ir.Statement { return l.notedAs(l.verb(words)) }

func (l *lowering) notedAs(verb string) ir.Statement {
	l.i = len(l.toks)
	return &ir.Noted{At: ir.At{Pos: l.between(0, len(l.toks))}, Verb: verb}
}

func (l *lowering) create() ir.Statement {
	l.want("CREATE")
	orReplace := l.eatAll("OR", "REPLACE")
	var view []ir.Option
	for {
		switch {
		case l.is(l.i, "ALGORITHM"):
			view = append(view, l.keyValue())
			continue
		case l.eat("DEFINER"):
			l.eat("=")
			from := l.i
			for !l.end() && !l.is(l.i, "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "VIEW", "SQL", "AGGREGATE", "PACKAGE") {
				l.i++
			}
			view = append(view, ir.Option{Key: "definer", Value: l.source(from, l.i)})
			continue
		case l.eatAll("SQL", "SECURITY"):
			view = append(view, ir.Option{Key: "sql security", Value: l.text(l.i)})
			l.i++
			continue
		}
		break
	}
	temp := l.eat("TEMPORARY")
	switch strings.ToUpper(l.text(l.i)) {
	case "TABLE":
		return l.createTable(temp, orReplace)
	case "VIEW":
		return l.createView(orReplace, view)
	case "INDEX", "UNIQUE", "FULLTEXT", "VECTOR":
		return l.createIndex()
	case "SPATIAL":
		if l.is(l.i+1, "REFERENCE") {
			return l.noted(4)
		}
		return l.createIndex()
	case "DATABASE", "SCHEMA":
		return l.createDatabase()
	case "TRIGGER":
		return l.createTrigger(orReplace)
	case "PROCEDURE", "FUNCTION", "AGGREGATE":
		return l.createRoutine(orReplace)
	case "SEQUENCE":
		return l.createSequence(false)
	case "EVENT", "USER", "ROLE", "SERVER", "TABLESPACE", "LOGFILE", "RESOURCE", "UNDO", "PACKAGE", "PLACEMENT", "BINDING", "GLOBAL", "SESSION", "STATISTICS":
		return l.notedAs("CREATE " + strings.ToUpper(l.text(l.i)))
	}
	l.fail()
	return nil
}

// keyValue reads key [=] value.
func (l *lowering) keyValue() ir.Option {
	o := ir.Option{Key: strings.ToLower(l.text(l.i))}
	l.i++
	l.eat("=")
	if l.end() {
		l.fail()
	}
	o.Value, _ = l.unquoted(l.i)
	l.i++
	return o
}

func (l *lowering) createView(orReplace bool, options []ir.Option) ir.Statement {
	l.want("VIEW")
	v := &ir.CreateView{OrReplace: orReplace, Options: options}
	v.IfNotExists = l.eatAll("IF", "NOT", "EXISTS")
	v.Name = l.objectName()
	if l.is(l.i, "(") {
		v.Columns = l.columnList()
	}
	l.want("AS")
	from, to := l.i, len(l.toks)
	if l.is(to-1, "OPTION") && l.is(to-2, "CHECK") {
		end := to - 2
		switch {
		case l.is(end-1, "CASCADED", "LOCAL") && l.is(end-2, "WITH"):
			v.CheckOption = strings.ToUpper(l.text(end - 1))
			to = end - 2
		case l.is(end-1, "WITH"):
			v.CheckOption = "CASCADED"
			to = end - 1
		}
	}
	v.Query = l.partQuery(from, to)
	v.QueryText = l.source(from, to)
	l.i = len(l.toks)
	v.At = l.since(0)
	return v
}

// partQuery parses the tokens [from, to) as a query.
func (l *lowering) partQuery(from, to int) ir.Query {
	at := ir.At{Pos: l.between(from, to)}
	if from >= to {
		l.i = from
		l.fail()
	}
	n := l.parsePart("", from, to)
	switch n.(type) {
	case *ast.SelectStmt, *ast.SetOprStmt:
	default:
		if !l.diags.HasErrors() {
			l.diags.Add(l.syntaxError(from))
		}
		return &ir.Values{At: at}
	}
	delta := l.delta
	l.delta = int(l.toks[from].Start)
	l.i = from
	q := l.query(n)
	l.delta = delta
	l.i = to
	return q
}

func (l *lowering) createDatabase() ir.Statement {
	l.want("DATABASE", "SCHEMA")
	d := &ir.CreateSchema{IfNotExists: l.eatAll("IF", "NOT", "EXISTS"), Name: l.name()}
	for !l.end() {
		d.Options = append(d.Options, l.tableOption())
	}
	d.At = l.since(0)
	return d
}

func (l *lowering) createTrigger(orReplace bool) ir.Statement {
	l.want("TRIGGER")
	t := &ir.CreateTrigger{OrReplace: orReplace, IfNotExists: l.eatAll("IF", "NOT", "EXISTS")}
	n := l.objectName()
	t.Name = n.Parts[len(n.Parts)-1]
	if !l.is(l.i, "BEFORE", "AFTER") {
		l.fail()
	}
	t.Timing = strings.ToUpper(l.text(l.i))
	l.i++
	for l.is(l.i, "INSERT", "UPDATE", "DELETE") {
		t.Events = append(t.Events, strings.ToUpper(l.text(l.i)))
		l.i++
		if !l.eat("OR", ",") {
			break
		}
	}
	l.want("ON")
	t.Table = l.objectName()
	l.i = len(l.toks)
	t.At = l.since(0)
	t.Text = l.source(0, len(l.toks))
	return t
}

func (l *lowering) createSequence(alter bool) ir.Statement {
	l.want("SEQUENCE")
	q := &ir.CreateSequence{Alter: alter, IfNotExists: l.eatAll("IF", "NOT", "EXISTS")}
	l.eatAll("IF", "EXISTS")
	q.Name = l.objectName()
	for !l.end() {
		l.eat(",")
		key := strings.ToLower(l.text(l.i))
		l.i++
		switch key {
		case "start", "restart", "increment":
			l.eat("WITH", "BY")
			l.eat("=")
			if key == "restart" && l.kind(l.i) != token.Number && !l.is(l.i, "-") {
				q.Options = append(q.Options, ir.Option{Key: key})
				continue
			}
		case "cycle", "nocycle", "nocache", "nominvalue", "nomaxvalue":
			q.Options = append(q.Options, ir.Option{Key: key})
			continue
		case "no":
			q.Options = append(q.Options, ir.Option{Key: "no" + strings.ToLower(l.text(l.i))})
			l.i++
			continue
		}
		l.eat("=")
		from := l.i
		l.eat("-")
		l.i++
		q.Options = append(q.Options, ir.Option{Key: key, Value: l.source(from, l.i)})
	}
	q.At = l.since(0)
	return q
}

var objectKinds = map[string]ir.ObjectKind{
	"TABLE": ir.ObjTable, "TABLES": ir.ObjTable, "VIEW": ir.ObjView, "INDEX": ir.ObjIndex, "DATABASE": ir.ObjDatabase,
	"SCHEMA": ir.ObjDatabase, "TRIGGER": ir.ObjTrigger, "PROCEDURE": ir.ObjProcedure, "FUNCTION": ir.ObjFunction,
	"EVENT": ir.ObjEvent, "SEQUENCE": ir.ObjSequence,
}

func (l *lowering) drop() ir.Statement {
	l.want("DROP")
	l.eat("TEMPORARY")
	word := strings.ToUpper(l.text(l.i))
	if word == "PREPARE" {
		return l.utility("DROP")
	}
	kind, ok := objectKinds[word]
	if !ok {
		switch word {
		case "USER", "ROLE", "SERVER", "TABLESPACE", "LOGFILE", "RESOURCE", "UNDO", "SPATIAL", "PACKAGE", "PLACEMENT",
			"BINDING", "GLOBAL", "SESSION", "STATISTICS", "STATS":
			return l.noted(2)
		}
		l.fail()
	}
	l.i++
	d := &ir.Drop{Kind: kind, IfExists: l.eatAll("IF", "EXISTS")}
	d.Names = l.names()
	if l.eat("ON") {
		t := l.objectName()
		d.Table = &t
	}
	switch {
	case l.eat("CASCADE"):
		d.Cascade = true
	case l.eat("RESTRICT"):
	}
	for l.is(l.i, "ALGORITHM", "LOCK", "WAIT", "NOWAIT") {
		if l.eat("NOWAIT") {
			continue
		}
		l.keyValue()
	}
	d.At = l.since(0)
	return d
}

func (l *lowering) rename() ir.Statement {
	l.want("RENAME")
	if l.is(l.i, "USER") {
		return l.noted(2)
	}
	l.want("TABLE", "TABLES")
	ifExists := l.eatAll("IF", "EXISTS")
	var all []ir.Rename
	for {
		from := l.i
		r := ir.Rename{Kind: ir.ObjTable, IfExists: ifExists, Object: l.objectName()}
		if l.eat("WAIT") {
			l.i++
		}
		l.eat("NOWAIT")
		l.want("TO")
		r.New = l.objectName()
		r.At = l.since(from)
		all = append(all, r)
		if !l.eat(",") {
			break
		}
	}
	first := all[0]
	first.Also = all[1:]
	first.At = l.since(0)
	return &first
}

// tableOptions are the options of tables and databases that are one word.
var tableOptions = wordSet(`
ENGINE TYPE AUTO_INCREMENT AVG_ROW_LENGTH CHECKSUM COLLATE COMMENT COMPRESSION CONNECTION DELAY_KEY_WRITE ENCRYPTION
ENGINE_ATTRIBUTE INSERT_METHOD KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS PACK_KEYS PASSWORD ROW_FORMAT SECONDARY_ENGINE
SECONDARY_ENGINE_ATTRIBUTE STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES TABLESPACE UNION AUTOEXTEND_SIZE STORAGE
NODEGROUP ENCRYPTED ENCRYPTION_KEY_ID IETF_QUOTES PAGE_CHECKSUM PAGE_COMPRESSED PAGE_COMPRESSION_LEVEL SEQUENCE TRANSACTIONAL
TABLE_CHECKSUM SHARD_ROW_ID_BITS PRE_SPLIT_REGIONS AUTO_ID_CACHE AUTO_RANDOM_BASE`)

// tableOption reads one option of a table or database, with its [=] value.
func (l *lowering) tableOption() ir.Option {
	l.eat("DEFAULT")
	switch {
	case l.eatAll("CHARACTER", "SET"), l.eatAll("CHAR", "SET"), l.eat("CHARSET"):
		l.eat("=")
		return ir.Option{Key: "charset", Value: l.value()}
	case l.eatAll("DATA", "DIRECTORY"):
		l.eat("=")
		return ir.Option{Key: "data directory", Value: l.value()}
	case l.eatAll("INDEX", "DIRECTORY"):
		l.eat("=")
		return ir.Option{Key: "index directory", Value: l.value()}
	case l.eatAll("WITH", "SYSTEM", "VERSIONING"):
		return ir.Option{Key: "system versioning", Value: "1"}
	case l.eatAll("START", "TRANSACTION"):
		return ir.Option{Key: "start transaction", Value: "1"}
	case l.eatAll("READ", "ONLY"):
		l.eat("=")
		return ir.Option{Key: "read only", Value: l.value()}
	}
	switch l.kind(l.i) {
	case token.Ident, token.QuotedIdent:
	default:
		l.fail()
	}
	key, _ := l.unquoted(l.i)
	if !tableOptions[strings.ToUpper(key)] && !l.is(l.i+1, "=") { // MariaDB's engines have options of their own
		l.fail()
	}
	o := ir.Option{Key: strings.ToLower(key)}
	l.i++
	l.eat("=")
	if l.is(l.i, "(") {
		end := l.closing(l.i)
		o.Value = l.source(l.i, end+1)
		l.i = end + 1
		return o
	}
	o.Value = l.value()
	if o.Key == "tablespace" && l.eat("STORAGE") {
		l.i++
	}
	return o
}

// value reads a word, string or number.
func (l *lowering) value() string {
	if l.end() || l.is(l.i, ",", ")", "=") {
		l.fail()
	}
	v, _ := l.unquoted(l.i)
	l.i++
	return v
}
