package postgres

import (
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// PostgreSQL's tree knows where a few nodes start and where none ends. This file holds
// the other half: a statement's tokens with their brackets matched, and ranges of them.

// rng is a range of tokens, both ends included. A range without a place has lo < 0.
type rng struct{ lo, hi int }

var nowhere = rng{-1, -1}

func (r rng) ok() bool { return r.lo >= 0 }

// layout is a statement's tokens with the structure that their brackets give.
type layout struct {
	s   *token.Statement
	n   int
	tok []token.Token
	// match pairs brackets; for other tokens it is the token itself. up is the bracket that
	// encloses a token, -1 outside of all; both brackets of a pair stand on the outer level.
	match, up, depth []int32
	room             []int32 // theirs
}

// layouts are used again from statement to statement: nothing that is lowered keeps one.
var layouts = sync.Pool{New: func() any { return new(layout) }}

// done gives a layout back.
func (y *layout) done() {
	y.s, y.tok = nil, nil
	layouts.Put(y)
}

func newLayout(s *token.Statement) *layout {
	n := len(s.Tokens)
	y := layouts.Get().(*layout)
	if cap(y.room) < 3*n {
		y.room = make([]int32, 3*n)
	}
	all := y.room[:3*n]
	clear(all)
	y.s, y.n, y.tok, y.match, y.up, y.depth = s, n, s.Tokens, all[:n:n], all[n:2*n:2*n], all[2*n:]
	open := int32(-1)
	depth := int32(0)
	for i := range n {
		y.match[i] = int32(i)
		switch y.char(i) {
		case '(', '[':
			y.up[i], y.depth[i] = open, depth
			y.match[i] = int32(n - 1) // until it is closed
			open = int32(i)
			depth++
			continue
		case ')', ']':
			if open >= 0 {
				y.match[i], y.match[open] = open, int32(i)
				open = y.up[open]
				depth--
			}
		}
		y.up[i], y.depth[i] = open, depth
	}
	return y
}

// char is the only byte of a one-byte token of punctuation, 0 for any other token.
func (y *layout) char(i int) byte {
	if i < 0 || i >= y.n {
		return 0
	}
	t := y.tok[i]
	if t.End-t.Start != 1 || t.Kind == token.Ident || t.Kind == token.Number {
		return 0
	}
	return y.s.Text[t.Start]
}

func (y *layout) text(i int) string { return y.s.TokenText(i) }

// is tells whether token i is the unquoted word w (in capitals) or the operator w.
func (y *layout) is(i int, w string) bool {
	if i < 0 || i >= y.n {
		return false
	}
	t := y.tok[i]
	return int(t.End-t.Start) == len(w) && strings.EqualFold(y.s.Text[t.Start:t.End], w)
}

// are tells whether the tokens from i on are the words.
func (y *layout) are(i int, words ...string) bool {
	for k, w := range words {
		if !y.is(i+k, w) {
			return false
		}
	}
	return true
}

// isAny tells whether token i is one of the words.
func (y *layout) isAny(i int, words ...string) bool {
	for _, w := range words {
		if y.is(i, w) {
			return true
		}
	}
	return false
}

func (y *layout) isWord(i int) bool {
	return i >= 0 && i < y.n && (y.tok[i].Kind == token.Ident || y.tok[i].Kind == token.Keyword || y.tok[i].Kind == token.QuotedIdent)
}

func (y *layout) isString(i int) bool {
	return i >= 0 && i < y.n && (y.tok[i].Kind == token.String || y.tok[i].Kind == token.Blob)
}

// whole is the range of all tokens.
func (y *layout) whole() rng { return rng{0, y.n - 1} }

// at is the token that stands at a position of the tree; a negative position is nowhere.
func (y *layout) at(location int32) rng {
	if location < 0 || y.n == 0 {
		return nowhere
	}
	i := min(y.s.TokenAt(int(location)), y.n-1)
	return rng{i, i}
}

// one is the range of token i.
func (y *layout) one(i int) rng {
	if y.n == 0 {
		return nowhere
	}
	i = min(max(i, 0), y.n-1)
	return rng{i, i}
}

// closing is the token that closes the bracket at i, or i itself where there is none.
func (y *layout) closing(i int) int {
	if i < 0 || i >= y.n {
		return y.n - 1
	}
	return int(y.match[i])
}

// cover is the smallest range with balanced brackets that holds both a and b.
func (y *layout) cover(a, b rng) rng {
	switch {
	case !a.ok():
		return b
	case !b.ok():
		return a
	}
	return y.balance(min(a.lo, b.lo), max(a.hi, b.hi))
}

func (y *layout) balance(lo, hi int) rng {
	lo, hi = max(lo, 0), min(hi, y.n-1)
	if c := y.char(lo); c == ')' || c == ']' {
		lo = min(lo, int(y.match[lo]))
	}
	if c := y.char(hi); c == '(' || c == '[' {
		hi = max(hi, int(y.match[hi]))
	}
	for y.up[lo] != y.up[hi] {
		dl, dh := y.depth[lo], y.depth[hi]
		if dl >= dh {
			lo = int(y.up[lo])
		}
		if dh >= dl {
			hi = int(y.match[y.up[hi]])
		}
	}
	return rng{lo, hi}
}

// lift widens r to the brackets that enclose it.
func (y *layout) lift(r rng) rng {
	if !r.ok() {
		return r
	}
	if u := int(y.up[r.lo]); u >= 0 {
		return rng{u, int(y.match[u])}
	}
	return r
}

// onLevel lifts r until it stands directly inside the bracket level (-1: outside of all).
func (y *layout) onLevel(r rng, level int) rng {
	for r.ok() && int(y.up[r.lo]) != level && y.up[r.lo] >= 0 {
		r = y.lift(r)
	}
	return r
}

// next is the first token behind r that stands on the level, so that brackets around r are
// left.
func (y *layout) next(r rng, level int) int { return y.onLevel(r, level).hi + 1 }

// find is the first of the words from token i to token hi on the level of i, jumping over
// brackets; -1 where there is none.
func (y *layout) find(i, hi int, words ...string) int {
	for ; i <= hi && i < y.n; i++ {
		if c := y.char(i); c == '(' || c == '[' {
			i = int(y.match[i])
			continue
		}
		if y.isAny(i, words...) && !y.is(i-1, ".") {
			return i
		}
	}
	return -1
}

// split cuts [lo, hi] at the commas of its own level.
func (y *layout) split(lo, hi int) []rng {
	if lo > hi {
		return nil
	}
	var out []rng
	start := lo
	for i := lo; i <= hi; i++ {
		switch y.char(i) {
		case '(', '[':
			i = max(i, min(int(y.match[i]), hi))
		case ',':
			out = append(out, rng{start, i - 1})
			start = i + 1
		}
	}
	return append(out, rng{start, hi})
}

// inside is what stands between the brackets at open, item by item.
func (y *layout) inside(open int) []rng {
	if open < 0 || open >= y.n || int(y.match[open]) <= open+1 {
		return nil
	}
	return y.split(open+1, int(y.match[open])-1)
}

// span is the place of a range in the user's file; of no range, the whole statement.
func (y *layout) span(r rng) source.Span {
	if !r.ok() || y.n == 0 {
		return y.s.Span
	}
	r.lo, r.hi = min(r.lo, y.n-1), min(max(r.hi, r.lo), y.n-1)
	return y.s.At(int(y.tok[r.lo].Start), int(y.tok[r.hi].End))
}

func (y *layout) pos(r rng) ir.At { return ir.At{Pos: y.span(r)} }

// source is the statement's text under a range.
func (y *layout) source(r rng) string {
	if !r.ok() || r.lo >= y.n || r.hi < r.lo {
		return ""
	}
	return y.s.Text[y.tok[r.lo].Start:y.tok[min(r.hi, y.n-1)].End]
}

// ident is the name that token i writes, known to be name.
func (y *layout) ident(i int, name string) ir.Ident {
	r := y.one(i)
	return ir.Ident{At: y.pos(r), Name: name, Quoted: r.ok() && y.tok[r.lo].Kind == token.QuotedIdent}
}

// optIdent is ident, nil for an empty name.
func (y *layout) optIdent(i int, name string) *ir.Ident {
	if name == "" {
		return nil
	}
	id := y.ident(i, name)
	return &id
}

// dotted is the range of a name with dots that starts at token i.
func (y *layout) dotted(i int) rng {
	r := rng{i, i}
	for y.char(r.hi+1) == '.' && r.hi+2 < y.n {
		r.hi += 2
	}
	return r
}

// name reads the dotted name that starts at token i; parts are its parts as the engine
// understood them, of which the first may not have been written (pg_catalog).
func (y *layout) name(i int, parts ...string) (ir.Name, rng) {
	written := 1
	for j := i; written < len(parts) && y.char(j+1) == '.'; j += 2 {
		written++
	}
	parts = parts[len(parts)-min(written, len(parts)):]
	n := ir.Name{Parts: make([]ir.Ident, len(parts))}
	for k, p := range parts {
		n.Parts[k] = y.ident(i+2*k, p)
	}
	r := rng{i, min(i+2*(max(len(parts), 1)-1), y.n-1)}
	n.At = y.pos(r)
	return n, r
}

// spelled reads the dotted name at token i from the text alone.
func (y *layout) spelled(i int) (ir.Name, rng) {
	r := y.dotted(i)
	parts := make([]string, 0, 3)
	for j := r.lo; j <= r.hi; j += 2 {
		parts = append(parts, y.fold(j))
	}
	return y.name(i, parts...)
}

// fold is the name that token i stands for: dequoted, or in lower case.
func (y *layout) fold(i int) string {
	t := y.text(i)
	if len(t) >= 2 && t[0] == '"' {
		return strings.ReplaceAll(t[1:len(t)-1], `""`, `"`)
	}
	return strings.ToLower(t)
}
