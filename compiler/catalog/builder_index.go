package catalog

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
)

// promoteIndex turns an index into the constraint that uses it.
func (b *Builder) promoteIndex(t *Table, c *Constraint, name string) {
	i := slices.IndexFunc(t.Indexes, func(x *Index) bool { return b.s.same(x.Name, name) })
	if i < 0 {
		return
	}
	for _, p := range t.Indexes[i].Parts {
		c.Columns = append(c.Columns, p.Column)
	}
	if c.Name == "" {
		c.Name = name
	}
	t.Indexes = slices.Delete(t.Indexes, i, i+1)
}

func (b *Builder) createIndex(n *ir.CreateIndex) {
	t := b.table(n.Table, false)
	if t == nil {
		return
	}
	if n.Name.Name != "" {
		for _, x := range t.Indexes {
			if b.s.same(x.Name, n.Name.Name) {
				if !n.IfNotExists {
					b.duplicate(n.Name.Span(), "index", n.Name.Name, x.Span)
				}
				return
			}
		}
	}
	b.addIndex(t, n)
}

func (b *Builder) addIndex(t *Table, n *ir.CreateIndex) {
	x := &Index{
		Name: n.Name.Name, Unique: n.Unique, Method: n.Using,
		Include: idents(n.Include), Where: text(n.Where), WhereExpr: n.Where,
		NullsNotDistinct: n.NullsNotDistinct, Invisible: n.Invisible,
		Options: options(n.Options), Span: n.Span(), Alone: n.Only && t.Partition != "",
	}
	if x.Method == "" {
		x.Method = b.rules.IndexMethod
	}
	if n.Name.Name != "" {
		x.Span = n.Name.Span()
	}
	for _, p := range n.Parts {
		part := IndexPart{Expr: text(p.X), X: p.X, Length: p.Length, Desc: p.Desc, Nulls: p.Nulls, OpClass: p.OpClass}
		if p.Column != nil {
			part.Column = p.Column.Name
			if t.Column(p.Column.Name, b.s.Caseless()) == nil && len(t.Columns) > 0 {
				b.unknownColumn(t, *p.Column)
			}
		}
		if p.Collate != nil {
			part.Collation = p.Collate.String()
		}
		x.Parts = append(x.Parts, part)
	}
	if x.Name == "" {
		x.Name = b.indexName(t, x)
	}
	if x.Unique && b.rules.UniqueIsConstraint && x.Where == "" && plain(x.Parts) {
		c := &Constraint{Kind: ir.Unique, Name: x.Name, Span: x.Span, Using: n.Using}
		for _, p := range x.Parts {
			c.Columns = append(c.Columns, p.Column)
		}
		t.Constraints = append(t.Constraints, c)
		return
	}
	t.Indexes = append(t.Indexes, x)
}

func plain(parts []IndexPart) bool {
	return !slices.ContainsFunc(parts, func(p IndexPart) bool { return p.Column == "" || p.Length != 0 })
}

// indexName is the name an engine gives an index without one.
func (b *Builder) indexName(t *Table, x *Index) string {
	taken := func(n string) bool {
		return slices.ContainsFunc(t.Indexes, func(o *Index) bool { return b.s.same(o.Name, n) }) || t.constraint(n) != nil
	}
	if b.rules.UniqueIsConstraint { // MySQL: the first column's name, then _2, _3
		return Numbered(x.Parts[0].Column, taken)
	}
	named := &Constraint{Kind: ir.PlainIndex, Include: x.Include}
	for _, p := range x.Parts {
		column := p.Column
		if call, ok := p.X.(*ir.FuncCall); ok && column == "" {
			column = call.Name.Last()
		}
		named.Columns = append(named.Columns, column)
	}
	if b.rules.ConstraintName != nil {
		if name := b.rules.ConstraintName(t, named, taken); name != "" {
			return name
		}
	}
	parts := append([]string{t.Name}, append(named.Columns, x.Include...)...)
	return Unused(strings.Join(append(parts, "idx"), "_"), taken)
}
