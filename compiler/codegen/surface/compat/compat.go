// Package compat describes a package as sqlc 1.31.1 does, from the same trees and catalog that
// the truth is found from: its own rules for names, types and nullability, the odd ones too,
// because the Go that stands on its output was written against them. Where sqlc refuses a
// statement, loses a parameter or has columns of another number, the truth answers.
//
// Nothing else depends on this package, and it decides nothing but the Go surface under a
// configuration that is not strict.
package compat

import (
	"strings"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/codegen/surface/truth"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Describe describes a package without its queries; query describes one of them, which stands in a file of a
// base name.
func Describe(p *compiler.Package) (out *surface.Package, query func(file string, q *facts.Query) *surface.Query) {
	out = &surface.Package{DefaultSchema: p.Catalog.DefaultSchema}
	if p.Catalog.Engine == catalog.PostgreSQL {
		out.System = systemTables
	}
	s := newSchema(p.Catalog)
	s.foreign = p.Config.JSON != nil || len(p.Config.Codegen) > 0
	s.describe(out)
	return out, s.query
}

func (s *schema) query(file string, q *facts.Query) *surface.Query {
	d := truth.Describer{Catalog: s.snapshot, Relation: s.ref}
	if s.engine == catalog.MySQL {
		d.Fold = strings.ToLower
	}
	if v, ok := q.Source.Header.Flags["strict"]; ok && v != "false" {
		return d.Query(file, q) // the query has moved over to the truth by itself
	}
	out := &surface.Query{
		Name: q.Name, Command: q.Command, File: file, SQL: q.SQL, Comments: q.Comments,
		Span: q.Source.Header.NameSpan,
	}
	if q.InsertInto != nil {
		out.InsertInto = s.ref(q.InsertInto)
		if n, ok := q.Tree.(*ir.Insert); ok && n.Table != nil {
			out.InsertInto = s.written(q.InsertInto, n.Table.Name)
		}
	}
	s.room = s.room[:0]
	e := &query{schema: s}
	out.Columns = s.columns(q, e, d)
	n := len(q.Source.Params)
	if n == 0 {
		return out
	}
	w := s.searchOf(e, q, n)
	w.statement(q.Tree, context{})
	out.Params, out.Placeholders = w.params(func(ref int) surface.Column {
		if p := paramOf(q, q.Source.Params[ref].Number); p != nil {
			return d.Param(p)
		}
		return surface.Column{Type: "any", Length: -1}
	})
	return out
}

func paramOf(q *facts.Query, number int) *sem.Param {
	for i := range q.Params {
		if q.Params[i].Number == number {
			return &q.Params[i]
		}
	}
	return nil
}

// columns are the emulated columns, where they are as many as the true ones.
func (s *schema) columns(q *facts.Query, e *query, d truth.Describer) []surface.Column {
	if len(q.Columns) == 0 {
		return nil
	}
	emulated := e.statement(q.Tree)
	// Place each emulated column on the true one; an embed covers several.
	at := make([]*column, len(q.Columns))
	i := 0
	for j := range emulated {
		c := &emulated[j]
		if i >= len(q.Columns) {
			return d.Columns(q, nil)
		}
		if c.Embed != nil {
			n := q.Columns[i].Embed
			if n < 0 {
				return d.Columns(q, nil)
			}
			for i < len(q.Columns) && q.Columns[i].Embed == n {
				i++
			}
			continue
		}
		at[i] = c
		i++
	}
	if i != len(q.Columns) {
		return d.Columns(q, nil)
	}
	return d.Columns(q, func(i int) (surface.Column, bool) {
		c := at[i]
		if c == nil {
			return surface.Column{}, false
		}
		// What the query itself says of a column sqlc does not know: it is only ever written for
		// the truth.
		if c.unsolved || q.Columns[i].Overruled != nil {
			t := d.Column(&q.Columns[i])
			if c.Name != "" {
				t.Name = c.Name
			}
			return t, true
		}
		out := c.Column
		out.Comment = ""
		return out, true
	})
}
