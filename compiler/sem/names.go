package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// bareRef is a column that stands outside of aggregates in a clause that sees groups.
type bareRef struct {
	col *column
	at  source.Span
	in  clause
	// aliased tells that it stands in an item that was named by its alias, or in a subquery.
	aliased bool
}

// column is the value of a column that was found.
func (s *scope) column(c *column) value {
	v := value{typ: c.typ, null: s.nullOf(c), col: c, params: c.params, lit: nil, elemNever: c.elemNever, elemMaybe: c.elemMaybe, fields: c.fields, json: c.json, digits: c.digits, class: c.class}
	if c.argument {
		v.col = nil
		return v
	}
	v.uses = rel.MakeColSet(c.id)
	if c.passesPadding() {
		return v
	}
	v.strict = v.uses
	for _, p := range c.pads { // a padded row makes it NULL too
		v.strict = v.strict.With(p.id)
	}
	if c.typ.Kind == types.Unknown {
		v.lit = c.lit
	}
	return v
}

// passesPadding tells whether conditions see the constant that c is where its row is padded and c is NULL: they
// prove nothing of c. The padding may be further in, in a view or subquery: then c may be NULL.
func (c *column) passesPadding() bool {
	return c.constant && (len(c.pads) > 0 || !c.null.IsNever())
}

// use is the value of c as referenced from s; owner is the scope that has it.
func (b *binder) use(c *column, owner *scope, at source.Span) value {
	v := owner.column(c)
	b.touched = b.touched.With(c.id)
	if owner.clause.grouped() && owner.inAggregate == 0 {
		if owner.kept.Has(c.id) {
			// HAVING has left no grouping set without it.
		} else if owner.group != nil {
			if n, absent := owner.group.absent(c); absent {
				v.null = n
				if owner.clause == inHaving && owner.group.cols.Has(c.id) && !c.constant {
					v.strict = v.strict.Union(b.filled(owner)) // over no rows no set has it
				}
			}
		} else if owner.empty && !owner.nonEmpty {
			v.null = types.Nullable(at, "no rows to aggregate")
		}
		owner.bare = append(owner.bare, bareRef{c, at, owner.clause, owner.aliasDepth > 0})
	}
	if b.checked(c, owner) && b.truth(c.typ) {
		v.ifTrue = b.isEqual(c, &ir.Literal{Kind: ir.Bool, Text: "true"}, owner)
		v.ifFalse = b.isEqual(c, &ir.Literal{Kind: ir.Bool, Text: "false"}, owner)
	}
	return v
}

// useFrom is use for a reference in s, which may be a subquery of the owner's.
func (b *binder) useFrom(s *scope, c *column, owner *scope, at source.Span) value {
	before := len(owner.bare)
	v := b.use(c, owner, at)
	if owner != s && len(owner.bare) > before {
		owner.bare[before].aliased = true
	}
	return v
}

// columnRef resolves a reference: a column, a select alias where the clause allows one, a
// whole row, a string in double quotes.
func (b *binder) columnRef(x *ir.ColumnRef, s *scope) value {
	var qualifier, schema string
	n := len(x.Parts)
	if n == 0 {
		return value{bad: true}
	}
	name := x.Parts[n-1].Name
	if n > 1 {
		qualifier = x.Parts[n-2].Name
	}
	if n > 2 {
		schema = x.Parts[n-3].Name
	}
	if qualifier != "" {
		return b.qualified(x, schema, qualifier, name, s)
	}
	for t := s; t != nil; t = t.parent {
		if t.clause == inOrderBy && t.aliasDepth == 0 && t == s && b.traits.AliasInHaving {
			// Engines that know aliases everywhere prefer them in ORDER BY.
			if v, ok := b.alias(name, t); ok {
				return v
			}
		}
		c, count, bad := b.lookup(name, t)
		if t == s && t.clause == inHaving && t.inAggregate == 0 && t.summed == 0 && b.traits.HavingSeesSelected && count > 0 && (t.group == nil || !t.group.cols.Has(c.id)) {
			// HAVING sees what is selected rather than what is read.
			if v, ok := b.alias(name, t); ok {
				return v
			}
		}
		if count > 1 {
			b.ambiguous(x, name, t)
			return value{bad: true, null: types.Nullable(x.Span(), "unknown")}
		}
		if c != nil {
			b.bind(x, c)
			return b.useFrom(s, c, t, x.Span())
		}
		if v, ok := b.alias(name, t); ok {
			return v
		}
		if r := t.relationNamed("", name, b.traits.CaselessNames); r != nil {
			if b.traits.WholeRowRefs && !r.bad {
				if v, ok := b.groupedExpr(x, s); ok {
					return v
				}
				return b.wholeRow(r, t, x)
			}
			if r.table != nil {
				if c := hiddenNamed(r, name); c != nil { // SQLite: an FTS table's own column
					b.bind(x, c)
					return b.useFrom(s, c, t, x.Span())
				}
			}
		}
		if bad {
			return value{bad: true, null: types.Nullable(x.Span(), "unknown")}
		}
	}
	if b.traits.DoubleQuotedStrings && x.Parts[0].Quoted {
		l := &ir.Literal{At: x.At, Kind: ir.String, Text: name}
		return b.literal(l)
	}
	b.unknownColumn(x, name, s)
	return value{bad: true, null: types.Nullable(x.Span(), "unknown")}
}

func hiddenNamed(r *relation, name string) *column {
	for _, c := range r.cols {
		if c.hidden && sameName(c.name, name, true) {
			return c
		}
	}
	return nil
}

// lookup finds an unqualified column in one scope.
func (b *binder) lookup(name string, s *scope) (found *column, count int, bad bool) {
	caseless := b.traits.CaselessNames
	for _, f := range s.frames {
		for _, c := range f.cols {
			if sameName(c.name, name, caseless) {
				found = c
				count++
			}
		}
	}
	if count > 0 {
		return found, count, false
	}
	for _, f := range s.fallback {
		for _, c := range f.cols {
			if sameName(c.name, name, caseless) {
				found = c
				count++
			}
		}
	}
	if count > 0 {
		return found, count, false
	}
	for _, f := range s.frames {
		for _, r := range f.rels {
			bad = bad || r.bad
			if len(f.cols) == 0 {
				continue // only qualified: excluded
			}
			for _, c := range r.cols {
				if c.hidden && sameName(c.name, name, caseless) {
					found, count = c, count+1
				}
			}
			if count == 0 {
				if c := b.hiddenColumn(r, name); c != nil {
					found, count = c, count+1
				}
			}
		}
	}
	return found, count, bad
}

// relationNamed finds a relation of this scope.
func (s *scope) relationNamed(schema, name string, caseless bool) *relation {
	for _, f := range s.frames {
		for _, r := range f.rels {
			if sameName(r.name, name, caseless) && (schema == "" || r.schema == "" && r.table != nil && sameName(r.table.Schema, schema, caseless) || sameName(r.schema, schema, caseless)) {
				return r
			}
		}
	}
	return nil
}

func (b *binder) qualified(x *ir.ColumnRef, schema, qualifier, name string, s *scope) value {
	unknown := value{bad: true, null: types.Nullable(x.Span(), "unknown")}
	for t := s; t != nil; t = t.parent {
		r := t.relationNamed(schema, qualifier, b.traits.CaselessNames)
		if r == nil {
			continue
		}
		var found *column
		for _, c := range r.cols {
			if sameName(c.name, name, b.traits.CaselessNames) {
				if found != nil && b.traits.DuplicateAliases {
					continue // the first one of a name
				}
				if found != nil && found.id != c.id {
					b.report(diag.New(diag.AmbiguousColumn, x.Span(), "column %q of %q is ambiguous", name, qualifier))
					return unknown
				}
				found = c
			}
		}
		if found == nil {
			found = b.hiddenColumn(r, name)
		}
		if found != nil {
			b.bind(x, found)
			return b.useFrom(s, found, t, x.Span())
		}
		if r.bad {
			return unknown
		}
		if v, ok := b.functional(x, x.Parts[len(x.Parts)-1], &ir.ColumnRef{At: x.At, Parts: x.Parts[:len(x.Parts)-1]}, s); ok {
			return v
		}
		d := b.notAColumn(x.Parts[len(x.Parts)-1].Span(), name, r)
		b.soften(&d, s)
		b.report(d)
		return unknown
	}
	if schema == "" {
		// MySQL and SQLite may name the database; PostgreSQL may mean a column's field.
		for t := s; t != nil; t = t.parent {
			if c, n, _ := b.lookup(qualifier, t); n == 1 {
				v := b.useFrom(s, c, t, x.Span())
				if f := b.fieldOf(&v, name); f != nil {
					return *f
				}
			}
			for _, f := range t.frames {
				for _, r := range f.rels {
					if r.bad && r.name == "" {
						return unknown
					}
				}
			}
		}
	}
	d := diag.New(diag.UnknownTable, x.Parts[len(x.Parts)-2].Span(), "no table or alias %q in this FROM", qualifier)
	var names []string
	for t := s; t != nil; t = t.parent {
		for _, f := range t.frames {
			for _, r := range f.rels {
				names = append(names, r.name)
				if r.table != nil && r.name != r.table.Name && sameName(r.table.Name, qualifier, b.traits.CaselessNames) {
					d = d.WithHelp("%q is called %q in this query", r.table.Name, r.name)
				}
			}
		}
	}
	if len(d.Help) == 0 {
		d = near(d, qualifier, names)
	}
	b.soften(&d, s)
	b.report(d)
	return unknown
}

// alias finds a select alias, where the clause may name one.
func (b *binder) alias(name string, s *scope) (value, bool) {
	allowed := false
	switch s.clause {
	case inGroupBy:
		allowed = b.traits.AliasInGroupBy
	case inHaving:
		allowed = b.traits.AliasInHaving
	case inWhere:
		allowed = b.traits.AliasInWhere
	case inOrderBy:
		allowed = true
	}
	if !allowed || s.aliasDepth > 0 || b.traits.AliasesAlone {
		return value{}, false
	}
	for i := range s.items {
		it := &s.items[i]
		if it.Alias == nil || !sameName(it.Alias.Name, name, b.traits.CaselessNames) {
			continue
		}
		s.aliasDepth++
		v := b.whole(it.X, s)
		s.aliasDepth--
		return v, true
	}
	return value{}, false
}

// wholeRow is a relation's name used as a value.
func (b *binder) wholeRow(r *relation, s *scope, x ir.Node) value {
	v := value{typ: r.typ, null: types.NotNull, whole: r}
	if !v.typ.Known() {
		v.typ = types.Type{Name: "record", Kind: types.Pseudo}
	}
	if r.function && !r.defined && len(r.cols) == 1 && r.typ.Name == "" {
		// A function that yields single values: its name is the value.
		return b.use(r.cols[0], s, x.Span())
	}
	for _, p := range r.pads {
		if !s.known.dead.Has(p.id) {
			v.null = p.null
		}
	}
	for _, p := range r.pads {
		v.strict = v.strict.With(p.id)
	}
	v.fields = fieldsOf(r, s)
	for _, c := range r.cols {
		v.uses = v.uses.With(c.id)
	}
	if s.clause.grouped() && s.inAggregate == 0 {
		for _, c := range r.cols {
			s.bare = append(s.bare, bareRef{c, x.Span(), s.clause, s.aliasDepth > 0})
		}
	}
	return v
}

// functional reads row.f as f(row), where there is such a function (PostgreSQL).
func (b *binder) functional(at ir.Expr, f ir.Ident, row ir.Expr, s *scope) (value, bool) {
	if !b.traits.WholeRowRefs {
		return value{}, false
	}
	if v, ok := b.groupedExpr(at, s); ok {
		return v, true
	}
	mark, bare := len(b.diags), len(s.bare)
	v := b.expr(row, s)
	_, failure := b.sem.Function("", f.Name, []dialect.Operand{v.operand()}, false)
	b.diags, s.bare = b.diags[:mark], s.bare[:min(bare, len(s.bare))]
	if v.bad || failure != dialect.OK {
		return value{}, false
	}
	call := &ir.FuncCall{At: ir.At{Pos: at.Span()}, Name: ir.Name{Parts: []ir.Ident{f}}, Args: []ir.Arg{{X: row}}}
	return b.call(call, s, false).value, true
}

// near adds "did you mean" to a diagnostic.
func near(d diag.Diagnostic, name string, known []string) diag.Diagnostic {
	if found := diag.Nearest(name, known, 1); len(found) > 0 && found[0] != name {
		d = d.WithHelp("did you mean %q?", found[0])
	}
	return d
}

// notAColumn says that a relation has no such column, and which it has.
func (b *binder) notAColumn(at source.Span, name string, r *relation) diag.Diagnostic {
	what, called := "relation", r.name
	if r.table != nil {
		what, called = "table", r.table.Name
	}
	d := diag.New(diag.UnknownColumn, at, "no column %q in %s %q", name, what, called).
		WithInline("not a column of %s", called)
	var names []string
	for _, c := range r.cols {
		if !c.hidden {
			names = append(names, c.name)
		}
	}
	if r.table != nil && !r.table.Span.IsZero() {
		d = d.WithLabel(r.table.Span, "%s has: %s", r.table.Name, strings.Join(names, ", "))
	} else if len(names) > 0 {
		d = d.WithLabel(r.at, "%s has: %s", called, strings.Join(names, ", "))
	}
	return near(d, name, names)
}

func (b *binder) unknownColumn(x *ir.ColumnRef, name string, s *scope) {
	var only *relation
	count := 0
	var names []string
	for t := s; t != nil; t = t.parent {
		for _, f := range t.frames {
			for _, r := range f.rels {
				if t == s {
					only = r
					count++
				}
				for _, c := range r.cols {
					names = append(names, c.name)
				}
			}
		}
	}
	if count == 1 && s.parent == nil {
		d := b.notAColumn(x.Span(), name, only)
		b.soften(&d, s)
		b.report(d)
		return
	}
	d := diag.New(diag.UnknownColumn, x.Span(), "no column %q in scope", name)
	b.soften(&d, s)
	switch {
	case len(names) == 0:
		d = d.WithHelp("there is no FROM here that could have it")
	case count > 0:
		for _, f := range s.frames {
			for _, r := range f.rels {
				if r.table != nil && len(d.Labels) < 3 {
					var has []string
					for _, c := range r.cols {
						has = append(has, c.name)
					}
					d = d.WithLabel(r.table.Span, "%s has: %s", r.table.Name, strings.Join(has, ", "))
				}
			}
		}
	}
	b.report(near(d, name, names))
}

func (b *binder) ambiguous(x *ir.ColumnRef, name string, s *scope) {
	d := diag.New(diag.AmbiguousColumn, x.Span(), "column %q is ambiguous", name)
	var of []string
	for _, f := range s.frames {
		for _, c := range f.cols {
			if sameName(c.name, name, b.traits.CaselessNames) && c.rel != nil {
				of = append(of, c.rel.name+"."+name)
				d = d.WithLabel(c.rel.at, "%s has a column %q", c.rel.name, name)
			}
		}
	}
	b.soften(&d, s)
	b.report(d.WithHelp("write %s", strings.Join(of, " or ")))
}

func (b *binder) unknownTable(n ir.Name, s *scope) {
	at := n.Span()
	d := diag.New(diag.UnknownTable, at, "no table %q", n.String())
	if len(b.in.Schemas) > 0 {
		var known []string
		for e := s.env; e != nil; e = e.parent {
			known = append(known, e.name)
		}
		for _, sc := range b.in.Schemas {
			for _, t := range sc.Tables {
				if sc.Name != b.in.DefaultSchema && n.Schema() == "" && sameName(t.Name, n.Last(), b.traits.CaselessNames) {
					d = d.WithHelp("there is %q in schema %q", t.Name, sc.Name)
				}
				known = append(known, t.Name)
			}
		}
		d = near(d, n.Last(), known)
	}
	b.report(d)
}

func hasParam(x ir.Expr) bool {
	found := false
	if x != nil {
		ir.Walk(x, func(n ir.Node) bool {
			if _, ok := n.(*ir.Param); ok {
				found = true
			}
			return !found
		})
	}
	return found
}
