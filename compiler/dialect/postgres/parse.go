package postgres

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
	pg "github.com/pganalyze/pg_query_go/v5"
	"github.com/pganalyze/pg_query_go/v5/parser"
)

// Parse reads one statement with PostgreSQL's own parser and lowers it; see
// dialect.Dialect.
func (*Dialect) Parse(s *token.Statement) (ir.Statement, diag.List) { return parse(s, false) }

// parse is Parse; body marks the body of a function, where $1 is its first argument.
func parse(s *token.Statement, body bool) (stmt ir.Statement, list diag.List) {
	defer func() {
		if bug := recover(); bug != nil {
			stmt, list = nil, diag.List{diag.New(diag.InternalError, s.Span, "the statement could not be lowered: %v", bug)}
		}
	}()
	y := newLayout(s)
	defer y.done()
	if d, deep := y.tooDeep(); deep {
		return nil, diag.List{d}
	}
	err := parseTree(s.Text, func(tree *pg.ParseResult) { stmt, list = lower(y, tree, body) })
	if err != nil {
		return nil, diag.List{syntaxError(y, err)}
	}
	return stmt, list
}

// lower lowers a tree, which has to be one statement.
func lower(y *layout, tree *pg.ParseResult, body bool) (ir.Statement, diag.List) {
	switch {
	case len(tree.Stmts) == 0:
		return nil, diag.List{diag.New(diag.SyntaxError, y.s.Span, "there is no statement here")}
	case len(tree.Stmts) > 1:
		at := y.at(tree.Stmts[1].StmtLocation)
		return nil, diag.List{diag.New(diag.SyntaxError, y.span(at), "a second statement starts here; one was expected")}
	}
	l := &lowerer{layout: y, fallback: y.one(0), body: body}
	stmt := l.statement(tree.Stmts[0].Stmt, y.whole())
	return stmt, l.diags
}

// lowerer turns one statement's tree into ir.
type lowerer struct {
	*layout
	diags diag.List
	// fallback is the place of what the grammar makes up inside the construct being lowered.
	fallback rng
	// body is set inside a function's body.
	body bool
}

// What can be compiled. The engine's parser builds its tree and packs it by recursion, on a
// stack that can be neither grown nor guarded from here; it was seen to fall over at some
// 20,000 levels, and its packed tree can not be read again from 4,000 operators on.
const (
	maxNesting = token.MaxNesting
	maxChain   = 2500
)

// tooDeep reports a statement whose tree is deeper than can be compiled: by its brackets, or
// by a chain of operators, joins or set operations, each of which is one level of the tree.
func (y *layout) tooDeep() (diag.Diagnostic, bool) {
	if y.n <= maxNesting { // each level is a token at least
		return diag.Diagnostic{}, false
	}
	// A level of brackets counts operators since the last comma, AND or OR, which make flat
	// lists; joins and set operations go on over them.
	type level struct{ operators, clauses int }
	stack := make([]level, 1, 16)
	total := 0
	for i := range y.n {
		if y.depth[i] > maxNesting {
			return diag.New(diag.TooDeep, y.span(y.one(i)), "brackets are nested more than %d deep here", maxNesting), true
		}
		top := &stack[len(stack)-1]
		switch c := y.char(i); {
		case c == '(' || c == '[':
			stack = append(stack, level{})
		case c == ')' || c == ']':
			if len(stack) > 1 {
				total -= top.operators + top.clauses
				stack = stack[:len(stack)-1]
			}
		case c == ',':
			total -= top.operators
			top.operators = 0
		case y.tok[i].Kind == token.Operator:
			top.operators++
			total++
		case y.tok[i].Kind == token.Ident || y.tok[i].Kind == token.Keyword:
			switch {
			case y.isAny(i, "AND", "OR"):
				total -= top.operators
				top.operators = 0
			case y.isAny(i, "NOT", "IS", "ISNULL", "NOTNULL", "COLLATE", "AT", "CASE", "OPERATOR"):
				top.operators++
				total++
			case y.isAny(i, "JOIN", "UNION", "EXCEPT", "INTERSECT"):
				top.clauses++
				total++
			}
		}
		if total > maxChain {
			return diag.New(diag.TooDeep, y.span(y.one(i)), "a chain of more than %d operators, joins or set operations ends here", maxChain), true
		}
	}
	return diag.Diagnostic{}, false
}

// syntaxError gives the engine's own words a place.
func syntaxError(y *layout, err error) diag.Diagnostic {
	at := y.s.Span
	var e *parser.Error
	if !errors.As(err, &e) { // the packed tree could not be read
		return diag.New(diag.TooDeep, at, "the statement is nested too deep: %v", err)
	}
	if e.Cursorpos > 0 {
		at = y.span(y.at(int32(byteOffset(y.s.Text, e.Cursorpos-1))))
	}
	if strings.HasPrefix(e.Message, "memory exhausted") { // the parser's own stack
		return diag.New(diag.TooDeep, at, "the statement is nested too deep for PostgreSQL's parser here")
	}
	return diag.New(diag.SyntaxError, at, "%s", e.Message)
}

// byteOffset is where character n of s starts: the engine counts characters.
func byteOffset(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return i
}
