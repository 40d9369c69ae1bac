package compiler

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// The most conditions and variants that a query may have: each variant is compiled, and its text is in the
// application.
const (
	maxConditions = 6
	maxVariants   = 1024
)

// variantCommands are those whose method sends one text.
var variantCommands = []string{"one", "maybe", "many", "iter", "exec", "execrows", "execresult", "execlastid"}

// compileVariants compiles a query with optional parts: the whole of it, then each variant by itself. The query
// that comes of it has the columns of all, which must be the same, each NULL where it is in any.
func compileVariants(s *token.Statement, p *Package, o sem.Options) (*facts.Query, diag.List) {
	parts, diags := s.Parts()
	if parts == nil {
		return nil, diags
	}
	fail := func(at source.Span, format string, args ...any) (*facts.Query, diag.List) {
		diags.Add(diag.New(diag.OptionalPart, at, format, args...))
		return nil, diags
	}
	if !slices.Contains(variantCommands, s.Header.Command) {
		return fail(s.Header.CommandSpan, "a query with optional parts can not be :%s", s.Header.Command)
	}
	n := 1 << min(len(parts.Conditions), maxConditions)
	for _, order := range parts.Orders {
		n = min(n*len(order.Choices), maxVariants+1)
	}
	switch {
	case len(parts.Conditions) > maxConditions:
		return fail(parts.Conditions[maxConditions].Span, "a query can have %d conditions, and this one has %d", maxConditions, len(parts.Conditions))
	case n > maxVariants:
		return fail(parts.Orders[len(parts.Orders)-1].Span, "the query would have more than %d variants", maxVariants)
	}
	// The whole is what other tools see, and gives the parameters their numbers.
	tree, ds := p.Dialect.Parse(s)
	if tree == nil || ds.HasErrors() {
		return nil, append(diags, ds...)
	}
	renumber(s, tree)

	full := 1<<len(parts.Conditions) - 1
	v := &facts.Variants{Conditions: parts.Conditions, Orders: parts.Orders, Texts: make([]string, n)}
	for i := range s.Params {
		v.Needs = append(v.Needs, parts.Needs(s, i))
	}
	var out *facts.Query
	said := map[string]bool{}
	each := func(i int) bool {
		choice := variant(parts, i)
		st := s.Variant(parts, choice)
		tree, ds := p.Dialect.Parse(st)
		var bound *sem.Result
		if tree != nil && !ds.HasErrors() {
			var more diag.List
			bound, more = sem.Analyze(st, tree, p.Catalog, p.Dialect, o)
			ds.Add(more...)
		}
		var nested *facts.Nested
		if bound != nil && !ds.HasErrors() {
			var more diag.List
			nested, more = facts.NestedOf(bound, p.Dialect.Traits().SortedByPrefix)
			ds.Add(more...)
		}
		for _, d := range ds {
			if key := d.Code.ID + d.Span.Text() + d.Message; !said[key] {
				said[key] = true
				diags.Add(d.WithHelp("in the variant %s", describe(parts, choice)))
			}
		}
		if bound == nil || ds.HasErrors() {
			return false
		}
		q := facts.Of(bound)
		if o.Bound && (i == full || i == 0) {
			end := *q
			v.Ends = append(v.Ends, &end)
		}
		q.Rel, q.Bound, q.Nested = nil, nil, nested
		v.Texts[i] = q.SQL
		if out == nil {
			out = q
			return true
		}
		if problem := join(out, q, v.Params(s, uint(i))); problem != "" {
			d := diag.New(diag.OptionalPart, s.Header.NameSpan, "the variants of the query do not give the same: %s", problem)
			diags.Add(d.WithHelp("this is in the variant %s", describe(parts, choice)))
			return false
		}
		return true
	}
	if !each(full) {
		return nil, diags
	}
	for i := range n {
		if i != full && !each(i) {
			return nil, diags
		}
	}
	out.Variants = v
	// Positions and numbers are those of the whole statement from here on.
	out.Source = s
	return out, diags
}

// variant is the choice that has a number.
func variant(p *token.Parts, i int) token.Variant {
	var v token.Variant
	for range p.Conditions {
		v.Present = append(v.Present, i&1 == 1)
		i >>= 1
	}
	for _, o := range p.Orders {
		v.Choice = append(v.Choice, i%len(o.Choices))
		i /= len(o.Choices)
	}
	return v
}

// describe says in words which parts a variant has.
func describe(p *token.Parts, v token.Variant) string {
	var with, without, all []string
	for i, c := range p.Conditions {
		if v.Present[i] {
			with = append(with, c.Name)
		} else {
			without = append(without, c.Name)
		}
	}
	if len(with) > 0 {
		all = append(all, "with "+strings.Join(with, ", "))
	}
	if len(without) > 0 {
		all = append(all, "without "+strings.Join(without, ", "))
	}
	for i, o := range p.Orders {
		all = append(all, o.Name+" "+o.Choices[v.Choice[i]].Words)
	}
	return strings.Join(all, "; ")
}

// join takes what a variant may do into the query; params are the query's parameters that it has. It says what
// does not agree.
func join(q, v *facts.Query, params []int) string {
	for i := range v.Params {
		a, b := &q.Params[params[i]], &v.Params[i]
		if !a.Type.Same(b.Type) {
			return "parameter " + a.Name + " is " + a.Type.Qualified() + " and " + b.Type.Qualified()
		}
		a.Nullable = a.Nullable && b.Nullable // where a variant does not expect NULL, none may come
	}
	q.Rows.Min = min(q.Rows.Min, v.Rows.Min)
	if q.Rows.Max < 0 || v.Rows.Max < 0 {
		q.Rows.Max = -1
	} else {
		q.Rows.Max = max(q.Rows.Max, v.Rows.Max)
	}
	if v.Kind == facts.Write {
		q.Kind = facts.Write
	}
	q.Reads, q.Writes = union(q.Reads, v.Reads), union(q.Writes, v.Writes)
	q.Locks = q.Locks || v.Locks
	q.Deterministic = q.Deterministic && v.Deterministic
	if len(q.Columns) != len(v.Columns) {
		return "one has another number of columns"
	}
	if problem := q.Nested.Join(v.Nested); problem != "" {
		return problem
	}
	for i := range q.Columns {
		a, b := &q.Columns[i], &v.Columns[i]
		switch {
		case a.Name != b.Name:
			return "column " + a.Name + " is called " + b.Name
		case !a.Type.Same(b.Type) || a.Type.Dims != b.Type.Dims:
			return "column " + a.Name + " is " + a.Type.Qualified() + " and " + b.Type.Qualified()
		case a.Embed != b.Embed || a.Embed >= 0 && a.Table != b.Table:
			return "column " + a.Name + " is of another table"
		}
		a.Null = a.Null.Either(b.Null)
		a.EmbedNull = a.EmbedNull.Either(b.EmbedNull)
		a.ElemNull = a.ElemNull || b.ElemNull
		a.Padded = a.Padded || b.Padded
		a.JSON = sem.EitherJSON(a.JSON, b.JSON)
		if a.JSONName != "" && !a.JSON.Known() {
			return "the JSON in column " + a.Name + " is of another shape"
		}
		if a.Overruled != nil && b.Overruled != nil {
			a.Overruled.Null = a.Overruled.Null.Either(b.Overruled.Null)
		}
		if a.Source != b.Source {
			a.Source, a.Table, a.FromStar = nil, nil, false
		}
	}
	return ""
}

// union is both sorted lists.
func union(a, b []string) []string {
	a = append(slices.Clone(a), b...)
	slices.Sort(a)
	return slices.Compact(a)
}
