package gocode

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// path leads from a value to a part of it: indexes of fields, and elem for what a list, map or channel holds.
type path []int

const (
	elem    = -1
	deepest = 4 // parts of a path that are followed
	widest  = 4000
)

func (p path) key() string { return strings.Trim(fmt.Sprint([]int(p)), "[]") }

// in is the path to the part that p leads to within what step leads to.
func (p path) in(step int) path {
	out := append(path{step}, p...)
	if len(out) > deepest {
		out = out[:deepest]
	}
	return out
}

// input is a part of what a function is given: a parameter, or behind these a free variable.
type input struct {
	index int
	path  string
}

// point is an instruction that a value comes from. Index tells that it says which element of a list is taken.
type point struct {
	at    ssa.Instruction
	index bool
}

// flow is where a value comes from within its function.
type flow struct {
	inputs map[input]path
	points map[point]bool
}

func newFlow() *flow { return &flow{inputs: map[input]path{}, points: map[point]bool{}} }

func (f *flow) add(o *flow) {
	for k, v := range o.inputs {
		f.inputs[k] = v
	}
	for k := range o.points {
		f.points[k] = true
	}
}

// single tells whether a value is one and the same thing that the function was given, though it is taken from a list: all
// that is in the list has it.
func (f *flow) single() bool {
	for pt := range f.points {
		if _, isPhi := pt.at.(*ssa.Phi); !isPhi {
			return false
		}
	}
	for _, p := range f.inputs {
		if slices.Contains(p, elem) {
			return false
		}
	}
	return len(f.inputs) == 1
}

// flower finds flows in one function, each once.
type flower struct {
	program *Program
	f       *ssa.Function
	known   map[string]*flow
}

func (p *Program) flower(f *ssa.Function) *flower {
	w := p.flows[f]
	if w == nil {
		w = &flower{program: p, f: f, known: map[string]*flow{}}
		p.flows[f] = w
	}
	return w
}

// of is where the part of v that p leads to comes from.
func (w *flower) of(v ssa.Value, p path) *flow {
	if v == nil {
		return newFlow()
	}
	key := fmt.Sprintf("%p %s", v, p.key())
	if f := w.known[key]; f != nil {
		return f
	}
	s := &slicer{w: w, out: newFlow(), seen: map[string]bool{}}
	s.value(v, p, false)
	w.known[key] = s.out
	return s.out
}

// slicer follows a value backwards.
type slicer struct {
	w    *flower
	out  *flow
	seen map[string]bool
}

func (s *slicer) point(i ssa.Instruction, index bool) { s.out.points[point{i, index}] = true }

func (s *slicer) input(i int, p path) { s.out.inputs[input{i, p.key()}] = p }

func (s *slicer) value(v ssa.Value, p path, index bool) {
	if v == nil || len(s.seen) > widest {
		return
	}
	key := fmt.Sprintf("%p %s %t", v, p.key(), index)
	if s.seen[key] {
		return
	}
	s.seen[key] = true
	switch v := v.(type) {
	case *ssa.Parameter:
		for i, x := range s.w.f.Params {
			if x == v {
				s.input(i, p)
			}
		}
	case *ssa.FreeVar:
		for i, x := range s.w.f.FreeVars {
			if x == v {
				s.input(len(s.w.f.Params)+i, p)
			}
		}
		s.content(v, p, index) // the function itself may write it
	case *ssa.Phi:
		s.point(v, index)
		for _, e := range v.Edges {
			s.value(e, p, index)
		}
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			s.call(c, v.Index, p, index)
			return
		}
		s.value(v.Tuple, p, index)
	case *ssa.Next:
		s.point(v, index)
		s.value(v.Iter, p, index)
	case *ssa.Range:
		s.value(v.X, p.in(elem), index)
	case *ssa.Select:
		s.point(v, index)
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			s.value(v.X, p, index)
		case token.ARROW:
			s.point(v, index)
			s.value(v.X, p.in(elem), index)
		default:
			s.value(v.X, nil, index)
		}
	case *ssa.Field:
		s.value(v.X, p.in(v.Field), index)
	case *ssa.FieldAddr:
		s.value(v.X, p.in(v.Field), index)
		s.content(v, p, index)
	case *ssa.Index:
		s.value(v.X, p.in(elem), index)
		s.value(v.Index, nil, true)
	case *ssa.IndexAddr:
		s.value(v.X, p.in(elem), index)
		s.value(v.Index, nil, true)
	case *ssa.Lookup:
		s.value(v.X, p.in(elem), index)
		s.value(v.Index, nil, index)
	case *ssa.Slice:
		s.value(v.X, p, index)
		s.value(v.Low, nil, true)
		s.value(v.High, nil, true)
	case *ssa.Convert:
		s.value(v.X, p, index)
	case *ssa.MultiConvert:
		s.value(v.X, p, index)
	case *ssa.ChangeType:
		s.value(v.X, p, index)
	case *ssa.ChangeInterface:
		s.value(v.X, p, index)
	case *ssa.SliceToArrayPointer:
		s.value(v.X, p, index)
	case *ssa.MakeInterface:
		s.value(v.X, p, index)
	case *ssa.TypeAssert:
		s.value(v.X, p, index)
	case *ssa.BinOp:
		s.value(v.X, nil, index)
		s.value(v.Y, nil, index)
	case *ssa.Call:
		s.call(v, -1, p, index)
	case *ssa.MakeClosure:
		for _, b := range v.Bindings {
			s.value(b, nil, index)
		}
	case *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		s.content(v, p, index)
	}
}

// content follows what is written to where a value points: stores, entries, sends, and calls that are given it.
func (s *slicer) content(v ssa.Value, p path, index bool) {
	refs := v.Referrers()
	if refs == nil {
		return
	}
	for _, r := range *refs {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == v {
				if counts(r) {
					s.point(r, index)
				}
				s.value(r.Val, p, index)
			}
		case *ssa.FieldAddr:
			switch {
			case len(p) == 0:
				s.content(r, nil, index)
			case p[0] == r.Field:
				s.content(r, p[1:], index)
			}
		case *ssa.IndexAddr:
			if r.X != v {
				continue
			}
			switch {
			case len(p) == 0:
				s.content(r, nil, index)
			case p[0] == elem:
				s.content(r, p[1:], index)
			}
		case *ssa.Slice:
			if _, ok := v.(*ssa.Alloc); ok {
				s.writers(r, p, index, v)
			}
		case *ssa.MapUpdate:
			if r.Map == v {
				rest := p
				if len(p) > 0 && p[0] == elem {
					rest = p[1:]
				}
				s.value(r.Value, rest, index)
				s.value(r.Key, rest, index)
			}
		case *ssa.Send:
			if r.Chan == v {
				rest := p
				if len(p) > 0 && p[0] == elem {
					rest = p[1:]
				}
				s.value(r.X, rest, index)
			}
		case *ssa.MakeClosure:
			s.closure(r, v, p, index)
		case *ssa.MakeInterface:
			s.writers(r, p, index, v)
		case ssa.CallInstruction:
			s.written(r, p, index, v)
		}
	}
}

// counts tells of a store that it adds to what was there: a counter that could not be a register.
func counts(st *ssa.Store) bool {
	b, ok := st.Val.(*ssa.BinOp)
	if !ok {
		return false
	}
	for _, x := range []ssa.Value{b.X, b.Y} {
		if l, ok := x.(*ssa.UnOp); ok && l.Op == token.MUL && l.X == st.Addr {
			return true
		}
	}
	return false
}

// writers follows an address into what wraps it for a call: an interface, a list of arguments.
func (s *slicer) writers(v ssa.Value, p path, index bool, cell ssa.Value) {
	refs := v.Referrers()
	if refs == nil {
		return
	}
	for _, r := range *refs {
		switch r := r.(type) {
		case ssa.CallInstruction:
			s.written(r, p, index, cell)
		case *ssa.Store:
			if a, ok := r.Addr.(*ssa.IndexAddr); ok && r.Val == v {
				if l, ok := a.X.(*ssa.Alloc); ok && l.Comment == "varargs" {
					for _, u := range *l.Referrers() {
						if sl, ok := u.(*ssa.Slice); ok {
							s.writers(sl, p, index, cell)
						}
					}
				}
			}
		}
	}
}

// written takes a call that is given a cell's address for one that may write it: rows.Scan(&id).
func (s *slicer) written(c ssa.CallInstruction, p path, index bool, cell ssa.Value) {
	common := c.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() == "copy" && len(common.Args) == 2 && common.Args[0] == cell {
			s.value(common.Args[1], nil, index)
		}
		return
	}
	if q, _ := s.w.program.query(c); q != nil {
		return // a method of Queries reads its arguments
	}
	if f := common.StaticCallee(); f != nil && f.Signature.Recv() != nil && len(common.Args) > 0 && common.Args[0] == cell {
		s.method(c, f, p, index) // of its own: id.Scan(text)
		return
	}
	s.point(c, index)
	if common.IsInvoke() {
		s.value(common.Value, nil, index)
	}
	for _, a := range common.Args {
		if a != cell && !isContext(a.Type()) {
			s.value(a, nil, index)
		}
	}
}

// method follows what a method writes to the part p of its receiver: what its text says, and where that is not there, its arguments.
func (s *slicer) method(c ssa.CallInstruction, f *ssa.Function, p path, index bool) {
	if f.Blocks == nil {
		for _, a := range c.Common().Args[1:] {
			if !isContext(a.Type()) {
				s.value(a, nil, index)
			}
		}
		return
	}
	if s.w.program.isGenerated(f) {
		return
	}
	r := run{site: c, callee: f}
	for in, rest := range s.w.program.writes(f, p) {
		for _, v := range r.bind(in.index) {
			if v != c.Common().Args[0] {
				s.value(v, rest, index)
			}
		}
	}
}

// writes tells which inputs of a method it writes to a part of its receiver.
func (p *Program) writes(f *ssa.Function, part path) map[input]path {
	key := fmt.Sprintf("%p . %s", f, part.key())
	if known, ok := p.given[key]; ok {
		return known
	}
	p.given[key] = nil // of a method that calls itself the other ways tell it
	s := &slicer{w: p.flower(f), out: newFlow(), seen: map[string]bool{}}
	s.content(f.Params[0], part, false)
	p.given[key] = s.out.inputs
	return s.out.inputs
}

// closure follows what a function that was made here writes to a variable that it shares.
func (s *slicer) closure(m *ssa.MakeClosure, cell ssa.Value, p path, index bool) {
	g := m.Fn.(*ssa.Function)
	for i, b := range m.Bindings {
		if b != cell || i >= len(g.FreeVars) {
			continue
		}
		for _, r := range *g.FreeVars[i].Referrers() {
			st, ok := r.(*ssa.Store)
			if !ok || st.Addr != g.FreeVars[i] {
				continue
			}
			inner := s.w.program.flower(g).of(st.Val, p)
			for k, rest := range inner.inputs {
				if j := k.index - len(g.Params); j >= 0 && j < len(m.Bindings) && m.Bindings[j] != cell {
					s.value(m.Bindings[j], rest, index)
				}
			}
		}
	}
}

// call follows a call's result to what it is made of: its arguments, but for a query of another row.
func (s *slicer) call(c *ssa.Call, result int, p path, index bool) {
	common := c.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "append":
			for _, a := range common.Args {
				s.value(a, p, index)
			}
		case "min", "max":
			for _, a := range common.Args {
				s.value(a, nil, index)
			}
		}
		return
	}
	s.point(c, index)
	if f := common.StaticCallee(); f != nil && f.Blocks != nil && !s.w.program.isGenerated(f) && f.Synthetic == "" {
		m, _ := common.Value.(*ssa.MakeClosure)
		r := run{site: c, callee: f, closure: m}
		if result < 0 && f.Signature.Results().Len() == 1 {
			result = 0
		}
		for in, rest := range s.w.program.results(f, result, p) {
			for _, v := range r.bind(in.index) {
				s.value(v, rest, index)
			}
		}
		return
	}
	if common.IsInvoke() {
		s.value(common.Value, nil, index)
	}
	if m, ok := common.Value.(*ssa.MakeClosure); ok {
		s.value(m, nil, index)
	}
	for _, a := range common.Args {
		if !isContext(a.Type()) {
			s.value(a, nil, index)
		}
	}
}

// results tells which inputs of a function a part of a result of it comes from; a negative number stands for all of them.
func (p *Program) results(f *ssa.Function, result int, part path) map[input]path {
	key := fmt.Sprintf("%p %d %s", f, result, part.key())
	if known, ok := p.given[key]; ok {
		return known
	}
	p.given[key] = nil // of a function that calls itself the other ways out tell it
	out := map[input]path{}
	for _, b := range f.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for i, v := range r.Results {
			if result >= 0 && i != result {
				continue
			}
			for in, rest := range p.flower(f).of(v, part).inputs {
				out[in] = rest
			}
		}
	}
	p.given[key] = out
	return out
}

func isContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context"
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }
