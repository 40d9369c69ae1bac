package gocode

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Tx is a transaction that a function begins.
type Tx struct {
	Func  *ssa.Function
	Begin ssa.CallInstruction
	// Value is the transaction; Commits are the calls that commit it, Ends those and the ones that roll it back.
	Value         ssa.Value
	Commits, Ends []ssa.CallInstruction
	// Deferred tells that a deferred call ends it.
	Deferred bool
	// Kept tells that somebody else has it too, and may end it.
	Kept bool
	// Options tells that it is begun with options: its isolation may be another than the server's own.
	Options bool
}

// IsTx tells whether a type is that of a transaction of database/sql, pgx or the runtime.
func IsTx(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Name() != "Tx" {
		return false
	}
	path := n.Obj().Pkg().Path()
	return path == "database/sql" || strings.HasPrefix(path, "github.com/jackc/pgx/") || strings.HasPrefix(path, "github.com/covetsql/covetsql/runtime/")
}

// Transactions are those that functions begin, in order of their places.
func (p *Program) Transactions() (out []*Tx) {
	for _, f := range p.funcs {
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				c, ok := i.(*ssa.Call)
				if !ok || !strings.HasPrefix(calledName(c), "Begin") {
					continue
				}
				res := c.Call.Signature().Results()
				if res.Len() != 2 || !IsTx(res.At(0).Type()) || IsTx(receiverType(c)) {
					continue
				}
				if v := result(c, 0); v != nil {
					t := &Tx{Func: f, Begin: c, Value: v, Options: hasOptions(c)}
					t.follow(v, map[ssa.Value]bool{})
					out = append(out, t)
				}
			}
		}
	}
	return out
}

// hasOptions tells whether a transaction is begun with options that are not nil or empty.
func hasOptions(c *ssa.Call) bool {
	for _, a := range arguments(c) {
		if isContext(a.Type()) || isNil(a) {
			continue
		}
		if k, ok := a.(*ssa.Const); ok && k.Value == nil { // pgx.TxOptions{}
			continue
		}
		return true
	}
	return false
}

func receiverType(c ssa.CallInstruction) types.Type {
	common := c.Common()
	if common.IsInvoke() {
		return common.Value.Type()
	}
	if r := common.Signature().Recv(); r != nil {
		return r.Type()
	}
	return types.Typ[types.Invalid]
}

// result is a result of a call; nil where nothing takes it.
func result(c *ssa.Call, n int) ssa.Value {
	if c.Call.Signature().Results().Len() == 1 {
		return c
	}
	for _, r := range *c.Referrers() {
		if e, ok := r.(*ssa.Extract); ok && e.Index == n {
			return e
		}
	}
	return nil
}

// follow looks at what is done with the transaction.
func (t *Tx) follow(v ssa.Value, seen map[ssa.Value]bool) {
	if seen[v] || v.Referrers() == nil {
		return
	}
	seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case ssa.CallInstruction:
			t.call(r, v)
		case *ssa.MakeInterface:
			t.follow(r, seen)
		case *ssa.ChangeInterface:
			t.follow(r, seen)
		case *ssa.Phi:
			t.follow(r, seen)
		case *ssa.UnOp:
			t.follow(r, seen)
		case *ssa.Store:
			if a, ok := r.Addr.(*ssa.Alloc); ok && r.Val == v {
				t.follow(a, seen)
			} else if r.Val == v {
				t.Kept = true
			}
		case *ssa.MakeClosure:
			t.closure(r, v, seen)
		case *ssa.Return, *ssa.Send, *ssa.MapUpdate, *ssa.Panic:
			t.Kept = true
		case *ssa.TypeAssert:
			t.Kept = true
		}
	}
}

func (t *Tx) call(c ssa.CallInstruction, v ssa.Value) {
	common := c.Common()
	name := calledName(c)
	self := common.IsInvoke() && common.Value == v || !common.IsInvoke() && common.Signature().Recv() != nil && len(common.Args) > 0 && common.Args[0] == v
	_, deferred := c.(*ssa.Defer)
	if self {
		switch name {
		case "Commit":
			t.Commits = append(t.Commits, c)
			t.Ends = append(t.Ends, c)
			t.Deferred = t.Deferred || deferred
		case "Rollback":
			t.Ends = append(t.Ends, c)
			t.Deferred = t.Deferred || deferred
		}
		return
	}
	if name == "WithTx" || name == "New" {
		return
	}
	if f := common.StaticCallee(); f != nil && f.Signature.Recv() != nil && strings.HasSuffix(f.Signature.Recv().Type().String(), ".Queries") {
		return
	}
	if deferred {
		t.Deferred = true
	}
	t.Kept = true
}

// closure looks at a function that has the transaction: deferred, it ends it.
func (t *Tx) closure(m *ssa.MakeClosure, v ssa.Value, seen map[ssa.Value]bool) {
	g := m.Fn.(*ssa.Function)
	inner := &Tx{Func: g}
	for i, b := range m.Bindings {
		if b == v && i < len(g.FreeVars) {
			inner.follow(g.FreeVars[i], seen)
		}
	}
	for _, r := range *m.Referrers() {
		if d, ok := r.(*ssa.Defer); ok && d.Call.Value == m && (len(inner.Ends) > 0 || inner.Kept) {
			t.Deferred = true
			return
		}
	}
	if len(inner.Ends) > 0 || inner.Kept || inner.Deferred {
		t.Kept = true
	}
}

// Within tells whether an instruction runs between the beginning and a commit.
func (t *Tx) Within(i ssa.Instruction) bool {
	if i.Parent() != t.Func || !follows(t.Begin, i) {
		return false
	}
	for _, c := range t.Commits {
		if _, deferred := c.(*ssa.Defer); !deferred && leads(i, c) {
			return true
		}
	}
	return false
}

// follows tells whether b runs only behind a.
func follows(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		return order(a) < order(b)
	}
	return a.Block().Dominates(b.Block())
}

func order(i ssa.Instruction) int {
	for k, x := range i.Block().Instrs {
		if x == i {
			return k
		}
	}
	return -1
}

// leads tells whether b may run behind a.
func leads(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() && order(a) < order(b) {
		return true
	}
	seen := map[*ssa.BasicBlock]bool{}
	var visit func(x *ssa.BasicBlock) bool
	visit = func(x *ssa.BasicBlock) bool {
		for _, s := range x.Succs {
			if s == b.Block() {
				return true
			}
			if !seen[s] {
				seen[s] = true
				if visit(s) {
					return true
				}
			}
		}
		return false
	}
	return visit(a.Block())
}

// Leak is a return that leaves the transaction open: neither committed nor rolled back on a way to it; nil where there is none.
func (t *Tx) Leak() *ssa.Return {
	if t.Kept || t.Deferred {
		return nil
	}
	ends := map[ssa.Instruction]bool{}
	for _, c := range t.Ends {
		ends[c] = true
	}
	failed := result(t.Begin.(*ssa.Call), 1)
	seen := map[*ssa.BasicBlock]bool{}
	var visit func(b *ssa.BasicBlock, from int) *ssa.Return
	visit = func(b *ssa.BasicBlock, from int) *ssa.Return {
		for _, i := range b.Instrs[from:] {
			if ends[i] {
				return nil
			}
			if r, ok := i.(*ssa.Return); ok {
				return r
			}
		}
		succs := b.Succs
		if i, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && failed != nil {
			if ok := succeeded(i, failed); ok >= 0 {
				succs = b.Succs[ok : ok+1]
			}
		}
		for _, s := range succs {
			if seen[s] {
				continue
			}
			seen[s] = true
			if r := visit(s, 0); r != nil {
				return r
			}
		}
		return nil
	}
	return visit(t.Begin.Block(), order(t.Begin)+1)
}

// succeeded is the branch of a test of an error which is taken where there is none; -1 where it tests something else.
func succeeded(i *ssa.If, err ssa.Value) int {
	c, ok := i.Cond.(*ssa.BinOp)
	if !ok || !(isNil(c.X) && c.Y == err || isNil(c.Y) && c.X == err) {
		return -1
	}
	switch c.Op.String() {
	case "==":
		return 0
	case "!=":
		return 1
	}
	return -1
}

// Handle is what a query's call runs on: its receiver, or the database that it is given.
func (p *Program) Handle(c ssa.CallInstruction, q *Query) ssa.Value {
	common := c.Common()
	if q.skip == 2 {
		if args := arguments(c); len(args) > 1 {
			return args[1]
		}
		return nil
	}
	if common.IsInvoke() {
		return common.Value
	}
	if len(common.Args) > common.Signature().Params().Len() {
		return common.Args[0]
	}
	return nil
}

// Use is a query that a function runs, by itself or through functions that it calls by name, and where that what it runs on
// comes from.
type Use struct {
	Query *Query
	Site  ssa.CallInstruction
	Via   []ssa.Instruction // from the site down to the query's call
	on    *flow
}

// Uses are the queries that a function runs.
func (p *Program) Uses(f *ssa.Function) []Use { return p.usesOf(f, 3) }

func (p *Program) usesOf(f *ssa.Function, depth int) []Use {
	if known, ok := p.uses[f]; ok {
		return known
	}
	if depth == 0 {
		return nil
	}
	p.uses[f] = nil
	var out []Use
	w := p.flower(f)
	for _, b := range f.Blocks {
		for _, i := range b.Instrs {
			c, ok := i.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if q, _ := p.query(c); q != nil {
				if v := p.Handle(c, q); v != nil {
					out = append(out, Use{Query: q, Site: c, Via: []ssa.Instruction{c}, on: p.boundFlow(w, v)})
				}
				continue
			}
			callee := c.Common().StaticCallee()
			if callee == nil || callee.Blocks == nil || p.isGenerated(callee) || callee == f {
				continue
			}
			m, _ := c.Common().Value.(*ssa.MakeClosure)
			r := run{site: c, callee: callee, closure: m}
			for _, u := range p.usesOf(callee, depth-1) {
				on := newFlow()
				for pt := range u.on.points {
					on.points[pt] = true
				}
				for in, path := range u.on.inputs {
					if in.index < len(callee.Params) && IsTx(callee.Params[in.index].Type()) {
						on.points[point{at: c}] = true
					}
					for _, v := range r.bind(in.index) {
						if IsTx(unwrapped(v).Type()) {
							on.points[point{at: c}] = true
							continue
						}
						on.add(w.of(v, path))
					}
				}
				if len(out) < reaches {
					out = append(out, Use{Query: u.Query, Site: c, Via: append([]ssa.Instruction{c}, u.Via...), on: on})
				}
			}
		}
	}
	if depth == 3 {
		p.uses[f] = out
	} else {
		delete(p.uses, f)
	}
	return out
}

func (p *Program) boundFlow(w *flower, v ssa.Value) *flow {
	out := newFlow()
	out.add(w.of(v, nil))
	return out
}

// unwrapped is the value in an interface that was made of it here.
func unwrapped(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		default:
			return v
		}
	}
}

// InTx tells whether what the query runs on may be a transaction: it comes of a call that is given one, or is one.
func (u *Use) InTx() bool {
	for pt := range u.on.points {
		c, ok := pt.at.(ssa.CallInstruction)
		if !ok {
			continue
		}
		if v := c.Value(); v != nil && carriesTx(v.Type()) {
			return true
		}
		for _, a := range c.Common().Args {
			if carriesTx(unwrapped(a).Type()) {
				return true
			}
		}
		if c.Common().IsInvoke() && carriesTx(c.Common().Value.Type()) {
			return true
		}
	}
	return false
}

// carriesTx tells of a type whether it is a transaction or a call's results with one.
func carriesTx(t types.Type) bool {
	if tuple, ok := t.(*types.Tuple); ok {
		for i := range tuple.Len() {
			if IsTx(tuple.At(i).Type()) {
				return true
			}
		}
		return false
	}
	return IsTx(t)
}

// FromInputs tells whether what the query runs on was there before the function began: an argument, the receiver, a variable
// of the function around or of the package.
func (u *Use) FromInputs(f *ssa.Function) bool {
	for in := range u.on.inputs {
		if in.index < len(f.Params) && carriesTx(f.Params[in.index].Type()) {
			return false
		}
	}
	return true
}

// OfParameter tells whether what the query runs on comes from a parameter of the function, its receiver too.
func (u *Use) OfParameter(f *ssa.Function) bool {
	for in := range u.on.inputs {
		if in.index < len(f.Params) {
			return true
		}
	}
	return false
}

// Functions are the functions of the application that have a body.
func (p *Program) Functions() []*ssa.Function { return p.funcs }

// CalledName is the name of what a call names; empty where it names nothing.
func CalledName(c ssa.CallInstruction) string { return calledName(c) }

// Query is the query that a call runs by itself; nil for other calls.
func (p *Program) Query(c ssa.CallInstruction) *Query { q, _ := p.query(c); return q }
