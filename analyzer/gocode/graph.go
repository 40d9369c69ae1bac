package gocode

import (
	"go/types"
	"sort"
	"strings"

	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// graph tells which functions a call may run. What is said of a call through an interface or a function value comes from
// the types and functions that flow there.
type graph struct {
	program *Program
	dynamic map[ssa.CallInstruction][]*ssa.Function
	// order lists the functions, callees first as far as they are no cycle.
	order []*ssa.Function
	// cycle numbers the functions; those that call each other have the same number.
	cycle map[*ssa.Function]int
}

// mostCallees is how many functions a call may run before it says nothing.
const mostCallees = 6

// mostImplementations is how many types may implement an interface to which no value was seen to flow.
const mostImplementations = 3

func newGraph(p *Program, all map[*ssa.Function]bool) graph {
	g := graph{program: p, dynamic: map[ssa.CallInstruction][]*ssa.Function{}, cycle: map[*ssa.Function]int{}}
	if len(p.sinks) == 0 {
		return g
	}
	cg := vta.CallGraph(all, nil)
	for f, n := range cg.Nodes {
		if f == nil {
			continue
		}
		for _, e := range n.Out {
			if e.Site != nil && e.Site.Common().StaticCallee() == nil {
				g.dynamic[e.Site] = append(g.dynamic[e.Site], e.Callee.Func)
			}
		}
	}
	for _, fs := range g.dynamic {
		sort.Slice(fs, func(i, j int) bool { return fs[i].RelString(nil) < fs[j].RelString(nil) })
	}
	g.implementations()
	p.calls = g // what a call runs is asked of the program
	p.calls.sort()
	return p.calls
}

// implementations answers calls through interfaces to which no value was seen to flow, as in a library whose callers are
// elsewhere: the few types that implement the interface may be meant.
func (g *graph) implementations() {
	var concrete []types.Type
	for _, root := range g.program.roots {
		if root.Types == nil || strings.Contains(root.ID, " [") {
			continue
		}
		scope := root.Types.Scope()
		for _, name := range scope.Names() {
			o, ok := scope.Lookup(name).(*types.TypeName)
			if !ok || o.IsAlias() || types.IsInterface(o.Type()) || standsIn(name) || standsIn(root.Name) {
				continue
			}
			if n, ok := o.Type().(*types.Named); ok && n.TypeParams().Len() == 0 {
				concrete = append(concrete, o.Type())
			}
		}
	}
	var answers typeutil.Map // of interfaces: *types.Named or nothing
	for _, f := range g.program.funcs {
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				c, ok := i.(ssa.CallInstruction)
				if !ok || !c.Common().IsInvoke() || len(g.dynamic[c]) > 0 {
					continue
				}
				it, ok := c.Common().Value.Type().Underlying().(*types.Interface)
				if !ok || !g.ownInterface(c.Common().Value.Type()) {
					continue
				}
				found, known := answers.At(c.Common().Value.Type()).([]types.Type)
				if !known {
					for _, t := range concrete {
						if p := types.NewPointer(t); types.Implements(t, it) {
							found = append(found, t)
						} else if types.Implements(p, it) {
							found = append(found, p)
						}
					}
					answers.Set(c.Common().Value.Type(), found)
				}
				if len(found) > mostImplementations {
					continue
				}
				for _, t := range found {
					if m := g.program.ssa.LookupMethod(t, c.Common().Method.Pkg(), c.Common().Method.Name()); m != nil {
						g.dynamic[c] = append(g.dynamic[c], m)
					}
				}
			}
		}
	}
}

// ownInterface tells whether an interface is one of the packages that were read.
func (g *graph) ownInterface(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return ok || !strings.Contains(t.String(), "error")
	}
	for _, r := range g.program.roots {
		if r.Types == n.Obj().Pkg() {
			return true
		}
	}
	return false
}

// standsIn tells of a name whether it is that of something which takes another's place in tests.
func standsIn(name string) bool {
	name = strings.ToLower(name)
	for _, w := range []string{"mock", "fake", "stub", "noop", "test"} {
		if strings.HasPrefix(name, w) || strings.HasSuffix(name, w) || strings.HasSuffix(name, w+"s") {
			return true
		}
	}
	return false
}

// callees are the functions that a call may run; none where there are too many to say anything.
func (g *graph) callees(c ssa.CallInstruction) []*ssa.Function {
	if f := c.Common().StaticCallee(); f != nil {
		return []*ssa.Function{f}
	}
	fs := g.dynamic[c]
	if len(fs) > mostCallees {
		return nil
	}
	return fs
}

// query is the query that a call runs by itself, and whether that is certain: through an interface of the application's
// own it is not.
func (p *Program) query(c ssa.CallInstruction) (q *Query, certain bool) {
	common := c.Common()
	if common.IsInvoke() {
		if q := p.sinks[common.Method]; q != nil {
			return q, true
		}
	}
	for _, f := range p.calls.callees(c) {
		if q := p.queryOf(f); q != nil {
			return q, common.StaticCallee() != nil
		}
	}
	return nil, false
}

// arguments are those of a call without its receiver.
func arguments(c ssa.CallInstruction) []ssa.Value {
	common := c.Common()
	n := common.Signature().Params().Len()
	if n > len(common.Args) {
		return common.Args
	}
	return common.Args[len(common.Args)-n:]
}

// argument is the value that a call gives a query's parameter, and the path of fields to it; nil where it gives all of a list.
func (q *Query) argument(c ssa.CallInstruction, i int) (ssa.Value, path) {
	args := arguments(c)
	if n := q.Method.Type().(*types.Signature).Params().Len(); len(args) > n { // (*Queries).GetUser(q, ctx, id)
		args = args[len(args)-n:]
	}
	p := q.Params[i].Place
	at := p.Arg + q.skip
	if q.Many || at >= len(args) {
		return nil, nil
	}
	v := args[at]
	if p.Field == "" {
		return v, nil
	}
	k := fieldIndex(v.Type(), p.Field)
	if k < 0 {
		return v, nil
	}
	return v, path{k}
}

func fieldIndex(t types.Type, name string) int {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	for i := 0; ok && i < s.NumFields(); i++ {
		if s.Field(i).Name() == name {
			return i
		}
	}
	return -1
}

// successors are the functions that f runs, with those that it hands to others to run.
func (g *graph) successors(f *ssa.Function) (out []*ssa.Function) {
	for _, b := range f.Blocks {
		for _, i := range b.Instrs {
			for _, s := range g.program.runs(i) {
				out = append(out, s.callee)
			}
		}
	}
	return out
}

// sort finds the cycles by Tarjan's algorithm, which gives them callees first.
func (g *graph) sort() {
	index, low := map[*ssa.Function]int{}, map[*ssa.Function]int{}
	on := map[*ssa.Function]bool{}
	var stack []*ssa.Function
	number := 0
	var visit func(f *ssa.Function)
	visit = func(f *ssa.Function) {
		index[f] = len(index) + 1
		low[f] = index[f]
		stack = append(stack, f)
		on[f] = true
		for _, s := range g.successors(f) {
			if index[s] == 0 {
				if s.Blocks == nil || g.program.isGenerated(s) {
					continue
				}
				visit(s)
				low[f] = min(low[f], low[s])
			} else if on[s] {
				low[f] = min(low[f], index[s])
			}
		}
		if low[f] != index[f] {
			return
		}
		number++
		for {
			s := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			on[s] = false
			g.cycle[s] = number
			g.order = append(g.order, s)
			if s == f {
				return
			}
		}
	}
	for _, f := range g.program.funcs {
		if index[f] == 0 {
			visit(f)
		}
	}
}
