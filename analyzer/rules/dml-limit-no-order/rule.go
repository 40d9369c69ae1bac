// Package dmllimitnoorder is the rule CV4411.
package dmllimitnoorder

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds changes of whichever rows come first, and orders of changes that cut nothing.
var Rule = rule.New(page, check)

// change is an UPDATE or DELETE.
type change struct {
	verb    string
	where   ir.Expr
	order   []ir.OrderItem
	limit   ir.Expr
	set     []ir.Assign
	reading rel.Node
}

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Update:
			judge(q, change{"UPDATE", n.Where, n.OrderBy, n.Limit, n.Set, reading(q, n)}, n)
		case *ir.Delete:
			judge(q, change{"DELETE", n.Where, n.OrderBy, n.Limit, nil, reading(q, n)}, n)
		}
		return true
	})
	for _, c := range q.Cuts() {
		if c.Into == nil || len(c.Tail.OrderBy) > 0 {
			continue
		}
		at := c.Tail.Limit
		if at == nil {
			at = c.Tail.Offset
		}
		q.Add(q.At(at, "LIMIT without ORDER BY: which rows are inserted is up to the server").WithHelp("say with ORDER BY which ones are meant"))
	}
}

func judge(q *rule.Query, c change, n ir.Node) {
	unordered(q, n)
	for i := range c.order {
		if v := q.Value(c.order[i].X); v.Volatile {
			q.Add(q.At(c.order[i].X, "which rows the %s takes first is random", c.verb).WithHelp("order by a key"))
			return
		}
	}
	if len(c.order) > 0 && c.limit == nil {
		if len(c.set) > 0 && moved(q, c) {
			return
		}
		if c.verb == "DELETE" && q.Package.Traits.ForeignKeysHold && refersToItself(c.reading) {
			return
		}
		d := q.At(&c.order[0], "without LIMIT the %s changes all rows, and sorts them for nothing", c.verb).WithHelp("drop ORDER BY, or add the LIMIT that was meant")
		d.Span = d.Span.Cover(c.order[len(c.order)-1].Span())
		q.Add(d)
		return
	}
	if c.limit == nil || c.reading != nil && c.reading.Props().Card.AtMost(1) {
		return
	}
	if len(c.order) > 0 {
		ties(q, c)
		return
	}
	if c.where != nil {
		count, fixed := rule.Constant(c.limit)
		batch := !fixed || count > 1 || c.verb == "DELETE" && interval(c.where)
		if batch && (c.verb == "DELETE" || leaves(q, c)) || !batch && c.verb == "UPDATE" && leaves(q, c) {
			return
		}
	}
	q.Add(q.At(c.limit, "LIMIT without ORDER BY: the %s takes whichever rows come first", c.verb).WithHelp("say with ORDER BY which ones are meant"))
}

// ties finds an UPDATE that LIMIT cuts between rows that tie. One that leaves its condition comes to the others in its next round, as does
// a DELETE.
func ties(q *rule.Query, c change) {
	if c.verb != "UPDATE" || c.reading == nil || c.where != nil && leaves(q, c) {
		return
	}
	var by rel.ColSet
	for i := range c.order {
		id := q.Value(c.order[i].X).Column
		if id == 0 || q.FineMoment(id) {
			return
		}
		by = by.Union(rel.MakeColSet(id))
	}
	if p := c.reading.Props(); p.Rows.SubsetOf(p.FDs.Closure(by)) {
		return
	}
	last := c.order[len(c.order)-1].X
	q.Add(q.At(last, "which of the rows that tie in %s the UPDATE takes is up to the server, where LIMIT cuts between them", q.Text(last)).
		WithHelp("end ORDER BY with a key"))
}

// interval tells of a condition that it takes what is below or above a value: rows that are all to go, one or many at a time.
func interval(where ir.Expr) bool {
	list := rule.Conjuncts(where)
	for _, x := range list {
		b, ok := x.(*ir.Binary)
		if !ok || b.Op != "<" && b.Op != "<=" && b.Op != ">" && b.Op != ">=" {
			return false
		}
	}
	return len(list) > 0
}

// unordered finds orders of subqueries behind IN, which say nothing.
func unordered(q *rule.Query, n ir.Node) {
	ir.Walk(n, func(c ir.Node) bool {
		in, ok := c.(*ir.In)
		if !ok {
			return true
		}
		if t := rule.Tail(in.Query); in.Query != nil && t != nil && len(t.OrderBy) > 0 && t.Limit == nil && t.Offset == nil && len(t.Locking) == 0 {
			q.Add(q.At(&t.OrderBy[0], "what is in a set has no order: these rows are sorted for nothing").WithHelp("drop ORDER BY, or add the LIMIT that was meant"))
		}
		return true
	})
}

// reading is what the rows of a change are taken from; nil where it is not known.
func reading(q *rule.Query, x ir.Query) rel.Node {
	n := q.Rel
	if k := q.Block(x); k != nil {
		n = k.Node
	}
	for {
		switch at := n.(type) {
		case *rel.With:
			n = at.Input
		case *rel.Modify:
			return at.Input
		default:
			return nil
		}
	}
}

// leaves tells whether a row that an UPDATE has changed may no longer fulfil its condition: then it works through them in batches.
func leaves(q *rule.Query, c change) bool {
	uses := q.Value(c.where).Uses
	for i := range c.set {
		for j := range c.set[i].Targets {
			name := c.set[i].Targets[j].Name.Name
			found := false
			uses.Each(func(id rel.ColID) { found = found || same(q.ByID(id).Name, name) })
			if found {
				return true
			}
		}
	}
	return false
}

// moved tells whether an UPDATE orders by a unique column that it changes, so that rows do not run into each other: UPDATE t SET n = n + 1
// ORDER BY n DESC.
func moved(q *rule.Query, c change) bool {
	for i := range c.order {
		id := q.Value(c.order[i].X).Column
		if id == 0 || q.ByID(id).Table == nil || !unique(q.ByID(id)) {
			continue
		}
		for j := range c.set {
			for k := range c.set[j].Targets {
				if same(q.ByID(id).Name, c.set[j].Targets[k].Name.Name) {
					return true
				}
			}
		}
	}
	return false
}

// unique tells whether a column is in a key of its table.
func unique(c *rel.Column) bool {
	for _, k := range c.Table.Constraints {
		for _, name := range k.Columns {
			if (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && same(name, c.Name) {
				return true
			}
		}
	}
	for _, x := range c.Table.Indexes {
		for _, p := range x.Parts {
			if x.Unique && same(p.Column, c.Name) {
				return true
			}
		}
	}
	return false
}

func same(a, b string) bool { return strings.EqualFold(a, b) }

// refersToItself tells whether a table has a foreign key to itself: its rows are deleted from the leaves on.
func refersToItself(n rel.Node) bool {
	if n == nil {
		return false
	}
	for _, l := range rel.LeavesOf(n).List {
		if s, ok := l.Node.(*rel.Scan); ok {
			for _, c := range s.Table.Constraints {
				if c.Kind == ir.ForeignKey && same(c.RefTable, s.Table.Name) {
					return true
				}
			}
		}
	}
	return false
}
