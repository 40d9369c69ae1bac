package gocode

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// small tells whether the loop runs a few times, whatever the data: three times at most, or over a list that is written out.
func (l *Loop) small() bool {
	if l.Header == nil {
		return false
	}
	for _, i := range l.Header.Instrs {
		if n, ok := i.(*ssa.Next); ok {
			r, ok := n.Iter.(*ssa.Range)
			return ok && listed(r.X)
		}
	}
	for _, e := range l.exits {
		phi, bound := l.counter(e)
		if phi == nil {
			continue
		}
		if x := lengthOf(bound); x != nil {
			return listed(x)
		}
		c, ok := bound.(*ssa.Const)
		if !ok || c.Value == nil {
			continue
		}
		if l.overConstants(phi) {
			return true
		}
		n, known := c.Int64(), false
		for i, edge := range phi.Edges {
			if from, ok := edge.(*ssa.Const); ok && !l.Blocks[phi.Block().Preds[i]] && from.Value != nil {
				start := from.Int64()
				if phi.Comment == "rangeindex" || l.Header.Comment == "rangeint.loop" && start < 0 {
					start++
				}
				n -= start
				known = true
			}
		}
		if !known { // it counts down from a length
			return false
		}
		if n < 0 {
			n = -n
		}
		return n <= 3
	}
	return false
}

// overConstants tells whether the loop goes through an array whose elements are all constants, and few.
func (l *Loop) overConstants(phi *ssa.Phi) bool {
	for b := range l.Blocks {
		for _, i := range b.Instrs {
			var list, index ssa.Value
			switch i := i.(type) {
			case *ssa.IndexAddr:
				list, index = i.X, i.Index
			case *ssa.Index:
				list, index = root(i.X), i.Index
			}
			if index == nil || index != phi && !slices.Contains(phi.Edges, index) {
				continue
			}
			a, ok := list.(*ssa.Alloc)
			if !ok {
				return false
			}
			t, ok := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
			return ok && t.Len() <= most && constants(a)
		}
	}
	return false
}

// listed tells whether a list is written out where it is used, or in a variable of the package that nothing changes.
func listed(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Slice:
		a, ok := v.X.(*ssa.Alloc)
		if !ok || v.Low != nil || v.High != nil {
			return false
		}
		t, ok := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
		if !ok {
			return false
		}
		_, named := types.Unalias(t.Elem()).(*types.Named)
		return a.Comment == "slicelit" && (t.Len() <= most || named && constants(a))
	case *ssa.MakeMap:
		n := 0
		for _, r := range *v.Referrers() {
			if u, ok := r.(*ssa.MapUpdate); ok && u.Map == v {
				if !isConst(u.Key) {
					return false
				}
				n++
			}
		}
		return n > 0
	case *ssa.UnOp:
		if g, ok := v.X.(*ssa.Global); ok && v.Op == token.MUL {
			return settled(g)
		}
		if a, ok := v.X.(*ssa.Alloc); ok && v.Op == token.MUL { // an array
			t, ok := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
			return ok && (t.Len() <= 3 || constants(a))
		}
	case *ssa.Phi, *ssa.Parameter:
		return false
	case *ssa.Call:
		f := v.Call.StaticCallee()
		return f != nil && len(v.Call.Args) == 0 && f.Pkg != nil && returnsList(f)
	}
	return false
}

// returnsList tells of a function without arguments whether all it does is to give a list that is written out in it.
func returnsList(f *ssa.Function) bool {
	if len(f.Blocks) != 1 {
		return false
	}
	r, ok := f.Blocks[0].Instrs[len(f.Blocks[0].Instrs)-1].(*ssa.Return)
	return ok && len(r.Results) == 1 && listed(r.Results[0])
}

func isConst(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Convert:
		return isConst(v.X)
	case *ssa.MakeInterface:
		return isConst(v.X)
	}
	return false
}

// constants tells whether all that is stored in a literal is constant.
func constants(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if u, ok := r.Val.(*ssa.UnOp); ok && r.Addr == v && u.Op == token.MUL { // a copy
				if a, ok := u.X.(*ssa.Alloc); ok && a != v && constants(a) {
					continue
				}
			}
			if r.Addr == v && !isConst(r.Val) {
				return false
			}
		case *ssa.IndexAddr:
			if !constants(r) {
				return false
			}
		case *ssa.FieldAddr:
			if !constants(r) {
				return false
			}
		}
	}
	return true
}

// settled tells of a variable of a package whether nothing but its own declaration sets it.
func settled(g *ssa.Global) bool {
	if g.Pkg == nil || token.IsExported(g.Name()) && g.Pkg.Func("init") == nil {
		return false
	}
	for _, m := range g.Pkg.Members {
		f, ok := m.(*ssa.Function)
		if !ok || f.Name() == "init" {
			continue
		}
		if stores(f, g) {
			return false
		}
	}
	return true
}

func stores(f *ssa.Function, g *ssa.Global) bool {
	for _, b := range f.Blocks {
		for _, i := range b.Instrs {
			if s, ok := i.(*ssa.Store); ok && s.Addr == g {
				return true
			}
		}
	}
	for _, a := range f.AnonFuncs {
		if stores(a, g) {
			return true
		}
	}
	return false
}

// waits are names of functions that wait for time to pass, or for something to come.
var waits = map[string]bool{"Sleep": true, "After": true, "Tick": true, "NewTimer": true, "NewTicker": true, "WaitForNotification": true,
	"NextBackOff": true, "Backoff": true, "BackOff": true, "Wait": true}
