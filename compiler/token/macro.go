package token

import (
	"sort"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// macros are the functions of the sqlc schema.
var macros = map[string]struct {
	kind  ParamKind
	embed bool
}{
	"arg":   {kind: Named},
	"narg":  {kind: Nullable},
	"slice": {kind: Slice},
	"embed": {embed: true},
}

var macroNames = func() (out []string) {
	for name := range macros {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}()

// rewriter makes a statement's Text: the file's text with macros and placeholders replaced.
type rewriter struct {
	*splitter
	st     *Statement
	base   int // offset in the file of Text's first byte
	tokens []Token
	pieces []replacement
	bad    bool
}

// replacement says that tokens [first, last] of the statement become a parameter or t.*.
type replacement struct {
	first, last int
	param       ParamRef
	style       style
	embed       []Token // the tokens of t
}

// style is how a parameter's number comes about.
type style uint8

const (
	named    style = iota
	counted        // ?
	numbered       // $1, ?1
)

// run fills st.Text, Tokens, Params, Embeds and Map from the tokens of the statement; it
// returns false where the parameters are not sound, which is reported.
func (w *rewriter) run(tokens []Token) bool {
	real := 0
	for _, t := range tokens {
		if t.Kind != Comment {
			real++
		}
	}
	w.tokens = w.take(real)
	for _, t := range tokens {
		if t.Kind != Comment {
			w.tokens = append(w.tokens, t)
		}
	}
	if w.mode == Queries {
		w.find()
		w.number()
	}
	w.build(int(tokens[len(tokens)-1].End))
	return !w.bad
}

func (w *rewriter) text(i int) string {
	if i >= len(w.tokens) {
		return ""
	}
	return w.file.Text[w.tokens[i].Start:w.tokens[i].End]
}

func (w *rewriter) span(first, last int) source.Span {
	last = min(last, len(w.tokens)-1)
	return w.file.Span(int(w.tokens[first].Start), int(w.tokens[last].End))
}

func (w *rewriter) fail(code *diag.Code, at source.Span, format string, args ...any) *diag.Diagnostic {
	w.bad = true
	w.diags.Add(w.inQuery(w.st.Header, diag.New(code, at, format, args...)))
	return &w.diags[len(w.diags)-1]
}

// find lists what is to be replaced.
func (w *rewriter) find() {
	for i := 0; i < len(w.tokens); i++ {
		switch w.tokens[i].Kind {
		case Placeholder:
			w.placeholder(i)
		case Ident:
			if w.tokens[i].End-w.tokens[i].Start == 4 && strings.EqualFold(w.text(i), "sqlc") && w.text(i+1) == "." &&
				(i == 0 || w.text(i-1) != ".") {
				i = w.macro(i)
			}
		}
	}
}

// placeholder reads $1, ?, ?1, @name, :name, $name.
func (w *rewriter) placeholder(i int) {
	text := w.text(i)
	p := ParamRef{Span: w.span(i, i)}
	name := text[1:]
	st := named
	switch {
	case name == "":
		st = counted
	case text[0] == '?' || (w.st.Lex == PostgreSQL && text[0] == '$'):
		st = numbered
		n, err := strconv.Atoi(name)
		if err != nil || n < 1 || n > 65535 {
			w.fail(diag.SyntaxError, p.Span, "there is no parameter %s", text).
				Inline = "parameters count from 1 to 65535"
			n = 1
		}
		p.Number = n
	default:
		p.Kind = Named
		p.Name = name
		if w.st.Lex == PostgreSQL {
			p.Name = foldName(name)
		}
	}
	w.pieces = append(w.pieces, replacement{first: i, last: i, param: p, style: st})
}

// foldName is the name that PostgreSQL makes of a word or a quoted name.
func foldName(s string) string {
	if s[0] == '"' {
		return unquote(s)
	}
	return strings.ToLower(s)
}

func unquote(s string) string {
	q := s[len(s)-1:]
	if len(s) < 2 {
		return s
	}
	return strings.ReplaceAll(s[1:len(s)-1], q+q, q)
}

// macro reads sqlc.name(…) at token i and returns the index of its last token.
func (w *rewriter) macro(i int) int {
	if i+2 >= len(w.tokens) || w.text(i+3) != "(" {
		return i // a column of a table called sqlc
	}
	closing, depth := i+3, 0
	for ; closing < len(w.tokens); closing++ {
		switch w.text(closing) {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 {
			break
		}
	}
	if closing == len(w.tokens) {
		w.fail(diag.MacroInvalid, w.span(i, i+3), "the parenthesis of sqlc.%s is not closed", w.text(i+2))
		return closing - 1
	}
	name := strings.ToLower(w.text(i + 2))
	m, ok := macros[name]
	if name == "fragment" { // what is left of them where fragments are read has been reported, or is not well-formed
		if w.file.Assembled() {
			if _, ok := w.argument(w.tokens[i+4]); ok && closing == i+5 {
				w.bad = true
			} else {
				w.fail(diag.MacroInvalid, w.span(i, closing), "sqlc.fragment takes the name of a fragment")
			}
			return closing
		}
		d := w.fail(diag.MacroInvalid, w.span(i, i+2), "fragments are not read here")
		*d = d.WithHelp("they are put in where the configuration is a covetsql.yaml, or says strict: true")
		return closing
	}
	if !ok {
		d := w.fail(diag.MacroInvalid, w.span(i, i+2), "there is no macro sqlc.%s", w.text(i+2))
		if near := diag.Nearest(name, macroNames, 1); len(near) > 0 {
			*d = d.WithHelp("did you mean sqlc.%s?", near[0]).WithFix(diag.Fix{Title: "write sqlc." + near[0],
				Edits: []diag.Edit{{Span: w.span(i+2, i+2), New: near[0]}}})
		}
		*d = d.WithHelp("the macros are sqlc.%s", strings.Join(macroNames, ", sqlc."))
		return closing
	}
	args := w.tokens[i+4 : closing]
	what := "a name: sqlc." + name + "(user_id)"
	if m.embed {
		what = "a table: sqlc.embed(users)"
	}
	at := w.span(i, closing)
	if len(args) == 0 {
		w.fail(diag.MacroInvalid, at, "sqlc.%s needs %s", name, what)
		return closing
	}
	if m.embed {
		if !dotted(args, w.file.Text) {
			w.fail(diag.MacroInvalid, at, "sqlc.%s takes %s", name, what).Inline = "not a table's name"
			return closing
		}
		w.pieces = append(w.pieces, replacement{first: i, last: closing, embed: args})
		return closing
	}
	arg, ok := "", len(args) == 1
	if ok {
		arg, ok = w.argument(args[0])
	}
	if !ok {
		inline := "not a name"
		if len(args) > 1 {
			inline = "more than a name"
		}
		w.fail(diag.MacroInvalid, at, "sqlc.%s takes %s", name, what).Inline = inline
		return closing
	}
	w.pieces = append(w.pieces, replacement{first: i, last: closing, style: named,
		param: ParamRef{Name: arg, Kind: m.kind, Span: at}})
	return closing
}

// argument is the name that a macro's argument stands for: a word in lower case, a quoted
// name or a string as it is.
func (w *rewriter) argument(t Token) (string, bool) {
	text := w.file.Text[t.Start:t.End]
	switch t.Kind {
	case Ident:
		return strings.ToLower(text), true
	case QuotedIdent, String:
		switch text[0] {
		case '"', '\'', '`':
			name := unquote(text)
			return name, name != ""
		case '[':
			return text[1 : len(text)-1], len(text) > 2
		}
	}
	return "", false
}

// dotted tells whether the tokens are a name, or names with dots between.
func dotted(tokens []Token, src string) bool {
	for i, t := range tokens {
		if i%2 == 1 {
			if src[t.Start:t.End] != "." {
				return false
			}
			continue
		}
		switch text := src[t.Start:t.End]; t.Kind {
		case Ident:
		case QuotedIdent:
			if len(text) < 3 {
				return false
			}
		case String: // sqlc.embed('t') is t.*
			if (text[0] != '\'' && text[0] != '"') || len(tokens) > 1 || !validName(unquote(text)) {
				return false
			}
		default:
			return false
		}
	}
	return len(tokens)%2 == 1
}

// number gives each parameter its number: names and plain ? take those that the user's own
// numbers leave free, in order of first occurrence.
func (w *rewriter) number() {
	if len(w.pieces) == 0 {
		return
	}
	var seen [3]*replacement
	used, names := map[int]bool{}, map[string]int{}
	from, to := w.upsert()
	for i := range w.pieces {
		p := &w.pieces[i]
		if p.embed != nil {
			continue
		}
		if seen[p.style] == nil {
			seen[p.style] = p
		}
		if p.style == numbered && (p.first < from || p.first >= to) {
			used[p.param.Number] = true
			w.st.reserved = append(w.st.reserved, p.param.Number)
		}
	}
	if seen[numbered] != nil && seen[counted] != nil {
		w.mixed(seen[numbered], seen[counted])
		return
	}
	next := 1
	for i := range w.pieces {
		p := &w.pieces[i]
		if p.embed != nil || p.style == numbered {
			continue
		}
		if p.style == named {
			p.param.Number = names[p.param.Name]
		}
		if p.param.Number == 0 {
			for used[next] {
				next++
			}
			p.param.Number = next
			used[next] = true
			if p.style == named {
				names[p.param.Name] = next
			}
		}
	}
	for i := range w.pieces {
		if p := &w.pieces[i]; p.style == numbered {
			used[p.param.Number] = true
		}
	}
	w.gaps(used)
}

// upsert is the range of tokens of SQLite's ON CONFLICT clauses. sqlc does not see the
// parameters in there, so that a number in them does not keep names from taking it: people
// write ?6 there for the parameter that is the sixth by name elsewhere.
func (w *rewriter) upsert() (from, to int) {
	n := len(w.tokens)
	if w.st.Lex != SQLite {
		return n, n
	}
	from, to = n, n
	depth := 0
	for i, t := range w.tokens {
		switch text := w.text(i); {
		case text == "(":
			depth++
		case text == ")":
			depth--
		case t.Kind != Ident || depth > 0:
		case from == n && strings.EqualFold(text, "on") && strings.EqualFold(w.text(i+1), "conflict"):
			from = i
		case from < n && strings.EqualFold(text, "returning"):
			return from, i
		}
	}
	return from, to
}

// gaps reports a number that the user skipped: the server can not tell its type.
func (w *rewriter) gaps(used map[int]bool) {
	missing := 1
	for used[missing] {
		missing++
	}
	for i := range w.pieces {
		p := &w.pieces[i]
		if p.style == numbered && p.param.Number > missing {
			sign := p.param.Span.Text()[:1]
			w.fail(diag.UnknownParameter, p.param.Span, "the query has %s%d but no %s%d", sign, p.param.Number, sign, missing).
				Inline = "parameters are numbered without gaps"
			return
		}
	}
}

func (w *rewriter) mixed(number, other *replacement) {
	first, second := number, other
	if other.first < number.first {
		first, second = other, number
	}
	d := w.fail(diag.ParamMix, second.param.Span, "a query can not mix numbered parameters (%s) and plain ones (%s)",
		number.param.Span.Text(), other.param.Span.Text())
	*d = d.WithLabel(first.param.Span, "the other kind is used here").
		WithHelp("write all parameters of the query in one way")
}

// build writes st.Text and moves the tokens to its offsets; end is the file's offset behind
// the last token.
func (w *rewriter) build(end int) {
	st, src := w.st, w.file.Text
	st.Map = source.NewOffsetMap(w.base)
	if len(w.pieces) == 0 {
		st.Text = src[w.base:end]
		st.Tokens = w.tokens
		for i := range st.Tokens {
			st.Tokens[i].Start -= int32(w.base)
			st.Tokens[i].End -= int32(w.base)
		}
		return
	}
	var text strings.Builder
	text.Grow(end - w.base)
	tokens := w.tokens[:0]
	at, next := w.base, 0
	move := func(to int) { // the tokens before index to stay as they are
		delta := int32(text.Len() - at)
		for ; next < to; next++ {
			t := w.tokens[next]
			t.Start += delta
			t.End += delta
			tokens = append(tokens, t)
		}
	}
	for _, p := range w.pieces {
		from, to := int(w.tokens[p.first].Start), int(w.tokens[p.last].End)
		// The embedded tokens may be overwritten by those moved: read them before.
		var embed []string
		var kinds []Kind
		for _, t := range p.embed {
			embed, kinds = append(embed, src[t.Start:t.End]), append(kinds, t.Kind)
		}
		move(p.first)
		text.WriteString(src[at:from])
		start := text.Len()
		if p.embed != nil {
			for i, piece := range append(embed, ".", "*") {
				kind := Punct
				if i < len(kinds) {
					kind = kinds[i]
				} else if piece == "*" {
					kind = Operator
				}
				if kind == String {
					piece, kind = unquote(piece), Ident
				}
				tokens = append(tokens, Token{kind, int32(text.Len()), int32(text.Len() + len(piece))})
				text.WriteString(piece)
			}
			table := strings.Join(embed, "")
			if len(embed) == 1 && kinds[0] != Ident {
				table = unquote(table)
			}
			st.Embeds = append(st.Embeds, Embed{Table: table, Start: int32(start), End: int32(text.Len()), Span: w.file.Span(from, to)})
		} else {
			text.WriteString(placeholder(st.Lex, p.param.Number))
			p.param.Start, p.param.End = int32(start), int32(text.Len())
			tokens = append(tokens, Token{Placeholder, p.param.Start, p.param.End})
			if st.Params == nil {
				st.Params = make([]ParamRef, 0, len(w.pieces))
			}
			st.Params = append(st.Params, p.param)
			st.counted = st.counted || p.style == counted
			st.named = st.named || p.style == named
		}
		st.Map.Replace(start, text.Len()-start, from, to)
		at, next = to, p.last+1
	}
	move(len(w.tokens))
	text.WriteString(src[at:end])
	st.Text, st.Tokens = text.String(), tokens
}

// placeholder is how the engine writes parameter n.
func placeholder(d Dialect, n int) string {
	switch d {
	case PostgreSQL:
		return "$" + strconv.Itoa(n)
	case SQLite:
		return "?" + strconv.Itoa(n)
	}
	return "?"
}
