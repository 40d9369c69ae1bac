// Package sem binds names, types expressions and parameters, expands stars, and builds the
// bound tree. Its input is a statement's neutral tree and a schema snapshot; it reads no
// engine's parser and has no switch over engines.
package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// Options are switches of the analysis.
type Options struct {
	// LaxFunctions makes an unknown function a warning and its result untyped, as sqlc does.
	LaxFunctions bool
	// Tolerant makes warnings of the mistakes that sqlc does not look for and that change
	// nothing in what it generates; the server still refuses such a statement.
	Tolerant bool
	// LaxOrderBy lets names in ORDER BY through that no column has (strict_order_by: false).
	LaxOrderBy bool
	// NullElements: a stored array may hold NULL elements, unless a CHECK constraint keeps them out.
	NullElements bool
	// PlainAliases leaves the mark of an alias "total!" a part of the name, as sqlc has it.
	PlainAliases bool
	// Semantics are the dialect's over the snapshot, for callers that analyse many statements
	// of one schema: they remember resolutions. Nil makes new ones.
	Semantics dialect.Semantics
	// Bound keeps what binding made of each node (Result.Bound).
	Bound bool
	// Scratch is used again from statement to statement; nil for a Result that is to be kept.
	Scratch *Scratch
}

// Analyze compiles one query. The result is never nil where the list has no error.
func Analyze(s *token.Statement, tree ir.Statement, in *catalog.Snapshot, d dialect.Dialect, o Options) (*Result, diag.List) {
	b := newBinder(s, in, d, o)
	out := b.statement(tree)
	// A parameter that takes NULL makes NULL what is computed from it; that is known only
	// now, so such statements are bound once more.
	if nullable := b.nullableParams(); len(nullable) > 0 && out != nil && len(out.cols) > 0 && yieldsParams(tree) {
		b = newBinder(s, in, d, o)
		b.nullableArgs = nullable
		out = b.statement(tree)
	}
	r := &Result{Source: s, Tree: tree, Catalog: in, Meta: b.meta, Bound: b.notes}
	if out != nil {
		r.Rel = out.node
		if out.rows {
			b.boundary(out.cols)
			r.Columns = b.columns(out.cols)
		}
	}
	r.Params, r.Placeholders = b.finishParams()
	// An output column may have its type from a parameter that a later place typed.
	if out != nil {
		for i := range r.Columns {
			c := out.cols[i]
			if !r.Columns[i].Type.Known() && len(c.params) > 0 {
				r.Columns[i].Type = b.params[c.params[0]].typ
			}
		}
	}
	b.checkCommand(tree, out)
	b.overrule(r.Columns, tree, out)
	r.SQL = b.rendered()
	r.Effects = b.effects
	if ins, ok := tree.(*ir.Insert); ok && ins.Table != nil {
		r.InsertInto = in.Table(ins.Table.Name.Schema(), ins.Table.Name.Last())
	}
	if b.diags.HasErrors() {
		return nil, b.diags
	}
	return r, b.diags
}

// yieldsParams tells whether the result's nullability can rest on a parameter's: on one that RETURNING or a
// query shows, or that a condition compares with a column.
func yieldsParams(tree ir.Statement) bool {
	switch t := tree.(type) {
	case *ir.Insert:
		return t.With != nil || len(t.Returning) > 0
	case *ir.Update:
		return t.With != nil || len(t.From) > 0 || len(t.Returning) > 0
	case *ir.Delete:
		return t.With != nil || len(t.From) > 0 || len(t.Returning) > 0
	}
	return true
}

// nullableParams are the parameters that take NULL without the user saying so.
func (b *binder) nullableParams() map[int]bool {
	var out map[int]bool
	for i := range b.params {
		p := &b.params[i]
		if p.takesNull && !p.refusesNull && !p.slice && p.kind != token.Nullable {
			if out == nil {
				out = map[int]bool{}
			}
			out[i] = true
		}
	}
	return out
}

// statement binds any statement; nil where it has no relation.
func (b *binder) statement(tree ir.Statement) *output {
	switch t := tree.(type) {
	case ir.Query:
		return b.query(t, nil, nil, nil)
	case *ir.Call:
		s := &scope{clause: inValues}
		c := b.call(t.Func, s, true)
		out := &output{node: rel.NewSingle(b.meta)}
		for _, f := range c.sig.Columns {
			out.rows = true
			out.cols = append(out.cols, &column{name: f.Name, typ: f.Type, embed: -1,
				null: types.Nullable(t.Span(), "output of procedure "+t.Func.Name.Last())})
		}
		return out
	case *ir.Utility:
		return b.utility(t)
	}
	return nil
}

// utility binds what a utility statement names.
func (b *binder) utility(t *ir.Utility) *output {
	s := &scope{clause: inValues}
	for _, ref := range t.Tables {
		table := b.in.Table(ref.Name.Schema(), ref.Name.Last())
		if table != nil { // what a utility names may be made at run time
			b.writes(table)
		}
	}
	for _, x := range t.Args {
		v := b.expr(x, s)
		b.settle(&v, b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown}), x)
	}
	out := &output{node: rel.NewSingle(b.meta)}
	if t.Query != nil {
		q := b.query(t.Query, nil, nil, nil)
		b.boundary(q.cols)
	}
	for i := range t.Columns {
		d := &t.Columns[i]
		c := &column{name: d.Name.Name, embed: -1, null: types.Nullable(t.Span(), "column of "+t.Verb)}
		if d.Type != nil {
			c.typ = b.d.Type(*d.Type, b.in)
		}
		for j := range d.Constraints {
			if d.Constraints[j].Kind == ir.NotNull {
				c.null = types.NotNull
			}
		}
		out.cols = append(out.cols, c)
		out.rows = true
	}
	if out.rows { // a plan has many lines, and what SHOW lists any number
		row := b.meta.Add(rel.Column{})
		out.node = rel.NewFunc(b.meta, []string{strings.ToLower(t.Verb)}, "", nil, row, rel.ColSet{}, rel.AnyRows)
	}
	return out
}

// columns makes the result's columns.
func (b *binder) columns(cols []*column) []Column {
	out := make([]Column, len(cols))
	for i, c := range cols {
		t := c.typ
		if c.source == nil && t.Known() {
			t = b.sem.Result(t)
		}
		out[i] = Column{Name: c.name, Type: t, Null: c.null, Table: c.table, Source: c.source, TableAlias: c.alias,
			Embed: c.embed, EmbedNull: c.embedNull, Expr: c.expr, FromStar: c.fromStar, Unnamed: c.derived, Padded: c.padded, ElemNull: c.elemMaybe && t.IsArray(), JSON: c.json}
	}
	return out
}

// QueryColumns types a query of the schema itself: a view, CREATE TABLE AS, a SQL function's
// body. columns renames the first of them.
func QueryColumns(q ir.Query, columns []ir.Ident, in *catalog.Snapshot, d dialect.Dialect) ([]*catalog.Column, diag.List) {
	b := newBinder(nil, in, d, Options{LaxFunctions: true, Tolerant: true})
	out := b.query(q, nil, nil, nil)
	b.boundary(out.cols)
	cols := make([]*catalog.Column, 0, len(out.cols))
	for i, c := range out.cols {
		t := c.typ
		if c.source == nil && t.Known() {
			t = b.sem.Result(t)
		}
		cc := &catalog.Column{Name: c.name, Type: t, NotNull: c.null.IsNever(), Constant: c.constant}
		if c.source != nil {
			cc.Declared, cc.EnumValues, cc.Comment = c.source.Declared, c.source.EnumValues, c.source.Comment
			cc.Collation, cc.Charset = c.source.Collation, c.source.Charset
		}
		if !cc.NotNull {
			cc.NullReason = c.null.Reason
		}
		if i < len(columns) {
			cc.Name = columns[i].Name
			cc.Span = columns[i].Span()
		} else if c.expr != nil {
			cc.Span = c.expr.Span()
		}
		cols = append(cols, cc)
	}
	return cols, b.diags
}
