package gocode

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// run is a function that an instruction runs, or hands to something that does.
type run struct {
	site   ssa.Instruction
	callee *ssa.Function
	// closure is where the callee was made, for its free variables; nil where it has none or they are not known.
	closure *ssa.MakeClosure
	// handed tells that the site gives the callee to another function, which calls it.
	handed bool
	// dynamic tells that the callee is one of those that an interface or a function value may stand for.
	dynamic bool
}

// runs are the functions that an instruction runs.
func (p *Program) runs(i ssa.Instruction) (out []run) {
	c, ok := i.(ssa.CallInstruction)
	if !ok {
		if m, ok := i.(*ssa.MakeClosure); ok && kept(m) {
			out = append(out, run{site: i, callee: m.Fn.(*ssa.Function), closure: m, handed: true})
		}
		return out
	}
	common := c.Common()
	static := common.StaticCallee()
	closure, _ := common.Value.(*ssa.MakeClosure)
	callees := p.calls.callees(c)
	if static == nil && !common.IsInvoke() {
		if f, m := function(common.Value); f != nil {
			static, closure, callees = f, m, []*ssa.Function{f}
		} else if f := shared(common.Value); f != nil {
			static, callees = f, []*ssa.Function{f}
		}
	}
	if static == nil && given(common.Value) && !common.IsInvoke() {
		callees = nil // who gave the function says what it is
	}
	for _, f := range callees {
		out = append(out, run{site: i, callee: f, closure: closure, dynamic: static == nil})
	}
	if _, isBuiltin := common.Value.(*ssa.Builtin); isBuiltin {
		return out
	}
	for _, a := range common.Args {
		f, m := function(a)
		if f == nil || f.Blocks == nil {
			continue
		}
		if f.Synthetic == yieldBody || p.hands(c, callees, f) {
			out = append(out, run{site: i, callee: f, closure: m, handed: true})
		}
	}
	return out
}

// function is the function that a value is known to be.
func function(v ssa.Value) (*ssa.Function, *ssa.MakeClosure) {
	switch v := v.(type) {
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function), v
	case *ssa.Function:
		return v, nil
	case *ssa.ChangeType:
		return function(v.X)
	case *ssa.MakeInterface:
		return function(v.X)
	case *ssa.UnOp: // a variable that is set once
		if a, ok := v.X.(*ssa.Alloc); ok {
			return variable(a)
		}
	}
	return nil, nil
}

// variable is the function that a variable is set to, once.
func variable(a *ssa.Alloc) (*ssa.Function, *ssa.MakeClosure) {
	var only ssa.Value
	for _, r := range *a.Referrers() {
		if s, ok := r.(*ssa.Store); ok && s.Addr == a {
			if only != nil {
				return nil, nil
			}
			only = s.Val
		}
	}
	if only == nil {
		return nil, nil
	}
	return function(only)
}

// shared is the function that a variable of the function around is set to, once; nil for others: a function that calls
// itself by the name of the variable that it was put in.
func shared(v ssa.Value) *ssa.Function {
	u, ok := v.(*ssa.UnOp)
	if !ok {
		return nil
	}
	free, ok := u.X.(*ssa.FreeVar)
	if !ok || free.Parent().Parent() == nil {
		return nil
	}
	inner := free.Parent()
	for _, b := range inner.Parent().Blocks {
		for _, i := range b.Instrs {
			m, ok := i.(*ssa.MakeClosure)
			if !ok || m.Fn != inner {
				continue
			}
			for k, x := range inner.FreeVars {
				if x != free {
					continue
				}
				if a, ok := m.Bindings[k].(*ssa.Alloc); ok {
					f, _ := variable(a)
					return f
				}
			}
		}
	}
	return nil
}

// given tells whether a function value is a parameter, or was one of the function around.
func given(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		return true
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok {
			for _, r := range *a.Referrers() {
				if s, ok := r.(*ssa.Store); ok && s.Addr == a {
					if _, ok := s.Val.(*ssa.Parameter); ok {
						return true
					}
				}
			}
		}
		_, ok := v.X.(*ssa.FreeVar)
		return ok
	}
	return false
}

// kept tells whether a closure is put into a list or a channel, from where somebody will take and call it.
func kept(m *ssa.MakeClosure) bool {
	for _, r := range *m.Referrers() {
		switch r := r.(type) {
		case *ssa.Send:
			return true
		case *ssa.Store:
			if a, ok := r.Addr.(*ssa.IndexAddr); ok && r.Val == m {
				if l, ok := a.X.(*ssa.Alloc); ok && l.Comment == "varargs" {
					return passedToAppend(l)
				}
				return true
			}
		}
	}
	return false
}

func passedToAppend(l *ssa.Alloc) bool {
	for _, r := range *l.Referrers() {
		s, ok := r.(*ssa.Slice)
		if !ok {
			continue
		}
		for _, u := range *s.Referrers() {
			if c, ok := u.(*ssa.Call); ok {
				if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
					return true
				}
			}
		}
	}
	return false
}

// hands tells whether a call that is given f runs it: the callee is seen to, or it is no function of the application and is
// known for it.
func (p *Program) hands(c ssa.CallInstruction, callees []*ssa.Function, f *ssa.Function) bool {
	read := false
	for _, callee := range callees {
		if callee.Blocks == nil || p.isGenerated(callee) {
			continue
		}
		read = true
		if p.reaches(callee, f, 4) {
			return true
		}
	}
	if read {
		return false
	}
	return each(c, f) || runners[calledName(c)]
}

// reaches tells whether one function calls another, at most so many calls deep.
func (p *Program) reaches(from, to *ssa.Function, depth int) bool {
	if depth == 0 {
		return false
	}
	for _, b := range from.Blocks {
		for _, i := range b.Instrs {
			c, ok := i.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if c.Common().StaticCallee() == nil {
				for _, f := range p.calls.dynamic[c] { // a helper may be called with many functions
					if f == to {
						return true
					}
				}
			}
			for _, a := range c.Common().Args { // handed on, to a pool
				if parameter, ok := a.(*ssa.Parameter); ok && runners[calledName(c)] {
					if _, isFunc := parameter.Type().Underlying().(*types.Signature); isFunc {
						return true
					}
				}
			}
			for _, f := range p.calls.callees(c) {
				if f.Blocks != nil && f != from && (f == to || p.reaches(f, to, depth-1)) {
					return true
				}
			}
		}
	}
	return false
}

// runners are names of functions of other people that run the function they are given, soon and once.
var runners = map[string]bool{
	"Go": true, "TryGo": true, "Do": true, "Run": true, "Submit": true, "Execute": true, "Invoke": true,
	"Retry": true, "RetryNotify": true, "Transaction": true, "WithTx": true, "InTx": true, "RunInTx": true, "WithTransaction": true,
	"BeginFunc": true, "BeginTxFunc": true, "AcquireFunc": true, "ExecuteTx": true, "Async": true, "Spawn": true,
	"OnceFunc": true, "OnceValue": true, "OnceValues": true,
}

func calledName(c ssa.CallInstruction) string {
	common := c.Common()
	if common.IsInvoke() {
		return common.Method.Name()
	}
	if f := common.StaticCallee(); f != nil {
		if o := f.Origin(); o != nil {
			return o.Name()
		}
		return f.Name()
	}
	return ""
}

// walkers are functions outside of the application that call a function for each of something which is not in their type.
var walkers = map[string]bool{
	"sort.Slice": true, "sort.SliceStable": true, "path/filepath.Walk": true, "path/filepath.WalkDir": true, "io/fs.WalkDir": true,
	"(*sync.Map).Range": true, "github.com/jackc/pgx/v5.ForEachRow": true, "github.com/jackc/pgx/v5.CollectRows": true,
	"github.com/jackc/pgx/v5.AppendRows": true, "github.com/samber/lo.Times": true, "github.com/samber/lo/parallel.Times": true,
}

// each tells whether a callee without a body calls f once for each of something: it is given a collection of what f takes,
// it is known for it, or it is the result of a batch.
func each(c ssa.CallInstruction, f *ssa.Function) bool {
	common := c.Common()
	callee := common.StaticCallee()
	if callee == nil && !common.IsInvoke() {
		return false
	}
	if callee != nil && walkers[strings.TrimSuffix(callee.String(), "["+instanceOf(callee)+"]")] {
		return true
	}
	if callee != nil && callee.Signature.Recv() != nil && strings.HasSuffix(strings.TrimLeft(callee.Signature.Recv().Type().String(), "*"), "BatchResults") {
		return true
	}
	for _, a := range common.Args {
		e := element(a.Type())
		if e == nil {
			continue
		}
		for i := range f.Signature.Params().Len() {
			if types.Identical(f.Signature.Params().At(i).Type(), e) {
				return true
			}
		}
	}
	return false
}

func instanceOf(f *ssa.Function) string {
	_, after, _ := strings.Cut(f.String(), "[")
	return strings.TrimSuffix(after, "]")
}

// element is what a collection has; nil for what is none.
func element(t types.Type) types.Type {
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Map:
		return t.Elem()
	case *types.Chan:
		return t.Elem()
	case *types.Signature: // iter.Seq
		if t.Params().Len() == 1 && t.Results().Len() == 0 {
			if y, ok := t.Params().At(0).Type().Underlying().(*types.Signature); ok && y.Params().Len() > 0 {
				return y.Params().At(y.Params().Len() - 1).Type()
			}
		}
	}
	return nil
}
