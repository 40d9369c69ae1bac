// Package correlatedscalarselect is the rule CV5018.
package correlatedscalarselect

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds select lists that look the same rows up several times for each row.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		s, ok := n.(*ir.Select)
		if !ok || in == nil || in.Query != ir.Query(s) || in.Node == nil || in.Node.Props().Card.AtMost(1) {
			return true
		}
		var seen []string
		same := map[string][]*ir.Subquery{}
		for i := range s.Items {
			ir.Walk(s.Items[i].X, func(n ir.Node) bool {
				sub, ok := n.(*ir.Subquery)
				if !ok {
					_, query := n.(ir.Query)
					return !query
				}
				if rows := rows(q, sub, in); rows != "" {
					if same[rows] == nil {
						seen = append(seen, rows)
					}
					same[rows] = append(same[rows], sub)
				}
				return false
			})
		}
		for _, rows := range seen {
			if list := same[rows]; len(list) > 1 {
				q.Add(found(q, list))
			}
		}
		return true
	})
}

func found(q *rule.Query, list []*ir.Subquery) diag.Diagnostic {
	times := map[int]string{2: "twice", 3: "three times", 4: "four times"}[len(list)]
	if times == "" {
		times = fmt.Sprintf("%d times", len(list))
	}
	d := q.At(list[1], "the same rows are looked up %s for each row", times).WithLabel(list[0].Span(), "here first")
	for _, more := range list[2:] {
		d = d.WithLabel(more.Span(), "and again")
	}
	if q.Package.Traits.SetsAnywhere {
		return d.WithHelp("look them up once: LEFT JOIN LATERAL (SELECT … ) x ON true, and select x's columns")
	}
	return d.WithHelp("look them up once, by a LEFT JOIN with the table or with its rows grouped, and select the columns from there")
}

var number = regexp.MustCompile(`#\d+`)

// rows writes which rows a scalar subquery of block in reads, so that two that read the same are written alike; empty where it
// reads nothing of the row around it.
func rows(q *rule.Query, sub *ir.Subquery, in *sem.Block) string {
	s, ok := sub.Query.(*ir.Select)
	k := q.Block(sub.Query)
	if !ok || sub.Array || k == nil || k.Outer.Empty() || k.Parent != in || s.With != nil || s.Distinct || len(s.From) == 0 || volatile(q, s) {
		return ""
	}
	var relations []*sem.Relation
	for _, t := range s.From {
		ir.Walk(t, func(n ir.Node) bool {
			if t, ok := n.(ir.TableExpr); ok {
				if r := q.Relation(t); r != nil {
					relations = append(relations, r)
				}
			}
			return true
		})
	}
	text := ""
	write := func(n ir.Node) {
		text += number.ReplaceAllStringFunc(q.Print(n), func(id string) string {
			at, _ := strconv.Atoi(id[1:])
			for i, r := range relations {
				if r.Columns.Has(rel.ColID(at)) {
					return fmt.Sprintf("%d.%s", i, q.ByID(rel.ColID(at)).Name)
				}
			}
			return id
		}) + ";"
	}
	for _, t := range s.From {
		write(t)
	}
	for _, x := range []ir.Expr{s.Where, s.Having, s.Limit, s.Offset} {
		if x != nil {
			write(x)
		}
		text += "|"
	}
	if s.GroupBy != nil {
		write(s.GroupBy)
	}
	if s.Limit != nil {
		for i := range s.OrderBy {
			write(s.OrderBy[i].X)
			text += fmt.Sprint(s.OrderBy[i].Desc, s.OrderBy[i].Nulls)
		}
	}
	return text
}

func volatile(q *rule.Query, s *ir.Select) (found bool) {
	ir.Walk(s, func(n ir.Node) bool {
		if x, ok := n.(ir.Expr); ok && q.Value(x).Volatile {
			found = true
		}
		return !found
	})
	return found
}
