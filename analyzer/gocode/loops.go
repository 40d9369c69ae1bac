package gocode

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

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
