// Package definition reads the statements that SQLite keeps of its objects (sqlite_schema.sql) by their tokens: what of them means
// the same however it is written, and where their parts stand, so that a part can be used word for word. It knows no database and
// not the compiler's tree, and takes nothing for granted that SQLite itself did not accept: the texts are the engine's own.
package definition

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/token"
)

// Fold is how SQLite compares names: without the case of ASCII letters.
func Fold(name string) string {
	for i := range len(name) {
		if c := name[i]; 'A' <= c && c <= 'Z' {
			b := []byte(name)
			for ; i < len(b); i++ {
				if 'A' <= b[i] && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return name
}

// scanner goes over a statement's tokens, without comments.
type scanner struct {
	text   string
	tokens []token.Token
	at     int
}

func scan(text string) *scanner {
	all, _ := token.Lex(text, token.SQLite) // the engine kept the text, so it can be read
	tokens := all[:0]
	for _, t := range all {
		if t.Kind != token.Comment && t.Kind != token.EOF {
			tokens = append(tokens, t)
		}
	}
	return &scanner{text: text, tokens: tokens}
}

func (s *scanner) done() bool { return s.at >= len(s.tokens) }

// raw is the text of token i, "" behind the last.
func (s *scanner) raw(i int) string {
	if i < 0 || i >= len(s.tokens) {
		return ""
	}
	return s.text[s.tokens[i].Start:s.tokens[i].End]
}

// is tells whether the tokens from the next one on are these words or signs, unquoted.
func (s *scanner) is(words ...string) bool {
	for i, w := range words {
		if !strings.EqualFold(s.raw(s.at+i), w) {
			return false
		}
	}
	return true
}

// take goes over these words where they are next.
func (s *scanner) take(words ...string) bool {
	if !s.is(words...) {
		return false
	}
	s.at += len(words)
	return true
}

// name goes over a name, however it is quoted, and gives it without quotes.
func (s *scanner) name() string {
	n := Unquote(s.raw(s.at))
	s.at++
	return n
}

// group goes over ( … ), which is next, and gives the range of the tokens within.
func (s *scanner) group() (from, to int) {
	depth := 0
	from = s.at + 1
	for ; !s.done(); s.at++ {
		switch s.raw(s.at) {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				to = s.at
				s.at++
				return from, to
			}
		}
	}
	return from, s.at
}

// Unquote is the name that is written as raw: "a", `a`, [a], 'a' or a.
func Unquote(raw string) string {
	if len(raw) < 2 {
		return raw
	}
	switch q := raw[0]; q {
	case '"', '`', '\'':
		return strings.ReplaceAll(raw[1:len(raw)-1], string([]byte{q, q}), string(q))
	case '[':
		return raw[1 : len(raw)-1]
	}
	return raw
}

// canonical writes the tokens [from, to) so that two texts that mean the same are one: words and names in small letters, names without
// quotes, one blank between tokens. A name in double quotes that known does not know is what SQLite takes it for, a string.
// own is the table whose name before a column says nothing; "" where there is none.
func (s *scanner) canonical(from, to int, known func(folded string) bool, own string) string {
	var b strings.Builder
	for i := from; i < to && i < len(s.tokens); i++ {
		raw := s.raw(i)
		if own != "" && s.raw(i+1) == "." && s.raw(i-1) != "." && s.isName(i) && Fold(Unquote(raw)) == own {
			i++
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		switch s.tokens[i].Kind {
		case token.QuotedIdent:
			name := Unquote(raw)
			if folded := Fold(name); raw[0] != '"' || known(folded) {
				writeName(&b, folded)
			} else {
				b.WriteString("'" + strings.ReplaceAll(name, "'", "''") + "'")
			}
		case token.String:
			b.WriteString(raw)
		default:
			b.WriteString(Fold(raw))
		}
	}
	return b.String()
}

func (s *scanner) isName(i int) bool {
	k := s.tokens[i].Kind
	return k == token.Ident || k == token.QuotedIdent
}

// writeName leaves a name bare that could have been written so.
func writeName(b *strings.Builder, folded string) {
	for i := range len(folded) {
		c := folded[i]
		if !(c == '_' || 'a' <= c && c <= 'z' || c >= 0x80 || i > 0 && ('0' <= c && c <= '9' || c == '$')) {
			b.WriteString(`"` + strings.ReplaceAll(folded, `"`, `""`) + `"`)
			return
		}
	}
	if folded == "" {
		b.WriteString(`""`)
	}
	b.WriteString(folded)
}

// Statement is a text without the comments behind its last word: a semicolon may follow.
func Statement(text string) string {
	s := scan(text)
	if len(s.tokens) == 0 {
		return text
	}
	return text[:s.tokens[len(s.tokens)-1].End]
}

// Words are the names and words that a statement mentions, folded, strings among them: SQLite takes a string for a name
// where it wants one.
func Words(text string) map[string]bool {
	s := scan(text)
	out := make(map[string]bool, len(s.tokens))
	s.words(0, len(s.tokens), out)
	return out
}

func (s *scanner) words(from, to int, into map[string]bool) {
	for i := from; i < to; i++ {
		switch s.tokens[i].Kind {
		case token.Ident, token.QuotedIdent, token.String:
			into[Fold(Unquote(s.raw(i)))] = true
		}
	}
}

// Canonical is what a view, a trigger or a virtual table says, without its name. known tells which names there are.
func Canonical(text string, known func(folded string) bool) string {
	s := scan(text)
	for s.at = 1; !s.done(); s.at++ { // CREATE [VIRTUAL] TABLE, VIEW, TRIGGER, the name
		if s.is("TABLE") || s.is("VIEW") || s.is("TRIGGER") {
			break
		}
	}
	head := s.canonical(0, s.at+1, known, "")
	return head + " " + s.canonical(s.at+2, len(s.tokens), known, "")
}

// Expression is an expression, or another piece of a statement, in the same words for the same meaning.
func Expression(text string, known func(folded string) bool) string {
	s := scan(text)
	return s.canonical(0, len(s.tokens), known, "")
}

// Relations are the folded names that a view or a trigger reads and writes, by the words before them. Some may be names that the statement
// makes itself; those in a list behind FROM, and functions that give rows, are left out.
func Relations(text string) (out []string) {
	s := scan(text)
	for s.at = 0; !s.done(); s.at++ {
		switch {
		case s.is("FROM"), s.is("JOIN"), s.is("INTO"):
			s.at++
		case s.is("UPDATE", "OR"):
			s.at += 3
		case s.is("UPDATE") && !strings.EqualFold(s.raw(s.at+1), "OF") && !strings.EqualFold(s.raw(s.at+1), "ON"):
			s.at++
		default:
			continue
		}
		if s.raw(s.at+1) == "." {
			s.at += 2
		}
		if !s.done() && s.raw(s.at) != "(" && s.raw(s.at+1) != "(" {
			out = append(out, Fold(Unquote(s.raw(s.at))))
		}
	}
	return out
}
