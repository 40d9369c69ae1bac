package token

import (
	"strings"
	"unicode/utf8"
)

// Problem is a token that is not closed or not known. Offsets count bytes of the lexed text.
type Problem struct {
	Start, End int32
	Message    string
}

// Lex cuts text into tokens, comments included, without a final EOF. It never fails: a
// string, comment or quoted name that is not closed reaches to the end of the text and is
// a Problem, as is a character that no token starts with. The tokens are ordered and do
// not overlap; between them is white space alone.
func Lex(text string, d Dialect) ([]Token, []Problem) {
	l := newLexer(text, d)
	tokens := make([]Token, 0, len(text)/6+1)
	for {
		t := l.next()
		if t.Kind == EOF {
			return tokens, l.problems
		}
		tokens = append(tokens, t)
	}
}

// lexer yields the tokens of a text one by one. It keeps the little that lexing needs to
// know of statements: clients' lines are known only where a statement may start.
type lexer struct {
	src      string
	pos      int
	d        Dialect
	problems []Problem

	fresh       bool   // no token of the statement was seen
	delimiter   string // MySQL's DELIMITER; "" is the semicolon
	conditional bool   // inside /*! … */
	copying     copyState
}

// copyState follows COPY … FROM stdin up to its semicolon, behind which data stands.
type copyState uint8

const (
	noCopy copyState = iota
	inCopy
	copyFrom
	copyStdin
	copyData
)

func newLexer(text string, d Dialect) *lexer { return &lexer{src: text, d: d, fresh: true} }

// Classes of bytes.
const (
	space = 1 << iota
	letter
	digit
	dollar
	operator // PostgreSQL's operator characters
)

var class = func() (c [256]uint8) {
	for _, b := range " \t\n\r\f\v" {
		c[b] = space
	}
	for b := 'a'; b <= 'z'; b++ {
		c[b], c[b-'a'+'A'] = letter, letter
	}
	for b := 0x80; b < 0x100; b++ {
		c[b] = letter
	}
	c['_'] = letter
	for b := '0'; b <= '9'; b++ {
		c[b] = digit
	}
	c['$'] = dollar
	for _, b := range "+-*/<>=~!@#%^&|`?" {
		c[b] |= operator
	}
	return c
}()

const wordClass = letter | digit | dollar

func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return 0
}

// next reads one token; at the end it gives EOF for ever.
func (l *lexer) next() Token {
	if l.copying == copyData {
		l.copying = noCopy
		if t, ok := l.data(); ok {
			return t
		}
	}
	for l.pos < len(l.src) && class[l.src[l.pos]]&space != 0 {
		l.pos++
	}
	if l.pos >= len(l.src) {
		return Token{EOF, int32(len(l.src)), int32(len(l.src))}
	}
	start := l.pos
	kind := l.read()
	t := Token{kind, int32(start), int32(l.pos)}
	switch kind {
	case Comment:
		return t
	case Terminator, Meta:
		l.fresh, l.copying = true, noCopy
		return t
	case Punct:
		if l.src[start] == ';' && l.delimiter == "" {
			l.fresh = true
			if l.copying == copyStdin {
				l.copying = copyData
			} else {
				l.copying = noCopy
			}
			return t
		}
	case Ident:
		if l.d == PostgreSQL {
			l.followCopy(l.src[start:l.pos])
		}
	}
	l.fresh = false
	return t
}

func (l *lexer) followCopy(word string) {
	switch {
	case l.fresh && strings.EqualFold(word, "copy"):
		l.copying = inCopy
	case l.copying == inCopy && strings.EqualFold(word, "from"):
		l.copying = copyFrom
	case l.copying == copyFrom:
		l.copying = inCopy
		if strings.EqualFold(word, "stdin") {
			l.copying = copyStdin
		}
	}
}

// data reads the lines behind COPY … FROM stdin; up to the line \. where there is one. What
// stands behind the semicolon on its line belongs to the client too.
func (l *lexer) data() (Token, bool) {
	start := l.pos
	for start < len(l.src) && class[l.src[start]]&space != 0 {
		start++
	}
	n := strings.IndexByte(l.src[l.pos:], '\n')
	if n < 0 {
		return Token{}, false
	}
	for at := l.pos + n + 1; at < len(l.src); {
		end := len(l.src)
		if n := strings.IndexByte(l.src[at:], '\n'); n >= 0 {
			end = at + n
		}
		if strings.TrimSuffix(l.src[at:end], "\r") == `\.` {
			l.pos = end
			return Token{Meta, int32(start), int32(end)}, true
		}
		at = end + 1
	}
	return Token{}, false
}

func (l *lexer) problem(start int, message string) Kind {
	l.problems = append(l.problems, Problem{int32(start), int32(l.pos), message})
	return Invalid
}

// read reads the token at pos, where there is one, and moves pos behind it.
func (l *lexer) read() Kind {
	if l.delimiter != "" && strings.HasPrefix(l.src[l.pos:], l.delimiter) {
		l.pos += len(l.delimiter)
		return Terminator
	}
	c := l.src[l.pos]
	switch k := class[c]; {
	case k&letter != 0:
		return l.word()
	case k&digit != 0:
		return l.number()
	}
	switch c {
	case '(', ')', '[', ']', '{', '}', ',', ';':
		if c == '[' && l.d == SQLite {
			return l.until(']', QuotedIdent, "a name in brackets is not closed by ]")
		}
		l.pos++
		return Punct
	case '\'':
		return l.quoted('\'', l.d == MySQL, String, "a string is not closed by '")
	case '"':
		if l.d == MySQL {
			return l.quoted('"', true, String, `a string is not closed by "`)
		}
		return l.quoted('"', false, QuotedIdent, `a quoted name is not closed by "`)
	case '`':
		if l.d != PostgreSQL {
			return l.quoted('`', false, QuotedIdent, "a quoted name is not closed by `")
		}
	case '.':
		return l.dot()
	case '-':
		if l.at(l.pos+1) == '-' && (l.d != MySQL || class[l.at(l.pos+2)]&space != 0 || l.at(l.pos+2) < ' ') {
			return l.lineComment()
		}
	case '/':
		if l.at(l.pos+1) == '*' {
			return l.blockComment()
		}
	case '*':
		if l.conditional && l.at(l.pos+1) == '/' {
			l.pos += 2
			l.conditional = false
			return Comment
		}
	}
	switch l.d {
	case PostgreSQL:
		return l.postgres()
	case MySQL:
		return l.mysql()
	default:
		return l.sqlite()
	}
}

// word reads an unquoted name, or a string with a prefix.
func (l *lexer) word() Kind {
	start := l.pos
	if kind, ok := l.prefixed(); ok {
		return kind
	}
	for l.pos < len(l.src) && class[l.src[l.pos]]&wordClass != 0 {
		l.pos++
	}
	if l.delimiter != "" {
		if n := strings.Index(l.src[start:l.pos], l.delimiter); n > 0 { // END$$
			l.pos = start + n
		}
	}
	if l.fresh && l.d == MySQL && l.pos-start == len("delimiter") && strings.EqualFold(l.src[start:l.pos], "delimiter") {
		line := l.restOfLine()
		l.delimiter = ""
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != ";" {
			l.delimiter = fields[0]
		}
		return Meta
	}
	return Ident
}

// prefixed reads E'…', N'…', X'…', B'…', U&'…' and U&"…" where the word at pos is such a prefix.
func (l *lexer) prefixed() (Kind, bool) {
	next := l.at(l.pos + 1)
	if next != '\'' && next != '&' {
		return 0, false
	}
	start := l.pos
	kind, escapes := String, l.d == MySQL
	switch c := l.src[l.pos] | 0x20; {
	case c == 'x':
		kind = Blob
	case c == 'b' && l.d != SQLite:
		kind = Blob
	case c == 'n' && l.d != SQLite:
	case c == 'e' && l.d == PostgreSQL:
		escapes = true
	case c == 'u' && l.d == PostgreSQL && next == '&':
		switch l.at(l.pos + 2) {
		case '\'':
		case '"':
			kind = QuotedIdent
		default:
			return 0, false
		}
		l.pos++
	default:
		return 0, false
	}
	if next == '&' && l.pos == start {
		return 0, false
	}
	l.pos++
	quote := l.src[l.pos]
	if got := l.quoted(quote, escapes, kind, "a string is not closed by "+string(quote)); got == Invalid {
		l.problems[len(l.problems)-1].Start = int32(start)
		return Invalid, true
	}
	return kind, true
}

// quoted reads to the closing quote; a doubled quote stands for itself, as does one behind
// a backslash where escapes holds.
func (l *lexer) quoted(quote byte, escapes bool, kind Kind, unclosed string) Kind {
	start := l.pos
	for i := start + 1; ; {
		n := strings.IndexByte(l.src[i:], quote)
		if n < 0 {
			l.pos = len(l.src)
			return l.problem(start, unclosed)
		}
		if escapes {
			if e := strings.IndexByte(l.src[i:i+n], '\\'); e >= 0 {
				i = min(i+e+2, len(l.src))
				continue
			}
		}
		i += n + 1
		if l.at(i) != quote {
			l.pos = i
			return kind
		}
		i++
	}
}

func (l *lexer) until(closing byte, kind Kind, unclosed string) Kind {
	start := l.pos
	n := strings.IndexByte(l.src[start:], closing)
	if n < 0 {
		l.pos = len(l.src)
		return l.problem(start, unclosed)
	}
	l.pos = start + n + 1
	return kind
}

// number reads digits, a fraction, an exponent, underscores, 0x 0o 0b forms, and in MySQL
// a name that starts with digits.
func (l *lexer) number() Kind {
	i := l.pos
	if l.src[i] == '0' {
		base := l.at(i+1) | 0x20
		if base == 'x' || (l.d != SQLite && (base == 'b' || (base == 'o' && l.d == PostgreSQL))) {
			end := i + 2
			for end < len(l.src) && class[l.src[end]]&(letter|digit) != 0 {
				end++
			}
			l.pos = end
			if base == 'x' && l.d == MySQL {
				return Blob
			}
			return Number
		}
	}
	digits := func() {
		for i < len(l.src) && (class[l.src[i]]&digit != 0 || (l.src[i] == '_' && class[l.at(i+1)]&digit != 0 && l.d != MySQL)) {
			i++
		}
	}
	digits()
	if l.d == MySQL && i < len(l.src) && class[l.src[i]]&(letter|dollar) != 0 && !l.exponent(i) {
		for i < len(l.src) && class[l.src[i]]&wordClass != 0 {
			i++
		}
		l.pos = i
		return Ident
	}
	if l.at(i) == '.' && l.at(i+1) != '.' {
		i++
		digits()
	}
	if l.exponent(i) {
		i += 2
		digits()
	}
	l.pos = i
	return Number
}

// exponent tells whether e, e+ or e- with a digit behind it stands at i.
func (l *lexer) exponent(i int) bool {
	if l.at(i)|0x20 != 'e' {
		return false
	}
	n := l.at(i + 1)
	if n == '+' || n == '-' {
		n = l.at(i + 2)
	}
	return class[n]&digit != 0
}

// dot reads a dot, a number that starts with one, or a command of SQLite's shell.
func (l *lexer) dot() Kind {
	n := l.at(l.pos + 1)
	afterName := l.pos > 0 && class[l.src[l.pos-1]]&wordClass != 0
	switch {
	case class[n]&digit != 0 && !afterName:
		i := l.pos + 1
		for i < len(l.src) && class[l.src[i]]&digit != 0 {
			i++
		}
		if l.exponent(i) {
			for i += 2; i < len(l.src) && class[l.src[i]]&digit != 0; i++ {
			}
		}
		l.pos = i
		return Number
	case l.fresh && l.d == SQLite && class[n]&letter != 0 && l.lineStart():
		l.restOfLine()
		return Meta
	}
	l.pos++
	return Punct
}

func (l *lexer) lineStart() bool { return l.pos == 0 || l.src[l.pos-1] == '\n' }

// restOfLine moves to the end of the line and returns what stood before it.
func (l *lexer) restOfLine() string {
	start, end := l.pos, len(l.src)
	if n := strings.IndexByte(l.src[start:], '\n'); n >= 0 {
		end = start + n
	}
	for end > start && l.src[end-1] == '\r' {
		end--
	}
	l.pos = end
	return l.src[start:end]
}

func (l *lexer) lineComment() Kind {
	l.restOfLine()
	return Comment
}

// blockComment reads /* … */, nested in PostgreSQL. Of MySQL's /*!50000 … */ it reads the
// opening alone, because what is inside is code.
func (l *lexer) blockComment() Kind {
	start := l.pos
	if l.d == MySQL && l.at(start+2) == '!' && !l.conditional {
		l.pos += 3
		for l.pos < len(l.src) && class[l.src[l.pos]]&digit != 0 {
			l.pos++
		}
		l.conditional = true
		return Comment
	}
	depth := 0
	for i := start; ; {
		n := strings.IndexAny(l.src[i:], "*/")
		if n < 0 || i+n+1 >= len(l.src) {
			l.pos = len(l.src)
			if l.d == SQLite {
				return Comment
			}
			return l.problem(start, "a comment is not closed by */")
		}
		i += n
		switch {
		case l.src[i] == '/' && l.src[i+1] == '*' && (depth == 0 || l.d == PostgreSQL):
			depth++
			i += 2
		case l.src[i] == '*' && l.src[i+1] == '/':
			depth--
			i += 2
			if depth == 0 {
				l.pos = i
				return Comment
			}
		default:
			i++
		}
	}
}

// symbols are the operators of more than one byte of MySQL and SQLite, longest first.
var symbols = [...][]string{
	MySQL:  {"<=>", "->>", "<=", ">=", "<>", "!=", ":=", "&&", "||", "<<", ">>", "->"},
	SQLite: {"->>", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>", "->"},
}

// symbol reads an operator by the table, or one byte.
func (l *lexer) symbol() Kind {
	for _, s := range symbols[l.d] {
		if strings.HasPrefix(l.src[l.pos:], s) {
			l.pos += len(s)
			return Operator
		}
	}
	return l.single()
}

// single reads one character that starts nothing longer.
func (l *lexer) single() Kind {
	start := l.pos
	c := l.src[start]
	l.pos++
	switch {
	case c == ':':
		return Punct
	case class[c]&operator != 0:
		return Operator
	}
	_, n := utf8.DecodeRuneInString(l.src[start:])
	l.pos = start + n
	return l.problem(start, "no token starts with "+quoteRune(l.src[start:l.pos]))
}

func quoteRune(s string) string {
	if s < " " || s == "\x7f" {
		return "a control character"
	}
	return s
}
