package token

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
)

// NestLine is a line "-- nest: b as Books" beside a header: what its columns are is a part of the rows that the query
// gives, and stands in them under a name.
type NestLine struct {
	Span source.Span // the whole comment
	// Words are those behind the colon.
	Words []source.Span
}

// IsNest tells whether a doc comment's line is one about a nest.
func IsNest(comment string) bool {
	_, ok := strings.CutPrefix(strings.TrimLeft(comment, " \t"), "nest:")
	return ok
}

// readNestLine reads the comment t as a line about a nest. It is false where the comment is none: its first word
// is "nest:".
func readNestLine(f *source.File, t Token) (NestLine, bool) {
	text, ok := docComment(f.Text, t)
	if !ok || !IsNest(text) {
		return NestLine{}, false
	}
	from := int(t.Start) + strings.Index(f.Text[t.Start:t.End], text)
	at := from + strings.IndexByte(text, ':') + 1
	return NestLine{Span: f.Span(int(t.Start), int(t.End)), Words: fields(f, at, from+len(text))}, true
}
