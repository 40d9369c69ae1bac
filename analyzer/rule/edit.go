package rule

import (
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

// Between is the text between two nodes of one file, a before b.
func Between(a, b ir.Node) source.Span {
	s, e := a.Span(), b.Span()
	return source.Span{File: s.File, Start: s.End, End: max(s.End, e.Start)}
}

// Without takes the i-th element out of a list as it is written, with the separator that parts it from its neighbour: "," or a word.
// ok is false where something else stands between, a comment or a parenthesis, or where it is the only one.
func Without[T ir.Node](list []T, i int, separator string) (edit diag.Edit, ok bool) {
	alone := regexp.MustCompile(`(?i)^\s*` + regexp.QuoteMeta(separator) + `\s*$`)
	at := list[i].Span()
	switch {
	case i > 0:
		gap := Between(list[i-1], list[i])
		return diag.Edit{Span: source.Span{File: at.File, Start: gap.Start, End: at.End}}, alone.MatchString(gap.Text())
	case len(list) > 1:
		gap := Between(list[i], list[i+1])
		return diag.Edit{Span: source.Span{File: at.File, Start: at.Start, End: gap.End}}, alone.MatchString(gap.Text())
	}
	return edit, false
}

// Operator is the place between two operands, where nothing but a written operator stands: one of words, in any case and spacing.
func Operator(l, r ir.Node, words ...string) (source.Span, bool) {
	gap := Between(l, r)
	text := strings.Join(strings.Fields(strings.ToUpper(gap.Text())), " ")
	for _, w := range words {
		if text == w {
			return gap, true
		}
	}
	return gap, false
}
