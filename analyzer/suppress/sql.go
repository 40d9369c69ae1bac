package suppress

import (
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// SQL gives the comments of ours in a file of SQL. Before a statement's first word a comment speaks of the whole statement; inside
// one, of the line that it ends, or of the next line where it has one of its own. In a schema it speaks of the whole statement
// everywhere.
func SQL(f *source.File, d token.Dialect, mode token.Mode) []Comment {
	if !strings.Contains(f.Text, Word) {
		return nil
	}
	text := f
	if mode == token.Schema {
		text = source.UpSide(f)
	}
	tokens, _ := token.Lex(text.Text, d)
	statements, _ := token.Split(text, d, mode)
	var out []Comment
	for i, t := range tokens {
		if t.Kind != token.Comment || !IsOurs(f.Text[t.Start:t.End]) {
			continue
		}
		c := Comment{Span: f.Span(int(t.Start), int(t.End))}
		before, behind := neighbours(tokens, i)
		beside := before // whose line the comment is on
		if before < 0 || !sameLine(f, int(tokens[before].End), int(t.Start)) {
			beside = -1
		}
		switch {
		case beside >= 0 && mode == token.Schema:
			c.Scope, _ = statement(statements, int(tokens[beside].Start))
		case beside >= 0:
			c.Scope = lines(f, int(tokens[beside].Start), int(t.Start))
			_, query := statement(statements, int(tokens[beside].Start))
			c.Head = query.head
		case behind >= 0:
			at := int(tokens[behind].Start)
			whole, query := statement(statements, at)
			switch {
			case whole.IsZero():
			case mode == token.Schema:
				c.Scope = whole
			case t.Start < query.head.End:
				c.Scope, c.Query = whole, query.name
			default:
				c.Scope, c.Head = lines(f, at, at), query.head
			}
		}
		out = append(out, c)
	}
	return out
}

// neighbours are the indexes of the last token before and the first one behind token i that are no comments; -1 for none.
func neighbours(tokens []token.Token, i int) (before, behind int) {
	before, behind = i-1, i+1
	for before >= 0 && tokens[before].Kind == token.Comment {
		before--
	}
	for behind < len(tokens) && tokens[behind].Kind == token.Comment {
		behind++
	}
	if behind == len(tokens) {
		behind = -1
	}
	return before, behind
}

func sameLine(f *source.File, a, b int) bool { return !strings.Contains(f.Text[a:b], "\n") }

// lines are the whole lines of the bytes from start to end.
func lines(f *source.File, start, end int) source.Span {
	from := strings.LastIndexByte(f.Text[:start], '\n') + 1
	to := len(f.Text)
	if n := strings.IndexByte(f.Text[end:], '\n'); n >= 0 {
		to = end + n + 1
	}
	return f.Span(from, to)
}

// query is what stands before a statement's first word, and the name of the query.
type query struct {
	head source.Span
	name string
}

// statement is the statement that holds an offset, with what stands before it; zero where none does.
func statement(all []*token.Statement, offset int) (whole source.Span, q query) {
	i := sort.Search(len(all), func(i int) bool { return int(all[i].Raw.End) >= offset })
	if i == len(all) || int(all[i].Raw.Start) > offset {
		return source.Span{}, query{}
	}
	s := all[i]
	q.head = s.File.Span(int(s.Raw.Start), int(s.Span.Start))
	if s.Header != nil {
		q.name = s.Header.Name
	}
	return s.Raw, q
}
