package postgres

import (
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
	if d, deep := y.tooDeep(); deep {
		return nil, diag.List{d}
	}
	tree, err := pg.Parse(s.Text)
	if err != nil {
		return nil, diag.List{syntaxError(y, err)}
	}
	switch {
	case len(tree.Stmts) == 0:
		return nil, diag.List{diag.New(diag.SyntaxError, s.Span, "there is no statement here")}
	case len(tree.Stmts) > 1:
		at := y.at(tree.Stmts[1].StmtLocation)
		return nil, diag.List{diag.New(diag.SyntaxError, y.span(at), "a second statement starts here; one was expected")}
	}
	l := &lowerer{layout: y, fallback: y.one(0), body: body}
	stmt = l.statement(tree.Stmts[0].Stmt, y.whole())
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

// The nesting and the number of tokens that can be compiled: the engine's parser builds its
// tree and packs it recursively, on a stack that can not be grown or guarded from here.
const (
	maxNesting  = 500
	maxOperands = 4000
)

// tooDeep reports a statement that is nested deeper than can be compiled.
func (y *layout) tooDeep() (diag.Diagnostic, bool) {
	chain := 0
	for i := range y.n {
		if y.depth[i] > maxNesting {
			return diag.New(diag.TooDeep, y.span(y.one(i)), "brackets are nested more than %d deep here", maxNesting), true
		}
		switch t := y.tok[i]; t.Kind {
		case token.Operator:
			chain++
		case token.Ident, token.Keyword:
			switch y.s.Text[t.Start] | 0x20 {
			case 'n', 'c', 'u', 'e', 'i', 'j':
				if y.isAny(i, "NOT", "CASE", "UNION", "EXCEPT", "INTERSECT", "JOIN") {
					chain++
				}
			}
		case token.Punct:
			if y.char(i) == ',' && y.depth[i] == 0 {
				chain = 0
			}
		}
		if y.char(i) == ')' && y.depth[i] == 0 {
			// A closed row or call ends its own chain; what follows may still grow one.
			continue
		}
		if chain > maxOperands {
			return diag.New(diag.TooDeep, y.span(y.one(i)), "a chain of more than %d operators ends here", maxOperands), true
		}
	}
	return diag.Diagnostic{}, false
}

// syntaxError gives the engine's own words a place.
func syntaxError(y *layout, err error) diag.Diagnostic {
	at := y.s.Span
	var e *parser.Error
	if pe, ok := err.(*parser.Error); ok {
		e = pe
	}
	if e == nil {
		return diag.New(diag.SyntaxError, at, "%s", err.Error())
	}
	if e.Cursorpos > 0 {
		at = y.span(y.at(int32(byteOffset(y.s.Text, e.Cursorpos-1))))
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
