package token

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
)

// mark is a comment that begins, ends or makes an optional part. Its range is that of Text; it is empty at the
// end of Text for one behind the last token.
type mark struct {
	textRange
	span source.Span
	word string   // if, order or end
	rest []string // the words behind it
	line bool     // a comment up to the end of its line
	own  bool     // nothing stands before it on its line
	far  bool     // behind the statement, on a line that has none of it
}

// marks are the words of marks, noMarks those that people write for one: as a comment they would be silently nothing.
var (
	marks   = map[string]bool{"if": true, "order": true, "end": true}
	noMarks = map[string]bool{"iff": true, "fi": true, "else": true, "elseif": true, "elsif": true, "endif": true, "unless": true, "when": true,
		"ifnot": true, "orderby": true, "order_by": true, "sort": true, "sortby": true, "ends": true}
)

// IsMark tells whether a doc comment's line is a mark of an optional part.
func IsMark(comment string) bool {
	word, _ := markWords(comment)
	return word != ""
}

// markWords reads the body of a comment as a mark; word is empty where it is none.
func markWords(body string) (word string, rest []string) {
	body = strings.TrimLeft(body, " \t")
	if !strings.HasPrefix(body, ":") {
		return "", nil
	}
	words := strings.Fields(body[1:])
	if len(words) == 0 {
		return "", nil
	}
	if word := strings.ToLower(words[0]); marks[word] || noMarks[word] {
		return word, words[1:]
	}
	return "", nil
}

// readMark reads a comment as a mark.
func readMark(f *source.File, t Token) (mark, bool) {
	text := f.Text[t.Start:t.End]
	line := true
	switch {
	case strings.HasPrefix(text, "--"):
		text = text[2:]
	case strings.HasPrefix(text, "#"):
		text = text[1:]
	case strings.HasPrefix(text, "/*") && strings.HasSuffix(text, "*/") && len(text) >= 4:
		text, line = text[2:len(text)-2], false
	default:
		return mark{}, false
	}
	word, rest := markWords(text)
	own := strings.TrimSpace(f.Text[strings.LastIndexByte(f.Text[:t.Start], '\n')+1:t.Start]) == ""
	return mark{span: f.Span(int(t.Start), int(t.End)), word: word, rest: rest, line: line, own: own}, word != ""
}

// findMarks keeps the statement's marks: those before, in and behind it, and one behind its semicolon on the same
// line. tokens[first:last+1] are the statement's; its raw text is [from, end).
func (s *splitter) findMarks(st *Statement, tokens []Token, first, last, from, end int) {
	src := s.file.Text
	for i, t := range tokens {
		if t.Kind != Comment {
			continue
		}
		m, ok := readMark(s.file, t)
		switch {
		case !ok:
			continue
		case i < first && i == 0 && from > 0 && !strings.Contains(src[from:t.Start], "\n"):
			continue // it is of the statement before
		case i < first:
			m.textRange = textRange{0, 0}
		case i > last:
			s.behind(st, &m)
		default:
			m.textRange = s.inText(st, int(t.Start), int(t.End))
		}
		st.marks = append(st.marks, m)
	}
	if end >= len(src) || src[end] != ';' {
		return
	}
	rest, _, _ := strings.Cut(src[end+1:], "\n")
	at := end + 1 + len(rest) - len(strings.TrimLeft(rest, " \t"))
	rest = strings.TrimRight(src[at:end+1+len(rest)], "\r")
	if strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "#") && st.Lex == MySQL {
		if m, ok := readMark(s.file, Token{Comment, int32(at), int32(at + len(rest))}); ok {
			s.behind(st, &m)
			st.marks = append(st.marks, m)
		}
	}
}

// behind places a mark behind the last token.
func (s *splitter) behind(st *Statement, m *mark) {
	m.textRange = textRange{int32(len(st.Text)), int32(len(st.Text))}
	m.far = !m.own && strings.Contains(s.file.Text[st.Span.End:m.span.Start], "\n")
}
