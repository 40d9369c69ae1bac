package compiler

import (
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// A query with a line "-- paginate: created_at desc, id" is read page by page: behind a row, or before one, found by
// what it is sorted by. It becomes three, the first page, one behind a cursor and one before a cursor, as variants of
// the one text that paging.text writes.

// paging compiles such a query.
type paging struct {
	s     *token.Statement
	p     *Package
	o     sem.Options
	at    source.Span // of the line
	keys  []pageKey
	diags diag.List

	// Of the query as it is written, with all of its parts:
	tree    ir.Statement
	columns []sem.Column
	rel     rel.Node
	writes  bool
	plain   bool // a condition may be added to its WHERE
}

var paginateLine = regexp.MustCompile(`(?m)^(?:--|#)[ \t]*paginate:[^\r\n]*`)

// paginated tells whether a query has the line.
func paginated(h *token.Header) bool {
	_, ok := h.Flags["paginate"]
	return ok && slices.ContainsFunc(h.Comments, isPaginate)
}

func isPaginate(comment string) bool {
	return strings.HasPrefix(strings.TrimLeft(comment, " \t"), "paginate:")
}

// compilePages compiles a query that is read page by page.
func compilePages(s *token.Statement, p *Package, o sem.Options) (*facts.Query, diag.List) {
	g := &paging{s: s, p: p, o: o, at: s.Header.NameSpan}
	lines := paginateLine.FindAllStringIndex(s.Raw.Text(), -1)
	for _, m := range lines {
		g.at, _ = s.File.Span(int(s.Raw.Start)+m[0], int(s.Raw.Start)+m[1]).Origin()
	}
	s.Header.Comments = slices.DeleteFunc(s.Header.Comments, isPaginate)
	if len(lines) > 1 {
		g.fail("the query says twice what it is read page by page by")
		return nil, g.diags
	}
	q := g.compile()
	if g.diags.HasErrors() {
		return nil, g.diags
	}
	return q, g.diags
}

func (g *paging) fail(format string, args ...any) *diag.Diagnostic {
	g.diags.Add(diag.New(diag.Paginate, g.at, format, args...))
	return &g.diags[len(g.diags)-1]
}

func (g *paging) compile() *facts.Query {
	s := g.s
	if s.Header.Command != "many" {
		g.fail("only a :many query can be read page by page, and this one is :%s", s.Header.Command)
		return nil
	}
	if len(s.Header.Nests) > 0 {
		g.fail("pages are of rows, and those of a nest are put together of several").Help = []string{
			"read a page of the outer rows, then what belongs to them in a query of its own"}
		return nil
	}
	parts, ds := s.Parts()
	if g.diags.Add(ds...); parts == nil {
		return nil
	}
	switch {
	case len(parts.Orders) > 0:
		g.fail("pages are sorted by what paginate names: the order %s can not be chosen", parts.Orders[0].Name)
		return nil
	case len(parts.Conditions) > maxConditions:
		g.fail("a query can have %d conditions, and this one has %d", maxConditions, len(parts.Conditions))
		return nil
	}
	for _, q := range s.Params {
		if ofPages(q.Name) {
			g.diags.Add(diag.New(diag.Paginate, q.Span, "the parameter %s has the name of one of the page: give it another", q.Name))
			return nil
		}
	}
	for _, c := range parts.Conditions {
		if ofPages(c.Name) {
			g.diags.Add(diag.New(diag.Paginate, c.Span, "the condition %s has the name of one of the page: give it another", c.Name))
			return nil
		}
	}
	if !g.read(parts) || !g.shape() || !g.readKeys() {
		return nil
	}
	whole, ds := g.text()
	if whole == nil || ds.HasErrors() {
		g.diags.Add(ds...)
		return nil
	}
	return g.variants(whole, len(parts.Conditions))
}

// ofPages tells whether a name is one of those that pages need.
func ofPages(name string) bool {
	name = strings.ToLower(name)
	return name == "after" || name == "before" || strings.HasPrefix(name, "page_")
}

// read binds the query as it is written, with all of its parts.
func (g *paging) read(parts *token.Parts) bool {
	s := g.s
	tree, ds := g.p.Dialect.Parse(s)
	if g.diags.Add(ds...); tree == nil || ds.HasErrors() {
		return false
	}
	renumber(s, tree)
	full := s.Variant(parts, variant(parts, 1<<len(parts.Conditions)-1))
	if tree, ds = g.p.Dialect.Parse(full); tree == nil || ds.HasErrors() {
		g.diags.Add(ds...)
		return false
	}
	bound, ds := sem.Analyze(full, tree, g.p.Catalog, g.p.Dialect, g.o)
	if bound == nil || ds.HasErrors() {
		g.diags.Add(ds...)
		return false
	}
	g.tree, g.columns, g.rel = tree, slices.Clone(bound.Columns), bound.Rel
	g.writes = len(bound.Effects.Writes) > 0
	_, g.plain = tree.(*ir.Select)
	g.plain = g.plain && rowsAlone(bound.Rel)
	return true
}

// rowsAlone tells whether the rows of a query are those that its WHERE leaves, each by itself.
func rowsAlone(n rel.Node) bool {
	for {
		switch x := n.(type) {
		case *rel.Project:
			n = x.Input
		case *rel.With:
			n = x.Input
		case *rel.Filter:
			n = x.Input
		case *rel.Scan, *rel.CTEScan, *rel.Join, *rel.Alias, *rel.Func:
			return true
		default:
			return false
		}
	}
}

// shape refuses what has an order or an end of its own.
func (g *paging) shape() bool {
	q, ok := g.tree.(ir.Query)
	if !ok {
		g.fail("only a SELECT can be read page by page")
		return false
	}
	tail, sel := (*ir.Tail)(nil), (*ir.Select)(nil)
	switch q := q.(type) {
	case *ir.Select:
		tail, sel = &q.Tail, q
	case *ir.SetOp:
		tail = &q.Tail
	default:
		g.fail("only a SELECT can be read page by page")
		return false
	}
	what := ""
	switch {
	case len(tail.OrderBy) > 0:
		what = "ORDER BY"
	case tail.Limit != nil:
		what = "LIMIT"
	case tail.Offset != nil:
		what = "OFFSET"
	case len(tail.Locking) > 0:
		what = "FOR"
	case sel != nil && sel.Into != nil:
		what = "INTO"
	}
	if what != "" {
		g.fail("a query that is read page by page has no %s of its own", what).Help = []string{
			"the line paginate says what it is sorted by, and the method's PageSize how many rows there are"}
		return false
	}
	if g.writes { // in WITH
		g.fail("a query that is read page by page can not write, which each page would do again").Help = []string{
			"write in a query of its own"}
		return false
	}
	if sel != nil && (sel.Distinct || len(sel.DistinctOn) > 0 || sel.GroupBy != nil || sel.Having != nil || len(sel.Windows) > 0 || sel.Qualify != nil) {
		g.plain = false
	}
	return true
}

// variants compiles the first page, that behind a cursor and that before one, each with and without each of the query's own
// parts.
func (g *paging) variants(whole *token.Statement, own int) *facts.Query {
	parts, ds := whole.Parts()
	if g.diags.Add(ds...); parts == nil {
		return nil
	}
	after, before, forward := own, own+1, own+2
	v := &facts.Variants{Conditions: slices.Clone(parts.Conditions[:forward]), Texts: make([]string, 3<<own)}
	for i := range whole.Params {
		v.Needs = append(v.Needs, parts.Needs(whole, i))
	}
	count := 0
	for _, number := range whole.Placeholders() {
		count = max(count, number)
	}
	params := make([]sem.Param, count)
	var out *facts.Query
	said := map[string]bool{}
	each := func(bits, direction int) bool {
		choice := variant(parts, bits)
		choice.Present[after], choice.Present[before] = direction == 1, direction == 2
		choice.Present[forward] = direction != 2
		st := whole.Variant(parts, choice)
		tree, ds := g.p.Dialect.Parse(st)
		var bound *sem.Result
		if tree != nil && !ds.HasErrors() {
			var more diag.List
			bound, more = sem.Analyze(st, tree, g.p.Catalog, g.p.Dialect, g.o)
			ds.Add(more...)
		}
		for _, d := range ds {
			if key := d.Code.ID + d.Message; !said[key] {
				said[key] = true
				g.diags.Add(d)
			}
		}
		if bound == nil || ds.HasErrors() || direction == 0 && !g.proved(bound) {
			return false
		}
		q := facts.Of(bound)
		if g.o.Bound && direction == 1 && (bits == 1<<own-1 || bits == 0) {
			end := *q
			v.Ends = append(v.Ends, &end)
		}
		q.Rel, q.Bound = nil, nil
		for _, k := range g.keys {
			if !q.Deterministic && q.Columns[k.Column].Source == nil {
				g.fail("%s is computed, and the query does not give the same each time it is asked", k.name)
				return false
			}
		}
		number := bits | direction<<own
		v.Texts[number] = q.SQL
		for i, at := range v.Params(whole, uint(number)) {
			p := q.Params[i]
			switch have := &params[at]; {
			case have.Number == 0:
				p.Number = at + 1
				*have = p
			case !have.Type.Same(p.Type):
				g.fail("the pages of the query do not take the same: parameter %s is %s and %s", p.Name, have.Type.Qualified(), p.Type.Qualified())
				return false
			default:
				have.Nullable = have.Nullable && p.Nullable
			}
		}
		q.Params = nil
		if out == nil {
			out = q
			return true
		}
		if problem := join(out, q, nil); problem != "" {
			g.fail("the pages of the query do not give the same: %s", problem)
			return false
		}
		return true
	}
	for bits := 1<<own - 1; bits >= 0; bits-- {
		for direction := range 3 {
			if !each(bits, direction) {
				return nil
			}
		}
	}
	out.Params, out.Placeholders = params, whole.Placeholders()
	for i := range out.Placeholders {
		out.Placeholders[i]--
	}
	if g.o.Scratch != nil {
		whole.Tokens = nil
	}
	out.SQL, out.Source, out.Variants = v.Texts[1<<own-1], whole, v
	v.Conditions[after].Name, v.Conditions[before].Name = "after", "before"
	out.Page = &facts.Page{}
	for _, k := range g.keys {
		out.Page.Keys = append(out.Page.Keys, k.PageKey)
	}
	return out
}
