package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	pg "github.com/pganalyze/pg_query_go/v5"
)

func (l *lowerer) createFunction(s *pg.CreateFunctionStmt, r rng) ir.Statement {
	name, nr := l.objectName(r)
	f := &ir.CreateFunction{At: l.pos(r), Kind: ir.ObjFunction, Name: name, OrReplace: s.Replace, Volatility: "volatile"}
	if s.IsProcedure {
		f.Kind = ir.ObjProcedure
	}
	open := nr.hi + 1
	f.Params = l.params(s.Parameters, l.inside(open))
	if table := l.tableColumns(s.Parameters, l.closing(open)+1); table != nil {
		f.Table = table
	} else if s.ReturnType != nil {
		t, _ := l.typeName(s.ReturnType)
		f.Returns = &t
	}
	body := -1
	for _, n := range s.Options {
		d := n.GetDefElem()
		switch d.GetDefname() {
		case "as":
			parts := strs(d.Arg.GetList().GetItems())
			if len(parts) > 0 {
				f.Body = parts[0]
			}
			body = l.or(l.at(d.Location)).lo + 1
		case "language":
			f.Language = strings.ToLower(l.setting(d.Arg, ""))
		case "strict":
			f.Strict = d.Arg.GetBoolean().GetBoolval()
		case "volatility":
			f.Volatility = l.setting(d.Arg, "")
		case "set":
			f.Options = append(f.Options, ir.Option{Key: "set", Value: d.Arg.GetVariableSetStmt().GetName()})
		default:
			f.Options = append(f.Options, ir.Option{Key: d.GetDefname(), Value: l.setting(d.GetArg(), "")})
		}
	}
	switch {
	case s.SqlBody != nil:
		if f.Language == "" {
			f.Language = "sql"
		}
		f.Body, f.BodyQuery = l.sqlBody(s.SqlBody, l.closing(open)+1, r)
	case f.Language == "sql" && body >= 0:
		f.BodyQuery = l.bodyQuery(body)
	}
	return f
}

// params lowers the parameters that stand in items.
func (l *lowerer) params(list []*pg.Node, items []rng) []ir.FuncParam {
	var out []ir.FuncParam
	for _, n := range list {
		p := n.GetFunctionParameter()
		if p == nil || p.Mode == pg.FunctionParameterMode_FUNC_PARAM_TABLE {
			continue
		}
		if len(out) >= len(items) {
			return out
		}
		r := items[len(out)]
		fp := ir.FuncParam{At: l.pos(r), Mode: paramModes[p.Mode]}
		t, tr := l.typeName(p.ArgType)
		fp.Type = t
		if p.Name != "" {
			for i := r.lo; i < tr.lo; i++ {
				if l.isWord(i) && l.fold(i) == p.Name {
					fp.Name = l.optIdent(i, p.Name)
				}
			}
			if fp.Name == nil {
				fp.Name = l.optIdent(r.lo, p.Name)
			}
		}
		fp.Default = l.value(p.Defexpr)
		out = append(out, fp)
	}
	return out
}

var paramModes = map[pg.FunctionParameterMode]string{
	pg.FunctionParameterMode_FUNC_PARAM_IN: "IN", pg.FunctionParameterMode_FUNC_PARAM_DEFAULT: "IN",
	pg.FunctionParameterMode_FUNC_PARAM_OUT: "OUT", pg.FunctionParameterMode_FUNC_PARAM_INOUT: "INOUT",
	pg.FunctionParameterMode_FUNC_PARAM_VARIADIC: "VARIADIC",
}

// tableColumns lowers RETURNS TABLE (…) that starts at token i; nil for other functions.
func (l *lowerer) tableColumns(list []*pg.Node, i int) []ir.ColumnDef {
	if !l.are(i, "RETURNS", "TABLE") {
		return nil
	}
	items := l.inside(i + 2)
	var out []ir.ColumnDef
	for _, n := range list {
		p := n.GetFunctionParameter()
		if p == nil || p.Mode != pg.FunctionParameterMode_FUNC_PARAM_TABLE {
			continue
		}
		r := l.itemAt(items, len(out), i)
		t, _ := l.typeName(p.ArgType)
		out = append(out, ir.ColumnDef{At: l.pos(r), Name: l.ident(r.lo, p.Name), Type: &t})
	}
	return out
}

// sqlBody lowers a body that is SQL of the statement itself: RETURN x, or BEGIN ATOMIC … END
// around one query.
func (l *lowerer) sqlBody(n *pg.Node, i int, r rng) (string, ir.Query) {
	if ret := n.GetReturnStmt(); ret != nil {
		at := l.find(i, r.hi, "RETURN")
		l.body = true
		x, xr := l.expr(ret.Returnval)
		if x == nil || at < 0 {
			return "", nil
		}
		body := l.cover(l.one(at), xr)
		item := ir.SelectItem{At: ir.At{Pos: x.Span()}, X: x}
		return l.source(body), &ir.Select{At: ir.At{Pos: x.Span()}, Items: []ir.SelectItem{item}}
	}
	at := l.find(i, r.hi, "BEGIN")
	if at < 0 {
		return "", nil
	}
	text := l.source(rng{at, r.hi})
	l.body = true
	// A list of one list of statements.
	outer := n.GetList().GetItems()
	if len(outer) == 1 && outer[0].GetList() != nil {
		outer = outer[0].GetList().GetItems()
	}
	if len(outer) != 1 {
		return text, nil
	}
	inner := rng{at + 2, r.hi - 1} // BEGIN ATOMIC … END
	if l.is(inner.hi, ";") {
		inner.hi--
	}
	if inner.hi < inner.lo {
		return text, nil
	}
	return text, l.innerAt(outer[0], inner)
}

// bodyQuery lowers the body that the string at token i holds, where it is one query and its
// text stands in the file as it is; nil otherwise. A body is checked by the server, not here.
func (l *lowerer) bodyQuery(i int) ir.Query {
	text, base, ok := l.stringSource(i)
	if !ok {
		return nil
	}
	at := l.s.At(int(l.tok[i].Start), int(l.tok[i].End))
	list, diags := token.Split(source.NewFile(at.File.Path, text), token.PostgreSQL, token.Schema)
	if len(list) != 1 || diags.HasErrors() {
		return nil
	}
	s := list[0]
	transplant(s, at.File, base)
	stmt, _ := parse(s, true)
	q, _ := stmt.(ir.Query)
	return q
}

// aggregateItems are the arguments in the brackets at open; those behind ORDER BY count on.
func (l *lowerer) aggregateItems(open int) []rng {
	end := l.closing(open) - 1
	by := l.find(open+1, end, "ORDER")
	if by < 0 || !l.is(by+1, "BY") {
		return l.inside(open)
	}
	return append(l.split(open+1, by-1), l.split(by+2, end)...)
}

// createAggregate lowers CREATE AGGREGATE. What it returns is its state's type; where a final
// function is named (Options), that function's result.
func (l *lowerer) createAggregate(s *pg.DefineStmt, r rng) ir.Statement {
	name, nr := l.objectName(r)
	f := &ir.CreateFunction{At: l.pos(r), Kind: ir.ObjAggregate, Name: name, OrReplace: s.Replace, Volatility: "immutable", Language: "internal"}
	if len(s.Args) > 0 && !s.Oldstyle {
		f.Params = l.params(s.Args[0].GetList().GetItems(), l.aggregateItems(nr.hi+1))
	}
	for _, n := range s.Definition {
		d := n.GetDefElem()
		switch strings.ToLower(d.GetDefname()) {
		case "stype", "stype1":
			if t := d.Arg.GetTypeName(); t != nil {
				tn, _ := l.typeName(t)
				f.Returns = &tn
			}
		case "basetype":
			if t := d.Arg.GetTypeName(); t != nil && s.Oldstyle {
				tn, tr := l.typeName(t)
				if tn.Name.Last() != "any" {
					f.Params = append(f.Params, ir.FuncParam{At: l.pos(l.or(tr)), Type: tn, Mode: "IN"})
				}
			}
		default:
			f.Options = append(f.Options, ir.Option{Key: strings.ToLower(d.GetDefname()), Value: l.setting(d.GetArg(), "")})
		}
	}
	return f
}
