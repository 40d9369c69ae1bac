package truth

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/facts"
)

// variants describes the optional parts of a query: its parameters that may be unset, and those that the SQL
// does not have.
func (d Describer) variants(q *facts.Query, out *surface.Query) {
	v := q.Variants
	if v == nil {
		return
	}
	for i := range out.Params {
		p := &out.Params[i]
		for j, ref := range q.Source.Params {
			if ref.Number == p.Number && (len(out.Placeholders) == 0 || out.Placeholders[j] == i) {
				if !slices.Contains(p.Needs, v.Needs[j]) {
					p.Needs = append(p.Needs, v.Needs[j])
				}
			}
		}
		if slices.Contains(p.Needs, 0) {
			p.Needs = nil
		}
	}
	s := &surface.Variants{Texts: v.Texts}
	number := 0
	for _, p := range out.Params {
		number = max(number, p.Number)
	}
	add := func(c surface.Column) int {
		number++
		c.Given, c.NotNull, c.Length = true, true, -1
		out.Params = append(out.Params, surface.Param{Number: number, Column: c})
		return len(out.Params) - 1
	}
	for _, c := range v.Conditions {
		at := -1
		for i := range out.Params {
			if p := &out.Params[i]; c.Param && p.Name == c.Name {
				p.Optional = p.Cursor == nil
				if at < 0 {
					at = i
				}
			}
		}
		if at < 0 {
			at = add(surface.Column{Name: c.Name, Flag: true})
		}
		s.Conditions = append(s.Conditions, at)
	}
	for _, o := range v.Orders {
		order := &surface.Order{Query: q.Name, Name: o.Name}
		for _, c := range o.Choices {
			order.Choices = append(order.Choices, surface.Choice{Name: c.Name, Desc: c.Desc, Words: c.Words})
		}
		s.Orders = append(s.Orders, add(surface.Column{Name: o.Name, Order: order}))
	}
	out.Variants = s
}
