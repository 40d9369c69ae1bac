package compiler

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

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
