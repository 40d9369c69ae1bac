package mysql

import (
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// utilities are the statements that are only executed, by their first word, with how many
// words their verb has. strict ones are held against TiDB's grammar; of the others it
// lacks too many forms.
var utilities = map[string]struct {
	words  int
	strict bool
}{
	"SET": {words: 1}, "SHOW": {words: 2}, "EXPLAIN": {words: 1}, "DESCRIBE": {words: 1}, "DESC": {words: 1},
	"TRUNCATE": {words: 1, strict: true}, "DO": {words: 1, strict: true}, "LOCK": {words: 2}, "UNLOCK": {words: 2},
	"BEGIN": {words: 1}, "START": {words: 2}, "COMMIT": {words: 1}, "ROLLBACK": {words: 1}, "SAVEPOINT": {words: 1},
	"RELEASE": {words: 2}, "XA": {words: 2}, "OPTIMIZE": {words: 2}, "ANALYZE": {words: 2}, "CHECK": {words: 2},
	"REPAIR": {words: 2}, "CHECKSUM": {words: 2}, "FLUSH": {words: 2}, "HANDLER": {words: 1}, "LOAD": {words: 2},
	"PREPARE": {words: 1}, "EXECUTE": {words: 1}, "DEALLOCATE": {words: 2}, "KILL": {words: 1}, "GRANT": {words: 1},
	"REVOKE": {words: 1}, "USE": {words: 1}, "RESET": {words: 2}, "INSTALL": {words: 2}, "UNINSTALL": {words: 2},
	"SIGNAL": {words: 1}, "RESIGNAL": {words: 1}, "GET": {words: 2}, "CHANGE": {words: 2}, "PURGE": {words: 2},
	"STOP": {words: 2}, "CACHE": {words: 2}, "CLONE": {words: 1}, "BINLOG": {words: 1}, "SHUTDOWN": {words: 1},
	"RESTART": {words: 1}, "HELP": {words: 1}, "IMPORT": {words: 2}, "DROP": {words: 2}, "BACKUP": {words: 2},
}

// notes are the utilities that schema files hold and that have no bearing on types or data.
var notes = map[string]bool{"GRANT": true, "REVOKE": true, "INSTALL": true, "UNINSTALL": true}

func (l *lowering) utility(first string) ir.Statement {
	u, ok := utilities[first]
	if !ok {
		l.parsePart("", 0, len(l.toks)) // for the engine's words
		if !l.diags.HasErrors() {
			l.diags.Add(l.syntaxError(0))
		}
		return nil
	}
	all := ir.At{Pos: l.between(0, len(l.toks))}
	if notes[first] {
		return &ir.Noted{At: all, Verb: l.verb(u.words)}
	}
	if first == "USE" {
		l.i = 1
		if len(l.toks) != 2 {
			l.i = min(2, len(l.toks)-1)
			l.diags.Add(l.syntaxError(l.i))
			return nil
		}
		return &ir.SetSearchPath{At: all, Schemas: []ir.Ident{l.ident()}}
	}
	x := &ir.Utility{At: all, Verb: l.verb(u.words)}
	switch first {
	case "EXPLAIN", "DESCRIBE", "DESC":
		return l.explain(x)
	case "SET":
		l.set(x)
	case "DO":
		l.i = 1
		for l.i < len(l.toks) {
			end := l.until(l.i, len(l.toks), ",")
			x.Args = append(x.Args, l.part(l.i, end))
			l.i = end + 1
		}
	case "SHOW":
		l.show(x)
	case "LOCK", "OPTIMIZE", "ANALYZE", "CHECK", "REPAIR", "CHECKSUM", "TRUNCATE":
		l.i = 1
		if first == "TRUNCATE" && !l.is(1, "TABLE") {
			x.Verb = "TRUNCATE"
		} else {
			for !l.end() && !l.is(l.i, "TABLE", "TABLES") {
				l.i++
			}
			l.i++
		}
		l.utilityTables(x)
	case "LOAD":
		if i := l.until(0, len(l.toks), "INTO"); l.is(i+1, "TABLE") {
			l.i = i + 2
			l.utilityTables(x)
		}
	case "HANDLER":
		l.i = 1
		l.utilityTables(x)
	}
	if u.strict && !l.diags.HasErrors() {
		l.parsePart("", 0, len(l.toks))
	}
	l.restParams(x)
	l.i = len(l.toks)
	x.Columns = append(x.Columns, l.resultColumns(x.Verb, all)...)
	return x
}

// utilityTables reads the tables of LOCK TABLES and its like.
func (l *lowering) utilityTables(x *ir.Utility) {
	for !l.end() {
		if k := l.kind(l.i); k != token.Ident && k != token.QuotedIdent {
			return
		}
		start := l.i
		t := &ir.TableRef{Name: l.dotted()}
		if l.eat("AS") || l.kind(l.i) == token.QuotedIdent || l.kind(l.i) == token.Ident && !reserved[strings.ToUpper(l.text(l.i))] && l.is(l.i+1, "READ", "WRITE") {
			id := l.ident()
			t.Alias = &ir.Alias{At: id.At, Name: id}
		}
		t.At = l.since(start)
		x.Tables = append(x.Tables, t)
		for !l.end() && !l.is(l.i, ",") {
			l.i++
		}
		l.i++
	}
}

// restParams keeps the placeholders that no part of the statement took, so that they count.
func (l *lowering) restParams(x *ir.Utility) {
	seen := make([]bool, len(l.s.Params))
	ir.Walk(x, func(n ir.Node) bool {
		if p, ok := n.(*ir.Param); ok && p.Ref < len(seen) {
			seen[p.Ref] = true
		}
		return true
	})
	for i, p := range l.s.Params {
		if !seen[i] {
			x.Args = append(x.Args, &ir.Param{At: ir.At{Pos: l.s.At(int(p.Start), int(p.End))}, Ref: i})
		}
	}
}

// set reads the assignments of SET; SET NAMES, SET PASSWORD and the like have none.
func (l *lowering) set(x *ir.Utility) {
	if l.is(1, "NAMES", "CHARACTER", "CHARSET", "PASSWORD", "ROLE", "DEFAULT", "RESOURCE", "STATEMENT") || l.is(1, "TRANSACTION") ||
		l.is(1, "GLOBAL", "SESSION", "LOCAL") && l.is(2, "TRANSACTION") {
		x.Verb = l.verb(2)
		return
	}
	l.i = 1
	for !l.end() {
		end := l.until(l.i, len(l.toks), ",")
		start := l.i
		eq := l.until(l.i, end, "=", ":=")
		if eq == end || eq == start || eq+1 >= end {
			l.diags.Add(l.syntaxError(end))
			return
		}
		v := &ir.Variable{Name: strings.TrimLeft(l.source(start, eq), "@"), System: !strings.HasPrefix(l.text(start), "@") || strings.HasPrefix(l.text(start), "@@")}
		if l.is(start, "GLOBAL", "SESSION", "LOCAL", "PERSIST", "PERSIST_ONLY") && start+1 < eq {
			v.Name = l.source(start+1, eq)
		}
		switch {
		case v.System && eq+2 == end && l.kind(eq+1) == token.Ident: // SET sql_mode = ANSI, x = DEFAULT, y = ON
			at := ir.At{Pos: l.between(eq+1, end)}
			v.Value = &ir.Literal{At: at, Kind: ir.String, Text: l.text(eq + 1)}
		default:
			v.Value = l.part(eq+1, end)
		}
		v.At = ir.At{Pos: l.between(start, end)}
		x.Args = append(x.Args, v)
		l.i = end + 1
	}
}

// show reads LIKE and WHERE of SHOW.
func (l *lowering) show(x *ir.Utility) {
	if i := l.until(0, len(l.toks), "LIKE"); i+1 < len(l.toks) {
		x.Args = append(x.Args, l.part(i+1, len(l.toks)))
	}
	for _, skip := range []string{"FULL", "EXTENDED", "GLOBAL", "SESSION", "LOCAL"} {
		if l.is(1, skip) && len(l.toks) > 2 {
			x.Verb = "SHOW " + strings.ToUpper(l.text(2))
		}
	}
	if l.is(1, "CREATE", "TABLE", "MASTER", "BINARY", "REPLICA", "SLAVE", "CHARACTER", "INDEX", "STORAGE") && len(l.toks) > 2 && l.kind(2) == token.Ident &&
		!l.is(2, "FROM", "IN") {
		x.Verb = l.verb(3)
	}
}

// explain lowers EXPLAIN of a statement and DESCRIBE of a table.
func (l *lowering) explain(x *ir.Utility) ir.Statement {
	i := 1
	for i < len(l.toks) && !l.is(i, "SELECT", "WITH", "(", "INSERT", "REPLACE", "UPDATE", "DELETE", "TABLE", "VALUES") {
		i++
	}
	if i == len(l.toks) {
		x.Verb = "DESCRIBE"
		if k := l.kind(1); k == token.Ident || k == token.QuotedIdent {
			if !l.is(1, "FOR", "FORMAT") {
				l.i = 1
				n := l.dotted()
				x.Tables = []*ir.TableRef{{At: n.At, Name: n}}
			}
		}
		x.Columns = l.resultColumns("SHOW COLUMNS", x.At)
		l.restParams(x)
		return x
	}
	x.Verb = "EXPLAIN"
	n := l.parsePart("", i, len(l.toks))
	if n == nil {
		return nil
	}
	l.delta, l.i = int(l.toks[i].Start), i
	switch n := n.(type) {
	case *ast.SelectStmt, *ast.SetOprStmt:
		x.Query = l.query(n)
	case *ast.InsertStmt:
		x.Query, _ = l.insert(n).(ir.Query)
	case *ast.UpdateStmt:
		x.Query, _ = l.update(n).(ir.Query)
	case *ast.DeleteStmt:
		x.Query, _ = l.delete(n).(ir.Query)
	}
	l.restParams(x)
	x.Columns = l.explainColumns(i, x.At)
	return x
}

func (l *lowering) explainColumns(upTo int, at ir.At) []ir.ColumnDef {
	text := strings.ToUpper(l.source(0, upTo))
	if strings.Contains(text, "FORMAT") && !strings.Contains(text, "TRADITIONAL") || strings.Contains(text, "ANALYZE") {
		return columnDefs("EXPLAIN longtext", at)
	}
	return l.resultColumns("EXPLAIN", at)
}

// results are the result columns of statements that return rows: name, type, and ! where
// the column is never NULL.
var results = map[string]string{
	"EXPLAIN":         "id bigint, select_type varchar!, table varchar, partitions text, type varchar, possible_keys varchar, key varchar, key_len varchar, ref varchar, rows bigint, filtered double, Extra varchar",
	"SHOW COLUMNS":    "Field varchar!, Type text!, Null varchar!, Key varchar!, Default text, Extra varchar!",
	"SHOW FIELDS":     "Field varchar!, Type text!, Null varchar!, Key varchar!, Default text, Extra varchar!",
	"SHOW TABLES":     "Tables varchar!",
	"SHOW DATABASES":  "Database varchar!",
	"SHOW SCHEMAS":    "Database varchar!",
	"SHOW VARIABLES":  "Variable_name varchar!, Value varchar!",
	"SHOW STATUS":     "Variable_name varchar!, Value varchar!",
	"SHOW WARNINGS":   "Level varchar!, Code int!, Message varchar!",
	"SHOW ERRORS":     "Level varchar!, Code int!, Message varchar!",
	"SHOW GRANTS":     "Grants varchar!",
	"SHOW INDEX":      showIndex,
	"SHOW INDEXES":    showIndex,
	"SHOW KEYS":       showIndex,
	"SHOW ENGINES":    "Engine varchar!, Support varchar!, Comment varchar!, Transactions varchar, XA varchar, Savepoints varchar",
	"SHOW COLLATION":  "Collation varchar!, Charset varchar!, Id bigint!, Default varchar!, Compiled varchar!, Sortlen bigint!",
	"SHOW CHARSET":    "Charset varchar!, Description varchar!, Default collation varchar!, Maxlen bigint!",
	"SHOW TRIGGERS":   "Trigger varchar!, Event varchar!, Table varchar!, Statement text!, Timing varchar!, Created datetime, sql_mode varchar!, Definer varchar!, character_set_client varchar!, collation_connection varchar!, Database Collation varchar!",
	"SHOW PLUGINS":    "Name varchar!, Status varchar!, Type varchar!, Library varchar, License varchar",
	"SHOW PRIVILEGES": "Privilege varchar!, Context varchar!, Comment varchar!",

	"SHOW PROCESSLIST":      "Id bigint!, User varchar!, Host varchar!, db varchar, Command varchar!, Time int, State varchar, Info text",
	"SHOW CREATE TABLE":     "Table varchar!, Create Table varchar!",
	"SHOW CREATE DATABASE":  "Database varchar!, Create Database varchar!",
	"SHOW CREATE SCHEMA":    "Database varchar!, Create Database varchar!",
	"SHOW CREATE VIEW":      "View varchar!, Create View varchar!, character_set_client varchar!, collation_connection varchar!",
	"SHOW CREATE PROCEDURE": "Procedure varchar!, sql_mode varchar!, Create Procedure varchar, character_set_client varchar!, collation_connection varchar!, Database Collation varchar!",
	"SHOW CREATE FUNCTION":  "Function varchar!, sql_mode varchar!, Create Function varchar, character_set_client varchar!, collation_connection varchar!, Database Collation varchar!",
	"SHOW CREATE TRIGGER":   "Trigger varchar!, sql_mode varchar!, SQL Original Statement varchar!, character_set_client varchar!, collation_connection varchar!, Database Collation varchar!, Created timestamp",
	"SHOW CREATE EVENT":     "Event varchar!, sql_mode varchar!, time_zone varchar!, Create Event varchar!, character_set_client varchar!, collation_connection varchar!, Database Collation varchar!",
	"SHOW CREATE USER":      "CREATE USER varchar!",
	"SHOW TABLE STATUS":     "Name varchar!, Engine varchar, Version int, Row_format varchar, Rows bigint unsigned, Avg_row_length bigint unsigned, Data_length bigint unsigned, Max_data_length bigint unsigned, Index_length bigint unsigned, Data_free bigint unsigned, Auto_increment bigint unsigned, Create_time datetime, Update_time datetime, Check_time datetime, Collation varchar, Checksum bigint, Create_options varchar, Comment text!",
	"SHOW MASTER STATUS":    "File varchar!, Position bigint!, Binlog_Do_DB varchar!, Binlog_Ignore_DB varchar!, Executed_Gtid_Set text!",
	"SHOW BINARY LOGS":      "Log_name varchar!, File_size bigint!, Encrypted varchar!",
	"SHOW CHARACTER SET":    "Charset varchar!, Description varchar!, Default collation varchar!, Maxlen bigint!",

	"CHECK TABLE":    adminResult,
	"REPAIR TABLE":   adminResult,
	"OPTIMIZE TABLE": adminResult,
	"ANALYZE TABLE":  adminResult,
	"CHECKSUM TABLE": "Table varchar!, Checksum bigint",
}

const (
	showIndex   = "Table varchar!, Non_unique int!, Key_name varchar!, Seq_in_index int!, Column_name varchar, Collation varchar, Cardinality bigint, Sub_part bigint, Packed varchar, Null varchar!, Index_type varchar!, Comment varchar!, Index_comment varchar!, Visible varchar!, Expression text"
	adminResult = "Table varchar!, Op varchar!, Msg_type varchar!, Msg_text text!"
)

func (l *lowering) resultColumns(verb string, at ir.At) []ir.ColumnDef {
	if spec, ok := results[verb]; ok {
		return columnDefs(spec, at)
	}
	return nil
}

// columnDefs reads a spec of the results table.
func columnDefs(spec string, at ir.At) []ir.ColumnDef {
	var out []ir.ColumnDef
	for _, f := range strings.Split(spec, ", ") {
		never := strings.HasSuffix(f, "!")
		f = strings.TrimSuffix(f, "!")
		f, unsigned := strings.CutSuffix(f, " unsigned")
		i := strings.LastIndex(f, " ")
		name, typ := f[:i], f[i+1:]
		c := ir.ColumnDef{At: at, Name: ir.Ident{At: at, Name: name}, Type: &ir.TypeName{
			At: at, Name: ir.Name{At: at, Parts: []ir.Ident{{At: at, Name: typ}}}, Unsigned: unsigned, Raw: typ,
		}}
		if never {
			c.Constraints = []ir.Constraint{{At: at, Kind: ir.NotNull}}
		}
		out = append(out, c)
	}
	return out
}
