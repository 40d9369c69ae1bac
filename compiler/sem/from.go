package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
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

func (b *binder) tableExpr(t ir.TableExpr, s *scope) *frame {
	b.depth++
	defer func() { b.depth-- }()
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

func visible(r *relation) []*column {
	for _, c := range r.cols {
		if c.hidden {
			var out []*column
			for _, c := range r.cols {
				if !c.hidden {
					out = append(out, c)
				}
			}
			return out
		}
	}
	return r.cols[:len(r.cols):len(r.cols)]
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
	r := b.scan(table, alias, at)
	if t.Alias == nil {
		r.schema = table.Schema
	} else {
		b.rename(r, t.Alias)
	}
	r.plain = r.plain && len(t.Sample) == 0 && len(t.Partitions) == 0
	return r
}

// scan makes a relation of a table: fresh columns with what the schema says of them.
func (b *binder) scan(t *catalog.Table, alias string, at source.Span) *relation {
	r := &relation{name: alias, at: at, table: t, plain: t.Kind == catalog.BaseTable}
	cols := make([]column, len(t.Columns))
	ids := make([]rel.ColID, len(t.Columns))
	r.cols = make([]*column, len(t.Columns))
	var notNull rel.ColSet
	for i, tc := range t.Columns {
		c := &cols[i]
		*c = column{name: tc.Name, typ: tc.Type, table: t, source: tc, rel: r, hidden: tc.Hidden || tc.Invisible, embed: -1}
		c.id = b.meta.Add(rel.Column{Name: tc.Name, Type: tc.Type, Table: t, Source: tc})
		c.null = schemaNull(tc)
		if tc.NotNull {
			notNull = notNull.With(c.id)
		}
		ids[i], r.cols[i] = c.id, c
	}
	r.row = b.meta.Add(rel.Column{Name: alias})
	notNull = notNull.Union(b.provedBySchema(r))
	r.node = rel.NewScan(b.meta, t, alias, ids, r.row, notNull, b.traits.CaselessNames)
	r.typ = types.Type{Schema: t.Schema, Name: t.Name, Kind: types.Composite}
	return r
}

// provedBySchema are the columns of a table that its CHECK constraints and generation
// expressions keep from being NULL.
func (b *binder) provedBySchema(r *relation) rel.ColSet {
	var out rel.ColSet
	bind := func(x ir.Expr) value {
		s := &scope{clause: inWhere}
		s.push(&frame{rels: []*relation{r}, cols: r.cols})
		mark, effects := len(b.diags), b.effects
		v := b.expr(x, s)
		b.diags, b.effects = b.diags[:mark], effects
		return v
	}
	for _, k := range r.table.Constraints {
		// A CHECK holds where it is true or NULL; one that is never NULL is true.
		if k.Kind != ir.Check || k.X == nil || k.NotValid || !testsNull(k.X) {
			continue
		}
		conj := []ir.Expr{k.X}
		if l, ok := k.X.(*ir.Logical); ok && l.Op == "AND" {
			conj = l.Args
		}
		for _, x := range conj {
			if v := bind(x); !v.bad && v.null.IsNever() {
				out = out.Union(v.ifTrue)
			}
		}
	}
	for _, c := range r.cols {
		if out.Has(c.id) {
			c.null = types.NotNull
		}
	}
	for _, c := range r.cols {
		if c.source.GeneratedExpr != nil && !c.null.IsNever() {
			if v := bind(c.source.GeneratedExpr); !v.bad && v.null.IsNever() {
				c.null = types.NotNull
				out = out.With(c.id)
			}
		}
	}
	return out
}

// testsNull tells whether x has an IS NOT NULL.
func testsNull(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.IsTest:
		return x.What == "NULL" && x.Not
	case *ir.Not:
		return true
	case *ir.Logical:
		for _, a := range x.Args {
			if testsNull(a) {
				return true
			}
		}
	}
	return false
}

// schemaNull is the nullability of a table's column by the schema alone.
func schemaNull(c *catalog.Column) types.Nullability {
	switch {
	case c.NotNull:
		return types.NotNull
	case c.NullReason.Text != "":
		return types.Nullability{Reason: c.NullReason}
	}
	return types.Nullability{Reason: types.Reason{Text: "nullable column " + c.Name, At: c.Span}}
}

// hiddenColumn finds a column that no star shows and that is not declared: a rowid or a
// system column.
func (b *binder) hiddenColumn(r *relation, name string) *column {
	if r.table == nil && !(r.function && b.traits.RowIDs) || r.table != nil && r.table.Kind != catalog.BaseTable && r.table.Kind != catalog.VirtualTable && len(b.traits.SystemColumns) == 0 {
		return nil
	}
	for _, c := range r.hidden {
		if sameName(c.name, name, b.traits.CaselessNames) {
			return c
		}
	}
	add := func(cc *catalog.Column, id rel.ColID) *column {
		if id == 0 {
			id = b.meta.Add(rel.Column{Name: cc.Name, Type: cc.Type, Table: r.table})
		}
		c := &column{name: cc.Name, id: id, typ: cc.Type, null: schemaNull(cc), rel: r, hidden: true, pads: r.pads, padded: len(r.pads) > 0, table: r.table, source: nil, embed: -1}
		r.hidden = append(r.hidden, c)
		return c
	}
	if b.traits.RowIDs && (r.table == nil || !r.table.WithoutRowID) {
		for _, n := range [...]string{"rowid", "_rowid_", "oid"} {
			if !sameName(n, name, true) {
				continue
			}
			// The rowid is the INTEGER PRIMARY KEY, where there is one.
			if r.table == nil {
				return add(&catalog.Column{Name: n, Type: b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"}), NotNull: true}, 0)
			}
			if pk := r.table.PrimaryKey(); pk != nil && len(pk.Columns) == 1 {
				for _, c := range r.cols {
					if sameName(c.name, pk.Columns[0], true) && c.source != nil && sameName(c.source.Declared, "INTEGER", true) {
						return add(&catalog.Column{Name: n, Type: c.typ, NotNull: true}, c.id)
					}
				}
			}
			return add(&catalog.Column{Name: n, Type: b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"}), NotNull: true}, 0)
		}
	}
	for i := range b.traits.SystemColumns {
		if r.table == nil {
			break
		}
		if c := &b.traits.SystemColumns[i]; sameName(c.Name, name, b.traits.CaselessNames) {
			return add(c, 0)
		}
	}
	return nil
}

// rename applies AS alias (columns) to a relation.
func (b *binder) rename(r *relation, a *ir.Alias) {
	if a == nil {
		return
	}
	r.name, r.at, r.schema = a.Name.Name, a.Name.Span(), ""
	b.renameColumns(r, a.Columns)
}

func (b *binder) renameColumns(r *relation, names []ir.Ident) {
	if len(names) == 0 || r.bad {
		return
	}
	shown := visible(r)
	if len(names) > len(shown) {
		b.report(diag.New(diag.WrongArity, names[len(shown)].Span(), "%q has %d columns, but %d are named", r.name, len(shown), len(names)))
		names = names[:len(shown)]
	}
	for i, n := range names {
		shown[i].name = n.Name
		b.meta.Column(shown[i].id).Name = n.Name
	}
}

// fresh makes a relation of a query's output, with columns of its own.
func (b *binder) fresh(out []*column, name string, at source.Span) *relation {
	r := &relation{name: name, at: at}
	cols := make([]column, len(out))
	r.cols = make([]*column, len(out))
	for i, o := range out {
		c := &cols[i]
		*c = column{name: o.name, typ: o.typ, null: o.null, table: o.table, source: o.source, rel: r,
			params: o.params, lit: o.lit, elemNever: o.elemNever, fields: o.fields, padded: o.padded, embed: -1}
		c.id = b.meta.Add(rel.Column{Name: o.name, Type: o.typ, Table: o.table, Source: o.source})
		r.cols[i] = c
	}
	r.row = b.meta.Add(rel.Column{Name: name})
	return r
}

func idsOf(cols []*column) []rel.ColID {
	out := make([]rel.ColID, len(cols))
	for i, c := range cols {
		out[i] = c.id
	}
	return out
}

func neverOf(cols []*column) rel.ColSet {
	var s rel.ColSet
	for _, c := range cols {
		if len(c.pads) == 0 && c.null.IsNever() {
			s = s.With(c.id)
		}
	}
	return s
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
	r.node = rel.NewAlias(out.node, name, t.Lateral, idsOf(r.cols), r.row, neverOf(r.cols))
	return r
}

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
	on := &scope{parent: s.parent, env: s.env, clause: inFrom}
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
		merged = append(merged, lc, rc)
	}
	if t.On != nil {
		cond = b.predicate(t.On, on, inFrom)
	}

	kind := [...]rel.JoinKind{rel.Inner, rel.Left, rel.Right, rel.Full}[t.Kind]
	if t.Cross {
		kind = rel.Cross
	}
	found := false
	switch kind {
	case rel.Inner, rel.Cross:
		reject([]*frame{l, r}, cond.ifTrue)
	case rel.Left:
		found = b.partnerExists(t, l, r, cond) || always(t.On) && r.node.Props().Card.Min >= 1
		reject([]*frame{r}, cond.ifTrue)
	case rel.Right:
		found = b.partnerExists(t, r, l, cond) || always(t.On) && l.node.Props().Card.Min >= 1
		reject([]*frame{l}, cond.ifTrue)
	}
	// Merged columns are computed from rows that are really there, before the padding.
	mergedCols := b.mergeUsing(kind, merged)

	var padL, padR *pad
	if (kind == rel.Right || kind == rel.Full) && !found {
		padL = b.pad(l, kind, t)
	}
	if (kind == rel.Left || kind == rel.Full) && !found {
		padR = b.pad(r, kind, t)
	}
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
	node := rel.NewJoin(kind, l.node, r.node, t.On, lateral(t.R), notNullOf(l, r), equal, found)
	if padL != nil {
		node.PadL = padL.id
	}
	if padR != nil {
		node.PadR = padR.id
	}
	if found {
		node.Effective = rel.Inner
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
		copy := *c
		copy.rel = r
		r.cols = append(r.cols, &copy)
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
		if !ok || b.traits.UntypedSetOps {
			t = l.typ
		}
		switch {
		case kind == rel.Right && t.Same(r.typ):
			out = append(out, r)
		case kind != rel.Full && kind != rel.Right && t.Same(l.typ):
			out = append(out, l)
		default:
			c := &column{name: l.name, typ: t, table: l.table, source: l.source, embed: -1}
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

// partnerExists tells whether a foreign key proves that each row of keep has a partner in
// opt: opt is all rows of one table, and the condition equates exactly the columns of a
// foreign key, none of them NULL, with the columns they refer to.
func (b *binder) partnerExists(t *ir.Join, keep, opt *frame, cond value) bool {
	if !b.traits.ForeignKeysHold || len(opt.rels) != 1 || !opt.rels[0].plain || len(cond.equal) == 0 {
		return false
	}
	target := opt.rels[0]
	if target.table.RowSecurity { // a policy may hide the row
		return false
	}
	if t.On != nil && conjuncts(t.On) != len(cond.equal) {
		return false
	}
	byID := map[rel.ColID]*column{}
	for _, f := range [...]*frame{keep, opt} {
		f.eachColumn(func(c *column) { byID[c.id] = c })
	}
	// pairs maps a column of opt to the column of keep it must equal.
	pairs := map[string]*column{}
	var from *relation
	for _, e := range cond.equal {
		k, o := byID[e.A], byID[e.B]
		if k == nil || o == nil {
			return false
		}
		if k.rel == target {
			k, o = o, k
		}
		if o.rel != target || o.source == nil || k.rel == nil || k.rel.table == nil || k.source == nil || k.rel.table.Kind != catalog.BaseTable {
			return false
		}
		if from == nil {
			from = k.rel
		}
		if from != k.rel || !k.null.IsNever() || len(k.pads) > 0 {
			return false
		}
		pairs[o.source.Name] = k
	}
	if len(pairs) != len(cond.equal) || from == nil || from.table.HasChildren {
		return false // a child's rows are not bound by its parent's foreign keys
	}
	for _, fk := range from.table.Constraints {
		if fk.Kind != ir.ForeignKey || fk.NotValid || fk.Deferrable || len(fk.Columns) != len(pairs) || len(fk.RefColumns) != len(pairs) {
			continue
		}
		if b.in.Table(fk.RefSchema, fk.RefTable) != target.table {
			continue
		}
		all := true
		for i, rc := range fk.RefColumns {
			k := pairs[rc]
			all = all && k != nil && sameName(k.source.Name, fk.Columns[i], b.traits.CaselessNames)
		}
		if all {
			return true
		}
	}
	return false
}

// always tells whether a condition is the constant TRUE, so that any row is a partner.
func always(on ir.Expr) bool {
	l, ok := on.(*ir.Literal)
	return ok && l.Kind == ir.Bool && strings.EqualFold(l.Text, "true")
}

// conjuncts counts the operands of AND at the top of x.
func conjuncts(x ir.Expr) int {
	if l, ok := x.(*ir.Logical); ok && l.Op == "AND" {
		n := 0
		for _, a := range l.Args {
			n += conjuncts(a)
		}
		return n
	}
	return 1
}
