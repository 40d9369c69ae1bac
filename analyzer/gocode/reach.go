package gocode

import (
	"go/types"
	"sort"

	"golang.org/x/tools/go/ssa"

	"github.com/covetsql/covetsql/compiler/source"
)

// reach is a query's call that a function runs, by itself or through others.
type reach struct {
	query *Query
	call  ssa.CallInstruction // of the query's method
	via   []ssa.Instruction   // the calls from the function down to it, which is the last
	// flows tell for each of the query's parameters where in the function its value comes from, on what the query runs on.
	flows []*flow
	on    *flow
	// possible tells that an interface or a function value stands between.
	possible bool
}

const (
	longest = 8   // calls between a loop and its query
	reaches = 400 // kept of one function
)

// reachTable has for each function the queries that it runs outside of loops that were spoken of.
type reachTable map[*ssa.Function]map[ssa.CallInstruction]*reach

// repeat goes through all functions, callees first, and classifies what stands in loops.
func (p *Program) repeat() {
	if p.reached {
		return
	}
	p.reached = true
	p.findBodies()
	p.findBodies() // a helper may hand its function on to one that was found just now
	table := reachTable{}
	order := p.calls.order
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && p.calls.cycle[order[j]] == p.calls.cycle[order[i]] {
			j++
		}
		group := order[i:j]
		rounds := 1
		if len(group) > 1 || p.callsItself(group[0]) {
			rounds = 3
		}
		for n := range rounds {
			for _, f := range group {
				table[f] = p.reachesOf(f, table, n == rounds-1)
			}
		}
		i = j
	}
	at := make(map[*Repeat]source.Span, len(p.repeats))
	for _, r := range p.repeats {
		at[r] = p.At(r.Site)
	}
	sort.SliceStable(p.repeats, func(i, j int) bool {
		a, b := p.repeats[i], p.repeats[j]
		if at[a] != at[b] {
			return at[a].Before(at[b])
		}
		return a.Query.Name < b.Query.Name
	})
}

func (p *Program) callsItself(f *ssa.Function) bool {
	for _, s := range p.calls.successors(f) {
		if s == f {
			return true
		}
	}
	return false
}

// reachesOf are the queries that a function runs. In the last round those in loops are classified, and left out where
// something was said of them.
func (p *Program) reachesOf(f *ssa.Function, table reachTable, last bool) map[ssa.CallInstruction]*reach {
	out := map[ssa.CallInstruction]*reach{}
	add := func(site ssa.Instruction, r *reach) {
		if last && p.classify(f, site, r) {
			return
		}
		old := out[r.call]
		if old == nil {
			if len(out) < reaches {
				out[r.call] = r
			}
			return
		}
		for i := range r.flows {
			old.flows[i].add(r.flows[i])
		}
		old.on.add(r.on)
		if len(r.via) < len(old.via) {
			old.via = r.via
		}
		old.possible = old.possible && r.possible
	}
	for _, b := range f.Blocks {
		for _, i := range b.Instrs {
			if c, ok := i.(ssa.CallInstruction); ok {
				if q, certain := p.query(c); q != nil {
					add(i, p.direct(f, c, q, certain))
					continue
				}
			}
			for _, run := range p.runs(i) {
				for _, r := range sortedReaches(table[run.callee]) {
					if len(r.via) < longest {
						lifted := p.lift(f, run, r)
						if last && p.cycles(f, run, r) {
							continue
						}
						add(i, lifted)
					}
				}
			}
		}
	}
	return out
}

func sortedReaches(m map[ssa.CallInstruction]*reach) []*reach {
	out := make([]*reach, 0, len(m))
	for _, r := range m {
		out = append(out, r)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].call.Pos() != out[j].call.Pos() {
			return out[i].call.Pos() < out[j].call.Pos()
		}
		return out[i].query.Name < out[j].query.Name
	})
	return out
}

func (p *Program) direct(f *ssa.Function, c ssa.CallInstruction, q *Query, certain bool) *reach {
	r := &reach{query: q, call: c, via: []ssa.Instruction{c}, possible: !certain}
	w := p.flower(f)
	r.on = newFlow()
	r.on.add(w.of(p.Handle(c, q), nil))
	for i := range q.Params {
		fl := newFlow()
		v, path := q.argument(c, i)
		fl.add(w.of(v, path))
		r.flows = append(r.flows, fl)
	}
	return r
}

// lift tells in terms of f what a function that f runs does.
func (p *Program) lift(f *ssa.Function, run run, r *reach) *reach {
	out := &reach{query: r.query, call: r.call, possible: r.possible || run.dynamic, via: append([]ssa.Instruction{run.site}, r.via...)}
	w := p.flower(f)
	out.on = newFlow()
	for in, path := range r.on.inputs {
		if run.handed && in.index < len(run.callee.Params) {
			continue // who calls it gives it
		}
		for _, v := range run.bind(in.index) {
			out.on.add(w.of(v, path))
		}
	}
	for _, fl := range r.flows {
		here := newFlow()
		for in, path := range fl.inputs {
			for _, v := range run.bind(in.index) {
				here.add(w.of(v, path))
			}
		}
		out.flows = append(out.flows, here)
	}
	return out
}

// bind gives the values that the site has for an input of what it runs.
func (r *run) bind(i int) []ssa.Value {
	n := len(r.callee.Params)
	if i >= n {
		if r.closure != nil && i-n < len(r.closure.Bindings) {
			return r.closure.Bindings[i-n : i-n+1]
		}
		return nil
	}
	if isContext(r.callee.Params[i].Type()) {
		return nil
	}
	c, ok := r.site.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	common := c.Common()
	if r.handed {
		if p, ok := common.Value.(*ssa.Function); ok && p.Synthetic == yieldBody {
			return nil
		}
		var out []ssa.Value
		for _, a := range common.Args {
			if f, _ := function(a); f == nil && !isContext(a.Type()) {
				out = append(out, a)
			}
		}
		return out
	}
	args := common.Args
	if common.IsInvoke() {
		if i == 0 {
			return nil // which of several implementations is no key
		}
		i--
	} else if r.dynamic && len(args) < n {
		i -= n - len(args)
	}
	if i < 0 || i >= len(args) {
		return nil
	}
	return args[i : i+1]
}

// findBodies finds the functions that something calls once for each of its elements.
func (p *Program) findBodies() {
	for _, f := range p.funcs {
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				c, ok := i.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if _, isBuiltin := c.Common().Value.(*ssa.Builtin); isBuiltin {
					continue
				}
				for k, a := range c.Common().Args {
					g, _ := function(a)
					if g == nil || g.Blocks == nil || g.Synthetic == yieldBody || p.bodies[g] != nil {
						continue
					}
					if p.callsEach(c, k, g) {
						p.bodies[g] = &Loop{Site: c}
						delete(p.loops, g)
					}
				}
			}
		}
	}
}

// callsEach tells whether a call runs the function that is its argument k once for each of something.
func (p *Program) callsEach(c ssa.CallInstruction, k int, g *ssa.Function) bool {
	read := false
	for _, callee := range p.calls.callees(c) {
		if callee.Blocks == nil || p.isGenerated(callee) {
			continue
		}
		read = true
		at := k
		if c.Common().IsInvoke() {
			at++
		}
		if at < len(callee.Params) && p.iterates(callee, callee.Params[at], 3) {
			return true
		}
	}
	return !read && each(c, g)
}

// iterates tells whether a function calls one that it is given in a loop, with something that the loop gives.
func (p *Program) iterates(f *ssa.Function, given ssa.Value, depth int) bool {
	if _, ok := given.Type().Underlying().(*types.Signature); !ok || depth == 0 {
		return false
	}
	for _, v := range same(given) {
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case ssa.CallInstruction:
				common := r.Common()
				if common.Value == v {
					if l := p.innermost(r.Block()); l != nil && !p.polls(l) && !l.retries(r) {
						for _, a := range common.Args {
							if !isContext(a.Type()) && p.varies(p.flower(f).of(a, nil), l, r).any() {
								return true
							}
						}
					}
					continue
				}
				for k, a := range common.Args {
					if a != v {
						continue
					}
					if g := common.StaticCallee(); g != nil && g.Blocks != nil && g != f && k < len(g.Params) && p.iterates(g, g.Params[k], depth-1) {
						return true
					}
				}
			case *ssa.MakeClosure:
				g := r.Fn.(*ssa.Function)
				for k, b := range r.Bindings {
					if b != v || k >= len(g.FreeVars) {
						continue
					}
					if p.iterates(g, g.FreeVars[k], depth-1) || p.innermost(r.Block()) != nil && calledIn(g, g.FreeVars[k]) {
						return true
					}
				}
			}
		}
	}
	return false
}

// same are the values that are v: v itself, and the cell that it is kept in with what is read from there.
func same(v ssa.Value) []ssa.Value {
	out := []ssa.Value{v}
	if v.Referrers() == nil {
		return nil
	}
	load := func(cell ssa.Value) {
		out = append(out, cell)
		for _, r := range *cell.Referrers() {
			if u, ok := r.(*ssa.UnOp); ok {
				out = append(out, u)
			}
		}
	}
	if _, ok := v.(*ssa.FreeVar); ok {
		for _, r := range *v.Referrers() {
			if u, ok := r.(*ssa.UnOp); ok {
				out = append(out, u)
			}
		}
	}
	for _, r := range *v.Referrers() {
		if s, ok := r.(*ssa.Store); ok && s.Val == v {
			if a, ok := s.Addr.(*ssa.Alloc); ok {
				load(a)
			}
		}
	}
	return out
}

func calledIn(g *ssa.Function, v ssa.Value) bool {
	for _, x := range same(v) {
		for _, r := range *x.Referrers() {
			if c, ok := r.(ssa.CallInstruction); ok && c.Common().Value == x {
				return true
			}
		}
	}
	return false
}
