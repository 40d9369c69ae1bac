package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
)

// Below is the first node of type T at n or below it, within n's own query: it does not look into joins and queries in FROM.
func Below[T rel.Node](n rel.Node) (found T, ok bool) {
	for n != nil {
		if t, is := n.(T); is {
			return t, true
		}
		switch at := n.(type) {
		case *rel.With:
			n = at.Input
		case *rel.Filter, *rel.Aggregate, *rel.Window, *rel.Project, *rel.Distinct, *rel.Sort, *rel.Limit, *rel.Lock:
			n = n.Inputs()[0]
		default:
			return found, false
		}
	}
	return found, false
}

// Reads are the columns that the expressions below the nodes read, those of subqueries too.
func (q *Query) Reads(nodes ...ir.Node) rel.ColSet {
	var out rel.ColSet
	for _, n := range nodes {
		if n == nil {
			continue
		}
		ir.Walk(n, func(n ir.Node) bool {
			if x, ok := n.(ir.Expr); ok {
				out = out.Union(q.Value(x).Uses)
			}
			if sub, ok := n.(ir.Query); ok {
				if k := q.Block(sub); k != nil {
					out = out.Union(k.Outer)
				}
			}
			return true
		})
	}
	return out
}

// Word finds a word before an item of a query's text: that of DISTINCT before the first column, say. It gives a zero span
// where the text before at, back to the start of in, does not end in it.
func Word(word string, in, at source.Span) source.Span {
	if in.File != at.File || at.Start < in.Start {
		return source.Span{}
	}
	text := in.File.Text
	end := at.Start
	for end > in.Start && (text[end-1] == ' ' || text[end-1] == '\n' || text[end-1] == '\t' || text[end-1] == '\r') {
		end--
	}
	start := end - int32(len(word))
	if start < in.Start || !strings.EqualFold(text[start:end], word) {
		return source.Span{}
	}
	return source.Span{File: in.File, Start: start, End: end}
}

// List writes names as people do: a, b and c.
func List(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
