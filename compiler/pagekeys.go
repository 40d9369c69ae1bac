package compiler

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

// pageKey is a column that the query is sorted by.
type pageKey struct {
	facts.PageKey
	name string
	text string // in the SQL
	cast string // how a parameter is written
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
