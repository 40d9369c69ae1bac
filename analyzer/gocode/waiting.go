package gocode

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// polls tells whether the loop waits for something in each round rather than going through something: for the time, or
// for what others send.
func (p *Program) polls(l *Loop) bool {
	if ch := l.channel(); ch != nil {
		return !p.fed(ch)
	}
	if l.kind == ranged {
		return false
	}
	for b := range l.Blocks {
		for _, i := range b.Instrs {
			switch i := i.(type) {
			case *ssa.Select:
				if !p.takesWork(i) {
					return true
				}
			case ssa.CallInstruction:
				if _, deferred := i.(*ssa.Defer); !deferred && waits[calledName(i)] {
					return true
				}
			case *ssa.UnOp:
				if i.Op == token.ARROW && isTime(i.X.Type()) {
					return true
				}
			}
		}
	}
	return false
}

// takesWork tells whether a select takes what the application itself hands out.
func (p *Program) takesWork(s *ssa.Select) bool {
	return slices.ContainsFunc(s.States, func(st *ssa.SelectState) bool {
		return st.Dir == types.RecvOnly && !isTime(st.Chan.Type()) && p.fed(st.Chan)
	})
}

// channel is what the loop ranges over, where that is a channel.
func (l *Loop) channel() ssa.Value {
	if l.Header == nil || l.kind != ranged {
		return nil
	}
	for _, i := range l.Header.Instrs {
		if u, ok := i.(*ssa.UnOp); ok && u.Op == token.ARROW && u.CommaOk {
			return u.X
		}
	}
	return nil
}

func isTime(t types.Type) bool {
	c, ok := t.Underlying().(*types.Chan)
	return ok && c.Elem().String() == "time.Time"
}

// retries tells whether the loop ends once the call at site has succeeded: without an error no way leads to another round.
func (l *Loop) retries(site ssa.Instruction) bool {
	v, ok := site.(ssa.Value)
	if !ok || l.Header == nil {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{}
	told := false
	var again func(b *ssa.BasicBlock) bool
	again = func(b *ssa.BasicBlock) bool {
		succs := b.Succs
		if i, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			if k := withoutError(i.Cond, v); k >= 0 {
				told = true
				succs = succs[k : k+1]
			}
		}
		for _, s := range succs {
			if s == l.Header {
				if i, ok := s.Instrs[len(s.Instrs)-1].(*ssa.If); ok {
					if k := withoutError(i.Cond, v); k >= 0 && !l.Blocks[s.Succs[k]] {
						told = true
						continue
					}
				}
				return true
			}
			if l.Blocks[s] && !seen[s] {
				seen[s] = true
				if again(s) {
					return true
				}
			}
		}
		return false
	}
	return !again(site.Block()) && told
}

// searches tells whether the loop makes up one value after another until the call at site says that it fits: nothing else
// ends it but a failure or a fixed number of rounds.
func (p *Program) searches(l *Loop, site ssa.Instruction) bool {
	v, ok := site.(ssa.Value)
	if !ok || l.Header == nil || l.kind == ranged {
		return false
	}
	found := false
	for _, e := range l.exits {
		if c, ok := e.Cond.(*ssa.BinOp); ok && isError(c.X.Type()) && (isNil(c.X) || isNil(c.Y)) {
			found = found || l.kind == endless && comesOf(c.X, v, 4)
			continue // it failed
		}
		if p.flower(l.Func).of(e.Cond, nil).points[point{at: site}] {
			found = true
			continue
		}
		c, ok := e.Cond.(*ssa.BinOp)
		if !ok || !isConst(c.X) && !isConst(c.Y) {
			return false
		}
	}
	return found
}

// withoutError is the branch that a condition takes where the call v gave no error; -1 where it asks for something else.
func withoutError(cond, v ssa.Value) int {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if k := withoutError(c.X, v); c.Op == token.NOT && k >= 0 {
			return 1 - k
		}
	case *ssa.BinOp:
		for _, s := range [][2]ssa.Value{{c.X, c.Y}, {c.Y, c.X}} {
			if !isError(s[0].Type()) || !comesOf(s[0], v, 4) {
				continue
			}
			// Whether it is nil, or is one of some errors.
			if equal := c.Op == token.EQL; equal == isNil(s[1]) {
				return 0
			}
			return 1
		}
	case *ssa.Call: // errors.Is(err, …), isConflict(err); not yield(row, err)
		asks := false
		for _, a := range c.Call.Args {
			if !comesOf(a, v, 4) {
				continue
			}
			if !isError(a.Type()) {
				return -1
			}
			asks = true
		}
		if asks && c.Call.StaticCallee() != nil {
			return 1
		}
	}
	return -1
}

func isNil(v ssa.Value) bool { c, ok := v.(*ssa.Const); return ok && c.Value == nil }

// comesOf tells whether x is a result of the call v, perhaps of one of several paths.
func comesOf(x, v ssa.Value, depth int) bool {
	if x == v {
		return true
	}
	switch x := x.(type) {
	case *ssa.Extract:
		return x.Tuple == v
	case *ssa.UnOp: // a variable that is no register
		a, ok := x.X.(*ssa.Alloc)
		if !ok || depth == 0 {
			return false
		}
		for _, r := range *a.Referrers() {
			if s, ok := r.(*ssa.Store); ok && s.Addr == a && comesOf(s.Val, v, depth-1) {
				return true
			}
		}
	case *ssa.Phi:
		for _, e := range x.Edges {
			if depth > 0 && comesOf(e, v, depth-1) {
				return true
			}
		}
	}
	return false
}
