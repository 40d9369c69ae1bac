// Package token is the lexer of our own: it cuts a file into statements, reads query
// headers and macros, numbers parameters, and owns every span, because the engines'
// parsers give starts only or nothing. It knows the three dialects' lexical rules as
// data and nothing of their grammar.
package token

import (
	"github.com/covetsql/covetsql/compiler/source"
)

// Kind is the lexical class of a token.
type Kind uint8

// The lexical classes.
const (
	EOF Kind = iota
	Ident
	QuotedIdent
	Keyword // an unquoted word; which words are reserved is the parser's matter, so every unquoted word is Ident. Kept for operators spelt as words.
	Number
	String // any string literal, dollar quotes and E'' included
	Blob   // x'…', b'…'
	Operator
	Punct // ( ) [ ] , ; . :
	Placeholder
	Variable // MySQL's @x and @@x
	Comment
	Invalid
	Meta       // a client's own line, not SQL: psql's \connect, DELIMITER, the data of COPY
	Terminator // the delimiter that a DELIMITER line set; the semicolon is Punct
)

// Token is one token. Offsets count bytes of the text that was lexed.
type Token struct {
	Kind       Kind
	Start, End int32
}

// Dialect is the lexical side of an engine.
type Dialect uint8

// The three lexical dialects.
const (
	PostgreSQL Dialect = iota
	MySQL
	SQLite
)

// Header is a "-- name: Author :one" line.
type Header struct {
	Name    string
	Command string // "one", "many", "exec" … without the colon; empty in "-- name: X"
	// Span covers the line; NameSpan and CommandSpan the words.
	Span, NameSpan, CommandSpan source.Span
	// Flags are words after the command, and "-- key: value" or "@key value" lines beside the header.
	Flags map[string]string
	// Comments are the comment lines before and inside the statement that become the Go
	// doc comment, without the comment signs, as sqlc keeps them: a leading blank is kept,
	// so that "//" + line is the Go line.
	Comments []string
	// Columns are the "-- column:" lines beside the header. Those that say something are no part of
	// Comments.
	Columns []ColumnLine
	// Nests are the "-- nest:" lines beside the header. They are among Comments too: to sqlc they are.
	Nests []NestLine
}

// ParamKind is how a parameter was written.
type ParamKind uint8

// The ways to write a parameter.
const (
	Positional ParamKind = iota // $1, ?, ?1
	Named                       // @name, :name, sqlc.arg(name)
	Nullable                    // sqlc.narg(name)
	Slice                       // sqlc.slice(name)
)

// ParamRef is one occurrence of a parameter. Occurrences with one Number are one
// argument. Numbers count from 1 in order of first occurrence, or are the user's own
// ($2). In MySQL every occurrence has a placeholder of its own, but those of one name
// share a Number.
type ParamRef struct {
	Number int
	Name   string // as the user wrote it; empty for positional ones
	Kind   ParamKind
	// Start and End are the placeholder's place in Statement.Text.
	Start, End int32
	// Span is what the user wrote: the whole sqlc.arg(name).
	Span source.Span
}

// Statement is one statement of a file, ready for the engine's own parser.
type Statement struct {
	File *source.File
	// Span covers the statement's first to its last token, without the semicolon.
	Span source.Span
	// Raw covers everything that belongs to the statement: comments before it too.
	Raw    source.Span
	Header *Header // nil where there is none
	// Text is what the parser is given: the statement's source from its first to its last
	// token, macros replaced: parameters by the engine's placeholder ($1, ?, ?1),
	// sqlc.embed(t) by t.*. Comments inside stay.
	Text string
	// Tokens are those of Text, without comments. The last is not EOF.
	Tokens []Token
	Params []ParamRef // in order of the text
	Embeds []Embed
	Map    source.OffsetMap // from Text to File
	Lex    Dialect

	// What Final needs beside Text: what is sent before and behind it, and the ranges of
	// Text that are not sent, ascending.
	lead, trail string
	unsent      []textRange
	// Styles of parameters that occur: plain ?, and names.
	counted, named bool
	reserved       []int // numbers that names do not take
	marks          []mark
	plain          bool // a variant of a statement whose placeholders have no numbers
}

type textRange struct{ start, end int32 }

// Embed is one sqlc.embed(table). Start and End are the place of t.* in Text. Table is a
// name without quotes, or schema.table as written.
type Embed struct {
	Table      string
	Start, End int32
	Span       source.Span
}

// At is the span in the user's file of the bytes [start, end) of s.Text. An empty range
// is widened to the token that stands there, so that no span is empty.
func (s *Statement) At(start, end int) source.Span {
	if end <= start {
		if i := s.TokenAt(start); i < len(s.Tokens) {
			start, end = int(s.Tokens[i].Start), int(s.Tokens[i].End)
		}
	}
	from, to := s.Map.Range(start, end)
	return s.File.Span(from, to)
}

// TokenAt is the index of the token that holds offset or is the next one behind it;
// len(s.Tokens) behind the last.
func (s *Statement) TokenAt(offset int) int {
	lo, hi := 0, len(s.Tokens)
	for lo < hi {
		mid := (lo + hi) / 2
		if int(s.Tokens[mid].End) <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// TokenText is the text of token i, or "" where there is none.
func (s *Statement) TokenText(i int) string {
	if i < 0 || i >= len(s.Tokens) {
		return ""
	}
	t := s.Tokens[i]
	return s.Text[t.Start:t.End]
}

// Matching is the index of the token that closes the parenthesis or bracket at index
// open, or the last token's where it is never closed.
func (s *Statement) Matching(open int) int {
	depth := 0
	for i := open; i < len(s.Tokens); i++ {
		switch s.TokenText(i) {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return len(s.Tokens) - 1
}

// ParamAt is the index in s.Params of the placeholder that holds offset, or -1.
func (s *Statement) ParamAt(offset int) int {
	for i, p := range s.Params {
		if int(p.Start) <= offset && offset < int(p.End) {
			return i
		}
	}
	return -1
}

// EmbedAt tells whether the t.* that holds offset was written as sqlc.embed(t).
func (s *Statement) EmbedAt(offset int) bool {
	for _, e := range s.Embeds {
		if int(e.Start) <= offset && offset < int(e.End) {
			return true
		}
	}
	return false
}
