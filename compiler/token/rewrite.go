package token

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Insertion puts a text before a token of a statement, or behind it.
type Insertion struct {
	Token  int
	Behind bool
	Text   string
}

// Rewritten is the statement with texts put in, ascending, and one behind it and its marks. Places in the texts are
// found at a span.
func (s *Statement) Rewritten(in []Insertion, behind string, at source.Span) (*Statement, diag.List) {
	var a source.Assembly
	a.Insert("-- name: "+s.Header.Name+" :"+s.Header.Command+"\n", at, nil)
	from := int(s.Span.Start)
	for _, i := range in {
		t := s.Tokens[i.Token]
		start, end := s.Map.Range(int(t.Start), int(t.End))
		if i.Behind {
			start = end
		}
		a.Copy(s.File.Span(from, start), nil)
		a.Insert(i.Text, at, nil)
		from = start
	}
	a.Copy(s.File.Span(from, int(s.Span.End)), nil)
	for _, m := range s.marks {
		if m.start < int32(len(s.Text)) {
			continue
		}
		if m.own {
			a.Insert("\n", at, nil)
		} else {
			a.Insert(" ", at, nil)
		}
		a.Copy(m.span, nil)
	}
	a.Insert(behind, at, nil)
	stmts, diags := Split(a.File(s.File.Path), s.Lex, Queries)
	if len(stmts) != 1 {
		return nil, diags
	}
	stmts[0].Header = s.Header
	return stmts[0], diags
}
