package gocode

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Loop is what runs its blocks several times: a loop of a function, or a whole function that is called for each of something.
type Loop struct {
	Func   *ssa.Function
	Header *ssa.BasicBlock // nil of a function that is called for each
	Blocks map[*ssa.BasicBlock]bool
	Parent *Loop
	// Site is the call that runs the function for each; nil of a loop.
	Site ssa.CallInstruction
	// Stmt is the loop's statement, *ast.ForStmt or *ast.RangeStmt; nil where it has none.
	Stmt ast.Stmt

	kind  kind
	exits []*ssa.If
}

type kind uint8

const (
	endless     kind = iota // for { … }
	conditional             // for some.Next() { … }
	counted                 // for i := 0; i < n; i++ { … }
	ranged                  // over the elements of something
)

// loopsOf are the loops of a function, inner ones behind those around them.
func (p *Program) loopsOf(f *ssa.Function) []*Loop {
	if l, ok := p.loops[f]; ok {
		return l
	}
	p.loops[f] = nil
	byHeader := map[*ssa.BasicBlock]*Loop{}
	var out []*Loop
	for _, b := range f.Blocks {
		for _, h := range b.Succs {
			if !h.Dominates(b) {
				continue
			}
			l := byHeader[h]
			if l == nil {
				l = &Loop{Func: f, Header: h, Blocks: map[*ssa.BasicBlock]bool{h: true}}
				byHeader[h] = l
				out = append(out, l)
			}
			l.grow(b)
		}
	}
	for _, l := range out {
		for _, o := range out {
			if o != l && o.Blocks[l.Header] && (l.Parent == nil || len(o.Blocks) < len(l.Parent.Blocks)) {
				l.Parent = o
			}
		}
	}
	body := p.bodies[f]
	if f.Synthetic == yieldBody {
		body = &Loop{Site: yieldSite(f)}
	}
	if body != nil {
		body.Func, body.Blocks, body.kind = f, map[*ssa.BasicBlock]bool{}, ranged
		if s, ok := f.Syntax().(*ast.RangeStmt); ok {
			body.Stmt = s
		}
		for _, b := range f.Blocks {
			if f.Synthetic != yieldBody || goesOn(b, map[*ssa.BasicBlock]bool{}) {
				body.Blocks[b] = true
			}
		}
		for _, l := range out {
			if l.Parent == nil {
				l.Parent = body
			}
		}
		out = append(out, body)
	}
	stmts := statements(f)
	for _, l := range out {
		if l.Header != nil {
			l.describe()
			l.Stmt = l.statement(stmts)
		}
	}
	p.loops[f] = out
	return out
}

// grow adds the blocks that reach b without the header.
func (l *Loop) grow(b *ssa.BasicBlock) {
	if l.Blocks[b] {
		return
	}
	l.Blocks[b] = true
	for _, p := range b.Preds {
		l.grow(p)
	}
}

// goesOn tells whether a block of a loop's body over a function can come to the next round: it returns true.
func goesOn(b *ssa.BasicBlock, seen map[*ssa.BasicBlock]bool) bool {
	if seen[b] {
		return false
	}
	seen[b] = true
	if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(r.Results) == 1 {
		c, ok := r.Results[0].(*ssa.Const)
		return !ok || c.Value != nil && constant.BoolVal(c.Value)
	}
	for _, s := range b.Succs {
		if goesOn(s, seen) {
			return true
		}
	}
	return false
}

func yieldSite(f *ssa.Function) (site ssa.CallInstruction) {
	for _, b := range f.Parent().Blocks {
		for _, i := range b.Instrs {
			c, ok := i.(ssa.CallInstruction)
			if !ok {
				continue
			}
			for _, a := range c.Common().Args {
				if m, ok := a.(*ssa.MakeClosure); ok && m.Fn == f {
					return c
				}
			}
		}
	}
	return nil
}

// innermost is the smallest loop that a block is in; nil for none.
func (p *Program) innermost(b *ssa.BasicBlock) (found *Loop) {
	for _, l := range p.loopsOf(b.Parent()) {
		if l.Blocks[b] && (found == nil || len(l.Blocks) < len(found.Blocks) || found.Header == nil) {
			found = l
		}
	}
	return found
}

// describe finds the loop's exits and what drives it.
func (l *Loop) describe() {
	for _, b := range l.Func.Blocks {
		if !l.Blocks[b] || len(b.Instrs) == 0 {
			continue
		}
		i, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if ok && (!l.Blocks[b.Succs[0]] || !l.Blocks[b.Succs[1]]) {
			l.exits = append(l.exits, i)
		}
	}
	for _, i := range l.Header.Instrs {
		switch i := i.(type) {
		case *ssa.Next:
			l.kind = ranged
			return
		case *ssa.Phi:
			if i.Comment == "rangeindex" {
				l.kind = ranged
				return
			}
		case *ssa.UnOp:
			if i.Op == token.ARROW && i.CommaOk && l.Header.Comment == "rangechan.loop" {
				l.kind = ranged
				return
			}
		}
	}
	for _, e := range l.exits {
		if e.Block() != l.Header {
			continue
		}
		l.kind = conditional
		if _, bound := l.counter(e); bound != nil {
			l.kind = counted
			if lengthOf(bound) != nil {
				l.kind = ranged
			}
		}
	}
}

// counter finds the number that an exit compares, and its bound; nil where it compares something else.
func (l *Loop) counter(e *ssa.If) (*ssa.Phi, ssa.Value) {
	c, ok := e.Cond.(*ssa.BinOp)
	if !ok {
		return nil, nil
	}
	for _, side := range [][2]ssa.Value{{c.X, c.Y}, {c.Y, c.X}} {
		x := side[0]
		if b, ok := x.(*ssa.BinOp); ok && b.Op == token.ADD {
			x = b.X
		}
		if phi, ok := x.(*ssa.Phi); ok && phi.Block() == l.Header && l.steps(phi) && !l.inside(side[1]) {
			return phi, side[1]
		}
	}
	return nil, nil
}

// inside tells whether a value is made anew in each round.
func (l *Loop) inside(v ssa.Value) bool {
	i, ok := v.(ssa.Instruction)
	if !ok || !l.Blocks[i.Block()] {
		return false
	}
	return lengthOf(v) == nil
}

// steps tells whether a number grows or falls by the same in each round.
func (l *Loop) steps(phi *ssa.Phi) bool {
	if b, ok := phi.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsInteger == 0 {
		return false
	}
	stepped := false
	for i, e := range phi.Edges {
		if !l.Blocks[phi.Block().Preds[i]] {
			continue
		}
		b, ok := e.(*ssa.BinOp)
		if !ok || b.Op != token.ADD && b.Op != token.SUB || b.X != phi {
			return false
		}
		stepped = true
	}
	return stepped
}

// lengthOf is what a value is the length of; nil for others.
func lengthOf(v ssa.Value) ssa.Value {
	c, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
		return c.Call.Args[0]
	}
	return nil
}

// most is how many elements a list may have that is written out where it is used.
const most = 8

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

// statements are the loop statements of a function's text.
func statements(f *ssa.Function) (out []ast.Stmt) {
	if f.Syntax() == nil {
		return nil
	}
	ast.Inspect(f.Syntax(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt:
			out = append(out, n)
		case *ast.RangeStmt:
			out = append(out, n)
		case *ast.FuncLit:
			return n == f.Syntax()
		}
		return true
	})
	return out
}

// statement is the smallest statement that all of the loop stands in.
func (l *Loop) statement(stmts []ast.Stmt) (found ast.Stmt) {
	lo, hi := token.NoPos, token.NoPos
	for b := range l.Blocks {
		for _, i := range b.Instrs {
			pos := i.Pos()
			if c, ok := i.(ssa.CallInstruction); ok && c.Common().Pos().IsValid() {
				pos = c.Common().Pos()
			}
			if _, ok := i.(*ssa.Phi); ok || !pos.IsValid() { // a variable's place is its declaration
				continue
			}
			if _, ok := i.(*ssa.Alloc); ok {
				continue
			}
			if !lo.IsValid() || pos < lo {
				lo = pos
			}
			hi = max(hi, pos)
		}
	}
	for _, s := range stmts {
		if s.Pos() <= lo && hi < s.End() && (found == nil || s.End()-s.Pos() < found.End()-found.Pos()) {
			found = s
		}
	}
	return found
}
