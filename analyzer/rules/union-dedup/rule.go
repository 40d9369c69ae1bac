// Package uniondedup is the rule CV5014.
package uniondedup

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds UNION where no row can repeat, or where it makes no difference that one does.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	within := map[ir.Query]bool{} // the unions that are a part of a longer one
	asked := map[ir.Query]bool{}  // the queries of which it matters only what they hold
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch n := n.(type) {
		case *ir.In:
			// PostgreSQL and SQLite gather the different values anyway; MySQL asks for each row.
			asked[n.Query] = q.Package.Engine == catalog.MySQL
		case *ir.Exists:
			asked[n.Query] = true
		case *ir.SetOp:
			if within[n] || !dedups(n) {
				break
			}
			for _, part := range parts(n) {
				within[part] = true
			}
			judge(q, n, asked[n])
		}
		return true
	})
}

func dedups(s *ir.SetOp) bool { return s.Op == "UNION" && !s.All }

// parts are the unions that make up one without repeats, itself left out.
func parts(s *ir.SetOp) (list []ir.Query) {
	for _, side := range [...]ir.Query{s.L, s.R} {
		if u, ok := side.(*ir.SetOp); ok && dedups(u) && bare(&u.Tail) {
			list = append(append(list, u), parts(u)...)
		}
	}
	return list
}

// arms are the queries that a union joins together.
func arms(s *ir.SetOp) (list []ir.Query) {
	for _, side := range [...]ir.Query{s.L, s.R} {
		if u, ok := side.(*ir.SetOp); ok && dedups(u) && bare(&u.Tail) {
			list = append(list, arms(u)...)
		} else {
			list = append(list, side)
		}
	}
	return list
}

func bare(t *ir.Tail) bool {
	return t.With == nil && t.OrderBy == nil && t.Limit == nil && t.Offset == nil
}

func judge(q *rule.Query, s *ir.SetOp, asked bool) {
	k := q.Block(s)
	if k == nil || k.Node == nil {
		return
	}
	if op, ok := rule.Below[*rel.SetOp](k.Node); !ok || op.Recursive {
		return // there it ends the recursion
	}
	at := word(s)
	if asked && s.Limit == nil && s.Offset == nil {
		q.Add(all(q.At(ir.At{Pos: at}, "UNION takes repeated rows out, which makes no difference to the condition around it"), s).
			WithHelp("write UNION ALL: the rows need not be compared with each other"))
		return
	}
	var blocks []*sem.Block
	for _, arm := range arms(s) {
		b := q.Block(arm)
		if b == nil || b.Node == nil || len(b.Columns) != len(k.Columns) || len(b.Node.Props().Keys()) == 0 {
			return // it may repeat rows of its own
		}
		blocks = append(blocks, b)
	}
	var why string
	for i, a := range blocks {
		for _, b := range blocks[i+1:] {
			if !alike(q, a, b) {
				return
			}
			x, y, name := apart(q, a, b)
			if name == "" {
				return
			}
			if why == "" {
				why = name + " is " + x.Span().Text() + " in the one and " + y.Span().Text() + " in the other"
			}
		}
	}
	if why != "" {
		q.Add(all(q.At(ir.At{Pos: at}, "UNION compares all rows with each other, and none can repeat: %s", why), s).
			WithHelp("write UNION ALL: neither part repeats a row of its own, its key is selected"))
	}
}

// word is the place of the word UNION.
func word(s *ir.SetOp) source.Span {
	file, from, to := s.Span().File, s.L.Span().End, s.R.Span().Start
	if from < to && int(to) <= len(file.Text) {
		if i := strings.Index(strings.ToUpper(file.Text[from:to]), "UNION"); i >= 0 {
			return source.Span{File: file, Start: from + int32(i), End: from + int32(i) + 5}
		}
	}
	return s.Span()
}

// all adds the fix, for all unions of the chain.
func all(d diag.Diagnostic, s *ir.SetOp) diag.Diagnostic {
	fix := diag.Fix{Title: "Write UNION ALL", Safe: true}
	for _, u := range append([]ir.Query{s}, parts(s)...) {
		at := word(u.(*ir.SetOp))
		rest := at.File.Text[at.End:min(int(u.(*ir.SetOp).R.Span().Start), len(at.File.Text))]
		if !strings.EqualFold(at.Text(), "UNION") || strings.Contains(strings.ToUpper(rest), "DISTINCT") {
			return d
		}
		fix.Edits = append(fix.Edits, diag.Edit{Span: source.Span{File: at.File, Start: at.End, End: at.End}, New: " ALL"})
	}
	return d.WithFix(fix)
}

// alike tells that two queries have columns of the same types, so that no conversion makes different values equal.
func alike(q *rule.Query, a, b *sem.Block) bool {
	for i := range a.Columns {
		x, y := a.Columns[i].Type, b.Columns[i].Type
		lx, ly := constant(q, a, i), constant(q, b, i)
		if lx != nil || ly != nil {
			continue
		}
		if !x.Known() || !x.Same(y) || collation(q, a, i) != collation(q, b, i) {
			return false
		}
	}
	return true
}

func collation(q *rule.Query, k *sem.Block, i int) string {
	if c := q.ByID(k.Columns[i].ID); c.Source != nil {
		return c.Source.Collation
	}
	return ""
}

// apart finds a column that is one constant in a and another in b.
func apart(q *rule.Query, a, b *sem.Block) (x, y *ir.Literal, name string) {
	for i := range a.Columns {
		x, y = constant(q, a, i), constant(q, b, i)
		if x != nil && y != nil && differ(x, y) {
			return x, y, a.Columns[i].Name
		}
	}
	return nil, nil, ""
}

// differ tells that two constants are different values under any collation.
func differ(x, y *ir.Literal) bool {
	if x.Kind != y.Kind {
		return false
	}
	switch x.Kind {
	case ir.Integer, ir.Bool:
		return strings.TrimLeft(x.Text, "0") != strings.TrimLeft(y.Text, "0")
	case ir.String:
		return letters(x.Text) && letters(y.Text) && !strings.EqualFold(x.Text, y.Text)
	}
	return false
}

// letters tells that a text is of plain letters, digits, - and _: a text that collations tell from others, and that no type reads as
// it does another.
func letters(s string) bool {
	some := false
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			some = true
		case r >= '0' && r <= '9', r == '_', r == '-':
		default:
			return false
		}
	}
	return some
}

// constant is the value that column i of a query has in all rows, where it is written there.
func constant(q *rule.Query, k *sem.Block, i int) *ir.Literal {
	s, ok := k.Query.(*ir.Select)
	if !ok {
		return nil
	}
	project, ok := rule.Below[*rel.Project](k.Node)
	if !ok || i >= len(project.Items) {
		return nil
	}
	item := project.Items[i]
	if x := item.X; x != nil {
		if cast, ok := x.(*ir.Cast); ok && item.Type.Is("text", "varchar") {
			x = cast.X
		}
		if v := q.Value(x).Constant; v != nil && v.Kind != ir.Null {
			if _, signed := x.(*ir.Unary); !signed {
				return v
			}
		}
	}
	for _, c := range rule.Conjuncts(s.Where) {
		b, ok := c.(*ir.Binary)
		if !ok || b.Op != "=" {
			continue
		}
		for _, side := range [...][2]ir.Expr{{b.L, b.R}, {b.R, b.L}} {
			v := q.Value(side[1]).Constant
			if _, plain := side[1].(*ir.Literal); plain && v != nil && v.Kind != ir.Null && q.Value(side[0]).Column == item.ID {
				return v
			}
		}
	}
	return nil
}
