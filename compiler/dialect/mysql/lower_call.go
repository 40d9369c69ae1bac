package mysql

import (
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	driver "github.com/pingcap/tidb/pkg/parser/test_driver"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// isCallOf tells whether the tokens under the cursor are a call, and not an operator that
// TiDB rewrites to one: a -> b, a ->> b, a + INTERVAL b DAY, a MEMBER OF (b).
func (l *lowering) isCallOf(n *ast.FuncCallExpr) bool {
	switch n.FnName.L {
	case "json_extract", "json_unquote", "json_memberof", "date_add", "date_sub", "concat":
		return l.is(l.i, n.FnName.L) && l.is(l.i+1, "(") || n.Schema.L != ""
	}
	return true
}

// callNames are the names of calls whose name in TiDB's tree is not the function's.
var callNames = map[string]string{
	"insert_func": "insert", "char_func": "char", "password_func": "password",
}

func (l *lowering) call(n *ast.FuncCallExpr, start int) ir.Expr {
	if !l.isCallOf(n) {
		return l.operatorCall(n, start)
	}
	switch n.FnName.L {
	case ast.DateLiteral:
		return l.typedLiteral("date_literal", n, start)
	case ast.TimeLiteral:
		return l.typedLiteral("time_literal", n, start)
	case ast.TimestampLiteral:
		return l.typedLiteral("timestamp_literal", n, start)
	}
	f := &ir.FuncCall{}
	if n.Schema.L != "" {
		f.Name = l.qualified(n.Schema.O, n.FnName.O)
	} else {
		if l.is(start, "NEXT", "PREVIOUS") && l.is(start+1, "VALUE") {
			return l.sequenceValue(n, start)
		}
		name := strings.ToLower(l.text(start))
		if mapped, ok := callNames[n.FnName.L]; ok {
			name = mapped
		}
		f.Name = l.funcName(strings.Trim(name, "`"), start)
		f.Name.Parts[0].Quoted = strings.HasPrefix(name, "`")
		l.i++
	}
	open := l.i
	if !l.is(open, "(") {
		f.NoParens = true
		f.At = l.since(start)
		return f
	}
	l.i++
	end := l.closing(open)
	switch n.FnName.L {
	case "trim":
		l.trim(f, n, start)
	case "date_add", "date_sub", "adddate", "subdate":
		f.Args = append(f.Args, ir.Arg{X: l.expr(n.Args[0])})
		l.eat(",")
		if l.is(l.i, "INTERVAL") {
			f.Args = append(f.Args, ir.Arg{X: l.interval(n.Args[1])})
		} else {
			f.Args = append(f.Args, ir.Arg{X: l.expr(n.Args[1])})
		}
	case "char_func":
		args := n.Args
		if last := args[len(args)-1]; !l.has(open, end, "USING") || isNull(last) {
			args = args[:len(args)-1]
		}
		for i, a := range args {
			l.eat(",")
			if l.eat("USING") {
				f.Args = append(f.Args, ir.Arg{X: l.charset()})
				break
			}
			if i == len(args)-1 && len(args) < len(n.Args) {
				f.Args = append(f.Args, ir.Arg{X: l.expr(a)})
				continue
			}
			f.Args = append(f.Args, ir.Arg{X: l.expr(a)})
		}
	case "convert": // CONVERT(x USING charset)
		f.Args = append(f.Args, ir.Arg{X: l.expr(n.Args[0])})
		l.eat("USING")
		f.Args = append(f.Args, ir.Arg{X: l.charset()})
	case "weight_string":
		f.Args = append(f.Args, ir.Arg{X: l.expr(n.Args[0])})
	default:
		for _, a := range n.Args {
			l.skip(",", "FROM", "FOR", "IN")
			f.Args = append(f.Args, ir.Arg{X: l.expr(a)})
		}
	}
	l.i = end + 1
	if n.FnName.L == "json_value" {
		if p, ok := l.patched[start]; ok {
			return l.jsonValue(f, p, start, end)
		}
	}
	f.At = l.since(start)
	return f
}

// has tells whether the word stands directly inside the parentheses open … end.
func (l *lowering) has(open, end int, word string) bool {
	for i := open + 1; i < end; i++ {
		if l.is(i, "(") {
			i = l.closing(i)
		} else if l.is(i, word) {
			return true
		}
	}
	return false
}

func isNull(n ast.ExprNode) bool {
	v, ok := n.(*driver.ValueExpr)
	return ok && v.Kind() == driver.KindNull
}

// charset reads the name of a character set as a string.
func (l *lowering) charset() ir.Expr {
	name, _ := l.unquoted(l.i)
	x := &ir.Literal{At: l.here(), Kind: ir.String, Text: name}
	l.i++
	return x
}

// trim has its arguments in the order of TRIM(x), with what is removed second.
func (l *lowering) trim(f *ir.FuncCall, n *ast.FuncCallExpr, start int) {
	name := "trim"
	switch {
	case l.eat("BOTH"):
	case l.eat("LEADING"):
		name = "ltrim"
	case l.eat("TRAILING"):
		name = "rtrim"
	}
	f.Name.Parts[0].Name = name
	if len(n.Args) == 1 || l.is(l.i, "FROM") {
		l.eat("FROM")
		f.Args = []ir.Arg{{X: l.expr(n.Args[0])}}
		return
	}
	what := l.expr(n.Args[1])
	l.eat("FROM")
	f.Args = []ir.Arg{{X: l.expr(n.Args[0])}, {X: what}}
}

// typedLiteral lowers DATE '…' and {d '…'} to a call of date_literal and its like: unlike a
// cast, it is an error where the string is no date, and never NULL.
func (l *lowering) typedLiteral(name string, n *ast.FuncCallExpr, start int) ir.Expr {
	braces := l.eat("{")
	f := &ir.FuncCall{Name: l.funcName(name, l.i)}
	l.i++
	f.Args = []ir.Arg{{X: l.expr(n.Args[0])}}
	if braces {
		l.eat("}")
	}
	f.At = l.since(start)
	return f
}

func (l *lowering) sequenceValue(n *ast.FuncCallExpr, start int) ir.Expr {
	name := "nextval"
	if l.is(start, "PREVIOUS") {
		name = "lastval"
	}
	f := &ir.FuncCall{Name: l.funcName(name, start)}
	l.i += 3 // NEXT VALUE FOR
	for _, a := range n.Args {
		f.Args = append(f.Args, ir.Arg{X: l.expr(a)})
	}
	f.At = l.since(start)
	return f
}

// operatorCall lowers what TiDB gives as a call and the user wrote as an operator.
func (l *lowering) operatorCall(n *ast.FuncCallExpr, start int) ir.Expr {
	x := &ir.Binary{}
	switch n.FnName.L {
	case "json_unquote":
		inner, ok := n.Args[0].(*ast.FuncCallExpr)
		if !ok || len(inner.Args) != 2 {
			break
		}
		x.Op, x.L = "->>", l.expr(inner.Args[0])
		l.eat("->>")
		x.R = l.expr(inner.Args[1])
	case "json_extract":
		x.Op, x.L = "->", l.expr(n.Args[0])
		l.eat("->")
		x.R = l.expr(n.Args[1])
	case "json_memberof":
		x.Op, x.L = "MEMBER OF", l.expr(n.Args[0])
		l.skip("MEMBER", "OF")
		open := l.i
		x.R = l.expr(n.Args[1])
		if l.is(open, "(") {
			l.i = l.closing(open) + 1
		}
	case "concat":
		x.Op, x.L = "||", l.expr(n.Args[0])
		l.eat("||")
		x.R = l.expr(n.Args[1])
	default: // date_add, date_sub
		if l.is(start, "INTERVAL") {
			x.L = l.interval(n.Args[1])
			x.Op = "+"
			l.eat("+")
			x.R = l.expr(n.Args[0])
			break
		}
		x.L = l.expr(n.Args[0])
		x.Op = l.text(l.i)
		l.i++
		x.R = l.interval(n.Args[1])
	}
	x.At = l.since(start)
	return x
}

// interval lowers INTERVAL x unit, with the cursor on INTERVAL.
func (l *lowering) interval(n ast.ExprNode) ir.Expr {
	start := l.i
	l.eat("INTERVAL")
	x := &ir.Interval{X: l.expr(n)}
	l.skip(")") // of INTERVAL (x) unit, whose parentheses TiDB did not see
	x.Unit = strings.ToUpper(l.text(l.i))
	l.i++
	x.At = l.since(start)
	return x
}

// aggregate lowers a call of an aggregate or window function.
func (l *lowering) aggregate(args []ast.ExprNode, distinct bool, order *ast.OrderByClause, over *ast.WindowSpec, start int) ir.Expr {
	f := &ir.FuncCall{Distinct: distinct, Name: l.funcName(strings.ToLower(l.text(start)), start)}
	l.i++
	open := l.i
	end := l.closing(open)
	l.eat("(")
	if l.eat("DISTINCT", "DISTINCTROW") {
		f.Distinct = true
	}
	l.skip("ALL", "DISTINCT")
	isConcat := l.is(start, "GROUP_CONCAT")
	if isConcat {
		args = args[:len(args)-1]
	}
	if l.is(l.i, "*") && l.i == end-1 {
		f.Star = true
	} else {
		for _, a := range args {
			l.eat(",")
			f.Args = append(f.Args, ir.Arg{X: l.expr(a)})
		}
	}
	if isConcat {
		if order != nil {
			f.OrderBy = l.orderBy(order)
		}
		for l.i < end && !l.is(l.i, "SEPARATOR") {
			if l.is(l.i, "(") {
				l.i = l.closing(l.i)
			}
			l.i++
		}
		if l.is(l.i, "SEPARATOR") {
			text, _ := l.unquoted(l.i + 1)
			f.Separator = &ir.Literal{At: ir.At{Pos: l.between(l.i+1, l.i+2)}, Kind: ir.String, Text: text}
		}
	}
	l.i = end + 1
	if p, ok := l.patched[start]; ok && p.kind == withinGroupPatch {
		f.Within = p.orderBy
		l.i = p.end
	}
	if over != nil {
		if l.eat("FROM") {
			l.eat("FIRST", "LAST")
		}
		if l.is(l.i, "RESPECT", "IGNORE") {
			f.Nulls = strings.ToUpper(l.text(l.i))
			l.i++
			l.eat("NULLS")
		}
		l.eat("OVER")
		w := l.windowSpec(over)
		f.Over = &w
	}
	f.At = l.since(start)
	return f
}

// cast lowers CAST(x AS type), CONVERT(x, type) and BINARY x.
func (l *lowering) cast(n *ast.FuncCastExpr, start int) ir.Expr {
	c := &ir.Cast{}
	if n.FunctionType == ast.CastBinaryOperator {
		at := l.here()
		l.i++
		c.X = l.expr(n.Expr)
		c.Type = ir.TypeName{At: at, Name: ir.Name{At: at, Parts: []ir.Ident{{At: at, Name: "varbinary"}}}, Raw: l.text(start)}
		c.At = l.since(start)
		return c
	}
	l.i++
	open := l.i
	l.eat("(")
	c.X = l.expr(n.Expr)
	l.eat("AS", ",")
	c.Type = l.castType()
	l.i = l.closing(open) + 1
	c.At = l.since(start)
	return c
}

// castType reads the type of a cast. What CHAR and BINARY mean there has no fixed length.
func (l *lowering) castType() ir.TypeName {
	t := l.typeName()
	switch p := t.Name.Parts; {
	case len(p) == 0:
	case p[0].Name == "char" || p[0].Name == "nchar" || p[0].Name == "character":
		p[0].Name = "varchar"
	case p[0].Name == "binary":
		p[0].Name = "varbinary"
	}
	return t
}

// patchedCast lowers a cast to a type that TiDB does not know: it saw only (x).
func (l *lowering) patchedCast(n *ast.ParenthesesExpr, start int) ir.Expr {
	open := start + 1
	end := l.closing(open)
	l.i = open + 1
	c := &ir.Cast{X: l.expr(n.Expr)}
	for l.i < end && !l.is(l.i, "AS", ",") { // AT TIME ZONE
		l.i++
	}
	l.eat("AS", ",")
	c.Type = l.castType()
	if l.i != end {
		l.diags.Add(l.syntaxError(min(l.i, end)))
	}
	l.i = end + 1
	c.At = l.since(start)
	return c
}

// jsonValue gives JSON_VALUE(… RETURNING type) its type as a cast around it.
func (l *lowering) jsonValue(f *ir.FuncCall, p patch, start, end int) ir.Expr {
	f.At = l.since(start)
	l.i = p.start
	if !l.eat("RETURNING") {
		l.i = end + 1
		return f
	}
	c := &ir.Cast{At: f.At, X: f, Type: l.castType()}
	l.i = end + 1
	return c
}

// jsonTable lowers JSON_TABLE(doc, path COLUMNS (…)) AS alias. TiDB saw a table's name.
func (l *lowering) jsonTable(n *ast.TableSource) ir.TableExpr {
	start := l.i
	f := &ir.FuncCall{Name: l.funcName("json_table", start)}
	l.i++
	open := l.i
	end := l.closing(open)
	comma := l.until(open+1, end, ",")
	l.i = open + 1
	f.Args = append(f.Args, ir.Arg{X: l.part(open+1, comma)})
	l.i = comma + 1
	path := l.until(l.i, end, "COLUMNS")
	f.Args = append(f.Args, ir.Arg{X: l.part(l.i, path)})
	call := ir.TableCall{Func: f}
	l.i = path + 1
	if !l.is(l.i, "(") {
		l.diags.Add(l.syntaxError(min(l.i, end)))
	}
	call.Defs = l.jsonColumns()
	l.i = end + 1
	f.At = l.since(start)
	call.At = f.At
	t := &ir.TableFunc{Calls: []ir.TableCall{call}, Lateral: true}
	t.Alias = l.alias(n.AsName.O)
	t.At = l.since(start)
	return t
}

// until is the index of the first of the words at this depth in [from, end), end for none.
func (l *lowering) until(from, end int, words ...string) int {
	for i := from; i < end; i++ {
		if l.is(i, "(") {
			i = l.closing(i)
			continue
		}
		if l.is(i, words...) {
			return i
		}
	}
	return end
}

// jsonColumns reads the COLUMNS list of JSON_TABLE; nested ones are flattened, as the
// table's columns are.
func (l *lowering) jsonColumns() []ir.ColumnDef {
	open := l.i
	end := l.closing(open)
	l.eat("(")
	var out []ir.ColumnDef
	for l.i < end {
		if l.eat(",") {
			continue
		}
		next := l.until(l.i, end, ",")
		if l.eat("NESTED") {
			l.eat("PATH")
			l.i = l.until(l.i, next, "COLUMNS") + 1
			if l.is(l.i, "(") {
				for _, c := range l.jsonColumns() { // NULL where the nested path finds nothing
					c.Constraints = []ir.Constraint{{At: c.At, Kind: ir.NullAllowed}}
					out = append(out, c)
				}
			}
			l.i = next
			continue
		}
		start := l.i
		c := ir.ColumnDef{Name: l.ident()}
		if l.eatAll("FOR", "ORDINALITY") {
			c.Ordinality = true
		} else {
			t := l.typeName()
			c.Type = &t
			if l.is(l.i, "EXISTS") && wholeNumbers[strings.ToLower(t.Name.Last())] { // 0 or 1, whatever the path finds
				c.Constraints = []ir.Constraint{{At: ir.At{Pos: l.between(l.i, l.i+1)}, Kind: ir.NotNull}}
			}
			if at := l.i; at < next { // PATH '$.x' DEFAULT … ON EMPTY: kept as written
				c.Options = append(c.Options, ir.Option{Key: "path", Value: l.source(at, next)})
			}
		}
		l.i = next
		c.At = l.since(start)
		out = append(out, c)
	}
	l.i = end + 1
	return out
}

// wholeNumbers are types that hold what EXISTS gives.
var wholeNumbers = map[string]bool{"tinyint": true, "smallint": true, "mediumint": true, "int": true, "integer": true, "bigint": true}

// part parses the tokens [from, to) as an expression of its own.
func (l *lowering) part(from, to int) ir.Expr {
	saved := l.i
	defer func() { l.i = saved }()
	l.i = from
	at := ir.At{Pos: l.between(from, to)}
	if to == from+1 { // the usual literal needs no parser
		switch l.kind(from) {
		case token.String:
			text, _ := l.unquoted(from)
			return &ir.Literal{At: at, Kind: ir.String, Text: text}
		case token.Number:
			return &ir.Literal{At: at, Kind: numberKind(l.text(from)), Text: l.text(from)}
		case token.Ident:
			switch {
			case l.is(from, "NULL"):
				return &ir.Literal{At: at, Kind: ir.Null}
			case l.is(from, "TRUE", "FALSE"):
				return &ir.Literal{At: at, Kind: ir.Bool, Text: strings.ToLower(l.text(from))}
			}
		}
	}
	if from >= to {
		l.diags.Add(l.syntaxError(from))
		return &ir.Opaque{At: at, What: "nothing"}
	}
	tree := l.parsePart("SELECT ", from, to)
	sel, ok := tree.(*ast.SelectStmt)
	if !ok || sel.Fields == nil || len(sel.Fields.Fields) != 1 || sel.Fields.Fields[0].Expr == nil {
		if !l.diags.HasErrors() {
			l.diags.Add(l.syntaxError(from))
		}
		return &ir.Opaque{At: at, What: "nothing"}
	}
	delta := l.delta
	l.delta = int(l.toks[from].Start) - len("SELECT ")
	x := l.expr(sel.Fields.Fields[0].Expr)
	l.delta = delta
	return x
}
