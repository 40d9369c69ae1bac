package mysql

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
)

// createRoutine reads the head of CREATE PROCEDURE and CREATE FUNCTION; the body stays text.
func (l *lowering) createRoutine(orReplace bool) ir.Statement {
	f := &ir.CreateFunction{OrReplace: orReplace, Kind: ir.ObjFunction, Language: "sql", Volatility: "volatile"}
	if l.eat("AGGREGATE") {
		f.Kind = ir.ObjAggregate
	}
	if l.is(l.i, "PROCEDURE") {
		f.Kind = ir.ObjProcedure
	}
	l.want("PROCEDURE", "FUNCTION")
	if l.eatAll("IF", "NOT", "EXISTS") {
		f.OrReplace = true // an existing one is kept: no error either way
	}
	f.Name = l.objectName()
	if l.is(l.i, "RETURNS") { // CREATE FUNCTION f RETURNS STRING SONAME '…'
		return l.loadable(f)
	}
	l.want("(")
	for !l.is(l.i, ")") {
		start := l.i
		p := ir.FuncParam{Mode: "IN"}
		if l.is(l.i, "IN", "OUT", "INOUT") {
			p.Mode = strings.ToUpper(l.text(l.i))
			l.i++
		}
		id := l.name()
		p.Name = &id
		p.Type = l.typeName()
		if l.eat("DEFAULT") {
			p.Default = l.columnExpr()
		}
		p.At = l.since(start)
		f.Params = append(f.Params, p)
		if !l.eat(",") {
			break
		}
	}
	l.want(")")
	if f.Kind != ir.ObjProcedure {
		l.want("RETURNS", "RETURN")
		t := l.typeName()
		f.Returns = &t
	}
	l.characteristics(f)
	if l.end() {
		l.fail()
	}
	f.Body = l.source(l.i, len(l.toks))
	l.i = len(l.toks)
	f.At = l.since(0)
	return f
}

// characteristics reads DETERMINISTIC, READS SQL DATA and their like.
func (l *lowering) characteristics(f *ir.CreateFunction) {
	deterministic, reads := false, false
	for {
		switch {
		case l.eat("DETERMINISTIC"):
			deterministic = true
		case l.eatAll("NOT", "DETERMINISTIC"):
		case l.eatAll("READS", "SQL", "DATA"):
			reads = true
		case l.eatAll("NO", "SQL"), l.eatAll("CONTAINS", "SQL"), l.eatAll("MODIFIES", "SQL", "DATA"), l.eatAll("LANGUAGE", "SQL"):
		case l.eatAll("SQL", "SECURITY"):
			l.i++
		case l.eat("COMMENT"):
			f.Options = append(f.Options, ir.Option{Key: "comment", Value: l.str()})
		default:
			switch {
			case deterministic && !reads:
				f.Volatility = "immutable"
			case reads:
				f.Volatility = "stable"
			}
			return
		}
	}
}

// loadableTypes are what a loadable function may return.
var loadableTypes = map[string]string{"STRING": "varchar", "INTEGER": "bigint", "INT": "bigint", "REAL": "double", "DECIMAL": "decimal"}

func (l *lowering) loadable(f *ir.CreateFunction) ir.Statement {
	l.want("RETURNS")
	name, ok := loadableTypes[strings.ToUpper(l.text(l.i))]
	if !ok {
		l.fail()
	}
	at := l.here()
	l.i++
	f.Returns = &ir.TypeName{At: at, Name: ir.Name{At: at, Parts: []ir.Ident{{At: at, Name: name}}}, Raw: name}
	l.want("SONAME")
	f.Language, f.Body = "c", l.str()
	f.At = l.since(0)
	return f
}
