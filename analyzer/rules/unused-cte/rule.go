// Package unusedcte is the rule CV4502.
package unusedcte

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds common table expressions that nothing reads.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, w := range rule.Exprs[*ir.With](q) {
		for i := range w.CTEs {
			cte := &w.CTEs[i]
			switch cte.Query.(type) {
			case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge:
				continue // it writes all the same
			}
			if writes(cte.Query) || read(q, w, cte) {
				continue
			}
			d := q.At(cte.Name, "nothing reads %s", cte.Name.Name).
				WithHelp("delete it; if it was to be read, the FROM that should name it does not")
			if s, ok := cte.Query.(*ir.Select); ok && len(s.Locking) > 0 {
				d = q.At(cte.Name, "nothing reads %s, so it is not run and locks nothing", cte.Name.Name).
					WithHelp("read it where the locked rows are written: a join with it, or WHERE … IN (SELECT … FROM %s)", cte.Name.Name)
			}
			if f, ok := fix(w, i); ok {
				d = d.WithFix(f)
			}
			q.Add(d)
		}
	}
}

// read tells whether a table is named as cte is, outside of its own query.
func read(q *rule.Query, w *ir.With, cte *ir.CTE) bool {
	found := false
	ir.Walk(q.Tree, func(n ir.Node) bool {
		if n == ir.Node(cte) {
			return false
		}
		if t, ok := n.(*ir.TableRef); ok && len(t.Name.Parts) == 1 {
			name := t.Name.Last()
			found = found || name == cte.Name.Name || q.Package.Traits.CaselessNames && strings.EqualFold(name, cte.Name.Name)
		}
		return !found
	})
	return found
}

// writes tells whether a query has a statement that writes in it.
func writes(x ir.Query) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge:
			found = true
		}
		return !found
	})
	return found
}

// fix takes the expression out. It is safe where no argument goes with it.
func fix(w *ir.With, i int) (f diag.Fix, ok bool) {
	safe := true
	ir.Walk(&w.CTEs[i], func(n ir.Node) bool {
		_, param := n.(*ir.Param)
		safe = safe && !param
		return safe
	})
	f = diag.Fix{Title: "take it out", Safe: safe}
	if len(w.CTEs) > 1 {
		var list []*ir.CTE
		for j := range w.CTEs {
			list = append(list, &w.CTEs[j])
		}
		edit, ok := rule.Without(list, i, ",")
		f.Edits = []diag.Edit{edit}
		return f, ok
	}
	at := w.Span()
	end := int(at.End)
	for end < len(at.File.Text) && strings.ContainsRune(" \t\r\n", rune(at.File.Text[end])) {
		end++
	}
	text := strings.ToUpper(strings.TrimSpace(at.Text()))
	f.Edits = []diag.Edit{{Span: source.Span{File: at.File, Start: at.Start, End: int32(end)}}}
	return f, strings.HasPrefix(text, "WITH") && strings.HasSuffix(text, ")")
}
