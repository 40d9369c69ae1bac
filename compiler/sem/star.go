package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// expandText writes what a star stands for: the columns' names, qualified as the star was,
// or where a name alone would be ambiguous.
func (b *binder) expandText(x *ir.Star, cols []*column) {
	if b.src == nil {
		return
	}
	var w strings.Builder
	seen, count := b.scratch.shown()
	for _, c := range cols {
		n := shownColumn{c.rel, fold(c.name, b.traits.CaselessNames)}
		if seen[n] || c.name == "" {
			return // a derived table with two columns of one name: only * can show both
		}
		seen[n] = true
		if len(x.Qualifier) == 0 {
			count[n.name]++
		}
	}
	prefix := ""
	for i, id := range x.Qualifier {
		if i > 0 {
			prefix += "."
		}
		prefix += b.d.Quote(id.Name)
	}
	for i, c := range cols {
		if i > 0 {
			w.WriteString(", ")
		}
		through := b.starThrough(c)
		if through != "" {
			w.WriteString(through + "(")
		}
		switch {
		case prefix != "":
			w.WriteString(prefix + ".")
		case count[fold(c.name, b.traits.CaselessNames)] > 1 && c.merges != nil:
			w.WriteString(b.mergedText(c) + " AS ")
		case count[fold(c.name, b.traits.CaselessNames)] > 1 && c.rel != nil && c.rel.name != "":
			w.WriteString(b.d.Quote(c.rel.name) + ".")
		}
		w.WriteString(b.d.Quote(c.name))
		if through != "" {
			w.WriteString(")")
		}
	}
	if b.edits == nil {
		b.edits = map[source.Span]string{}
	}
	b.edits[x.Span()] = w.String()
}

// mergedText computes a column that USING merged from the two that it stands for, where its name
// alone would be ambiguous.
func (b *binder) mergedText(c *column) string {
	if c.merges == nil {
		return b.d.Quote(c.rel.name) + "." + b.d.Quote(c.name)
	}
	return "COALESCE(" + b.mergedText(c.merges[0]) + ", " + b.mergedText(c.merges[1]) + ")"
}

// starThrough is the function through which the statement's own star reads a column, "" for
// almost all. Inside subqueries the column stays what it is.
func (b *binder) starThrough(c *column) string {
	if len(b.traits.StarThrough) == 0 || b.depth > 1 || c.source == nil {
		return ""
	}
	return b.traits.StarThrough[strings.ToLower(strings.TrimSpace(c.source.Declared))]
}

// rendered is the SQL for the server: the statement's text with its stars expanded.
func (b *binder) rendered() string {
	edits := make([]token.Edit, 0, len(b.edits))
	for span, with := range b.edits {
		if from, to, ok := b.textRange(span); ok {
			edits = append(edits, token.Edit{Start: int32(from), End: int32(to), New: with})
		}
	}
	return b.src.Final(edits)
}

// textRange finds the bytes of the statement's text that came from a span of the file:
// the tokens of a star and its qualifier.
func (b *binder) textRange(span source.Span) (from, to int, ok bool) {
	for i, t := range b.src.Tokens {
		if b.src.Text[t.Start:t.End] != "*" {
			continue
		}
		start, end := b.src.Map.Range(int(t.Start), int(t.End))
		if int32(end) != span.End && !(int32(start) >= span.Start && int32(end) <= span.End) {
			continue
		}
		first := i
		for first >= 2 && b.src.TokenText(first-1) == "." {
			at, _ := b.src.Map.Range(int(b.src.Tokens[first-2].Start), int(b.src.Tokens[first-2].End))
			if int32(at) < span.Start {
				break
			}
			first -= 2
		}
		return int(b.src.Tokens[first].Start), int(t.End), true
	}
	return 0, 0, false
}
