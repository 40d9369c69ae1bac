package compiler

import (
	"fmt"
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
	"github.com/covetsql/covetsql/compiler/types"
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

// pageKey is a column that the query is sorted by.
type pageKey struct {
	facts.PageKey
	name string
	text string // in the SQL
	cast string // how a parameter is written
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

// chosen tells whether the key is of a row that DISTINCT ON takes from several: any of them, without ORDER BY, and
// another the next time.
func (g *paging) chosen(k *pageKey) bool {
	n := g.rel
	for {
		switch x := n.(type) {
		case *rel.With:
			n = x.Input
			continue
		case *rel.Distinct:
			var on rel.ColSet
			for _, o := range x.On {
				on = on.With(o.ID)
			}
			return len(x.On) > 0 && !x.Input.Props().FDs.Closure(on).Has(x.Props().Cols[k.Column])
		}
		return false
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

// readKeys finds the columns that the line names.
func (g *paging) readKeys() bool {
	wrap := !g.plain
	for part := range strings.SplitSeq(g.s.Header.Flags["paginate"], ",") {
		words := strings.Fields(part)
		k := pageKey{}
		if len(words) == 2 && (strings.EqualFold(words[1], "asc") || strings.EqualFold(words[1], "desc")) {
			k.Desc = strings.EqualFold(words[1], "desc")
			words = words[:1]
		}
		if len(words) != 1 {
			g.fail("%q is no column to sort by", strings.TrimSpace(part)).Help = []string{"-- paginate: created_at desc, id"}
			return false
		}
		k.name = strings.Trim(words[0], "\"`")
		if !g.find(&k) {
			return false
		}
		if slices.ContainsFunc(g.keys, func(o pageKey) bool { return o.Column == k.Column }) {
			g.fail("%s is named twice", k.name)
			return false
		}
		if g.chosen(&k) {
			g.fail("DISTINCT ON takes any of several rows, and %s may be of another one on the next page", k.name).Help = []string{
				"choose the rows in a subquery: FROM (SELECT DISTINCT ON (…) … ORDER BY …) x"}
			return false
		}
		if k.text = g.plainText(k.Column); k.text == "" {
			wrap = true
		}
		g.keys = append(g.keys, k)
	}
	if !wrap {
		return true
	}
	g.plain = false
	seen := map[string]bool{}
	for i := range g.columns {
		c := &g.columns[i]
		name := strings.ToLower(c.Name)
		switch {
		case c.Embed >= 0:
			g.fail("the query becomes one in FROM, which can not have sqlc.embed").Help = []string{
				"sort by columns of tables, in a query without GROUP BY, DISTINCT, aggregates and window functions"}
			return false
		case seen[name]:
			g.fail("the query becomes one in FROM, where two columns can not be called %s", c.Name).Help = []string{"give one an alias"}
			return false
		case c.Mark != "":
			g.fail("the query becomes one in FROM, where %q is only a name", c.Sent()).Help = []string{
				fmt.Sprintf("say it in a line -- column: %s nullable=…", c.Name)}
			return false
		}
		seen[name] = true
	}
	for i := range g.keys {
		g.keys[i].text = g.p.Dialect.Quote(g.columns[g.keys[i].Column].Name)
	}
	return true
}

// find finds a key among the result's columns, and holds its type against what pages can be sorted by.
func (g *paging) find(k *pageKey) bool {
	found := -1
	var names []string
	of, name, qualified := strings.Cut(k.name, ".")
	if !qualified {
		name = k.name
	}
	for i := range g.columns {
		c := &g.columns[i]
		names = append(names, c.Name)
		if !strings.EqualFold(c.Name, name) || qualified && !strings.EqualFold(c.TableAlias, of) {
			continue
		}
		if found >= 0 {
			g.fail("two columns of the result are called %s", k.name).Help = []string{"give one an alias, or name its table: b.id"}
			return false
		}
		found = i
	}
	if found < 0 {
		d := g.fail("the result has no column %s", k.name)
		if near := diag.Nearest(k.name, names, 1); len(near) > 0 {
			*d = d.WithHelp("did you mean %s?", near[0])
		}
		*d = d.WithHelp("the cursor is made of the page's rows: select what they are sorted by")
		return false
	}
	k.Column = found
	c := &g.columns[found]
	t, _ := c.Proved()
	if o := c.Overruled; o != nil && !o.TypeAt.IsZero() {
		g.fail("%s has a type that the query says, and can not be sorted by", k.name)
		return false
	}
	traits := g.p.Dialect.Traits()
	cast, ok := traits.PageKeys[t.Name]
	switch {
	case t.Dims > 0 || t.Kind == types.Base && t.Schema != "" || t.Kind != types.Base && !(t.Kind == types.Enum && traits.PageEnums):
		ok = false
	case t.Kind == types.Enum:
		cast, ok = "%s", true
	case strings.Contains(cast, "%d"): // a computed one may have more digits than it shows
		if ok = t.Length > 0 && c.Source != nil; ok {
			cast = fmt.Sprintf(cast, "%s", t.Length, t.Scale)
		}
	case t.Is("tinyint") && t.Length == 1: // it is a bool in Go, and may be any number
		ok = false
	}
	if ok && traits.PageLength > 0 && t.Is("char", "varchar", "binary", "varbinary") && (t.Length == 0 || t.Length > traits.PageLength) {
		g.fail("rows can not be paged through by %s, which may have more than %d characters", k.name, traits.PageLength).Help = []string{
			"the server sorts by the first bytes of a text alone (max_sort_length)", fmt.Sprintf("select CAST(… AS CHAR(%d)) of it", traits.PageLength)}
		return false
	}
	if !ok {
		g.fail("rows can not be paged through by %s, which is %s", k.name, t.Qualified()).Help = []string{
			"the values of a cursor go to Go and back: numbers that are not exact, and types that are sorted in another way than they are compared, would lose rows"}
		return false
	}
	k.cast = cast
	return true
}

// plainText is how WHERE and ORDER BY of the query itself name a column of a table that the query gives; "" where they
// can not.
func (g *paging) plainText(i int) string {
	c := &g.columns[i]
	switch x := c.Expr.(type) {
	case nil:
		if c.TableAlias == "" || c.Source == nil {
			return ""
		}
		return g.p.Dialect.Quote(c.TableAlias) + "." + g.p.Dialect.Quote(c.Name)
	case *ir.ColumnRef:
		if len(x.Parts) == 1 {
			// ORDER BY means the result's column of that name where there is one.
			for j := range g.columns {
				if j != i && strings.EqualFold(g.columns[j].Name, x.Parts[0].Name) {
					return ""
				}
			}
		}
		return x.Span().Text()
	}
	return ""
}

// compared writes that a row is behind or before the cursor: a comparison, or several with AND between them.
func (g *paging) compared(before bool) string {
	param := func(i int) string {
		prefix := facts.AfterParam
		if before {
			prefix = facts.BeforeParam
		}
		return fmt.Sprintf(g.keys[i].cast, fmt.Sprintf("sqlc.arg(%s%d)", prefix, i+1))
	}
	sign := func(i int) string {
		if g.keys[i].Desc != before {
			return "<"
		}
		return ">"
	}
	same := !slices.ContainsFunc(g.keys, func(k pageKey) bool { return k.Desc != g.keys[0].Desc })
	if len(g.keys) > 1 && same && g.p.Dialect.Traits().RowRanges {
		var left, right []string
		for i, k := range g.keys {
			left, right = append(left, k.text), append(right, param(i))
		}
		return "(" + strings.Join(left, ", ") + ") " + sign(0) + " (" + strings.Join(right, ", ") + ")"
	}
	last := len(g.keys) - 1
	out := g.keys[last].text + " " + sign(last) + " " + param(last)
	for i := last - 1; i >= 0; i-- {
		k := g.keys[i].text
		if i < last-1 {
			out = "(" + out + ")"
		}
		out = k + " " + sign(i) + " " + param(i) + " OR " + k + " = " + param(i) + " AND " + out
	}
	if last > 0 { // the bound of the first key alone is what an index serves
		out = g.keys[0].text + " " + sign(0) + "= " + param(0) + " AND (" + out + ")"
	}
	return out
}

// sorted is ORDER BY.
func (g *paging) sorted(before bool) string {
	var list []string
	for _, k := range g.keys {
		text := k.text
		if k.Desc != before {
			text += " DESC"
		}
		list = append(list, text)
	}
	return "ORDER BY " + strings.Join(list, ", ")
}

// text is the query with both cursors, as parts, and both orders.
func (g *paging) text() (*token.Statement, diag.List) {
	s := g.s
	var in []token.Insertion
	link, behind := "WHERE ", ""
	if !g.plain {
		in = append(in, token.Insertion{Text: "SELECT * FROM (\n"})
		behind = "\n) AS page"
	} else if g.tree.(*ir.Select).Where != nil {
		where, depth := -1, 0
		for i := range s.Tokens {
			switch text := s.TokenText(i); {
			case text == "(" || text == "[":
				depth++
			case text == ")" || text == "]":
				depth--
			case depth == 0 && s.Tokens[i].Kind == token.Ident && strings.EqualFold(text, "where") && s.TokenText(i-1) != ".":
				where = i
			}
		}
		link = "  AND "
		if s.HasMarks() { // the first condition may be a part
			in = append(in, token.Insertion{Token: where, Behind: true, Text: " ("})
			behind = "\n)"
		} else {
			in = append(in, token.Insertion{Token: where + 1, Text: "("})
			behind = ")"
		}
	}
	part := func(name, text string) { behind += "\n-- :if " + name + "\n" + text + "\n-- :end" }
	part(facts.AfterParam+"1", link+g.compared(false))
	part(facts.BeforeParam+"1", link+g.compared(true)+"\n"+g.sorted(true))
	part("page_forward", g.sorted(false))
	behind += "\nLIMIT sqlc.arg(" + facts.SizeParam + ")"
	whole, ds := s.Rewritten(in, behind, g.at)
	if whole == nil {
		return nil, ds
	}
	visit := make([]int, len(s.Params))
	for i := range visit {
		visit[i] = i
	}
	slices.SortStableFunc(visit, func(a, b int) int { return s.Params[a].Number - s.Params[b].Number })
	whole.Renumber(visit)
	return whole, ds
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
		q.Rel = nil
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

// proved holds the keys against the rows: none of them is NULL, and together they tell the rows apart.
func (g *paging) proved(r *sem.Result) bool {
	props := r.Rel.Props()
	var ids rel.ColSet
	for _, k := range g.keys {
		c := &r.Columns[k.Column]
		if _, null := c.Proved(); !null.IsNever() {
			d := g.fail("%s may be NULL, and rows can not be paged through by it", k.name)
			if why := null.Reason.Text; why != "" {
				*d = d.WithHelp("it may be NULL: %s", why)
			}
			*d = d.WithHelp("say what stands for NULL, as coalesce(%s, …), or leave such rows out by %[1]s IS NOT NULL", k.name)
			return false
		}
		ids = ids.Union(rel.MakeColSet(props.Cols[k.Column]))
	}
	if props.Card.AtMost(1) || props.Rows.SubsetOf(props.FDs.Closure(ids)) {
		return true
	}
	var names []string
	for _, k := range g.keys {
		names = append(names, k.name)
	}
	d := g.fail("two rows may have the same %s: one of them would be lost between pages", strings.Join(names, ", "))
	for i := range r.Columns {
		if _, null := r.Columns[i].Proved(); null.IsNever() && props.Rows.SubsetOf(props.FDs.Closure(ids.Union(rel.MakeColSet(props.Cols[i])))) {
			*d = d.WithHelp("add %s: with it no two rows are the same", r.Columns[i].Name)
			return false
		}
	}
	*d = d.WithHelp("add a column that no two rows have in common, such as the primary key of each table")
	return false
}
