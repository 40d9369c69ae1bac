package gocode

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/covetsql/covetsql/compiler/ir"
)

// Why says what is repeated.
type Why uint8

// The reasons for which a query in a loop is worth a word.
const (
	// ReadPerKey: a query that reads, with another key in each round.
	ReadPerKey Why = iota
	// WritePerRow: a query that writes a row in each round.
	WritePerRow
	// Same: a query that reads, with the same arguments in each round.
	Same
)

// Repeat is a query that runs once in each round of a loop, or in each call of a function that calls itself.
type Repeat struct {
	Why   Why
	Query *Query
	// Site is the call in the loop, Via the calls from there down to the query's method, which is the last; a direct
	// call is alone in it.
	Site ssa.Instruction
	Via  []ssa.Instruction
	// Loop is nil where the function calls itself; Again is where it does.
	Loop  *Loop
	Again ssa.Instruction
	// Varying are the indexes of the query's parameters whose values are others in each round.
	Varying []int
	// Possible tells that an interface or a function value stands between.
	Possible bool
}

// Repeats are the queries in loops, sorted by place.
func (p *Program) Repeats() []*Repeat {
	p.repeat()
	return p.repeats
}

// classify says what a query's call in the loops around site is. It returns whether there is nothing more to say of it: not in
// loops further out, and not in those of callers.
func (p *Program) classify(f *ssa.Function, site ssa.Instruction, r *reach) bool {
	if r.query.Many {
		return true
	}
	for l := p.innermost(site.Block()); l != nil; l = l.Parent {
		switch p.judge(l, site, r) {
		case said, silent:
			return true
		}
	}
	return false
}

type judgement uint8

const (
	further judgement = iota // this loop says nothing; one around it may
	said
	silent
)

func (p *Program) judge(l *Loop, site ssa.Instruction, r *reach) judgement {
	q := r.query
	if p.polls(l) || l.retries(site) || l.small() {
		return further
	}
	vary := make([]variance, len(q.Params))
	own, lists, keys, ranges, others := false, false, []int(nil), false, []int(nil)
	tried := true
	for i := range q.Params {
		v := p.varies(r.flows[i], l, site)
		vary[i] = v
		own = own || v.own
		if !v.key() {
			continue
		}
		switch q.Params[i].Access.Class {
		case Key:
			keys = append(keys, i)
			tried = tried && !v.element && !v.list
		case List:
			lists = true
		case Range, Limit:
			ranges = true
		default:
			others = append(others, i)
		}
	}
	if own && len(keys) == 0 {
		return silent // the next page
	}
	if lists {
		return silent // all of a group at once
	}
	if l.Header != nil && p.varies(r.on, l, site).element && !r.on.single() {
		return silent // each round has a database of its own
	}
	if p.once(l, site, r, keys) || len(keys) > 0 && tried && p.searches(l, site) {
		return further
	}
	why := ReadPerKey
	switch {
	case q.Changes() && q.Inserts():
		// What makes ids gives others in each round without a trace of it.
		if len(keys)+len(others) == 0 && l.kind != ranged && l.kind != counted {
			return further
		}
		why = WritePerRow
	case len(keys) > 0 && q.Changes():
		why = WritePerRow
	case len(keys) > 0:
	case ranges || len(others) > 0:
		return further
	default:
		if q.Changes() || q.Locks || !q.reads() || p.changedIn(l, q) || l.kind == endless || l.kind == conditional {
			return further
		}
		why = Same
	}
	site, via := p.within(l, r.via)
	p.repeats = append(p.repeats, &Repeat{Why: why, Query: q, Site: site, Via: via, Loop: l, Varying: append(keys, others...), Possible: r.possible})
	if why == Same {
		return further
	}
	return said
}

// within leaves out the calls that only lead to a function which is written in the loop itself: the first is then the last
// call that stands in it.
func (p *Program) within(l *Loop, via []ssa.Instruction) (ssa.Instruction, []ssa.Instruction) {
	at := 0
	for i, in := range via {
		pos := in.Pos()
		if c := p.call(in); c != nil {
			pos = c.Lparen
		}
		inside := pos.IsValid() && (l.Stmt == nil && in.Parent() == l.Func || l.Stmt != nil && l.Stmt.Pos() <= pos && pos < l.Stmt.End())
		if inside {
			at = i
		}
	}
	if p.call(via[at]) == nil && l.Site != nil { // a method that was handed over as a function
		return l.Site, append([]ssa.Instruction{l.Site}, via[at:]...)
	}
	return via[at], via[at:]
}

// reads tells whether the query reads a table; SELECT nextval(…) or a lock's function does not.
func (q *Query) reads() bool { return len(q.Reads) > 0 && q.Deterministic }

// changedIn tells whether a loop runs another query that writes what q reads: then each round may read something else.
func (p *Program) changedIn(l *Loop, q *Query) bool {
	for b := range l.Blocks {
		for _, i := range b.Instrs {
			c, ok := i.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if o, _ := p.query(c); o != nil && slices.ContainsFunc(o.Writes, func(t string) bool { return slices.Contains(q.Reads, t) }) {
				return true
			}
		}
	}
	return false
}

// once tells whether the call runs in one round at most: the way to it is open only where something of the element, which
// is unique, equals something else, or until a variable was set by it.
func (p *Program) once(l *Loop, site ssa.Instruction, r *reach, keys []int) bool {
	b := site.Block()
	for d := b.Idom(); d != nil && (l.Header == nil || l.Blocks[d]); d = d.Idom() {
		i, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || d == l.Header && !l.Blocks[d] {
			continue
		}
		branch := -1
		for k, s := range d.Succs {
			if len(s.Preds) == 1 && (s == b || s.Dominates(b)) {
				branch = k
			}
		}
		if branch < 0 || d == l.Header && l.Header != nil && l.kind != endless && l.isExit(i) {
			continue
		}
		c, ok := i.Cond.(*ssa.BinOp)
		if ok && (c.Op == token.EQL && branch == 0 || c.Op == token.NEQ && branch == 1) && p.pins(l, c, site, r, keys) {
			return true
		}
		if l.Header != nil && p.spends(l, i.Cond, b, site) {
			return true
		}
	}
	return false
}

func (l *Loop) isExit(i *ssa.If) bool { return slices.Contains(l.exits, i) }

// pins tells whether an equality lets one round through: it compares something that each round has another of with
// something that is the same in all.
func (p *Program) pins(l *Loop, c *ssa.BinOp, site ssa.Instruction, r *reach, keys []int) bool {
	w := p.flower(l.Func)
	for _, side := range [][2]ssa.Value{{c.X, c.Y}, {c.Y, c.X}} {
		x, other := side[0], side[1]
		v := p.varies(w.of(x, nil), l, site)
		if !v.any() || p.varies(w.of(other, nil), l, site).any() || isNil(other) {
			continue
		}
		if v.counter && !v.element { // i == 0
			return true
		}
		if name, of := fieldOf(x); name != "" && p.unique(name, of) {
			return true
		}
		if call, ok := site.(ssa.CallInstruction); ok {
			for _, a := range call.Common().Args {
				if alike(a, x, 4) {
					return true
				}
			}
			for _, k := range keys {
				if len(r.via) > 1 {
					continue
				}
				if a, path := r.query.argument(call, k); a != nil {
					for _, s := range storedAt(a, path) {
						if alike(s, x, 4) {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// storedAt are the values that are put into a field of a struct that is passed.
func storedAt(v ssa.Value, p path) (out []ssa.Value) {
	if len(p) == 0 {
		return []ssa.Value{v}
	}
	if u, ok := v.(*ssa.UnOp); ok && u.Op == token.MUL {
		v = u.X
	}
	a, ok := v.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, r := range *a.Referrers() {
		if f, ok := r.(*ssa.FieldAddr); ok && f.Field == p[0] {
			for _, s := range *f.Referrers() {
				if s, ok := s.(*ssa.Store); ok {
					out = append(out, s.Val)
				}
			}
		}
	}
	return out
}

// alike tells whether two values are the same part of the same value.
func alike(a, b ssa.Value, depth int) bool {
	if a == b {
		return true
	}
	if depth == 0 {
		return false
	}
	switch x := a.(type) {
	case *ssa.Convert:
		return alike(x.X, b, depth)
	case *ssa.ChangeType:
		return alike(x.X, b, depth)
	}
	switch y := b.(type) {
	case *ssa.Convert:
		return alike(a, y.X, depth)
	case *ssa.ChangeType:
		return alike(a, y.X, depth)
	}
	switch x := a.(type) {
	case *ssa.Field:
		y, ok := b.(*ssa.Field)
		return ok && x.Field == y.Field && alike(x.X, y.X, depth-1)
	case *ssa.FieldAddr:
		y, ok := b.(*ssa.FieldAddr)
		return ok && x.Field == y.Field && alike(x.X, y.X, depth-1)
	case *ssa.IndexAddr:
		y, ok := b.(*ssa.IndexAddr)
		return ok && alike(x.X, y.X, depth-1) && alike(x.Index, y.Index, depth-1)
	case *ssa.UnOp:
		y, ok := b.(*ssa.UnOp)
		return ok && x.Op == y.Op && alike(x.X, y.X, depth-1)
	}
	return false
}

// fieldOf is the field that a value was read from, and the struct's type.
func fieldOf(v ssa.Value) (string, types.Type) {
	switch v := v.(type) {
	case *ssa.Field:
		return v.X.Type().Underlying().(*types.Struct).Field(v.Field).Name(), v.X.Type()
	case *ssa.UnOp:
		if f, ok := v.X.(*ssa.FieldAddr); ok {
			t := f.X.Type().Underlying().(*types.Pointer).Elem()
			return t.Underlying().(*types.Struct).Field(f.Field).Name(), t
		}
	case *ssa.Convert:
		return fieldOf(v.X)
	case *ssa.ChangeType:
		return fieldOf(v.X)
	}
	return "", nil
}

// unique tells whether no two elements have the same in a field: it is called ID, or is a column that is a key.
func (p *Program) unique(field string, of types.Type) bool {
	if field == "ID" || field == "Id" || field == "UUID" {
		return true
	}
	for _, g := range p.Generated {
		n, ok := types.Unalias(of).(*types.Named)
		if !ok || n.Obj().Pkg() != g.types {
			continue
		}
		for _, q := range g.Queries {
			for i, name := range q.Fields {
				if name != field || i >= len(q.Columns) || rowOf(q) != n {
					continue
				}
				c := &q.Columns[i]
				if c.Source == nil || c.Table == nil {
					continue
				}
				for _, k := range c.Table.Constraints {
					if (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && len(k.Columns) == 1 && k.Columns[0] == c.Source.Name {
						return true
					}
				}
			}
		}
	}
	return false
}

// rowOf is the type of a query's rows.
func rowOf(q *Query) types.Type {
	res := q.Method.Type().(*types.Signature).Results()
	if res.Len() == 0 {
		return nil
	}
	t := res.At(0).Type()
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem()
	}
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	return types.Unalias(t)
}

// spends tells whether a condition rests on a variable that the guarded code sets for good: if !done { …; done = true }.
func (p *Program) spends(l *Loop, cond ssa.Value, b *ssa.BasicBlock, site ssa.Instruction) bool {
	for {
		u, ok := cond.(*ssa.UnOp)
		if !ok || u.Op != token.NOT {
			break
		}
		cond = u.X
	}
	x := cond
	if c, ok := cond.(*ssa.BinOp); ok {
		if x = c.X; isConst(x) {
			x = c.Y
		}
	}
	phi, ok := x.(*ssa.Phi)
	if !ok || phi.Block() != l.Header || l.steps(phi) {
		return false
	}
	v, _ := site.(ssa.Value)
	for i, e := range phi.Edges {
		if l.Blocks[phi.Block().Preds[i]] && sets(e, phi, v, 4) {
			return true
		}
	}
	return false
}

// sets tells whether a value that goes to the next round is a constant or the call's result on some way, and else what it was.
func sets(e ssa.Value, phi *ssa.Phi, call ssa.Value, depth int) bool {
	if e == phi || depth == 0 {
		return false
	}
	if isConst(e) || call != nil && comesOf(e, call, 2) {
		return true
	}
	switch e := e.(type) {
	case *ssa.Alloc: // the address of a copy of the result
		return true
	case *ssa.Phi:
		for _, x := range e.Edges {
			if sets(x, phi, call, depth-1) {
				return true
			}
		}
	}
	return false
}

// cycles says what a function that calls itself repeats, where site is the call that closes the circle. It returns whether the
// reach is told of there and not to be followed again.
func (p *Program) cycles(f *ssa.Function, run run, r *reach) bool {
	callee := run.callee
	if p.calls.cycle[f] != p.calls.cycle[callee] || run.handed && callee.Synthetic == yieldBody {
		return false
	}
	if f != callee && len(p.calls.order) > 0 && !p.mutual(f, callee) {
		return false
	}
	if p.innermost(run.site.Block()) != nil { // its loop says it
		return false
	}
	if r.query.Many || len(r.via) > 4 {
		return true
	}
	if r.possible || run.dynamic {
		return false
	}
	q := r.query
	var varying []int
	lists := false
	for i := range q.Params {
		class := q.Params[i].Access.Class
		if class != Key && class != Stored && class != List {
			continue
		}
		for in, path := range r.flows[i].inputs {
			if !p.advances(f, run, in, path) {
				continue
			}
			if class == List {
				lists = true
				break
			}
			varying = append(varying, i)
			break
		}
	}
	if len(varying) == 0 || lists {
		return true
	}
	why := ReadPerKey
	if q.Changes() {
		why = WritePerRow
	}
	first := r.via[len(r.via)-1]
	for _, old := range p.repeats {
		if old.Loop == nil && old.Site == first && old.Query == q {
			return true
		}
	}
	p.repeats = append(p.repeats, &Repeat{Why: why, Query: q, Site: first, Via: []ssa.Instruction{first}, Again: run.site, Varying: varying, Possible: r.possible})
	return true
}

// mutual tells whether two functions call each other.
func (p *Program) mutual(f, g *ssa.Function) bool { return slices.Contains(p.calls.successors(g), f) }

// advances tells whether a function that calls itself passes on another value than it got: a part of what it got, or what
// something gave for it, not the thing itself.
func (p *Program) advances(f *ssa.Function, run run, in input, path path) bool {
	for _, v := range run.bind(in.index) {
		if same, ok := v.(*ssa.Parameter); ok && in.index < len(run.callee.Params) && slices.Index(f.Params, same) == in.index {
			continue
		}
		if _, ok := v.(*ssa.FreeVar); ok {
			continue
		}
		fl := p.flower(f).of(v, path)
		if len(fl.points) > 0 {
			return true
		}
		for k := range fl.inputs {
			if k != in {
				return true
			}
		}
	}
	return false
}
