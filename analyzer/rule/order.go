package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Tail is ORDER BY, LIMIT and locks of a query; nil of one that writes.
func Tail(q ir.Query) *ir.Tail {
	switch q := q.(type) {
	case *ir.Select:
		return &q.Tail
	case *ir.SetOp:
		return &q.Tail
	case *ir.Values:
		return &q.Tail
	}
	return nil
}

// Ending is what of a block's relation sorts, cuts and locks its rows. Rows are those before it; never nil.
type Ending struct {
	Sort  *rel.Sort
	Limit *rel.Limit
	Rows  rel.Node
}

// EndingOf takes the end of a block off. ok is false of a block that was not bound.
func EndingOf(k *sem.Block) (e Ending, ok bool) {
	if k == nil || k.Node == nil {
		return e, false
	}
	n := k.Node
	for {
		switch at := n.(type) {
		case *rel.With:
			n = at.Input
		case *rel.Lock:
			n = at.Input
		case *rel.Limit:
			e.Limit, n = at, at.Input
		case *rel.Sort:
			e.Sort, n = at, at.Input
		default:
			e.Rows = n
			return e, true
		}
	}
}

// SortedBy are the columns that the rows of an ending are sorted by, one by one or as a row; what is sorted by an expression is not
// among them.
func (q *Query) SortedBy(e Ending) rel.ColSet {
	if e.Sort == nil {
		return rel.ColSet{}
	}
	by := q.counted(e.Rows, rel.MakeColSet(e.Sort.Cols...))
	for i := range e.Sort.By {
		if row, ok := e.Sort.By[i].X.(*ir.Row); ok {
			for _, x := range row.Items {
				by = by.With(q.Value(x).Column)
			}
		}
	}
	return by
}

// counted is a set of columns with the identity of the rows that one of them counts: a serial or AUTO_INCREMENT column is not declared
// unique, but repeats no number.
func (q *Query) counted(n rel.Node, by rel.ColSet) rel.ColSet {
	var leaves *rel.Leaves
	out := by
	by.Each(func(id rel.ColID) {
		c := q.ByID(id).Source
		if c == nil || c.Identity == "" && !strings.HasPrefix(c.Default, "nextval(") {
			return
		}
		if leaves == nil {
			leaves = rel.LeavesOf(n)
		}
		if l := leaves.Of(id); l != nil {
			if _, plain := l.Node.(*rel.Scan); plain {
				out = out.With(l.Row)
			}
		}
	})
	return out
}

// Decides tells whether rows that agree on some columns are one row, or look alike: then an order by these is one.
func (e Ending) Decides(by rel.ColSet) bool {
	p := e.Rows.Props()
	if p.Card.AtMost(1) {
		return true
	}
	known := Determined(e.Rows, by)
	return !p.Rows.Empty() && p.Rows.SubsetOf(known) || len(p.Cols) > 0 && rel.MakeColSet(p.Cols...).SubsetOf(known)
}

// Determined are the columns that some columns of a relation determine, with what a select list computes of these.
func Determined(n rel.Node, by rel.ColSet) rel.ColSet {
	p := n.Props()
	known := p.FDs.Closure(by)
	for at := n; at != nil; {
		switch x := at.(type) {
		case *rel.Project:
			for changed := true; changed; {
				changed = false
				for _, it := range x.Items {
					if it.ByColumns && !known.Has(it.ID) && it.Uses.SubsetOf(known) {
						known, changed = p.FDs.Closure(known.With(it.ID)), true
					}
				}
			}
			return known
		case *rel.Distinct, *rel.Sort, *rel.Limit, *rel.Lock:
			at = at.Inputs()[0]
		case *rel.With:
			at = x.Input
		default:
			return known
		}
	}
	return known
}

// TieBreaker is a short list of columns, as the block's FROM calls them, that makes an order by some columns total; nil where none
// was found.
func (q *Query) TieBreaker(k *sem.Block, e Ending, by rel.ColSet) []string {
	s, ok := k.Query.(*ir.Select)
	if !ok || s.Distinct || s.GroupBy != nil {
		return nil
	}
	var names []string
	several := len(rel.LeavesOf(k.Node).List) > 1
	var visit func(t ir.TableExpr)
	visit = func(t ir.TableExpr) {
		if j, ok := t.(*ir.Join); ok {
			visit(j.L)
			visit(j.R)
			return
		}
		r := q.Relation(t)
		if r == nil || r.Table == nil || r.Table.PrimaryKey() == nil || len(names) > 0 && e.Decides(by) {
			return
		}
		for _, name := range r.Table.PrimaryKey().Columns {
			id := q.columnNamed(r, name)
			if id == 0 || Determined(e.Rows, by).Has(id) {
				continue // conditions fix it, or what the rows are sorted by does
			}
			by = by.With(id)
			if several {
				name = r.Name + "." + name
			}
			names = append(names, name)
		}
	}
	for _, t := range s.From {
		visit(t)
	}
	if len(names) == 0 || len(names) > 3 || !e.Decides(by) {
		return nil
	}
	return names
}

// columnNamed is the id of a relation's column; 0 where it has none of the name.
func (q *Query) columnNamed(r *sem.Relation, name string) (found rel.ColID) {
	r.Columns.Each(func(id rel.ColID) {
		if c := q.ByID(id); c.Source != nil && c.Source.Name == name {
			found = id
		}
	})
	return found
}

// fine are the types of moments, with the digits behind the second from which on two rows rarely share one.
var fine = map[catalog.Engine]map[string]int32{
	catalog.PostgreSQL: {"timestamp": 0, "timestamptz": 0},
	catalog.MySQL:      {"timestamp": 3, "datetime": 3},
}

// FineMoment tells whether a column holds moments so fine that two rows rarely share one.
func (q *Query) FineMoment(id rel.ColID) bool {
	if id == 0 {
		return false
	}
	t := q.Package.Semantics.Base(q.ByID(id).Type)
	digits, is := fine[q.Package.Engine][t.Name]
	return is && t.Length >= digits
}

// Constant is the whole number that an expression plainly is.
func Constant(x ir.Expr) (n int64, ok bool) {
	l, is := x.(*ir.Literal)
	if !is || l.Kind != ir.Integer || len(l.Text) > 18 {
		return 0, false
	}
	for _, d := range l.Text {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = 10*n + int64(d-'0')
	}
	return n, true
}

// Cut is a query whose rows LIMIT or OFFSET cuts, where it matters which are left.
type Cut struct {
	Ending
	Block *sem.Block
	Tail  *ir.Tail
	// Into is the INSERT that takes the rows; nil for none.
	Into *ir.Insert
}

// Cuts lists the cuts of a statement. Not among them are those that leave all rows, or of rows that look alike; those
// under EXISTS; jobs that are taken with SKIP LOCKED; the batches that UPDATE and DELETE work on; and functions' rows.
func (q *Query) Cuts() []Cut {
	into := map[ir.Query]*ir.Insert{}
	free := map[ir.Query]bool{}
	var read rel.ColSet
	stars := map[*sem.Block]bool{}
	changes, assigned := false, map[ir.Query]bool{}
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Exists:
			free[n.Query] = true
		case *ir.Insert:
			if n.Source != nil {
				into[n.Source] = n
			}
		case *ir.Update:
			changes = true
			for i := range n.Set {
				ir.Walk(n.Set[i].Value, func(c ir.Node) bool {
					if sub, ok := c.(ir.Query); ok {
						assigned[sub] = true
					}
					return true
				})
			}
		case *ir.Delete:
			changes = true
		case *ir.Star:
			stars[in] = true
		case *ir.ColumnRef:
			read = read.With(q.Value(n).Column)
			if q.Value(n).Column == 0 {
				stars[in] = true // a whole row
			}
		}
		return true
	})
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		if d, ok := n.(*ir.Derived); ok && !stars[in] {
			if r := q.Relation(d); r != nil && !r.Columns.Intersects(read) {
				free[d.Query] = true // its rows are counted only
			}
		}
		return true
	})
	var out []Cut
	for _, k := range q.Bound.Blocks() {
		t := Tail(k.Query)
		if t == nil || t.Limit == nil && t.Offset == nil || free[k.Query] || changes && !assigned[k.Query] || skips(t) {
			continue
		}
		e, ok := EndingOf(k)
		if !ok || e.Limit == nil || e.Decides(rel.ColSet{}) || !ReadsTable(e.Rows) {
			continue
		}
		n, fixed := Constant(t.Limit)
		from, start := Constant(t.Offset)
		whole := t.Offset == nil || start && from == 0
		if fixed && n == 0 || whole && (t.Limit == nil || isNull(t.Limit) || fixed && e.Rows.Props().Card.AtMost(n)) {
			continue
		}
		out = append(out, Cut{Ending: e, Block: k, Tail: t, Into: into[k.Query]})
	}
	return out
}

func skips(t *ir.Tail) bool {
	for i := range t.Locking {
		if t.Locking[i].Wait == "SKIP LOCKED" {
			return true
		}
	}
	return false
}

func isNull(x ir.Expr) bool {
	l, ok := x.(*ir.Literal)
	return ok && l.Kind == ir.Null
}

// ReadsTable tells whether a table's rows are below n: those of functions and VALUES come in their order.
func ReadsTable(n rel.Node) bool {
	switch n := n.(type) {
	case *rel.Scan, *rel.CTEScan:
		return true
	case *rel.With:
		return ReadsTable(n.Input)
	}
	for _, in := range n.Inputs() {
		if ReadsTable(in) {
			return true
		}
	}
	return false
}
