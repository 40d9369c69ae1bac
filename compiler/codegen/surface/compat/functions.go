package compat

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

//go:embed data/postgres.txt
var postgresFunctions string

//go:embed data/mysql.txt
var mysqlFunctions string

//go:embed data/sqlite.txt
var sqliteFunctions string

// function is what sqlc answers for a call.
type function struct {
	column   string // the result column's name
	returns  string
	nullable bool
	args     []argument
	variadic bool
	// set and table: the result is rows of a table of the schema.
	table *relation
}

type argument struct{ name, typ string }

// functionTable is a data file: functions by name, those of extensions apart.
type functionTable struct {
	plain      map[string][]*function
	extensions map[string]map[string][]*function
}

var tables = map[catalog.Engine]func() *functionTable{
	catalog.PostgreSQL: sync.OnceValue(func() *functionTable { return parseFunctions(postgresFunctions) }),
	catalog.MySQL:      sync.OnceValue(func() *functionTable { return parseFunctions(mysqlFunctions) }),
	catalog.SQLite:     sync.OnceValue(func() *functionTable { return parseFunctions(sqliteFunctions) }),
}

func parseFunctions(text string) *functionTable {
	t := &functionTable{plain: map[string][]*function{}, extensions: map[string]map[string][]*function{}}
	into := t.plain
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == '@':
			into = map[string][]*function{}
			t.extensions[line[1:]] = into
			continue
		}
		cells := strings.Split(line, "\t")
		name, column, renamed := strings.Cut(cells[0], ">")
		if !renamed {
			column = name
		}
		f := &function{column: column}
		f.returns, f.nullable = strings.CutSuffix(cells[1], "?")
		for _, a := range cells[2:] {
			if a == "..." {
				f.variadic = true
				continue
			}
			arg := argument{name: name, typ: a}
			if n, typ, ok := strings.Cut(a, "="); ok {
				arg = argument{n, typ}
			}
			f.args = append(f.args, arg)
		}
		into[name] = append(into[name], f)
	}
	return t
}

// resolve finds the function of a call: the user's own first, then the built in ones, by name and
// number of arguments alone. It is nil where sqlc knows none.
func (s *schema) resolve(call *ir.FuncCall) *function {
	name := strings.ToLower(call.Name.Last())
	n := len(call.Args)
	if call.Star && s.engine == catalog.MySQL {
		n = 1
	}
	if sc := call.Name.Schema(); sc != "pg_catalog" {
		for _, f := range s.snapshot.Functions(sc, call.Name.Last()) {
			if f.Extension == "" && s.takes(f, n) {
				return s.userFunction(f)
			}
		}
		if sc != "" && sc != s.snapshot.DefaultSchema {
			return nil
		}
	}
	t := tables[s.engine]()
	if f := pick(t.plain[name], n); f != nil {
		return f
	}
	for _, e := range s.snapshot.Extensions {
		if f := pick(t.extensions[e][name], n); f != nil {
			return f
		}
	}
	return nil
}

// namedArgument is the type of an argument given by its name, "" where no function has it.
func (s *schema) namedArgument(call *ir.FuncCall, arg string) string {
	if f := s.resolve(call); f != nil {
		for _, a := range f.args {
			if a.name == arg {
				return a.typ
			}
		}
	}
	for _, f := range s.snapshot.Functions(call.Name.Schema(), call.Name.Last()) {
		for _, a := range f.Args {
			if a.Name == arg {
				return s.spell(a.Type, "")
			}
		}
	}
	for _, f := range tables[s.engine]().plain[strings.ToLower(call.Name.Last())] {
		for _, a := range f.args {
			if a.name == arg {
				return a.typ
			}
		}
	}
	return ""
}

func pick(list []*function, n int) *function {
	for _, f := range list {
		if len(f.args) == n || f.variadic && n >= len(f.args) {
			return f
		}
	}
	return nil
}

// inputs are the arguments that a call gives.
func inputs(f *catalog.Function) []catalog.FuncArg {
	var out []catalog.FuncArg
	for _, a := range f.Args {
		if a.Mode != "OUT" {
			out = append(out, a)
		}
	}
	return out
}

func (s *schema) takes(f *catalog.Function, n int) bool {
	in := inputs(f)
	defaults := 0
	for _, a := range in {
		if a.HasDefault || a.Mode == "VARIADIC" {
			defaults++
		}
	}
	return n >= len(in)-defaults && (f.Variadic || n <= len(in))
}

// userFunction describes a function of the schema.
func (s *schema) userFunction(f *catalog.Function) *function {
	out := &function{column: f.Name, returns: s.spell(f.Returns, "")}
	if !f.Returns.Known() {
		out.returns = "any"
	}
	if len(f.Columns) > 0 {
		out.returns = "pg_catalog.record"
		r := &relation{Name: f.Name}
		for _, c := range f.Columns {
			r.columns = append(r.columns, s.column(c))
		}
		out.table = r
	} else if f.Returns.Kind == types.Composite {
		if t := s.snapshot.Table(f.Returns.Schema, f.Returns.Name); t != nil {
			out.table = s.table(t)
		}
	}
	for _, a := range inputs(f) {
		name := a.Name
		if name == "" {
			name = f.Name
		}
		out.args = append(out.args, argument{name, s.spell(a.Type, "")})
	}
	out.variadic = f.Variadic
	return out
}
