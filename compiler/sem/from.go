package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
)

// from binds the comma list of a FROM clause into s and returns its relation, nil where
// there is none.
func (b *binder) from(list []ir.TableExpr, s *scope) rel.Node {
	var node rel.Node
	for _, t := range list {
		f := b.tableExpr(t, s)
		b.checkAliases(s.frames, f)
		if node == nil {
			node = f.node
		} else {
			node = rel.NewJoin(rel.Cross, node, f.node, nil, lateral(t), notNullOf(append(s.frames[:len(s.frames):len(s.frames)], f)...), nil, false)
		}
		s.push(f)
	}
	return node
}

func lateral(t ir.TableExpr) bool {
	switch t := t.(type) {
	case *ir.Derived:
		return t.Lateral
	case *ir.TableFunc:
		return t.Lateral
	}
	return false
}

// checkAliases reports a name that two relations of one FROM share.
func (b *binder) checkAliases(frames []*frame, f *frame) {
	if b.traits.DuplicateAliases {
		return
	}
	for _, r := range f.rels {
		if r.name == "" {
			continue
		}
		for _, g := range frames {
			for _, old := range g.rels {
				if sameName(old.name, r.name, b.traits.CaselessNames) && (old.schema == r.schema || old.schema == "" || r.schema == "") {
					b.report(diag.New(diag.DuplicateAlias, r.at, "two relations in this FROM are called %q", r.name).
						WithLabel(old.at, "the first one").WithHelp("give one of them an alias"))
				}
			}
		}
	}
}

func (b *binder) tableExpr(t ir.TableExpr, s *scope) (f *frame) {
	b.depth++
	defer func() { b.depth--; b.noteFrame(t, f) }()
	if b.tooDeep(t.Span()) {
		return b.one(b.badRelation("", t.Span()))
	}
	switch t := t.(type) {
	case *ir.TableRef:
		for _, x := range t.Sample {
			b.expr(x, &scope{parent: s.parent, env: s.env})
		}
		return b.one(b.tableRef(t, s))
	case *ir.Derived:
		return b.one(b.derivedTable(t, s))
	case *ir.TableFunc:
		return b.one(b.tableFunc(t, s))
	case *ir.Join:
		return b.join(t, s)
	}
	return b.one(b.badRelation("", t.Span()))
}

// one is the frame of a single relation.
func (b *binder) one(r *relation) *frame {
	return &frame{rels: []*relation{r}, cols: visible(r), node: r.node}
}

// badRelation stands for one that does not exist, so that its columns give no further errors.
func (b *binder) badRelation(name string, at source.Span) *relation {
	row := b.meta.Add(rel.Column{Name: name})
	return &relation{name: name, at: at, bad: true, row: row,
		node: rel.NewFunc(b.meta, []string{name}, name, nil, row, rel.ColSet{}, rel.AnyRows)}
}

func (b *binder) tableRef(t *ir.TableRef, s *scope) *relation {
	name := t.Name.Last()
	if len(t.Name.Parts) == 1 {
		if c := s.env.find(name, b.traits.CaselessNames); c != nil {
			return b.cteScan(c, t)
		}
	}
	alias, at := name, t.Name.Span()
	if t.Alias != nil {
		alias, at = t.Alias.Name.Name, t.Alias.Name.Span()
	}
	table := b.in.Table(t.Name.Schema(), name)
	if table == nil {
		if r := b.functionAsTable(t, s); r != nil {
			return r
		}
		b.unknownTable(t.Name, s)
		return b.badRelation(alias, at)
	}
	b.reads(table)
	r := b.scan(table, alias, at, t.Only)
	if t.Alias == nil {
		r.schema = table.Schema
	} else {
		b.rename(r, t.Alias)
	}
	r.plain = r.plain && !t.Only && len(t.Sample) == 0 && len(t.Partitions) == 0
	if b.standsAround(r, s) {
		p := r.node.Props()
		p.Card = p.Card.AtLeast(1)
	}
	return r
}

func (b *binder) derivedTable(t *ir.Derived, s *scope) *relation {
	parent := s.parent
	if t.Lateral {
		parent = s
	}
	out := b.query(t.Query, parent, s.env, nil)
	b.boundary(out.cols)
	name, at := "", t.Span()
	if t.Alias != nil {
		name, at = t.Alias.Name.Name, t.Alias.Name.Span()
	}
	r := b.fresh(out.cols, name, at)
	if t.Alias != nil {
		b.renameColumns(r, t.Alias.Columns)
	}
	r.bad = out.bad
	b.namedOnce(r)
	r.node = rel.NewAlias(out.node, name, t.Lateral, idsOf(r.cols), r.row, neverOf(r.cols))
	return r
}

// namedOnce reports columns of a query in FROM that share a name, where the engine takes none such,
// read or not.
func (b *binder) namedOnce(r *relation) {
	if !b.traits.ColumnsNamedOnce || r.bad {
		return
	}
	for i, c := range r.cols {
		for _, other := range r.cols[:i] {
			if sameName(c.name, other.name, b.traits.CaselessNames) {
				b.report(diag.New(diag.DuplicateColumn, r.at, "a query in FROM can not have two columns called %q", c.name).
					WithHelp("give one of them an alias"))
				return
			}
		}
	}
}

// always tells whether a condition is the constant TRUE, so that any row is a partner.
func always(on ir.Expr) bool {
	if eq, ok := on.(*ir.Binary); ok && eq.Op == "=" { // 1 = 1
		l, ok := eq.L.(*ir.Literal)
		r, same := eq.R.(*ir.Literal)
		return ok && same && l.Kind == ir.Integer && sameLiteral(l, r)
	}
	l, ok := on.(*ir.Literal)
	return ok && l.Kind == ir.Bool && strings.EqualFold(l.Text, "true")
}
