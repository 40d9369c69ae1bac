package gocode

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/covetsql/covetsql/compiler/ir"
)

// Pair is a query that reads, and one that writes by what was read.
type Pair struct {
	Read, Write Call
	// Column is what is read and written; Unique tells that a key of the table lets no second row in.
	Column string
	Unique bool
}

// LostUpdates are writes of a value that was read, changed in Go, and written over whatever others wrote meanwhile.
func (p *Program) LostUpdates() (out []Pair) {
	calls := p.queryCalls()
	for _, w := range calls {
		u, ok := w.Query.Tree.(*ir.Update)
		if !ok || w.Query.Many {
			continue
		}
		f := w.Site.Parent()
		for i := range w.Query.Params {
			prm := &w.Query.Params[i]
			column := setBy(w.Query, u, prm)
			if prm.Access.Class != Set || column == "" || comparesColumn(w.Query, column) {
				continue
			}
			v, part := w.Query.argument(w.Site, i)
			if v == nil {
				continue
			}
			for _, stored := range storedAt(v, part) {
				r := p.computed(stored, w.Query, column, 6)
				if r == nil || r.Site.Parent() != f || !follows(r.Site, w.Site) || r.Query.Locks || p.isolated(f, w.Site) {
					continue
				}
				out = append(out, Pair{Read: *r, Write: w, Column: column})
			}
		}
	}
	return out
}

// setBy is the column that a parameter alone is the new value of; empty where it is a part of an expression.
func setBy(q *Query, u *ir.Update, prm *Param) string {
	for i := range u.Set {
		s := &u.Set[i]
		if len(s.Targets) != 1 || !bare(s.Value) {
			continue
		}
		x := s.Value
		if c, ok := x.(*ir.Cast); ok {
			x = c.X
		}
		if n, ok := x.(*ir.Param); ok && n.Ref < len(q.Source.Params) && q.Source.Params[n.Ref].Number == prm.Number {
			return s.Targets[0].Name.Name
		}
	}
	return ""
}

// comparesColumn tells whether the update's condition speaks of the column: it changes nothing where others did.
func comparesColumn(q *Query, column string) (found bool) {
	u := q.Tree.(*ir.Update)
	if u.Where == nil {
		return false
	}
	ir.Walk(u.Where, func(n ir.Node) bool {
		if c, ok := n.(*ir.ColumnRef); ok {
			name := strings.ToLower(last(c))
			found = found || strings.EqualFold(name, column) || strings.Contains(name, "version") || strings.Contains(name, "updated_at") || name == "etag" || name == "revision"
		}
		return true
	})
	return found
}

// computed is the query whose row a value is computed of, by a sum, difference or product with the column's own value.
func (p *Program) computed(v ssa.Value, write *Query, column string, depth int) *Call {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.Convert:
		return p.computed(v.X, write, column, depth-1)
	case *ssa.ChangeType:
		return p.computed(v.X, write, column, depth-1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if c := p.computed(e, write, column, depth-1); c != nil {
				return c
			}
		}
	case *ssa.BinOp:
		switch v.Op {
		case token.ADD, token.SUB, token.MUL, token.QUO:
			for _, x := range []ssa.Value{v.X, v.Y} {
				if c := p.readFrom(x, write, column, depth-1); c != nil {
					return c
				}
				if c := p.computed(x, write, column, depth-1); c != nil {
					return c
				}
			}
		}
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok && v.Op == token.MUL {
			for _, r := range *a.Referrers() {
				if s, ok := r.(*ssa.Store); ok && s.Addr == a {
					if c := p.computed(s.Val, write, column, depth-1); c != nil {
						return c
					}
				}
			}
		}
	}
	return nil
}

// readFrom is the call whose row has the column that a value was taken from.
func (p *Program) readFrom(v ssa.Value, write *Query, column string, depth int) *Call {
	for {
		c, ok := v.(*ssa.Convert)
		if !ok {
			break
		}
		v = c.X
	}
	name, _ := fieldOf(v)
	fl := p.flower(parentOf(v)).of(v, nil)
	for pt := range fl.points {
		c, ok := pt.at.(*ssa.Call)
		if !ok {
			continue
		}
		q, _ := p.query(c)
		if q == nil || q.Changes() || q.Rows.Max != 1 && q.Command != "one" {
			continue
		}
		for i := range q.Columns {
			col := &q.Columns[i]
			if col.Source == nil || !strings.EqualFold(col.Source.Name, column) || !strings.EqualFold(col.Table.Name, write.table()) {
				continue
			}
			if q.Fields == nil && name == "" || i < len(q.Fields) && q.Fields[i] == name {
				return &Call{Query: q, Site: c, At: c}
			}
		}
	}
	return nil
}

func parentOf(v ssa.Value) *ssa.Function { return v.Parent() }

// isolated tells whether a call runs in a transaction that was begun with options, as a stricter isolation is.
func (p *Program) isolated(f *ssa.Function, site ssa.Instruction) bool {
	for _, t := range p.Transactions() {
		if t.Func == f && t.Options && t.Within(site) {
			return true
		}
	}
	return false
}

// ChecksThenInserts are inserts of a row that was looked for before, and not found.
func (p *Program) ChecksThenInserts() (out []Pair) {
	calls := p.queryCalls()
	for _, w := range calls {
		in, ok := w.Query.Tree.(*ir.Insert)
		if !ok || w.Query.Many || len(in.OnConflict) > 0 || len(in.OnDuplicate) > 0 || in.Or != "" {
			continue
		}
		for _, r := range calls {
			if r.Site.Parent() != w.Site.Parent() || r.Query.Changes() || r.Query.Locks || !follows(r.Site, w.Site) || p.isolated(w.Site.Parent(), w.Site) {
				continue
			}
			if column, unique := p.sameKey(r, w, in); column != "" && p.hangsOn(r, w) {
				out = append(out, Pair{Read: r, Write: w, Column: column, Unique: unique})
				break
			}
		}
	}
	return out
}

// sameKey is the column by which the read finds what the insert writes: the read has nothing else for a key, and both are given
// the same.
func (p *Program) sameKey(r, w Call, in *ir.Insert) (column string, unique bool) {
	keys := r.Query.Keys()
	if len(keys) != 1 || len(r.Query.Params) != 1 || !readsTable(r.Query, w.Query.table()) {
		return "", false
	}
	k := r.Query.Params[keys[0]]
	column = last(k.Access.Column)
	v, part := r.Query.argument(r.Site, keys[0])
	if v == nil || w.Query.InsertInto == nil {
		return "", false
	}
	vals, ok := in.Source.(*ir.Values)
	if !ok || len(vals.Rows) != 1 {
		return "", false
	}
	for i, x := range vals.Rows[0] {
		if i >= len(in.Columns) || !strings.EqualFold(in.Columns[i].Name.Name, column) {
			continue
		}
		d := &draft{Query: w.Query}
		prm := d.stored(x)
		if prm == nil {
			return "", false
		}
		for j := range w.Query.Params {
			if &w.Query.Params[j] != prm {
				continue
			}
			o, opart := w.Query.argument(w.Site, j)
			for _, a := range storedAt(o, opart) {
				for _, b := range storedAt(v, part) {
					if alike(a, b, 4) {
						return column, uniqueColumn(w.Query, column)
					}
				}
			}
		}
	}
	return "", false
}

func readsTable(q *Query, table string) bool {
	for _, t := range q.Reads {
		if strings.EqualFold(t, table) {
			return true
		}
	}
	return false
}

func uniqueColumn(q *Query, column string) bool {
	for _, k := range q.InsertInto.Constraints {
		if (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && len(k.Columns) == 1 && strings.EqualFold(k.Columns[0], column) {
			return true
		}
	}
	return false
}

// hangsOn tells whether the insert runs only as the read's result says: that there is none.
func (p *Program) hangsOn(r, w Call) bool {
	call, ok := r.Site.(*ssa.Call)
	if !ok {
		return false
	}
	b := w.Site.Block()
	for d := b.Idom(); d != nil; d = d.Idom() {
		i, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || !(d == call.Block() || call.Block().Dominates(d)) {
			continue
		}
		branch := -1
		for k, s := range d.Succs {
			if len(s.Preds) == 1 && (s == b || s.Dominates(b)) {
				branch = k
			}
		}
		if branch < 0 {
			continue
		}
		if saysNone(i.Cond, call, branch == 0) {
			return true
		}
	}
	return false
}

// saysNone tells whether a condition with an outcome means that a query found nothing.
func saysNone(cond ssa.Value, call *ssa.Call, outcome bool) bool {
	switch c := cond.(type) {
	case *ssa.UnOp:
		return c.Op == token.NOT && saysNone(c.X, call, !outcome)
	case *ssa.Extract:
		return c.Tuple == call && c.Index == 0 && isBool(c.Type()) && !outcome
	case *ssa.Call: // errors.Is(err, sql.ErrNoRows)
		return outcome && len(c.Call.Args) == 2 && comesOf(c.Call.Args[0], call, 3) && isNoRows(c.Call.Args[1])
	case *ssa.BinOp:
		for _, s := range [][2]ssa.Value{{c.X, c.Y}, {c.Y, c.X}} {
			if !comesOf(s[0], call, 3) {
				continue
			}
			if isError(s[0].Type()) {
				return isNoRows(s[1]) && (c.Op == token.EQL) == outcome && (c.Op == token.EQL || c.Op == token.NEQ)
			}
			if isZero(s[1]) {
				return c.Op == token.EQL && outcome || (c.Op == token.NEQ || c.Op == token.GTR) && !outcome
			}
		}
		if l := lengthOf(c.X); l != nil && comesOf(l, call, 3) && isZero(c.Y) {
			return c.Op == token.EQL && outcome || (c.Op == token.NEQ || c.Op == token.GTR) && !outcome
		}
	}
	return false
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func isNoRows(v ssa.Value) bool {
	u, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := u.X.(*ssa.Global)
	return ok && g.Name() == "ErrNoRows"
}
