package rel

import (
	"fmt"
	"strings"
)

// Dump prints a tree, a node a line with its inputs indented below: columns as
// name:id(type), with ! behind those that are never NULL, then rows and keys.
func Dump(n Node) string {
	var b strings.Builder
	dump(&b, n, 0)
	return b.String()
}

func dump(b *strings.Builder, n Node, depth int) {
	p := n.Props()
	fmt.Fprintf(b, "%s%s", strings.Repeat("  ", depth), title(n))
	if len(p.Cols) > 0 {
		b.WriteString(" [")
		for i, id := range p.Cols {
			if i > 0 {
				b.WriteString(", ")
			}
			c := p.Meta.Column(id)
			name := c.Name
			if name == "" {
				name = "?"
			}
			fmt.Fprintf(b, "%s:%d(%s)", name, id, c.Type)
			if p.NotNull.Has(id) {
				b.WriteByte('!')
			}
		}
		b.WriteByte(']')
	}
	fmt.Fprintf(b, " rows=%s", p.Card)
	if keys := p.Keys(); len(keys) > 0 {
		b.WriteString(" key=")
		for i, k := range keys {
			if i > 0 {
				b.WriteByte('|')
			}
			b.WriteString(k.String())
		}
	}
	b.WriteByte('\n')
	for _, in := range n.Inputs() {
		dump(b, in, depth+1)
	}
}

func title(n Node) string {
	named := func(what, name, alias string) string {
		s := what + " " + name
		if alias != "" && alias != name {
			s += " as " + alias
		}
		return s
	}
	switch n := n.(type) {
	case *Scan:
		return named("scan", n.Table.Name, n.Alias)
	case *CTEScan:
		if n.Recursive {
			return named("recursive-scan", n.Name, n.Alias)
		}
		return named("cte-scan", n.Name, n.Alias)
	case *Func:
		return named("func", strings.Join(n.Names, "+"), n.Alias)
	case *Rows:
		return "values"
	case *Single:
		return "single-row"
	case *Join:
		s := n.Kind.String() + "-join"
		if n.Effective != n.Kind {
			s += " (in effect " + n.Effective.String() + ")"
		}
		if n.Lateral {
			s += " lateral"
		}
		return s
	case *Filter:
		return "filter"
	case *Aggregate:
		switch {
		case n.Scalar:
			return "aggregate"
		case n.Sets > 0:
			return fmt.Sprintf("group sets=%d", n.Sets)
		}
		return "group"
	case *Window:
		return "window"
	case *Project:
		return "project"
	case *Distinct:
		if len(n.On) > 0 {
			return "distinct-on"
		}
		return "distinct"
	case *Sort:
		return "sort"
	case *Limit:
		return "limit"
	case *Lock:
		return "lock " + n.Strength
	case *SetOp:
		s := strings.ToLower(n.Op)
		if n.All {
			s += "-all"
		}
		if n.Recursive {
			s = "recursive-" + s
		}
		return s
	case *With:
		return "with " + strings.Join(n.Names, ", ")
	case *Alias:
		if n.Lateral {
			return "lateral " + n.Name
		}
		return "derived " + n.Name
	case *Modify:
		return strings.ToLower(n.Op) + " " + n.Target.Name
	}
	return fmt.Sprintf("%T", n)
}
