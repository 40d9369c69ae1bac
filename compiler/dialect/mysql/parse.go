package mysql

import (
	"errors"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"
	_ "github.com/pingcap/tidb/pkg/parser/test_driver" // the values of TiDB's tree

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Parse reads one statement. Queries and DML are TiDB's grammar, with what MySQL and
// MariaDB have beyond it taken out first (see patch.go). DDL is read from the tokens by a
// reader of our own (see ddl.go), because TiDB's grammar lacks too much of it: spatial
// types, expression defaults, invisible columns, triggers, functions, ALTER VIEW; the
// expressions and queries in it are TiDB's again.
func (*Dialect) Parse(s *token.Statement) (tree ir.Statement, diags diag.List) {
	defer func() {
		if r := recover(); r != nil {
			tree = nil
			diags = append(diags, diag.New(diag.InternalError, statementSpan(s), "the MySQL parser failed: %v", r).
				WithHelp("%s", firstFrames(debug.Stack())))
		}
	}()
	if len(s.Tokens) == 0 {
		return nil, diag.List{diag.New(diag.SyntaxError, statementSpan(s), "there is no statement here")}
	}
	l := newLowering(s)
	if l.tooLong >= 0 {
		return nil, diag.List{diag.New(diag.TooDeep, l.between(l.tooLong, l.tooLong+1), "an expression has more than %d operators", maxChain)}
	}
	if l.diags.HasErrors() {
		return nil, l.diags
	}
	tree = l.statement()
	l.release()
	if l.diags.HasErrors() {
		return nil, l.diags
	}
	if tree == nil {
		return nil, append(l.diags, l.syntaxError(0))
	}
	return tree, l.diags
}

func statementSpan(s *token.Statement) source.Span {
	if !s.Span.IsZero() && s.Span.Len() > 0 {
		return s.Span
	}
	return s.Raw
}

func firstFrames(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	var out []string
	for _, line := range lines {
		if strings.Contains(line, "covetsql") && strings.Contains(line, "(") && !strings.HasPrefix(line, "\t") {
			out = append(out, line[strings.LastIndex(line, "/")+1:strings.LastIndex(line, "(")])
		}
		if len(out) == 5 {
			break
		}
	}
	return "at " + strings.Join(out, " < ")
}

// statement dispatches on the first words.
func (l *lowering) statement() ir.Statement {
	first := strings.ToUpper(l.text(0))
	if read, ok := ddlReaders[first]; ok {
		return l.ddl(read)
	}
	switch first {
	case "SELECT", "WITH", "VALUES", "TABLE", "(", "INSERT", "REPLACE", "UPDATE", "DELETE", "CALL":
		return l.dml()
	}
	return l.utility(first)
}

// dml lowers what TiDB's grammar reads.
func (l *lowering) dml() ir.Statement {
	n := l.parsePart("", 0, len(l.toks))
	if n == nil {
		return nil
	}
	l.delta = 0
	l.i = 0
	var out ir.Statement
	switch n := n.(type) {
	case *ast.SelectStmt, *ast.SetOprStmt:
		open := l.i
		whole := l.is(open, "(") && l.closing(open) == len(l.toks)-1
		q := l.query(n)
		if whole {
			l.i = len(l.toks)
		}
		out = q.(ir.Statement)
	case *ast.InsertStmt:
		out = l.insert(n)
	case *ast.UpdateStmt:
		out = l.update(n)
	case *ast.DeleteStmt:
		out = l.delete(n)
	case *ast.CallStmt:
		l.eat("CALL")
		c := &ir.Call{}
		if f, ok := l.procedure(n.Procedure).(*ir.FuncCall); ok {
			c.Func = f
		}
		c.At = l.since(0)
		out = c
	default:
		return l.utility(strings.ToUpper(l.text(0)))
	}
	if l.params < len(l.s.Params) {
		l.lostParams(out)
	}
	return out
}

// lostParams says where a placeholder stands that lowering did not meet.
func (l *lowering) lostParams(out ir.Statement) {
	seen := make([]bool, len(l.s.Params))
	ir.Walk(out, func(n ir.Node) bool {
		if p, ok := n.(*ir.Param); ok && p.Ref < len(seen) {
			seen[p.Ref] = true
		}
		return true
	})
	for i, p := range l.s.Params {
		if !seen[i] {
			l.diags.Add(diag.New(diag.NotModelled, l.s.At(int(p.Start), int(p.End)), "a parameter is not understood here"))
		}
	}
}

// procedure lowers the call of CALL, whose parentheses may be missing.
func (l *lowering) procedure(n *ast.FuncCallExpr) ir.Expr {
	start := l.i
	f := &ir.FuncCall{Name: l.qualified(n.Schema.O, n.FnName.O)}
	if l.is(l.i, "(") {
		for _, a := range l.row(n.Args) {
			f.Args = append(f.Args, ir.Arg{X: a})
		}
	} else {
		f.NoParens = true
	}
	f.At = l.since(start)
	return f
}

// The values of TiDB's test driver refuse decimals of many digits. The lowering takes a
// number's text from its token, so that any value does.
func init() {
	ast.NewDecimal = func(string) (any, error) { return float64(0), nil }
}

var parsers = sync.Pool{New: func() any {
	p := parser.New()
	p.SetParserConfig(parser.ParserConfig{EnableWindowFunction: true})
	p.SetMariaDB(true)
	return p
}}

// parsePart gives TiDB's parser the tokens [from, to), patched, behind prefix; nil, with an
// error reported, where it does not accept them. Offsets in the tree count from the prefix.
func (l *lowering) parsePart(prefix string, from, to int) ast.StmtNode {
	text := prefix + string(l.patch(from, to))
	p := parsers.Get().(*parser.Parser)
	l.parsers = append(l.parsers, p)
	nodes, _, err := p.ParseSQL(text)
	if err != nil {
		l.diags.Add(l.engineError(err, text, len(prefix), from, to))
		return nil
	}
	if len(nodes) != 1 {
		l.diags.Add(l.syntaxError(from))
		return nil
	}
	return nodes[0]
}

// release gives the statement's parsers back. Not before it is lowered: a parser's next run
// reuses the list that it returned, and sets positions in nodes that it still remembers.
func (l *lowering) release() {
	for _, p := range l.parsers {
		parsers.Put(p)
	}
	l.parsers = nil
}

var nearText = regexp.MustCompile(`(?s)^line \d+ column \d+ near "(.*)"(\(total length \d+\))? ?(.*)$`)

// engineError turns TiDB's error into a diagnostic at the token that it did not take.
func (l *lowering) engineError(err error, text string, prefix, from, to int) diag.Diagnostic {
	message := errors.Unwrap(err)
	if message == nil {
		message = err
	}
	m := nearText.FindStringSubmatch(strings.TrimRight(message.Error(), " "))
	if m == nil {
		return diag.New(diag.SyntaxError, l.between(from, to), "%s", strings.TrimSpace(message.Error()))
	}
	near, detail := m[1], strings.TrimSpace(m[3])
	at := len(text) - len(near)
	if m[2] != "" {
		at = max(strings.Index(text, near), 0)
	}
	at += int(l.toks[from].Start) - prefix
	i := min(max(l.s.TokenAt(at), from), to-1)
	if near == "" || at >= int(l.toks[to-1].End) {
		if to < len(l.toks) {
			return l.syntaxError(to)
		}
		i = to - 1
		return diag.New(diag.SyntaxError, l.between(i, i+1), "you have an error in your SQL syntax at the end of the statement").
			WithInline("something is missing behind this")
	}
	d := l.syntaxError(i)
	if detail != "" {
		d.Message += ": " + detail
	}
	return d
}

// syntaxError is the engine's error 1064 at token i.
func (l *lowering) syntaxError(i int) diag.Diagnostic {
	if i >= len(l.toks) {
		i = len(l.toks) - 1
		return diag.New(diag.SyntaxError, l.between(i, i+1), "you have an error in your SQL syntax at the end of the statement").
			WithInline("something is missing behind this")
	}
	near := l.s.At(int(l.toks[i].Start), len(l.s.Text)).Text()
	if line, _, more := strings.Cut(near, "\n"); more {
		near = line
	}
	if r := []rune(near); len(r) > 60 {
		near = string(r[:60]) + "…"
	}
	return diag.New(diag.SyntaxError, l.between(i, i+1), "you have an error in your SQL syntax near '%s'", strings.TrimSpace(near))
}
