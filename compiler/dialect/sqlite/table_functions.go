package sqlite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// tableFunction is an eponymous virtual table: a table without a CREATE, whose hidden
// columns are the arguments when it is called. Named without a call it is a function
// without arguments.
type tableFunction struct {
	name    string
	columns []column
	// optional ones are not in every build.
	optional bool
}

const jsonColumns = "key any, value any, type TEXT!, atom any, id INTEGER!, parent INTEGER, fullkey TEXT!, path TEXT!, -json any, -root TEXT"

// tableFunctions are the table functions and eponymous tables by lower-case name.
var tableFunctions = func() map[string]*tableFunction {
	out := map[string]*tableFunction{}
	add := func(name, spec string, optional bool) {
		out[name] = &tableFunction{name: name, columns: columnsOf(spec), optional: optional}
	}
	add("json_each", jsonColumns, false)
	add("json_tree", jsonColumns, false)
	add("jsonb_each", jsonColumns, false)
	add("jsonb_tree", jsonColumns, false)
	add("dbstat", "name TEXT, path TEXT, pageno INTEGER, pagetype TEXT, ncell INTEGER, payload INTEGER, unused INTEGER, "+
		"mx_payload INTEGER, pgoffset INTEGER, pgsize INTEGER, -schema TEXT, -aggregate NUMERIC", false)
	add("sqlite_dbpage", "pgno INTEGER!, data BLOB, -schema any", false)
	add("generate_series", "value INTEGER!, -start INTEGER, -stop INTEGER, -step INTEGER", true)
	add("bytecode", "addr INTEGER, opcode TEXT, p1 INTEGER, p2 INTEGER, p3 INTEGER, p4 TEXT, p5 INTEGER, comment TEXT, "+
		"subprog TEXT, nexec INTEGER, ncycle INTEGER, -stmt any", true)
	add("tables_used", "type TEXT, schema TEXT, name TEXT, wr INTEGER, subprog TEXT, -stmt any", true)
	for name, p := range pragmas {
		if !p.function {
			continue
		}
		t := &tableFunction{name: "pragma_" + name}
		t.columns = append(t.columns, p.columns...)
		if p.arg {
			t.columns = append(t.columns, column{name: "arg", typ: anyName, hidden: true})
		}
		if p.schema {
			t.columns = append(t.columns, column{name: "schema", typ: "TEXT", hidden: true})
		}
		out[t.name] = t
	}
	return out
}()

func tableFunctionOf(folded string) (*tableFunction, bool) {
	t, ok := tableFunctions[folded]
	return t, ok
}

// args is how many arguments a call may have.
func (t *tableFunction) args() int {
	n := 0
	for _, c := range t.columns {
		if c.hidden {
			n++
		}
	}
	return n
}

func (t *tableFunction) String() string {
	var args []string
	for _, c := range t.columns {
		if c.hidden {
			args = append(args, c.name)
		}
	}
	return t.name + "(" + strings.Join(args, ", ") + ")"
}

func (t *tableFunction) signature(args []dialect.Operand) dialect.Signature {
	sig := dialect.Signature{ReturnsSet: true, Columns: catalogColumns(t.columns), Volatility: "stable"}
	var hidden []types.Type
	for _, c := range t.columns {
		if c.hidden {
			hidden = append(hidden, typeNames[c.typ])
		}
	}
	if strings.HasPrefix(t.name, "json") {
		hidden[0] = text // the document; a column of any type may hold it
	}
	if t.name == "pragma_table_info" || t.name == "pragma_table_xinfo" {
		hidden[0] = text
	}
	for i, a := range args {
		at := a.Type
		switch {
		case !a.Untyped():
		case !a.Param:
			at = nullType
		case typed(hidden[i]):
			at = hidden[i]
		default:
			at = types.Type{}
		}
		sig.Args = append(sig.Args, at)
	}
	if strings.HasPrefix(t.name, "json") {
		documentRows(&sig, args, strings.HasSuffix(t.name, "_tree"))
	}
	if len(sig.Columns) > 0 {
		sig.Returns = sig.Columns[0].Type
	}
	return sig
}

func catalogColumns(list []column) []*catalog.Column {
	out := make([]*catalog.Column, 0, len(list))
	for _, c := range list {
		col := &catalog.Column{Name: c.name, Type: typeNames[c.typ], NotNull: c.notNull, Hidden: c.hidden}
		if c.typ != anyName {
			col.Declared = c.typ
		}
		out = append(out, col)
	}
	return out
}
