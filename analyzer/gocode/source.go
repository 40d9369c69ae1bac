package gocode

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/covetsql/covetsql/compiler/source"
)

// sources are the texts of Go files, read when a finding stands in one.
type sources struct {
	files map[string]*source.File
	calls map[*ast.File]map[token.Pos]*ast.CallExpr
	// syntax are the trees of files.
	syntax map[*token.File]*ast.File
}

// Span is the place of a node in its file; zero where it has none.
func (p *Program) Span(from, to token.Pos) source.Span {
	if !from.IsValid() {
		return source.Span{}
	}
	at := p.Fset.PositionFor(from, false)
	f := p.file(at.Filename)
	if f == nil {
		return source.Span{}
	}
	end := at.Offset
	if to.IsValid() {
		end = p.Fset.PositionFor(to, false).Offset
	}
	return f.Span(at.Offset, max(end, at.Offset+1))
}

// file is the text of a file; its path is relative to the folder of the configuration where it stands in there.
func (p *Program) file(name string) *source.File {
	if f, ok := p.files.files[name]; ok {
		return f
	}
	if p.files.files == nil {
		p.files.files = map[string]*source.File{}
	}
	shown := name
	base := resolved(p.Compiled.Config.Dir)
	if rel, err := filepath.Rel(base, name); err == nil && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		shown = filepath.ToSlash(rel)
	} else if rel, err := filepath.Rel(resolved(p.dir), name); err == nil && !strings.HasPrefix(rel, "..") {
		shown = filepath.ToSlash(rel)
	}
	f, err := source.Read(name, shown)
	if err != nil {
		f = nil
	}
	p.files.files[name] = f
	return f
}

// call is the expression of a call; nil where SSA made it.
func (p *Program) call(i ssa.Instruction) *ast.CallExpr {
	c, ok := i.(ssa.CallInstruction)
	if !ok || !c.Common().Pos().IsValid() {
		return nil
	}
	f := p.syntax(c.Common().Pos())
	if f == nil {
		return nil
	}
	if p.files.calls == nil {
		p.files.calls = map[*ast.File]map[token.Pos]*ast.CallExpr{}
	}
	calls := p.files.calls[f]
	if calls == nil {
		calls = map[token.Pos]*ast.CallExpr{}
		ast.Inspect(f, func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok {
				calls[c.Lparen] = c
			}
			return true
		})
		p.files.calls[f] = calls
	}
	return calls[c.Common().Pos()]
}

// syntax is the file that a place stands in.
func (p *Program) syntax(pos token.Pos) *ast.File {
	if p.files.syntax == nil {
		p.files.syntax = map[*token.File]*ast.File{}
		for _, r := range p.roots {
			for _, f := range r.Syntax {
				p.files.syntax[p.Fset.File(f.FileStart)] = f
			}
		}
	}
	return p.files.syntax[p.Fset.File(pos)]
}

// At is the place of an instruction: of a call the whole of it on one line, else what is called.
func (p *Program) At(i ssa.Instruction) source.Span {
	if c := p.call(i); c != nil {
		whole := p.Span(c.Pos(), c.End())
		if !strings.Contains(whole.Text(), "\n") {
			return whole
		}
		return p.Span(c.Fun.Pos(), c.Fun.End())
	}
	if i.Pos().IsValid() {
		return p.Span(i.Pos(), token.NoPos)
	}
	return source.Span{}
}

// Head is the place of a loop's first line, without its body.
func (p *Program) Head(l *Loop) source.Span {
	switch s := l.Stmt.(type) {
	case *ast.ForStmt:
		return p.trimmed(s.For, s.Body.Lbrace)
	case *ast.RangeStmt:
		return p.trimmed(s.For, s.Body.Lbrace)
	}
	if l.Site != nil {
		if c := p.call(l.Site); c != nil {
			return p.Span(c.Fun.Pos(), c.Fun.End())
		}
	}
	return source.Span{}
}

func (p *Program) trimmed(from, to token.Pos) source.Span {
	s := p.Span(from, to)
	if s.IsZero() {
		return s
	}
	text := strings.TrimRight(s.Text(), " \t\n")
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	return s.File.Span(int(s.Start), int(s.Start)+len(text))
}
