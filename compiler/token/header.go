package token

import (
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Commands are the commands that a header may have.
var Commands = []string{
	"one", "maybe", "many", "iter", "exec", "execrows", "execresult", "execlastid",
	"batchexec", "batchmany", "batchone", "copyfrom", "bulkinsert",
}

func isCommand(name string) bool {
	for _, c := range Commands {
		if c == name {
			return true
		}
	}
	return false
}

// foundHeader is a comment that is a header, and what is wrong with it.
type foundHeader struct {
	Header
	problem *diag.Diagnostic
}

// readHeader reads the comment t as a header. It is false where the comment is none: a
// comment is a header when "name:" is its first word, in lower case.
func readHeader(f *source.File, t Token) (foundHeader, bool) {
	text := f.Text[t.Start:t.End]
	start := int(t.Start)
	body, end := "", int(t.End)
	switch {
	case strings.HasPrefix(text, "--"):
		body = text[2:]
	case strings.HasPrefix(text, "#"):
		body = text[1:]
	case strings.HasPrefix(text, "/*") && strings.HasSuffix(text, "*/") && len(text) >= 4:
		body = text[2 : len(text)-2]
		end -= 2
	default:
		return foundHeader{}, false
	}
	lead := len(body) - len(strings.TrimLeft(body, " \t"))
	if !strings.HasPrefix(body[lead:], "name") || strings.ContainsAny(body, "\n") {
		return foundHeader{}, false
	}
	rest := strings.TrimLeft(body[lead+len("name"):], " \t")
	if !strings.HasPrefix(rest, ":") {
		return foundHeader{}, false
	}
	h := foundHeader{Header: Header{Span: f.Span(start, int(t.End))}}
	words := fields(f, end-len(rest)+1, end)
	word := func(i int) string { return words[i].Text() }
	fail := func(at source.Span, format string, args ...any) (foundHeader, bool) {
		d := diag.New(diag.HeaderInvalid, at, format, args...)
		d.Query = h.Name
		h.problem = &d
		return h, true
	}
	example := `a header reads "-- name: GetAuthor :one"`
	if len(words) == 0 {
		h, _ := fail(h.Span, "the header has no query name")
		*h.problem = h.problem.WithHelp("%s", example)
		return h, true
	}
	if strings.HasPrefix(word(0), ":") {
		h, _ := fail(words[0], "the header has no query name before %s", word(0))
		*h.problem = h.problem.WithHelp("%s", example)
		return h, true
	}
	h.Name, h.NameSpan = word(0), words[0]
	if !validName(h.Name) {
		h, _ := fail(h.NameSpan, "%q is not a query name", h.Name)
		*h.problem = h.problem.WithInline("a letter, then letters, digits and underscores")
		return h, true
	}
	if len(words) == 1 {
		h, _ := fail(h.NameSpan, "query %s has no command", h.Name)
		*h.problem = h.problem.WithHelp("allowed are %s", allowed())
		return h, true
	}
	h.CommandSpan = words[1]
	command := word(1)
	if !strings.HasPrefix(command, ":") || !isCommand(command[1:]) {
		h, _ := fail(h.CommandSpan, "%q is not a command", command)
		name := strings.ToLower(strings.TrimLeft(command, ":"))
		if near := diag.Nearest(name, Commands, 1); len(near) > 0 {
			*h.problem = h.problem.WithHelp("did you mean :%s?", near[0]).
				WithFix(diag.Fix{Title: "write :" + near[0], Edits: []diag.Edit{{Span: h.CommandSpan, New: ":" + near[0]}}})
		}
		*h.problem = h.problem.WithHelp("allowed are %s", allowed())
		return h, true
	}
	h.Command = command[1:]
	for _, w := range words[2:] {
		if key, value, ok := strings.Cut(w.Text(), "="); ok || key != "" {
			h.flag(key, value)
		}
	}
	return h, true
}

func allowed() string { return ":" + strings.Join(Commands, ", :") }

func (h *Header) flag(key, value string) {
	if h.Flags == nil {
		h.Flags = map[string]string{}
	}
	h.Flags[key] = value
}

func validName(s string) bool {
	for i := range len(s) {
		c := class[s[i]]
		if s[i] >= 0x80 || c&(letter|digit) == 0 || (i == 0 && c&digit != 0) {
			return false
		}
	}
	return s != ""
}

// fields are the words of the file's bytes [start, end).
func fields(f *source.File, start, end int) []source.Span {
	var out []source.Span
	for i := start; i < end; {
		if class[f.Text[i]]&space != 0 {
			i++
			continue
		}
		from := i
		for i < end && class[f.Text[i]]&space == 0 {
			i++
		}
		out = append(out, f.Span(from, i))
	}
	return out
}

// header finds the header among the comments of buf and gathers the doc comment and the
// flags. bad means that it was reported and the statement is to be left out.
func (s *splitter) header(from int) (h *Header, bad bool) {
	var comments []string
	found := s.found[:0]
	defer func() { s.found = found }()
	var columns []ColumnLine
	var nests []NestLine
	var wrong []diag.Diagnostic // in the lines about columns
	src := s.file.Text
	for i, t := range s.buf {
		if t.Kind != Comment {
			continue
		}
		line, problem, about := readColumnLine(s.file, t)
		if !s.ownLine(t, i, from) {
			if about && problem == nil && !line.SaysNothing() {
				wrong = append(wrong, diag.New(diag.ColumnLineInvalid, line.Span, "a line about a column must start in the first column of its line"))
			}
			continue
		}
		if about {
			if problem != nil {
				wrong = append(wrong, *problem)
			}
			columns = append(columns, *line)
			if problem != nil || !line.SaysNothing() {
				continue
			}
		}
		if s.lineStart(int(t.Start)) || int(t.Start) == from {
			if fh, ok := readHeader(s.file, t); ok && (fh.problem == nil || len(found) == 0) {
				found = append(found, fh)
				continue
			}
		}
		if text, ok := docComment(src, t); ok {
			comments = append(comments, text)
			if l, ok := readNestLine(s.file, t); ok {
				nests = append(nests, l)
			}
		}
	}
	for i, fh := range found {
		if fh.problem != nil {
			s.diags.Add(*fh.problem)
			return nil, true
		}
		if i+1 < len(found) {
			s.diags.Add(s.inQuery(&fh.Header, diag.New(diag.HeaderInvalid, fh.Span, "query %s has no statement", fh.Name).
				WithLabel(found[i+1].Span, "the next header follows at once")))
		}
	}
	if len(found) == 0 {
		return nil, false
	}
	last := found[len(found)-1].Header
	if len(wrong) > 0 && s.real > 0 {
		for _, d := range wrong {
			s.diags.Add(s.inQuery(&last, d))
		}
		return nil, true
	}
	last.Comments, last.Columns, last.Nests = comments, columns, nests
	for _, c := range comments {
		last.readFlag(c)
	}
	for _, at := range []*source.Span{&last.Span, &last.NameSpan, &last.CommandSpan} {
		*at, _ = at.Origin()
	}
	return &last, false
}

// readFlag takes a line "@key value" or "key: value" of the doc comment as a flag. Of
// "@param name text" the key is "param name".
func (h *Header) readFlag(line string) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return
	}
	key, ok := strings.CutPrefix(words[0], "@")
	if !ok {
		if key, ok = strings.CutSuffix(words[0], ":"); !ok || !flagName(key) {
			return
		}
	}
	words = words[1:]
	if key == "param" && len(words) > 0 {
		key, words = "param "+words[0], words[1:]
	}
	if key != "" {
		h.flag(key, strings.Join(words, " "))
	}
}

func flagName(s string) bool {
	for i := range len(s) {
		if (s[i] < 'a' || s[i] > 'z') && s[i] != '-' && s[i] != '_' {
			return false
		}
	}
	return s != ""
}

// ownLine tells whether comment i of buf starts in the first column: that makes it a doc
// comment. The first thing behind a semicolon counts as such.
func (s *splitter) ownLine(t Token, i, from int) bool {
	return s.lineStart(int(t.Start)) || (i == 0 && strings.TrimSpace(s.file.Text[from:t.Start]) == "")
}

// docComment is the text of a comment that leaves the SQL and becomes documentation: a line
// comment, or a block comment that is all of its line.
func docComment(src string, t Token) (string, bool) {
	text := src[t.Start:t.End]
	switch {
	case strings.HasPrefix(text, "--"):
		return text[2:], true
	case strings.HasPrefix(text, "#"):
		return text[1:], true
	case conditionalMark(text) || strings.IndexByte(text, '\n') >= 0 || len(text) < 4:
		return "", false
	}
	if rest := src[t.End:]; rest != "" && rest[0] != '\n' && !strings.HasPrefix(rest, "\r\n") {
		return "", false
	}
	return text[2 : len(text)-2], true
}

// surroundings records what Final needs: the text kept before and behind the statement,
// and the doc comments inside it.
func (s *splitter) surroundings(st *Statement, tokens []Token, first, last, raw, end int) {
	src := s.file.Text
	begin, stop := int(tokens[first].Start), int(tokens[last].End)
	var lead, trail strings.Builder
	at := raw
	tail := stop
	for i, t := range tokens {
		if t.Kind != Comment || !s.ownLine(t, i, raw) {
			continue
		}
		_, doc := docComment(src, t)
		if _, header := readHeader(s.file, t); !doc && !header {
			continue
		}
		from, to := int(t.Start), lineEnd(src, int(t.End))
		switch {
		case i < first:
			lead.WriteString(src[at:from])
			at = min(to, begin)
		case i > last:
			trail.WriteString(src[tail:from])
			tail = min(to, end)
		default:
			st.unsent = append(st.unsent, s.inText(st, from, to))
		}
	}
	lead.WriteString(src[at:begin])
	if tail < end {
		trail.WriteString(src[tail:end])
	}
	st.lead = strings.ReplaceAll(lead.String(), "\r\n", "\n")
	st.trail = strings.TrimRight(strings.ReplaceAll(trail.String(), "\r\n", "\n"), " \t\r\n\f\v")
}

// inText is the range of st.Text that stands for the file's bytes [from, to), which hold
// no replaced piece.
func (s *splitter) inText(st *Statement, from, to int) textRange {
	i := sort.Search(len(st.Text), func(at int) bool {
		f, _ := st.Map.Range(at, at+1)
		return f >= from
	})
	return textRange{int32(i), int32(min(i+to-from, len(st.Text)))}
}

// lineEnd is the start of the line behind the one that holds at.
func lineEnd(src string, at int) int {
	if n := strings.IndexByte(src[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(src)
}
