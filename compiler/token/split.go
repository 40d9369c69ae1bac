package token

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Mode says what a file is read as.
type Mode uint8

// The modes. In a file of queries only statements with a header count; headers, doc
// comments and macros mean nothing in a schema.
const (
	Schema Mode = iota
	Queries
)

// MaxNesting is how deep parentheses may be nested in a statement. It is what every
// engine's parser takes: PostgreSQL's grammar is the first to give up, between 1,000 and
// 2,000 nested subqueries.
const MaxNesting = 1000

// Split cuts a file into its statements. In Queries mode it returns those that have a
// header; one that holds data (SELECT, INSERT …) without a header is a warning, other
// statements (the schema may stand in the same file) are passed over. A statement that
// holds an unclosed token, or is nested too deep, is reported and left out.
func Split(f *source.File, d Dialect, mode Mode) ([]*Statement, diag.List) {
	s := &splitter{
		file: f, lex: newLexer(f.Text, d), mode: mode,
		buf: make([]Token, 0, 256), body: body{d: d},
	}
	s.run()
	return s.out, s.diags
}

type splitter struct {
	file  *source.File
	lex   *lexer
	mode  Mode
	out   []*Statement
	diags diag.List

	// The statement that is being read.
	buf   []Token // with comments
	from  int     // where its raw text starts
	real  int     // tokens of buf that are not comments
	depth int
	deep  Token // the parenthesis that was one too many
	body  body

	problems int     // of lex.problems, those reported
	slab     []Token // room for the statements' tokens
	// Room that each statement uses anew:
	pieces []replacement
	found  []foundHeader
}

func (s *splitter) run() {
	src := s.file.Text
	for {
		t := s.lex.next()
		switch {
		case t.Kind == EOF:
			s.cut(len(src), len(src))
			return
		case t.Kind == Comment:
			if s.mode == Queries && s.real > 0 && s.startsQuery(t) {
				s.missingSemicolon()
				end := int(t.Start)
				s.cut(end, end)
			}
			s.buf = append(s.buf, t)
			continue
		case t.Kind == Meta, t.Kind == Terminator:
			s.cut(int(t.Start), int(t.End))
			continue
		case t.Kind == Punct:
			switch src[t.Start] {
			case ';':
				if s.lex.delimiter == "" && !s.body.holds() {
					s.cut(int(t.Start), int(t.End))
					continue
				}
			case '(', '[':
				s.depth++
				if s.depth == MaxNesting+1 {
					s.deep = t
				}
			case ')', ']':
				s.depth--
			}
		}
		s.body.read(t, src)
		s.buf = append(s.buf, t)
		s.real++
	}
}

// startsQuery tells whether a comment is a header that can only belong to another query.
func (s *splitter) startsQuery(t Token) bool {
	if !s.lineStart(int(t.Start)) {
		return false
	}
	h, ok := readHeader(s.file, t)
	return ok && h.problem == nil && h.Command != ""
}

func (s *splitter) lineStart(at int) bool { return at == 0 || s.file.Text[at-1] == '\n' }

func (s *splitter) missingSemicolon() {
	last := s.buf[len(s.buf)-1]
	for i := len(s.buf) - 1; last.Kind == Comment; i-- {
		last = s.buf[i]
	}
	d := diag.New(diag.MissingSemicolon, s.file.Span(int(last.Start), int(last.End)), "a semicolon is missing at the end of the query").
		WithInline("the query ends here, the next header follows").
		WithFix(diag.Fix{Title: "add the semicolon", Safe: true,
			Edits: []diag.Edit{{Span: s.file.Span(int(last.End), int(last.End)), New: ";"}}})
	for _, t := range s.buf {
		if t.Kind != Comment {
			break
		}
		if h, ok := readHeader(s.file, t); ok {
			d.Query = h.Name
		}
	}
	s.diags.Add(d)
}

// cut ends the statement whose raw text ends at end; the next one's starts at next.
func (s *splitter) cut(end, next int) {
	from := s.from
	s.from = next
	sound := s.report()
	if s.real > 0 || s.mode == Queries {
		s.statement(from, end, sound)
	}
	s.buf, s.real, s.depth, s.deep = s.buf[:0], 0, 0, Token{}
	s.body = body{d: s.lex.d}
}

// report turns the lexer's new problems into diagnostics; true where there are none.
func (s *splitter) report() bool {
	sound := true
	for _, p := range s.lex.problems[s.problems:] {
		sound = false
		code, at := diag.SyntaxError, s.file.Span(int(p.Start), int(p.End))
		if p.End == int32(len(s.file.Text)) && strings.Contains(p.Message, "not closed") {
			// What is not closed reaches to the end of the file: point at where it opens.
			code = diag.UnterminatedTok
			at = s.file.Span(int(p.Start), s.opening(int(p.Start), int(p.End)))
		}
		s.diags.Add(diag.New(code, at, "%s", p.Message))
	}
	s.problems = len(s.lex.problems)
	if s.deep.End > 0 {
		sound = false
		s.diags.Add(diag.New(diag.TooDeep, s.file.Span(int(s.deep.Start), int(s.deep.End)),
			"parentheses are nested more than %d deep", MaxNesting))
	}
	return sound
}

// opening is the end of the first line of an unclosed token.
func (s *splitter) opening(start, end int) int {
	if n := strings.IndexByte(s.file.Text[start:end], '\n'); n > 0 {
		end = start + n
	}
	return max(end, start+1)
}

// statement makes the statement of the tokens in buf, whose raw text is [from, end).
func (s *splitter) statement(from, end int, sound bool) {
	tokens := s.buf
	var h *Header
	if s.mode == Queries {
		var bad bool
		h, bad = s.header(from)
		switch {
		case bad:
			return
		case s.real == 0:
			if h != nil {
				s.diags.Add(s.inQuery(h, diag.New(diag.HeaderInvalid, h.Span, "query %s has no statement", h.Name).
					WithInline("no SQL follows before the next semicolon or the end of the file")))
			}
			return
		case h == nil:
			s.headless()
			return
		}
	}
	if !sound {
		return
	}
	first, last := bounds(tokens, s.file.Text)
	if first < 0 {
		return
	}
	st := &Statement{File: s.file, Header: h, Lex: s.lex.d}
	begin, stop := int(tokens[first].Start), int(tokens[last].End)
	st.Span = s.file.Span(begin, stop)
	raw := from
	for raw < begin && class[s.file.Text[raw]]&space != 0 {
		raw++
	}
	st.Raw = s.file.Span(raw, stop)
	w := rewriter{splitter: s, st: st, base: begin, pieces: s.pieces[:0]}
	fine := w.run(tokens[first : last+1])
	if s.pieces = w.pieces; !fine {
		return
	}
	if s.mode == Queries {
		s.surroundings(st, tokens, first, last, raw, end)
		s.findMarks(st, tokens, first, last, from, end)
	}
	s.out = append(s.out, st)
}

// bounds are the indexes of the first and the last token that belong to the statement's
// text: comments around it do not, but the marks of MySQL's /*! … */ do, and semicolons
// that end a body under another DELIMITER do not.
func bounds(tokens []Token, src string) (first, last int) {
	content := func(t Token) bool {
		return t.Kind != Comment || conditionalMark(src[t.Start:t.End])
	}
	first, last = 0, len(tokens)-1
	for first <= last && !content(tokens[first]) {
		first++
	}
	for last >= first && (!content(tokens[last]) || (tokens[last].Kind == Punct && src[tokens[last].Start] == ';')) {
		last--
	}
	if last < first {
		return -1, -1
	}
	return first, last
}

// conditionalMark tells whether a comment is the opening or the end of MySQL's /*! … */.
func conditionalMark(text string) bool {
	return text == "*/" || (strings.HasPrefix(text, "/*!") && !strings.HasSuffix(text, "*/"))
}

// dataVerbs are first words of statements that are surely meant as queries.
var dataVerbs = map[string]bool{
	"select": true, "insert": true, "update": true, "delete": true, "with": true, "replace": true,
	"merge": true, "values": true, "call": true,
}

// headless reports a data statement that has no header.
func (s *splitter) headless() {
	for i, t := range s.buf {
		if t.Kind == Comment || t.Kind == Punct {
			continue
		}
		if t.Kind != Ident || !dataVerbs[strings.ToLower(s.file.Text[t.Start:t.End])] {
			return
		}
		last := s.buf[len(s.buf)-1]
		for j := len(s.buf) - 1; last.Kind == Comment && j >= i; j-- {
			last = s.buf[j]
		}
		d := diag.New(diag.HeaderMissing, s.file.Span(int(t.Start), int(last.End)),
			"this statement has no header and is left out").
			WithHelp("put a line such as \"-- name: GetAuthor :one\" before it")
		for _, c := range s.buf[:i] {
			if h, ok := readHeader(s.file, c); ok && h.problem == nil && h.Command != "" {
				d = d.WithLabel(h.Span, "a header must start in the first column of its line")
			}
		}
		s.diags.Add(d)
		return
	}
}

func (s *splitter) inQuery(h *Header, d diag.Diagnostic) diag.Diagnostic {
	if h != nil {
		d.Query = h.Name
	}
	return d
}

// take returns room for n tokens that stays with a statement.
func (s *splitter) take(n int) []Token {
	if n > cap(s.slab)-len(s.slab) {
		s.slab = make([]Token, 0, max(n, min(4096, len(s.file.Text)/8+16)))
	}
	at := len(s.slab)
	s.slab = s.slab[:at+n]
	return s.slab[at : at : at+n]
}
