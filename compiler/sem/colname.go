package sem

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// columnName is the name under which the server returns an item without alias. derived tells
// that the engine made it up.
func (b *binder) columnName(it *ir.SelectItem) (name string, derived bool) {
	x := it.X
	if ref, ok := x.(*ir.ColumnRef); ok {
		return ref.Parts[len(ref.Parts)-1].Name, false
	}
	if b.traits.StringsNameItems {
		return b.ownName(it), true
	}
	if b.traits.TextColumnNames {
		return b.sentText(it), true // with the parentheses around it
	}
	name, strength := figure(x)
	if strength == 0 {
		name = "?column?"
	}
	return name, true
}

// ownName is MySQL's name of an item: a constant names itself, anything else is its text. What
// can not be seen in front is left out, and what is longer than a name can be.
func (b *binder) ownName(it *ir.SelectItem) string {
	name := ""
	switch x := it.X.(type) {
	case *ir.Literal:
		switch x.Kind {
		case ir.String:
			name = x.Text
		case ir.Integer, ir.Decimal, ir.Float, ir.Null:
			name = x.Span().Text()
		default:
			name = it.Span().Text()
		}
	case *ir.Param:
		name = b.sentText(x)
	default:
		name = b.sentText(it)
	}
	name = strings.TrimLeft(name, " \t\n\v\f\r")
	if utf8.RuneCountInString(name) > 255 {
		name = string([]rune(name)[:255])
	}
	return name
}

// sentText is the text of x as the server gets it: with placeholders for parameters, and the
// stars in it written out.
func (b *binder) sentText(x ir.Node) string {
	at := x.Span()
	text := at.Text()
	if b.src == nil {
		return text
	}
	type edit struct {
		span source.Span
		with string
	}
	var edits []edit
	inside := func(s source.Span) bool { return s.File == at.File && at.Start <= s.Start && s.End <= at.End }
	for _, p := range b.src.Params {
		if p.Kind != token.Positional && inside(p.Span) { // placeholders of the user's own are sent as they are
			edits = append(edits, edit{p.Span, b.src.Sent(p)})
		}
	}
	for s, with := range b.edits {
		if inside(s) {
			edits = append(edits, edit{s, with})
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(b.span.Start, a.span.Start) })
	for _, e := range edits {
		text = text[:e.span.Start-at.Start] + e.with + text[e.span.End-at.Start:]
	}
	return text
}

// figure follows PostgreSQL's FigureColname: strength 2 is a name that stands for itself,
// 1 one that a cast gave.
func figure(x ir.Expr) (name string, strength int) {
	switch x := x.(type) {
	case *ir.ColumnRef:
		return x.Parts[len(x.Parts)-1].Name, 2
	case *ir.Field:
		return x.Name.Name, 2
	case *ir.Index:
		return figure(x.X)
	case *ir.FuncCall:
		return x.Name.Last(), 2
	case *ir.Collate:
		return figure(x.X)
	case *ir.Cast:
		if name, s := figure(x.X); s > 1 {
			return name, s
		}
		return x.Type.Name.Last(), 1
	case *ir.Case:
		if x.Else != nil {
			if name, s := figure(x.Else); s > 1 {
				return name, s
			}
		}
		return "case", 1
	case *ir.Array:
		return "array", 2
	case *ir.Row:
		if x.Explicit {
			return "row", 2
		}
		return "row", 2
	case *ir.Exists:
		return "exists", 2
	case *ir.Subquery:
		if x.Array {
			return "array", 2
		}
		if q, ok := x.Query.(*ir.Select); ok && len(q.Items) == 1 {
			if q.Items[0].Alias != nil {
				return q.Items[0].Alias.Name, 2
			}
			return figure(q.Items[0].X)
		}
	}
	return "", 0
}

// valuesName is the name of column i of VALUES.
func (b *binder) valuesName(i int) string {
	if b.traits.ValuesColumn != "" {
		return b.traits.ValuesColumn + strconv.Itoa(i)
	}
	return "column" + strconv.Itoa(i+1)
}
