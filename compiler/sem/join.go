package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// join binds a join: both sides, its condition, and what it does to their NULLs.
func (b *binder) join(t *ir.Join, s *scope) *frame {
	l := b.tableExpr(t.L, s)
	// The right side may refer to the left one where it is lateral.
	n := len(s.frames)
	s.push(l)
	r := b.tableExpr(t.R, s)
	s.frames = s.frames[:n]
	b.checkAliases([]*frame{l}, r)

	out := &frame{rels: append(append(make([]*relation, 0, len(l.rels)+len(r.rels)), l.rels...), r.rels...)}
	on := b.scratch.scopes.keep(scope{parent: s.parent, env: s.env, clause: inFrom})
	on.push(l)
	on.push(r)
	names := t.Using
	var at []source.Span
	if t.Natural {
		names = b.common(l, r)
	}
	for range names {
		at = append(at, t.Span())
	}
	for i, u := range t.Using {
		at[i] = u.Span()
	}

	var cond value
	var merged []*column // of l and r, pairwise
	for i, name := range names {
		lc := b.oneOf(l, name.Name, at[i], "left")
		rc := b.oneOf(r, name.Name, at[i], "right")
		if lc == nil || rc == nil {
			continue
		}
		eq := b.compare("=", on.column(lc), on.column(rc), t, nil, nil, on)
		cond.ifTrue = cond.ifTrue.Union(eq.ifTrue)
		cond.equal = append(cond.equal, eq.equal...)
		cond.stated = append(cond.stated, eq.stated...)
		cond.uses = cond.uses.Union(eq.uses)
		merged = append(merged, lc, rc)
	}
	if t.On != nil {
		cond = b.predicate(t.On, on, inFrom)
	}

	kind := [...]rel.JoinKind{rel.Inner, rel.Left, rel.Right, rel.Full}[t.Kind]
	if t.Cross {
		kind = rel.Cross
	}
	// needL and needR are what must be proved for each row of the left (right) side to have a
	// partner.
	var needL, needR rel.ColSet
	var foundL, foundR bool
	if kind == rel.Left || kind == rel.Full {
		needL, foundL = b.partnerNeeds(t, l, r, cond)
	}
	if kind == rel.Right || kind == rel.Full {
		needR, foundR = b.partnerNeeds(t, r, l, cond)
	}
	found := false
	switch kind {
	case rel.Inner, rel.Cross:
		reject([]*frame{l, r}, b.closed(cond.ifTrue))
	case rel.Left:
		found = foundL && needL.Empty()
		reject([]*frame{r}, b.closed(cond.ifTrue))
	case rel.Right:
		found = foundR && needR.Empty()
		reject([]*frame{l}, b.closed(cond.ifTrue))
	}
	// Merged columns are computed from rows that are really there, before the padding.
	mergedCols := b.mergeUsing(kind, merged)

	var padL, padR *pad
	if (kind == rel.Right || kind == rel.Full) && !(foundR && needR.Empty()) {
		padL = b.pad(l, kind, t)
	}
	if (kind == rel.Left || kind == rel.Full) && !(foundL && needL.Empty()) {
		padR = b.pad(r, kind, t)
	}
	b.implyJoin(padL, padR, needL, needR, foundL, foundR, cond)
	for _, c := range outerSide(kind, l, r) {
		c.padded = true
	}

	out.cols = append(out.cols, mergedCols...)
	skip := map[*column]bool{}
	for _, c := range merged {
		skip[c] = true
	}
	for _, f := range [...]*frame{l, r} {
		for _, c := range f.cols {
			if !skip[c] {
				out.cols = append(out.cols, c)
			}
		}
	}

	var equal []rel.Equality
	for _, e := range cond.equal {
		if on.local.Has(e.A) && (e.B == 0 || on.local.Has(e.B)) {
			equal = append(equal, e)
		}
	}
	node := rel.NewJoin(kind, l.node, r.node, t.On, lateral(t.R), notNullOf(l, r), equal, found, b.asked([]*frame{l, r}, t.On, &cond, rel.ColSet{}, on)...)
	node.Stated, node.Reads = b.localEqual(cond.stated, on), cond.uses.Intersect(on.local)
	node.Proves, node.Volatile = cond.ifTrue, cond.volatile
	if kind == rel.Inner && t.On != nil {
		emptied(node, &cond)
	}
	if padL != nil {
		node.PadL = padL.id
	}
	if padR != nil {
		node.PadR = padR.id
	}
	switch {
	case found, kind == rel.Full && padL == nil && padR == nil:
		node.Effective = rel.Inner
	case kind == rel.Full && padL == nil:
		node.Effective = rel.Left
	case kind == rel.Full && padR == nil:
		node.Effective = rel.Right
	}
	for _, c := range mergedCols {
		if c.rel == nil {
			node.Merge(c.id, c.null.IsNever())
		}
	}
	out.node = node
	if t.UsingAlias != nil {
		u := &relation{name: t.UsingAlias.Name, at: t.UsingAlias.Span(), cols: mergedCols, row: b.meta.Add(rel.Column{}), node: node}
		out.rels = append(out.rels, u)
	}
	if t.Alias != nil {
		return b.aliasJoin(t.Alias, out)
	}
	return out
}

// aliasJoin hides the relations of a parenthesised join behind one name.
func (b *binder) aliasJoin(a *ir.Alias, f *frame) *frame {
	r := &relation{name: a.Name.Name, at: a.Name.Span(), node: f.node, row: b.meta.Add(rel.Column{})}
	for _, c := range f.cols {
		shown := b.scratch.columns.keep(*c)
		shown.rel = r
		r.cols = append(r.cols, shown)
	}
	b.renameColumns(r, a.Columns)
	for _, in := range f.rels {
		r.bad = r.bad || in.bad
	}
	return b.one(r)
}

// pad marks the columns of f as missing where the other side finds no partner.
func (b *binder) pad(f *frame, kind rel.JoinKind, t *ir.Join) *pad {
	p := &pad{id: b.meta.Add(rel.Column{}), null: types.Nullable(t.R.Span(), joinWords(kind, t))}
	add := func(c *column) { c.pads = append(c.pads[:len(c.pads):len(c.pads)], p) }
	f.eachColumn(add)
	for _, r := range f.rels {
		r.pads = append(r.pads[:len(r.pads):len(r.pads)], p)
	}
	return p
}

// joinWords says which join a NULL came from: LEFT JOIN books.
func joinWords(kind rel.JoinKind, t *ir.Join) string {
	side, word := t.R, "LEFT JOIN "
	switch kind {
	case rel.Right:
		side, word = t.R, "RIGHT JOIN "
	case rel.Full:
		word = "FULL JOIN "
	}
	for {
		j, ok := side.(*ir.Join)
		if !ok || j.Alias != nil {
			break
		}
		side = j.L
	}
	if name := nameOf(side); name != "" {
		return word + name
	}
	return word[:len(word)-1]
}

// nameOf is what a message calls an item of FROM.
func nameOf(t ir.TableExpr) string {
	var alias *ir.Alias
	switch t := t.(type) {
	case *ir.TableRef:
		return t.Name.Last()
	case *ir.Derived:
		alias = t.Alias
	case *ir.Join:
		alias = t.Alias
	case *ir.TableFunc:
		if t.Alias == nil && len(t.Calls) > 0 {
			return t.Calls[0].Func.Name.Last()
		}
		alias = t.Alias
	}
	if alias == nil {
		return ""
	}
	return alias.Name.Name
}

func outerSide(kind rel.JoinKind, l, r *frame) []*column {
	var out []*column
	collect := func(f *frame) { f.eachColumn(func(c *column) { out = append(out, c) }) }
	if kind == rel.Right || kind == rel.Full {
		collect(l)
	}
	if kind == rel.Left || kind == rel.Full {
		collect(r)
	}
	return out
}

// common are the names that NATURAL joins by, in the left side's order.
func (b *binder) common(l, r *frame) []ir.Ident {
	var out []ir.Ident
	for _, lc := range l.cols {
		for _, rc := range r.cols {
			if sameName(lc.name, rc.name, b.traits.CaselessNames) {
				out = append(out, ir.Ident{Name: lc.name})
				break
			}
		}
	}
	return out
}

// oneOf finds the one column of f that USING names.
func (b *binder) oneOf(f *frame, name string, at source.Span, side string) *column {
	var found *column
	for _, c := range f.cols {
		if sameName(c.name, name, b.traits.CaselessNames) {
			if found != nil {
				b.report(diag.New(diag.AmbiguousColumn, at, "the %s side of the join has more than one column %q", side, name))
				return found
			}
			found = c
		}
	}
	if found == nil {
		for _, r := range f.rels {
			if r.bad {
				return nil
			}
		}
		d := diag.New(diag.UnknownColumn, at, "the %s side of the join has no column %q", side, name)
		b.report(near(d, name, columnNames(f)))
	}
	return found
}

func columnNames(f *frame) []string {
	var out []string
	for _, c := range f.cols {
		out = append(out, c.name)
	}
	return out
}

// mergeUsing makes the columns that USING merged. In a FULL JOIN they are computed: the
// first of both that is not NULL.
func (b *binder) mergeUsing(kind rel.JoinKind, pairs []*column) []*column {
	var out []*column
	for i := 0; i < len(pairs); i += 2 {
		l, r := pairs[i], pairs[i+1]
		vl, vr := value{typ: l.typ}, value{typ: r.typ}
		t, ok := b.settleAll([]value{vl, vr}, nil)
		if !ok || b.traits.UntypedSetOps && kind != rel.Full && kind != rel.Right {
			t = l.typ
		}
		switch {
		case kind == rel.Right && t.Same(r.typ):
			out = append(out, r)
		case kind != rel.Full && kind != rel.Right && t.Same(l.typ):
			out = append(out, l)
		default:
			c := &column{name: l.name, typ: t, table: l.table, source: l.source, embed: -1, merges: []*column{l, r}}
			if !t.Same(l.typ) {
				c.table, c.source = nil, nil
			}
			first, second := l.whenThere(), r.whenThere()
			switch kind {
			case rel.Full:
				c.null = first.Either(second)
			case rel.Right:
				c.null = second
			default:
				c.null = first
			}
			c.id = b.meta.Add(rel.Column{Name: c.name, Type: t})
			out = append(out, c)
		}
	}
	return out
}

// whenThere is the nullability of c before the join that is being bound pads it.
func (c *column) whenThere() types.Nullability {
	if len(c.pads) > 0 {
		return c.pads[len(c.pads)-1].null
	}
	return c.null
}
