package suppress

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Migration gives the comments of ours in one way of a migration, whose statements stand at the given places in order: one beside code
// speaks of the statement that the code belongs to, one before a statement of that. So it does of findings elsewhere that label the
// statement: of queries that it breaks.
func Migration(f *source.File, d token.Dialect, statements []source.Span) []Comment {
	if !strings.Contains(f.Text, Word) {
		return nil
	}
	tokens, _ := token.Lex(f.Text, d)
	at := func(offset int) source.Span {
		for _, s := range statements {
			if int(s.Start) <= offset && offset < int(s.End) {
				return s
			}
		}
		return source.Span{}
	}
	var out []Comment
	for i, t := range tokens {
		if t.Kind != token.Comment || !IsOurs(f.Text[t.Start:t.End]) {
			continue
		}
		c := Comment{Span: f.Span(int(t.Start), int(t.End)), Labels: true}
		before, behind := neighbours(tokens, i)
		if before >= 0 && f.Text[tokens[before].Start:tokens[before].End] == ";" {
			before-- // which belongs to no statement
		}
		switch {
		case before >= 0 && sameLine(f, int(tokens[before].End), int(t.Start)):
			c.Scope = at(int(tokens[before].Start))
		case behind >= 0:
			c.Scope = at(int(tokens[behind].Start))
		}
		out = append(out, c)
	}
	return out
}
