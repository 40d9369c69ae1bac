package sqlite

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sqlc-dev/meyer/ast"
	"github.com/sqlc-dev/meyer/parser"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// grammar accepts ORDER BY and LIMIT on UPDATE and DELETE: many builds of the engine have
// them, and one that has not says so itself.
var grammar = parser.Options{UpdateDeleteLimit: true}

// Parse reads one statement with SQLite's grammar and lowers it; see dialect.Dialect.
func (engine) Parse(s *token.Statement) (tree ir.Statement, list diag.List) {
	l := &lowering{s: s}
	defer func() {
		if r := recover(); r != nil {
			tree = nil
			list = append(l.diags, diag.New(diag.InternalError, l.whole(), "reading the statement failed: %v", r))
		}
	}()
	stmts, err := grammar.ParseString(s.Text)
	if err != nil {
		return nil, diag.List{l.parseError(err)}
	}
	if len(stmts) != 1 {
		return nil, diag.List{diag.New(diag.SyntaxError, l.whole(), "one statement was expected, found %d", len(stmts))}
	}
	tree = l.statement(stmts[0])
	if l.diags.HasErrors() {
		tree = nil
	}
	return tree, l.diags
}

// parseError turns the parser's error, which has SQLite's own words, into a diagnostic.
func (l *lowering) parseError(err error) diag.Diagnostic {
	var e *parser.Error
	if !errors.As(err, &e) {
		return diag.New(diag.SyntaxError, l.whole(), "%v", err)
	}
	if e.Offset < 0 {
		return diag.New(diag.SyntaxError, l.whole(), "%s", e.Message)
	}
	if e.Message == "Recursion limit" {
		return diag.New(diag.TooDeep, l.place(e.Offset), "the statement is nested too deep")
	}
	if rest, ok := strings.CutPrefix(e.Message, `unrecognized token: "`); ok && rest != "" {
		bad := strings.TrimSuffix(rest, `"`)
		at := l.s.At(e.Offset, min(e.Offset+max(len(bad), 1), len(l.s.Text)))
		switch bad {
		case "":
			at = l.place(e.Offset)
		default:
			if strings.ContainsRune("'\"`[", rune(bad[0])) || strings.HasPrefix(strings.ToLower(bad), "x'") {
				return diag.New(diag.UnterminatedTok, at, "%s", e.Message)
			}
		}
		return diag.New(diag.SyntaxError, at, "%s", e.Message)
	}
	return diag.New(diag.SyntaxError, l.place(e.Offset), "%s", e.Message)
}

// place is the span of the token at an offset, of the last token behind the end.
func (l *lowering) place(offset int) source.Span {
	toks := l.s.Tokens
	if len(toks) == 0 {
		return l.whole()
	}
	i := min(l.s.TokenAt(offset), len(toks)-1)
	return l.s.At(int(toks[i].Start), int(toks[i].End))
}

// whole is the span of the statement.
func (l *lowering) whole() source.Span {
	if len(l.s.Text) > 0 {
		return l.s.At(0, len(l.s.Text))
	}
	return l.s.Span
}

// lowering is the state of lowering one statement.
type lowering struct {
	s     *token.Statement
	diags diag.List
	depth int
}

// maxDepth bounds how deep expressions and queries nest. SQLite's own default bound for
// the height of an expression is 1000; parentheses and subqueries count here too.
const maxDepth = 3000

// enter counts a level of nesting and says whether it is still allowed.
func (l *lowering) enter(n ast.Node) bool {
	l.depth++
	if l.depth <= maxDepth {
		return true
	}
	if l.depth == maxDepth+1 && !l.diags.HasErrors() {
		l.diags.Add(diag.New(diag.TooDeep, l.span(n.Pos(), n.End()), "the statement is nested too deep"))
	}
	return false
}

func (l *lowering) leave() { l.depth-- }

// span maps the bytes [start, end) of the parsed text, never to an empty span.
func (l *lowering) span(start, end int) source.Span {
	if end <= start {
		return l.place(start)
	}
	return l.s.At(start, end)
}

func (l *lowering) at(n ast.Node) ir.At { return ir.At{Pos: l.span(n.Pos(), n.End())} }

func (l *lowering) between(start, end int) ir.At { return ir.At{Pos: l.span(start, end)} }

// syntax reports what SQLite rejects in a grammar action, in its words.
func (l *lowering) syntax(n ast.Node, format string, args ...any) {
	l.diags.Add(diag.New(diag.SyntaxError, l.span(n.Pos(), n.End()), format, args...))
}

// opaque is a node for what the tree can not express.
func (l *lowering) opaque(n ast.Node, what string, args ...ir.Expr) *ir.Opaque {
	at := l.at(n)
	l.diags.Add(diag.New(diag.NotModelled, at.Pos, "%s is not understood; its type is unknown", what))
	return &ir.Opaque{At: at, What: what, Args: args}
}

// tokenBefore is the index of the last token that ends at or before offset, or -1.
func (l *lowering) tokenBefore(offset int) int {
	i := l.s.TokenAt(offset)
	if i < len(l.s.Tokens) && int(l.s.Tokens[i].Start) < offset {
		return i
	}
	return i - 1
}

// endBefore is the end of the token that stands n tokens before the one at offset.
func (l *lowering) endBefore(offset, n int) int {
	i := l.s.TokenAt(offset) - n
	if i < 0 || i >= len(l.s.Tokens) {
		return offset
	}
	return int(l.s.Tokens[i].End)
}

// startAfter is the start of the first token at or behind offset.
func (l *lowering) startAfter(offset int) int {
	if i := l.s.TokenAt(offset); i < len(l.s.Tokens) {
		return max(int(l.s.Tokens[i].Start), offset)
	}
	return offset
}

// ident lowers a name. All quotes mean the same to SQLite but for double quotes, around
// which it reads a string where there is no such column; so Quoted says just that.
func (l *lowering) ident(n *ast.Ident) ir.Ident {
	return ir.Ident{At: l.at(n), Name: n.Name, Quoted: n.Quote == ast.QuoteDouble}
}

func (l *lowering) optIdent(n *ast.Ident) *ir.Ident {
	if n == nil {
		return nil
	}
	id := l.ident(n)
	return &id
}

func (l *lowering) idents(list []*ast.Ident) []ir.Ident {
	var out []ir.Ident
	for _, n := range list {
		out = append(out, l.ident(n))
	}
	return out
}

// columnNames lowers an eidlist, whose decorations SQLite parses only to reject them.
func (l *lowering) columnNames(list []*ast.IndexedColumn) []ir.Ident {
	var out []ir.Ident
	for _, c := range list {
		if c.Collation != nil || c.Order != ast.SortDefault {
			l.syntax(c, "syntax error after column name %q", c.Name.Name)
		}
		out = append(out, l.ident(c.Name))
	}
	return out
}

func (l *lowering) name(n *ast.QualifiedName) ir.Name {
	out := ir.Name{At: l.at(n)}
	if n.Schema != nil {
		out.Parts = append(out.Parts, l.ident(n.Schema))
	}
	out.Parts = append(out.Parts, l.ident(n.Name))
	return out
}

func (l *lowering) plainName(n *ast.Ident) ir.Name {
	return ir.Name{At: l.at(n), Parts: []ir.Ident{l.ident(n)}}
}

func (l *lowering) statement(n ast.Stmt) ir.Statement {
	switch n := n.(type) {
	case *ast.SelectStmt:
		switch q := l.query(n).(type) {
		case *ir.Select:
			return q
		case *ir.SetOp:
			return q
		case *ir.Values:
			return q
		default:
			panic(fmt.Sprintf("a query became %T", q))
		}
	case *ast.InsertStmt:
		return l.insert(n)
	case *ast.UpdateStmt:
		return l.update(n)
	case *ast.DeleteStmt:
		return l.delete(n)
	case *ast.CreateTableStmt:
		return l.createTable(n)
	case *ast.CreateIndexStmt:
		return l.createIndex(n)
	case *ast.CreateViewStmt:
		return l.createView(n)
	case *ast.CreateTriggerStmt:
		return l.createTrigger(n)
	case *ast.CreateVirtualTableStmt:
		return l.createVirtualTable(n)
	case *ast.AlterTableStmt:
		return l.alterTable(n)
	case *ast.DropTableStmt:
		return l.drop(n, ir.ObjTable, n.Name, n.IfExists)
	case *ast.DropViewStmt:
		return l.drop(n, ir.ObjView, n.Name, n.IfExists)
	case *ast.DropIndexStmt:
		return l.drop(n, ir.ObjIndex, n.Name, n.IfExists)
	case *ast.DropTriggerStmt:
		return l.drop(n, ir.ObjTrigger, n.Name, n.IfExists)
	}
	return l.utility(n)
}
