package sem

import (
	"slices"
	"strconv"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// columnName is the name under which the server returns an item without alias. derived tells
// that the engine made it up.
func (b *binder) columnName(it *ir.SelectItem) (name string, derived bool) {
	x := it.X
	if ref, ok := x.(*ir.ColumnRef); ok {
		return ref.Parts[len(ref.Parts)-1].Name, false
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

// sentText is the text of x as the server gets it: with placeholders for parameters.
func (b *binder) sentText(x ir.Node) string {
	at := x.Span()
	text := at.Text()
	named := func(p token.ParamRef) bool { return p.Kind != token.Positional }
	if b.src == nil || !slices.ContainsFunc(b.src.Params, named) {
		return text // placeholders of the user's own are sent as they are
	}
	for i := len(b.src.Params) - 1; i >= 0; i-- {
		p := &b.src.Params[i]
		if p.Span.File == at.File && at.Start <= p.Span.Start && p.Span.End <= at.End {
			text = text[:p.Span.Start-at.Start] + b.src.Sent(*p) + text[p.Span.End-at.Start:]
		}
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
