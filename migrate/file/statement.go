package file

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// cut cuts a side into its statements. f holds the side's text; blocks are one statement each.
func cut(f *source.File, d token.Dialect, blocks []textRange, delimiter string) ([]Statement, error) {
	if err := clientLines(f, d, blocks); err != nil {
		return nil, err
	}
	if delimiter != "" {
		return delimited(f, d, delimiter), nil
	}
	var out []Statement
	from := 0
	plain := func(to int) error {
		part := f
		if from > 0 || to < len(f.Text) {
			part = source.NewFile(f.Path, blanked(f.Text[:to], []textRange{{from, to}}))
		}
		found, problems := token.Split(part, d, token.Schema)
		for _, p := range problems {
			if p.Severity == diag.Error {
				return at(f, int(p.Span.Start), p.Message, "the file is not run until it is whole")
			}
		}
		for _, s := range found {
			span := f.Span(int(s.Span.Start), int(s.Span.End))
			out = append(out, Statement{SQL: f.Text[span.Start:span.End], Span: span})
		}
		return nil
	}
	for _, b := range blocks {
		if strings.TrimSpace(f.Text[b.start:b.end]) == "" {
			continue // a block of the other side
		}
		if err := plain(b.start); err != nil {
			return nil, err
		}
		from = b.end
		if s, ok := whole(f, d, b); ok {
			out = append(out, s)
		}
	}
	if err := plain(len(f.Text)); err != nil {
		return nil, err
	}
	return out, nil
}

// whole is the statement that a block is; false where it holds comments alone.
func whole(f *source.File, d token.Dialect, b textRange) (Statement, bool) {
	tokens, _ := token.Lex(f.Text[b.start:b.end], d)
	first, last := -1, -1
	for i, t := range tokens {
		text := f.Text[b.start+int(t.Start) : b.start+int(t.End)]
		if t.Kind == token.Comment && !strings.HasPrefix(text, "/*!") && text != "*/" {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	if first < 0 {
		return Statement{}, false
	}
	// The last semicolon is the client's; one within BEGIN … END stands before END.
	for last > first && f.Text[b.start+int(tokens[last].Start):b.start+int(tokens[last].End)] == ";" {
		last--
	}
	span := f.Span(b.start+int(tokens[first].Start), b.start+int(tokens[last].End))
	return Statement{SQL: f.Text[span.Start:span.End], Span: span, block: true}, true
}

// delimited cuts at a text of the file's own choice, outside of strings, quoted names and comments.
func delimited(f *source.File, d token.Dialect, delimiter string) (out []Statement) {
	tokens, _ := token.Lex(f.Text, d)
	within := func(i int) (end int, ok bool) {
		for _, t := range tokens {
			if int(t.Start) >= i {
				return 0, false
			}
			switch t.Kind {
			case token.String, token.QuotedIdent, token.Comment, token.Blob:
				if i < int(t.End) {
					return int(t.End), true
				}
			}
		}
		return 0, false
	}
	from := 0
	add := func(to int) {
		if s, ok := whole(f, d, textRange{from, to}); ok {
			out = append(out, s)
		}
	}
	for i := 0; i < len(f.Text); {
		n := strings.Index(f.Text[i:], delimiter)
		if n < 0 {
			break
		}
		if end, ok := within(i + n); ok {
			i = end
			continue
		}
		add(i + n)
		from = i + n + len(delimiter)
		i = from
	}
	add(len(f.Text))
	return out
}

// clientLines refuses what only a client such as psql understands.
func clientLines(f *source.File, d token.Dialect, blocks []textRange) error {
	if d == token.MySQL { // DELIMITER is read, and no other line of its client is
		return nil
	}
	tokens, _ := token.Lex(f.Text, d)
	for _, t := range tokens {
		if t.Kind != token.Meta {
			continue
		}
		line := strings.TrimSpace(f.Text[t.Start:t.End])
		if word, _, _ := strings.Cut(line, "\n"); strings.HasPrefix(word, `\`) {
			return at(f, int(t.Start), "the line "+first(word)+" is a command of psql, not SQL",
				`leave it out; a dump is made without such lines by pg_dump --inserts, and \restrict lines can go`)
		}
		return at(f, int(t.Start), "the file holds rows of COPY … FROM stdin, which only psql sends",
			"write them as INSERT; pg_dump --inserts does")
	}
	return nil
}

func first(line string) string {
	word, _, _ := strings.Cut(line, " ")
	return word
}

// Words are the statement's first words in small letters, at most n, comments passed over. A token that is no unquoted
// word ends them.
func Words(sql string, d token.Dialect, n int) (words []string) {
	tokens, _ := token.Lex(sql[:min(len(sql), 4096)], d)
	for _, t := range tokens {
		if t.Kind == token.Comment {
			continue
		}
		if t.Kind != token.Ident || len(words) == n {
			break
		}
		words = append(words, strings.ToLower(sql[t.Start:t.End]))
	}
	return words
}
