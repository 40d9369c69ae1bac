package codegen

import (
	"fmt"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Difference is a place where the strict Go type of a query's column or parameter is another one
// than sqlc's.
type Difference struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Query string `json:"query"`
	// Place is "column 2, total" or "parameter 1, name".
	Place string `json:"place"`
	// Compat and Strict are the Go types.
	Compat string `json:"sqlc"`
	Strict string `json:"strict"`
	// Reason is what the strict answer rests on: the type in the engine's words, and whether and why
	// NULL can arrive.
	Reason string `json:"reason"`
	// SQL is what the user wrote for it; empty for a column of a star.
	SQL string `json:"sql,omitempty"`
}

// Strictness compares two compilations of one configuration, as it is and strict, in the packages
// that are not strict by themselves. A query that one of them refuses is not compared.
func Strictness(compat, strict *compiler.Program) []Difference {
	var out []Difference
	for i, p := range compat.Packages {
		s := strict.Packages[i]
		if p.Strict || p.Catalog == nil || s.Catalog == nil || p.Config.Go == nil {
			continue
		}
		ours := map[string]*facts.Query{}
		for _, q := range s.Queries() {
			ours[q.Name] = q
		}
		before, after := GoTypes(p), GoTypes(s)
		for _, f := range p.Files {
			for _, q := range f.Queries {
				if ours[q.Name] != nil {
					out = append(out, differences(f.Path, ours[q.Name], before[q.Name], after[q.Name])...)
				}
			}
		}
	}
	return out
}

// differences lists those of one query, as the strict compilation knows it.
func differences(file string, q *facts.Query, compat, strict QueryTypes) []Difference {
	var out []Difference
	add := func(d Difference, before, after []string, i int) {
		if i < len(before) && i < len(after) && before[i] != after[i] {
			d.File, d.Line, d.Query, d.Compat, d.Strict = file, q.Line, q.Name, before[i], after[i]
			out = append(out, d)
		}
	}
	for i := range q.Columns {
		c := &q.Columns[i]
		d := Difference{Place: fmt.Sprintf("column %d, %s", i+1, c.Name), Reason: columnReason(c)}
		if c.Expr != nil && q.Source != nil {
			d.SQL = c.Expr.Span().Text()
		}
		add(d, compat.Columns, strict.Columns, i)
	}
	for i := range q.Params {
		p := &q.Params[i]
		name := p.Name
		if name == "" {
			name = fmt.Sprintf("$%d", p.Number)
		}
		reason := p.Type.String()
		if p.Nullable {
			reason += ", takes NULL"
		}
		add(Difference{Place: fmt.Sprintf("parameter %d, %s", i+1, name), Reason: reason}, compat.Params, strict.Params, i)
	}
	return out
}

func columnReason(c *sem.Column) string {
	if c.Null.IsNever() {
		return c.Type.String() + ", never NULL"
	}
	text := c.Type.String() + ", may be NULL"
	if c.Null.Reason.Text != "" {
		text += ": " + c.Null.Reason.Text
	}
	return text
}
