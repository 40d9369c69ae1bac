package gocode

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// variance is what of a loop's round a value depends on.
type variance struct {
	element bool // what the loop gives in each round
	counter bool // the number of the round
	carried bool // what an earlier round left
	own     bool // what the call itself gave in an earlier round
	list    bool // what is left of a list
	at      ssa.Instruction
}

func (v variance) any() bool { return v.element || v.counter || v.carried }

// key tells whether the value is another one in each round, as a key would be that runs through a list.
func (v variance) key() bool { return (v.element || v.counter || v.carried) && !v.own }

// varies tells how a value that comes from f depends on the rounds of a loop, for the call at site.
func (p *Program) varies(f *flow, l *Loop, site ssa.Instruction) (v variance) {
	if l.Header == nil {
		for in := range f.inputs {
			if in.index < len(l.Func.Params) && !isContext(l.Func.Params[in.index].Type()) && !(l.Func.Signature.Recv() != nil && in.index == 0) {
				v.element = true
			}
			if k := in.index - len(l.Func.Params); k >= 0 && l.fills(k) {
				v.element = true
			}
		}
	}
	for pt := range f.points {
		if !l.Blocks[pt.at.Block()] || pt.at == site {
			continue
		}
		found := variance{}
		switch i := pt.at.(type) {
		case *ssa.Phi:
			if i.Block() != l.Header {
				continue
			}
			switch {
			case i.Comment == "rangeindex" || l.steps(i):
				if pt.index {
					found.element = true
				} else {
					found.counter = true
				}
			default:
				found.carried = true
				found.own = p.fedBy(i, l, site)
				found.list = element(i.Type()) != nil
			}
		default:
			if p.innermost(pt.at.Block()) != l {
				continue
			}
			switch i := i.(type) {
			case *ssa.Next:
				found.element = true
			case *ssa.UnOp: // a receive
				found.element = !isTime(i.X.Type()) && p.fed(i.X)
			case *ssa.Select:
				found.element = p.takesWork(i)
			case *ssa.Store:
				found.counter = true
			case ssa.CallInstruction:
				found.element = p.iterator(i, l)
			}
		}
		if !found.any() {
			continue
		}
		// A smaller position first, so that every run names the same place.
		if v.at == nil || found.element && !v.element || found.element == v.element && pt.at.Pos() < v.at.Pos() {
			v.at = pt.at
		}
		v.element = v.element || found.element
		v.counter = v.counter || found.counter
		v.own = v.own || found.own
		v.list = v.list || found.list
		v.carried = v.carried || found.carried && !found.own
	}
	if v.element {
		v.own = false
	}
	return v
}

// fills tells of a function that a call runs once for each of something whether that call is also given the address of the
// function's free variable k, to write to it each time: pgx.ForEachRow(rows, []any{&id}, func() error { … }).
func (l *Loop) fills(k int) bool {
	if l.Site == nil {
		return false
	}
	var cell ssa.Value
	args := l.Site.Common().Args
	for _, a := range args {
		if f, m := function(a); f == l.Func && m != nil && k < len(m.Bindings) {
			cell = m.Bindings[k]
		}
	}
	if cell == nil {
		return false
	}
	for _, r := range *cell.Referrers() {
		m, ok := r.(*ssa.MakeInterface)
		if !ok {
			continue
		}
		for _, u := range *m.Referrers() {
			s, ok := u.(*ssa.Store)
			if !ok {
				continue
			}
			at, ok := s.Addr.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			for _, a := range args {
				if list, ok := a.(*ssa.Slice); ok && list.X == at.X {
					return true
				}
			}
		}
	}
	return false
}

// fedBy tells whether a variable that goes from round to round is what the call at site, or another call of the same, gave: a
// cursor. A list that grows by results and is taken from one by one is none.
func (p *Program) fedBy(phi *ssa.Phi, l *Loop, site ssa.Instruction) bool {
	if _, ok := phi.Type().Underlying().(*types.Slice); ok {
		return false
	}
	if _, ok := phi.Type().Underlying().(*types.Map); ok {
		return false
	}
	w := p.flower(l.Func)
	for i, e := range phi.Edges {
		if !l.Blocks[phi.Block().Preds[i]] {
			continue
		}
		for pt := range w.of(e, nil).points {
			if pt.at == site || sameCall(pt.at, site) {
				return true
			}
		}
	}
	return false
}

func sameCall(a, b ssa.Instruction) bool {
	x, ok := a.(ssa.CallInstruction)
	y, ok2 := b.(ssa.CallInstruction)
	return ok && ok2 && x.Common().StaticCallee() != nil && x.Common().StaticCallee() == y.Common().StaticCallee()
}

// iterator tells whether a call in a loop gives the next of something that ends: the loop goes on as long as it, or another
// method of the same value, says so by a bool, or until io.EOF.
func (p *Program) iterator(c ssa.CallInstruction, l *Loop) bool {
	if q, _ := p.query(c); q != nil {
		return false // it takes from the database what is left there
	}
	for _, e := range l.exits {
		cond := e.Cond
		for {
			n, ok := cond.(*ssa.UnOp)
			if !ok || n.Op != token.NOT {
				break
			}
			cond = n.X
		}
		if x, ok := cond.(*ssa.Extract); ok {
			cond = x.Tuple.(ssa.Value)
		}
		switch x := cond.(type) {
		case *ssa.Call:
			if comparesEOF(x.Call.Args) {
				if valueOf(c) != nil && comesOf(x.Call.Args[0], valueOf(c), 3) {
					return true
				}
				continue
			}
			if x == c || receiver(x) != nil && (receiver(x) == receiver(c) || takes(c, receiver(x))) {
				if q, _ := p.query(x); q == nil && !(x == c && takesContext(c)) {
					return true
				}
			}
		case *ssa.BinOp:
			if valueOf(c) != nil && (isEOF(x.X) || isEOF(x.Y)) && (comesOf(x.X, valueOf(c), 3) || comesOf(x.Y, valueOf(c), 3)) {
				return true
			}
		}
	}
	return false
}

func valueOf(c ssa.CallInstruction) ssa.Value {
	if v := c.Value(); v != nil {
		return v
	}
	return nil
}

// receiver is the value that a method is called on.
func receiver(c ssa.CallInstruction) ssa.Value {
	common := c.Common()
	if common.IsInvoke() {
		return root(common.Value)
	}
	if common.Signature().Recv() != nil && len(common.Args) > 0 {
		return root(common.Args[0])
	}
	return nil
}

// root is the variable behind what was read from it.
func root(v ssa.Value) ssa.Value {
	if u, ok := v.(*ssa.UnOp); ok && u.Op == token.MUL {
		return u.X
	}
	return v
}

func takes(c ssa.CallInstruction, v ssa.Value) bool {
	for _, a := range c.Common().Args {
		if root(a) == v {
			return true
		}
	}
	return false
}

func takesContext(c ssa.CallInstruction) bool {
	for _, a := range c.Common().Args {
		if isContext(a.Type()) {
			return true
		}
	}
	return false
}

// isEOF tells of a value whether it is the error that says that there is nothing more.
func isEOF(v ssa.Value) bool {
	u, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := u.X.(*ssa.Global)
	return ok && (g.Name() == "EOF" || g.Name() == "Done" || strings.HasPrefix(g.Name(), "ErrEOF"))
}

func comparesEOF(args []ssa.Value) bool { return len(args) == 2 && isEOF(args[1]) }

// fed tells of a channel whether what it gives is sent there from a loop over something: the application itself hands out
// the work, and the channel only spreads it. Channels that feed each other in a circle do not feed themselves.
func (p *Program) fed(ch ssa.Value) bool {
	if known, ok := p.spread[ch]; ok {
		return known
	}
	if p.spread == nil {
		p.spread = map[ssa.Value]bool{}
	}
	p.spread[ch] = false
	outer := p.feeding
	p.feeding = true
	found := p.feed(p.channels(ch, 5, map[ssa.Value]bool{}))
	p.feeding = outer
	if outer { // it may rest on a circle's first guess
		delete(p.spread, ch)
	} else {
		p.spread[ch] = found
	}
	return found
}

// feed tells whether a loop over something sends to one of the channels.
func (p *Program) feed(made map[ssa.Value]bool) bool {
	for _, s := range p.sent() {
		l := p.innermost(s.at.Block())
		if l == nil || l.kind == endless {
			continue
		}
		for m := range s.to {
			if made[m] && !p.polls(l) {
				return true
			}
		}
	}
	return false
}

// sending is a place where something is sent, and the channels that it may go to.
type sending struct {
	at ssa.Instruction
	to map[ssa.Value]bool
}

// sent are the places where the application sends something.
func (p *Program) sent() []sending {
	if p.sends != nil {
		return p.sends
	}
	p.sends = []sending{}
	add := func(at ssa.Instruction, ch ssa.Value) {
		p.sends = append(p.sends, sending{at, p.channels(ch, 5, map[ssa.Value]bool{})})
	}
	for _, f := range p.funcs {
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				switch i := i.(type) {
				case *ssa.Send:
					add(i, i.Chan)
				case *ssa.Select:
					for _, st := range i.States {
						if st.Dir == types.SendOnly {
							add(i, st.Chan)
						}
					}
				}
			}
		}
	}
	return p.sends
}

// channels are the places where a channel may be made.
func (p *Program) channels(v ssa.Value, depth int, seen map[ssa.Value]bool) map[ssa.Value]bool {
	out := map[ssa.Value]bool{}
	if v == nil || depth == 0 || seen[v] {
		return out
	}
	seen[v] = true
	add := func(v ssa.Value, less int) {
		for m := range p.channels(v, depth-less, seen) {
			out[m] = true
		}
	}
	switch v := v.(type) {
	case *ssa.MakeChan:
		out[v] = true
	case *ssa.ChangeType:
		add(v.X, 0)
	case *ssa.UnOp:
		add(v.X, 0)
	case *ssa.Phi:
		for _, e := range v.Edges {
			add(e, 0)
		}
	case *ssa.Alloc:
		for _, r := range *v.Referrers() {
			if s, ok := r.(*ssa.Store); ok && s.Addr == v {
				add(s.Val, 0)
			}
		}
	case *ssa.FreeVar:
		f := v.Parent()
		for i, x := range f.FreeVars {
			if x != v || f.Parent() == nil {
				continue
			}
			for _, b := range f.Parent().Blocks {
				for _, in := range b.Instrs {
					if m, ok := in.(*ssa.MakeClosure); ok && m.Fn == f {
						add(m.Bindings[i], 0)
					}
				}
			}
		}
	case *ssa.Parameter:
		f := v.Parent()
		for i, x := range f.Params {
			if x != v {
				continue
			}
			for _, c := range p.callers(f) {
				if args := c.Common().Args; i < len(args) && !c.Common().IsInvoke() {
					add(args[i], 1)
				}
			}
		}
	}
	return out
}

// callers are the calls that name a function.
func (p *Program) callers(f *ssa.Function) (out []ssa.CallInstruction) {
	if p.called == nil {
		p.called = map[*ssa.Function][]ssa.CallInstruction{}
		for _, g := range p.funcs {
			for _, b := range g.Blocks {
				for _, i := range b.Instrs {
					if c, ok := i.(ssa.CallInstruction); ok {
						if callee := c.Common().StaticCallee(); callee != nil {
							p.called[callee] = append(p.called[callee], c)
						}
					}
				}
			}
		}
	}
	return p.called[f]
}
