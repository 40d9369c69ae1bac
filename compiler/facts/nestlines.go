package facts

import (
	"go/token"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
)

// read reads the lines.
func (n *nester) read() {
	for _, l := range n.r.Source.Header.Nests {
		c := &nest{Nest: Nest{Span: l.Span, Form: "many", Parent: -1, Present: -1}}
		words := l.Words
		if k := len(words); k > 0 && slices.Contains([]string{":many", ":maybe", ":one"}, words[k-1].Text()) {
			c.Form, words = words[k-1].Text()[1:], words[:k-1]
		}
		switch {
		case len(words) == 1:
			c.Path = strings.Split(words[0].Text(), ".")
		case len(words) == 3 && strings.EqualFold(words[1].Text(), "as"):
			c.Path, c.Named = strings.Split(words[2].Text(), "."), true
			for _, p := range c.Path {
				if !token.IsIdentifier(p) || !token.IsExported(p) {
					n.add(diag.New(diag.NestLineInvalid, words[2], "%q can not be the name of a field", p).
						WithHelp("behind as stands a Go name that begins with a capital letter, or several with dots: Books.Reviews"))
					return
				}
			}
		default:
			n.add(diag.New(diag.NestLineInvalid, l.Span, "the line says nothing that can be nested").WithHelp(nestExample))
			return
		}
		c.name = words[0].Text()
		if slices.Contains(c.Path, "") {
			n.add(diag.New(diag.NestLineInvalid, words[0], "%q is neither a sqlc.embed nor the beginning of aliases", c.name).WithHelp(nestExample))
			return
		}
		for _, o := range n.nests {
			if samePath(o.Path, c.Path) {
				n.add(diag.New(diag.NestLineInvalid, l.Span, "there are two nests called %s", strings.Join(c.Path, ".")).WithLabel(o.Span, "the first is here"))
				return
			}
		}
		n.nests = append(n.nests, c)
	}
	slices.SortStableFunc(n.nests, func(a, b *nest) int { return len(a.Path) - len(b.Path) })
	for _, c := range n.nests {
		if len(c.Path) == 1 {
			continue
		}
		c.Parent = slices.IndexFunc(n.nests, func(o *nest) bool { return samePath(o.Path, c.Path[:len(c.Path)-1]) })
		if c.Parent < 0 {
			n.add(diag.New(diag.NestLineInvalid, c.Span, "there is no nest called %s", strings.Join(c.Path[:len(c.Path)-1], ".")).
				WithHelp("what holds another nest has a line of its own"))
		}
	}
}

// samePath compares paths, one of which may be in Go's and one in SQL's spelling.
func samePath(a, b []string) bool {
	flat := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }
	return slices.EqualFunc(a, b, func(x, y string) bool { return flat(x) == flat(y) })
}

// share gives the columns to the nests, and returns those that are left for the parent.
func (n *nester) share() (root []int) {
	embeds := map[int]*nest{}
	for _, c := range n.nests {
		for i := range n.r.Columns {
			col := &n.r.Columns[i]
			if col.Embed < 0 || !strings.EqualFold(col.TableAlias, c.name) && n.r.Source.Embeds[col.Embed].Table != c.name {
				continue
			}
			if o := embeds[col.Embed]; o != nil && o != c {
				n.add(diag.New(diag.NestLineInvalid, c.Span, "%s is nested already", c.name).WithLabel(o.Span, "here"))
				return nil
			}
			embeds[col.Embed], c.Embed = c, true
		}
		if !c.Embed {
			c.Prefix = c.name + "."
		}
	}
	for i := range n.r.Columns {
		col := &n.r.Columns[i]
		if c := embeds[col.Embed]; col.Embed >= 0 && c != nil {
			c.Columns = append(c.Columns, i)
			continue
		}
		var best *nest
		for _, c := range n.nests {
			if col.Embed < 0 && c.Prefix != "" && strings.HasPrefix(col.Name, c.Prefix) && (best == nil || len(c.Prefix) > len(best.Prefix)) {
				best = c
			}
		}
		if best == nil {
			root = append(root, i)
			continue
		}
		if rest := col.Name[len(best.Prefix):]; rest == "" || strings.Contains(rest, ".") {
			n.add(diag.New(diag.NestLineInvalid, best.Span, "column %q is none of %s's", col.Name, best.name).
				WithHelp("a nest within a nest has a line of its own"))
			return nil
		}
		best.Columns = append(best.Columns, i)
	}
	for _, c := range n.nests {
		if len(c.Columns) == 0 {
			n.add(diag.New(diag.NestLineInvalid, c.Span, "the query selects nothing for %s", c.name).
				WithHelp("write sqlc.embed(%s) into the select list for all columns of a table, or aliases that begin with it: AS \"%s.id\"", c.name, c.name))
			return nil
		}
	}
	if len(root) == 0 {
		n.add(diag.New(diag.NestLineInvalid, n.nests[0].Span, "no column is left for what holds %s", n.nests[0].name))
	}
	return root
}
