package mysql

import (
	"strings"

	"github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// lowering turns one statement into ir. It walks TiDB's tree in the order of the text and
// keeps, beside it, a cursor over the statement's own tokens: the tree says what stands
// there, the tokens say where. TiDB's tree knows where expressions start and nothing else.
type lowering struct {
	s    *token.Statement
	toks []token.Token
	// partner is, for each parenthesis, the index of the one that closes or opens it.
	partner []int32
	// i is the cursor: the index of the next token that is not yet consumed.
	i int
	// delta is the offset in s.Text of the first byte of the text that TiDB was given.
	delta int
	// patched tells what was taken out of the text before TiDB saw it, by token index.
	patched map[int]patch
	// parsers are those that have parsed a part of the statement.
	parsers []*parser.Parser
	params  int // placeholders lowered so far
	tooLong int // the token at which an expression becomes longer than maxChain, -1 for none
	diags   diag.List
}

func newLowering(s *token.Statement) *lowering {
	l := &lowering{s: s, toks: s.Tokens, partner: make([]int32, len(s.Tokens)), tooLong: -1}
	var open []int32
	chain := []int{0} // operators so far of the expression at each level of parentheses
	for i, t := range l.toks {
		l.partner[i] = -1
		switch t.Kind {
		case token.Punct:
			switch s.Text[t.Start] {
			case '(':
				open = append(open, int32(i))
				chain = append(chain, 0)
			case ')':
				if n := len(open); n > 0 {
					l.partner[i], l.partner[open[n-1]] = open[n-1], int32(i)
					open, chain = open[:n-1], chain[:n]
				}
			case ',':
				chain[len(chain)-1] = 0
			}
		case token.Operator:
			chain[len(chain)-1]++
		case token.QuotedIdent:
			if t.End-t.Start == 2 {
				l.diags.Add(diag.New(diag.SyntaxError, l.between(i, i+1), "a name can not be empty"))
			}
		case token.Ident:
			if n := t.End - t.Start; n == 2 || n == 3 {
				if l.is(i, "AND", "OR", "XOR", "NOT", "DIV", "MOD") {
					chain[len(chain)-1]++
				}
			}
		}
		if chain[len(chain)-1] > maxChain && l.tooLong < 0 {
			l.tooLong = i
		}
	}
	return l
}

// maxChain is how many operators one expression may have: a tree of TiDB's is as deep as
// its chain is long, and recursing into it must not exhaust the stack.
const maxChain = 200000

// text is token i as written, "" outside the statement.
func (l *lowering) text(i int) string {
	if i < 0 || i >= len(l.toks) {
		return ""
	}
	return l.s.Text[l.toks[i].Start:l.toks[i].End]
}

func (l *lowering) kind(i int) token.Kind {
	if i < 0 || i >= len(l.toks) {
		return token.EOF
	}
	return l.toks[i].Kind
}

// is tells whether token i is one of the words or signs.
func (l *lowering) is(i int, words ...string) bool {
	t := l.text(i)
	for _, w := range words {
		if len(t) == len(w) && strings.EqualFold(t, w) {
			return true
		}
	}
	return false
}

// are tells whether the tokens from i on are the words, in their order.
func (l *lowering) are(i int, words ...string) bool {
	for n, w := range words {
		if !l.is(i+n, w) {
			return false
		}
	}
	return true
}

// skip moves the cursor over any of the words.
func (l *lowering) skip(words ...string) {
	for l.is(l.i, words...) {
		l.i++
	}
}

// eat moves the cursor over one of the words and tells whether it stood there.
func (l *lowering) eat(words ...string) bool {
	if l.is(l.i, words...) {
		l.i++
		return true
	}
	return false
}

// eatAll moves the cursor over all of the words, or over none.
func (l *lowering) eatAll(words ...string) bool {
	if !l.are(l.i, words...) {
		return false
	}
	l.i += len(words)
	return true
}

// seek moves the cursor forward to the first of the words, not past limit tokens; where
// there is none it stays.
func (l *lowering) seek(limit int, words ...string) bool {
	for j := l.i; j < min(l.i+limit, len(l.toks)); j++ {
		if l.is(j, words...) {
			l.i = j
			return true
		}
	}
	return false
}

// closing is the index of the parenthesis that closes the one at open; the last token's
// where open is none.
func (l *lowering) closing(open int) int {
	if open >= 0 && open < len(l.partner) && l.partner[open] >= 0 {
		return int(l.partner[open])
	}
	return len(l.toks) - 1
}

// jump puts the cursor on the token at which TiDB says that an expression starts. Nodes
// that TiDB gives no place (LIMIT values and the like) leave it where it is.
func (l *lowering) jump(n ast.Node) {
	if m, ok := n.(ast.ParamMarkerExpr); ok {
		if at := markerOffset(m); at > 0 {
			l.i = l.s.TokenAt(at + l.delta)
			return
		}
	}
	if at := n.OriginTextPosition(); at > 0 {
		l.i = l.s.TokenAt(at + l.delta)
		if p, ok := l.patched[l.i-1]; ok && p.kind == castPatch {
			l.i-- // TiDB did not see the CAST before the parenthesis
		}
	}
}

// between is the span from token from up to, and without, token to: at least one token.
func (l *lowering) between(from, to int) source.Span {
	n := len(l.toks)
	if n == 0 {
		return l.s.Span
	}
	from = min(max(from, 0), n-1)
	to = min(max(to, from+1), n)
	return l.s.At(int(l.toks[from].Start), int(l.toks[to-1].End))
}

// since is the place of a node that started at token from and ends before the cursor.
func (l *lowering) since(from int) ir.At { return ir.At{Pos: l.between(from, l.i)} }

// here is the place of the token under the cursor.
func (l *lowering) here() ir.At { return ir.At{Pos: l.between(l.i, l.i+1)} }

// source is the statement's text from token from up to token to, without the marks of
// executable comments, which may be open or closed outside of it.
func (l *lowering) source(from, to int) string {
	to = min(to, len(l.toks))
	if from >= to {
		return ""
	}
	text := l.s.Text[l.toks[from].Start:l.toks[to-1].End]
	if !strings.Contains(text, "/*") && !strings.Contains(text, "*/") {
		return text
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		if i > from {
			b.WriteString(unmarked(l.s.Text[l.toks[i-1].End:l.toks[i].Start]))
		}
		b.WriteString(l.text(i))
	}
	return b.String()
}

// unmarked is the text between two tokens without /*!50000 and the */ of its end.
func unmarked(gap string) string {
	var b strings.Builder
	for gap != "" {
		switch {
		case strings.HasPrefix(gap, "/*!"), strings.HasPrefix(gap, "/*M!"):
			gap = strings.TrimLeft(gap[strings.IndexByte(gap, '!')+1:], "0123456789")
		case strings.HasPrefix(gap, "*/"):
			gap = gap[2:]
		case strings.HasPrefix(gap, "/*"):
			end := strings.Index(gap, "*/")
			if end < 0 {
				end = len(gap) - 2
			}
			b.WriteString(gap[:end+2])
			gap = gap[end+2:]
		default:
			b.WriteByte(gap[0])
			gap = gap[1:]
		}
	}
	return b.String()
}

func (l *lowering) notModelled(at ir.At, what string) {
	l.diags.Add(diag.New(diag.NotModelled, at.Pos, "%s is not understood here", what))
}

// unquoted is the name or string that token i stands for, and whether it was quoted.
func (l *lowering) unquoted(i int) (string, bool) {
	t := l.text(i)
	if len(t) < 2 {
		return t, false
	}
	switch q := t[0]; q {
	case '`':
		return strings.ReplaceAll(strings.TrimSuffix(t[1:], "`"), "``", "`"), true
	case '\'', '"':
		return unescape(t), true
	}
	return t, false
}

// ident reads the name under the cursor.
func (l *lowering) ident() ir.Ident {
	name, quoted := l.unquoted(l.i)
	id := ir.Ident{At: l.here(), Name: name, Quoted: quoted}
	l.i++
	return id
}

// find reads the identifier name, which stands under the cursor or a little behind it.
// Where no token is the name, as TiDB may have replaced bytes in it, the one under the
// cursor is taken.
func (l *lowering) find(name string) ir.Ident {
	for j := l.i; j < len(l.toks) && j < l.i+64; j++ {
		switch l.toks[j].Kind {
		case token.Ident, token.QuotedIdent, token.Keyword, token.String, token.Number, token.Blob:
			if n, _ := l.unquoted(j); strings.EqualFold(n, name) {
				l.i = j
				return l.ident()
			}
		}
	}
	id := ir.Ident{At: l.here(), Name: name}
	l.i++
	return id
}

// qualified reads the dotted name whose parts, empty ones left out, the tree gives.
func (l *lowering) qualified(parts ...string) ir.Name {
	var n ir.Name
	for _, p := range parts {
		if p == "" {
			continue
		}
		id := l.find(p)
		if n.Parts == nil {
			n.At = id.At
		}
		n.Pos = n.Pos.Cover(id.Pos)
		n.Parts = append(n.Parts, id)
	}
	return n
}

// dotted reads a dotted name from the tokens alone.
func (l *lowering) dotted() ir.Name {
	n := ir.Name{At: l.here()}
	n.Parts = append(n.Parts, l.ident())
	for l.is(l.i, ".") && l.i+1 < len(l.toks) {
		l.i++
		id := l.ident()
		n.Parts = append(n.Parts, id)
		n.Pos = n.Pos.Cover(id.Pos)
	}
	return n
}

// idents reads (a, b, …) under the cursor.
func (l *lowering) idents() []ir.Ident {
	if !l.is(l.i, "(") {
		return nil
	}
	end := l.closing(l.i)
	l.i++
	var out []ir.Ident
	for l.i < end {
		if l.eat(",") {
			continue
		}
		out = append(out, l.ident())
	}
	l.i = end + 1
	return out
}

// unescape is the value of a string literal as written, quotes included.
func unescape(lit string) string {
	q := lit[0]
	body := lit[1:]
	if n := len(body); n > 0 && body[n-1] == q {
		body = body[:n-1]
	}
	if strings.IndexByte(body, '\\') < 0 && strings.IndexByte(body, q) < 0 {
		return body
	}
	var b strings.Builder
	for i := 0; i < len(body); i++ {
		c := body[i]
		switch {
		case c == q && i+1 < len(body) && body[i+1] == q:
			i++
		case c == '\\' && i+1 < len(body):
			i++
			switch c = body[i]; c {
			case '0':
				c = 0
			case 'b':
				c = '\b'
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case 'Z':
				c = 26
			case '%', '_': // these keep their backslash: LIKE needs it
				b.WriteByte('\\')
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}
