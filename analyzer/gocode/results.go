package gocode

import (
	"go/constant"
	"go/token"
	"go/types"
	"sort"

	"golang.org/x/tools/go/ssa"

	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
)

// Call is a query's call, and another place that a finding about it is at.
type Call struct {
	Query *Query
	Site  ssa.CallInstruction
	At    ssa.Instruction
}

// queryCalls are all calls of queries in functions of the application.
func (p *Program) queryCalls() (out []Call) {
	for _, f := range p.funcs {
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				if c, ok := i.(ssa.CallInstruction); ok {
					if q, _ := p.query(c); q != nil {
						out = append(out, Call{Query: q, Site: c, At: c})
					}
				}
			}
		}
	}
	return out
}

// Unused are calls of queries that read many rows, nothing of which is used.
func (p *Program) Unused() (out []Call) {
	for _, c := range p.queryCalls() {
		call, ok := c.Site.(*ssa.Call)
		if !ok || c.Query.Command != "many" || c.Query.Kind != facts.Read || c.Query.Locks || !c.Query.Deterministic {
			continue
		}
		if r := result(call, 0); r == nil || len(*r.Referrers()) == 0 {
			out = append(out, c)
		}
	}
	return out
}

// FirstOfMany are the places where one row is taken by its place from rows that come in no order.
func (p *Program) FirstOfMany() (out []Call) {
	for _, c := range p.queryCalls() {
		call, ok := c.Site.(*ssa.Call)
		if !ok || c.Query.Command != "many" || c.Query.Rows.Max == 1 || ordered(c.Query) || c.Query.Page != nil {
			continue
		}
		rows := result(call, 0)
		if rows == nil || countsRows(rows) {
			continue
		}
		for _, r := range *rows.Referrers() {
			i, ok := r.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			first := isZero(i.Index)
			b, ok := i.Index.(*ssa.BinOp)
			end := ok && b.Op == token.SUB && lengthOf(b.X) == rows
			if first || end {
				c.At = i
				out = append(out, c)
				break
			}
		}
	}
	return out
}

// ordered tells whether the query's rows come in an order, as far as anybody can say.
func ordered(q *Query) bool {
	s, ok := q.Tree.(*ir.Select)
	return !ok || len(s.OrderBy) > 0
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Int && c.Int64() == 0
}

// countsRows tells whether rows are looked at for being exactly so many, or are looked at one and all.
func countsRows(rows ssa.Value) bool {
	for _, r := range *rows.Referrers() {
		c, ok := r.(*ssa.Call)
		if !ok || lengthOf(c) != rows {
			continue
		}
		for _, u := range *c.Referrers() {
			b, ok := u.(*ssa.BinOp)
			if !ok {
				continue
			}
			k, ok := b.Y.(*ssa.Const)
			if !ok {
				if k, ok = b.X.(*ssa.Const); !ok {
					if b.Op == token.LSS || b.Op == token.GTR { // goes through them
						return true
					}
					continue
				}
			}
			if k.Value == nil || k.Value.Kind() != constant.Int {
				continue
			}
			if n := k.Int64(); n == 1 && (b.Op == token.EQL || b.Op == token.NEQ || b.Op == token.GTR) || n > 1 {
				return true
			}
		}
	}
	return false
}

// Existence are the calls that count rows only to see whether there is one.
func (p *Program) Existence() (out []Call) {
	for _, c := range p.queryCalls() {
		call, ok := c.Site.(*ssa.Call)
		if !ok || c.Query.Command != "one" || !countsAll(c.Query) {
			continue
		}
		n := result(call, 0)
		if n == nil {
			continue
		}
		compared, other := false, false
		for _, r := range *n.Referrers() {
			switch r := r.(type) {
			case *ssa.BinOp:
				if againstNone(r, n) {
					compared = true
				} else {
					other = true
				}
			case *ssa.DebugRef:
			default:
				other = true
			}
		}
		if compared && !other {
			out = append(out, c)
		}
	}
	return out
}

// countsAll tells whether the query gives one count of rows and nothing else.
func countsAll(q *Query) bool {
	s, ok := q.Tree.(*ir.Select)
	if !ok || len(s.Items) != 1 || s.GroupBy != nil || s.Having != nil || len(s.From) == 0 || s.Distinct {
		return false
	}
	f, ok := s.Items[0].X.(*ir.FuncCall)
	return ok && f.Name.Last() == "count" && !f.Distinct && f.Over == nil
}

func againstNone(b *ssa.BinOp, n ssa.Value) bool {
	x, op := b.Y, b.Op
	if b.X != n {
		x = b.X
		switch op {
		case token.LSS:
			op = token.GTR
		case token.GTR:
			op = token.LSS
		case token.LEQ:
			op = token.GEQ
		case token.GEQ:
			op = token.LEQ
		}
	}
	c, ok := x.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return false
	}
	switch c.Int64() {
	case 0:
		return op == token.GTR || op == token.EQL || op == token.NEQ || op == token.LEQ
	case 1:
		return op == token.GEQ || op == token.LSS
	}
	return false
}

// WithoutContext are calls of queries that are given a context of their own where the function has one.
func (p *Program) WithoutContext() (out []Call) {
	for _, c := range p.queryCalls() {
		args := arguments(c.Site)
		if len(args) == 0 || !isContext(args[0].Type()) {
			continue
		}
		call, ok := args[0].(*ssa.Call)
		if !ok {
			continue
		}
		f := call.Call.StaticCallee()
		if f == nil || f.Pkg == nil || f.Pkg.Pkg.Path() != "context" || f.Name() != "Background" && f.Name() != "TODO" {
			continue
		}
		if _, ran := c.Site.(*ssa.Call); !ran || detached(c.Site.Parent()) || !hasContext(c.Site.Parent()) || cleansUp(c) {
			continue
		}
		c.At = call
		out = append(out, c)
	}
	return out
}

// cleansUp tells whether a call comes when the context may be over already: behind its Done, or a write where something failed.
func cleansUp(c Call) bool {
	b := c.Site.Block()
	for d := b; d != nil; d = d.Idom() {
		for _, i := range d.Instrs {
			if x, ok := i.(ssa.CallInstruction); ok && calledName(x) == "Done" && isContext(receiverType(x)) {
				return true
			}
		}
		i, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || d == b {
			continue
		}
		cond, ok := i.Cond.(*ssa.BinOp)
		if !ok || !isError(cond.X.Type()) || !isNil(cond.Y) && !isNil(cond.X) {
			continue
		}
		failed := d.Succs[0]
		if cond.Op == token.EQL {
			failed = d.Succs[1]
		}
		if c.Query.Changes() && len(failed.Preds) == 1 && (failed == b || failed.Dominates(b)) {
			return true
		}
	}
	return false
}

// detached tells whether a function runs on its own, or when the one around is done.
func detached(f *ssa.Function) bool {
	for ; f.Parent() != nil; f = f.Parent() {
		m := closureOf(f)
		var refs []ssa.Instruction
		if m != nil {
			refs = *m.Referrers()
		} else if f.Referrers() != nil {
			refs = *f.Referrers()
		} else {
			refs = namings(f)
		}
		for _, r := range refs {
			switch r := r.(type) {
			case *ssa.Go, *ssa.Defer:
				return true
			case *ssa.Call:
				if runners[calledName(r)] || calledName(r) == "AfterFunc" || calledName(r) == "Cleanup" {
					return true
				}
			case *ssa.Store, *ssa.Return, *ssa.MapUpdate, *ssa.Send: // somebody calls it later
				return true
			}
		}
	}
	return false
}

// namings are the calls in the function around that name one without free variables.
func namings(f *ssa.Function) (out []ssa.Instruction) {
	for _, b := range f.Parent().Blocks {
		for _, i := range b.Instrs {
			for _, o := range i.Operands(nil) {
				if *o == f {
					out = append(out, i)
				}
			}
		}
	}
	return out
}

// hasContext tells whether a function, or one around it, is given a context or a request.
func hasContext(f *ssa.Function) bool {
	for ; f != nil; f = f.Parent() {
		for _, p := range f.Params {
			if isContext(p.Type()) && p.Name() != "_" && p.Name() != "" {
				return true
			}
			if ptr, ok := p.Type().(*types.Pointer); ok && ptr.Elem().String() == "net/http.Request" && p.Name() != "_" {
				return true
			}
		}
	}
	return false
}

// Dead are the queries whose methods nothing names, by package and name.
func (p *Program) Dead() (out []*Query) {
	used := map[*Query]bool{}
	names := map[string]bool{}
	for _, r := range p.roots {
		if r.TypesInfo == nil {
			continue
		}
		for id, o := range r.TypesInfo.Uses {
			f, ok := o.(*types.Func)
			if !ok {
				continue
			}
			if p.inGenerated(id.Pos()) {
				continue
			}
			if q := p.sinks[f]; q != nil {
				used[q] = true
			} else if recv := f.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
				names[f.Name()] = true
			}
		}
	}
	for _, g := range p.Generated {
		for _, q := range g.Queries {
			if !used[q] && !names[q.Method.Name()] {
				out = append(out, q)
			}
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Package.Path != out[j].Package.Path {
			return out[i].Package.Path < out[j].Package.Path
		}
		return out[i].Name < out[j].Name
	})
	return out
}

func (p *Program) inGenerated(pos token.Pos) bool {
	name := p.Fset.PositionFor(pos, false).Filename
	for _, g := range p.Generated {
		if g.files[name] {
			return true
		}
	}
	return false
}
