package gocode

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/covetsql/covetsql/compiler/source"
)

// Bypass is a query that runs beside the transaction which its function holds.
type Bypass struct {
	Use
	// Begin is where the transaction begins, or the function that is given it.
	Begin source.Span
}

// Bypasses are the queries that run on the pool where a transaction is open, which runs others.
func (p *Program) Bypasses() (out []Bypass) {
	for _, t := range p.Transactions() {
		uses := p.Uses(t.Func)
		in := false
		for i := range uses {
			in = in || t.Within(uses[i].Site) && uses[i].InTx()
		}
		if !in {
			continue
		}
		for _, u := range uses {
			if _, runs := u.Site.(*ssa.Call); runs && t.Within(u.Site) && !u.InTx() && u.FromInputs(t.Func) && len(u.on.inputs) > 0 {
				out = append(out, Bypass{u, p.At(t.Begin)})
			}
		}
	}
	for _, f := range p.funcs {
		if at := p.givenTx(f); at.File != nil {
			for _, u := range p.Uses(f) {
				if _, runs := u.Site.(*ssa.Call); runs && !u.InTx() && p.captured(f, &u) {
					out = append(out, Bypass{u, at})
				}
			}
		}
	}
	return out
}

// givenTx tells of a function within another whether who calls it gives it a transaction, or queries that run in one.
func (p *Program) givenTx(f *ssa.Function) (at source.Span) {
	if f.Parent() == nil || f.Synthetic != "" {
		return source.Span{}
	}
	for i, prm := range f.Params {
		if IsTx(prm.Type()) || p.holdsQueries(prm.Type()) && p.passesTx(f, i) {
			if !p.usesParameter(f, i) {
				continue
			}
			return p.Span(f.Pos(), prm.Pos())
		}
	}
	return source.Span{}
}

// usesParameter tells whether a function does anything with a parameter.
func (p *Program) usesParameter(f *ssa.Function, i int) bool {
	refs := f.Params[i].Referrers()
	return refs != nil && len(*refs) > 0
}

func (p *Program) isQueries(t types.Type) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	for _, g := range p.Generated {
		if n.Obj().Pkg() == g.types && (n.Obj().Name() == "Queries" || n.Obj().Name() == "Querier") {
			return true
		}
	}
	return false
}

// holdsQueries tells of a type whether it is that of queries, or of a struct that has them: a store of the application's own.
func (p *Program) holdsQueries(t types.Type) bool {
	if p.isQueries(t) {
		return true
	}
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	for i := 0; ok && i < s.NumFields(); i++ {
		if p.isQueries(s.Field(i).Type()) {
			return true
		}
	}
	return false
}

// passesTx tells whether the function that f is handed to calls it with queries that run in a transaction.
func (p *Program) passesTx(f *ssa.Function, i int) bool {
	for _, b := range f.Parent().Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			for k, a := range c.Common().Args {
				if g, _ := function(a); g != f {
					continue
				}
				for _, callee := range p.calls.callees(c) {
					if r := callee.Signature.Recv(); callee.Name() == "InTx" && r != nil && p.isQueries(r.Type()) {
						return true // the generated method: it hands queries of its transaction on through a function of its own
					}
					at := k
					if c.Common().IsInvoke() {
						at++
					}
					if callee.Blocks == nil || at >= len(callee.Params) {
						continue
					}
					for _, r := range *callee.Params[at].Referrers() {
						call, ok := r.(ssa.CallInstruction)
						if !ok || call.Common().Value != callee.Params[at] || i >= len(call.Common().Args) {
							continue
						}
						u := Use{on: p.boundFlow(p.flower(callee), unwrapped(call.Common().Args[i]))}
						if u.InTx() {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// captured tells whether what a query runs on comes from the function around alone, where it is no transaction's either.
func (p *Program) captured(f *ssa.Function, u *Use) bool {
	found := false
	for in := range u.on.inputs {
		if in.index < len(f.Params) {
			return false
		}
		found = true
		if m := closureOf(f); m != nil {
			outer := Use{on: p.flower(f.Parent()).of(m.Bindings[in.index-len(f.Params)], u.on.inputs[in])}
			if outer.InTx() || !outer.FromInputs(f.Parent()) {
				return false
			}
		}
	}
	return found
}

// closureOf is where a function within another is made.
func closureOf(f *ssa.Function) *ssa.MakeClosure {
	if f.Parent() == nil {
		return nil
	}
	for _, b := range f.Parent().Blocks {
		for _, i := range b.Instrs {
			if m, ok := i.(*ssa.MakeClosure); ok && m.Fn == f {
				return m
			}
		}
	}
	return nil
}
