// Package gocode reads the Go of an application that calls generated packages: which function runs which query, in which
// loop, and where the arguments come from. It knows packages, call graphs, loops and the flow of values; what of it is
// worth a finding is the rules' matter, and nothing here knows how SQL is judged.
package gocode

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/source"
)

// Options say which Go is read.
type Options struct {
	// Dir is the folder that Patterns are meant from.
	Dir string
	// Patterns name packages as the go command takes them.
	Patterns []string
	// Tests reads test files too.
	Tests bool
	// Env is the environment of the go command; nil for the process's own.
	Env []string
}

// Program is the Go of an application beside the queries that it runs.
type Program struct {
	Compiled *compiler.Program
	Fset     *token.FileSet
	// Generated are the packages that the configuration's blocks are generated into, as far as the Go reaches them.
	Generated []*Generated
	// Whole tells that all packages of the module were named, so that what nobody calls there nobody calls.
	Whole bool

	dir   string
	named map[string]bool // folders of the packages that the patterns name
	roots []*packages.Package
	ssa   *ssa.Program
	funcs []*ssa.Function // those with a body that is no generated one's, sorted by place
	sinks map[*types.Func]*Query
	files sources
	calls graph
	flows map[*ssa.Function]*flower
	loops map[*ssa.Function][]*Loop
	// bodies are functions that a call runs once for each of something, by the function.
	bodies  map[*ssa.Function]*Loop
	given   map[string]map[input]path
	uses    map[*ssa.Function][]Use
	batches map[string]*Batch
	called  map[*ssa.Function][]ssa.CallInstruction
	spread  map[ssa.Value]bool // of channels: fed
	feeding bool
	sends   []sending
	// repeats is made once.
	repeats []*Repeat
	reached bool
}

// Error is Go that can not be read: a pattern that names nothing, code that does not build.
type Error struct{ Problems []packages.Error }

func (e *Error) Error() string {
	text := e.Problems[0].Error()
	if n := len(e.Problems) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more)", n)
	}
	return text
}

const (
	overview = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedModule
	typed    = packages.LoadSyntax | packages.NeedModule
)

// Load reads the packages that the patterns name and those of their modules that they call. It returns a Program without
// functions where none of them reaches a generated package.
func Load(ctx context.Context, compiled *compiler.Program, o Options) (*Program, error) {
	p := &Program{
		Compiled: compiled, Fset: token.NewFileSet(), dir: o.Dir, named: map[string]bool{}, sinks: map[*types.Func]*Query{},
		flows: map[*ssa.Function]*flower{}, loops: map[*ssa.Function][]*Loop{}, bodies: map[*ssa.Function]*Loop{}, given: map[string]map[input]path{}, uses: map[*ssa.Function][]Use{}, batches: map[string]*Batch{},
	}
	outs := outputs(compiled)
	if len(outs) == 0 {
		return p, nil
	}
	config := func(mode packages.LoadMode) *packages.Config {
		return &packages.Config{Context: ctx, Mode: mode, Dir: o.Dir, Fset: p.Fset, Tests: o.Tests, Env: o.Env}
	}
	found, err := packages.Load(config(overview), o.Patterns...)
	if err != nil {
		return nil, &Error{[]packages.Error{{Msg: err.Error()}}}
	}
	if e := problems(found); e != nil {
		return nil, e
	}
	for _, pkg := range found {
		p.named[folder(pkg)] = true
	}
	p.Whole = whole(o.Patterns) && atRoot(found, o.Dir)
	wanted := concerned(found, outs)
	if len(wanted) == 0 {
		return p, nil
	}
	p.roots, err = packages.Load(config(typed), wanted...)
	if err != nil {
		return nil, &Error{[]packages.Error{{Msg: err.Error()}}}
	}
	if e := problems(p.roots); e != nil {
		return nil, e
	}
	p.build(outs)
	return p, nil
}

// asked tells whether a file is of a package that the patterns name.
func (p *Program) asked(f *source.File) bool {
	for name, have := range p.files.files {
		if have == f {
			return p.named[resolved(filepath.Dir(name))]
		}
	}
	return true // of SQL
}

// whole tells whether patterns name all packages of the folder they are meant from.
func whole(patterns []string) bool {
	for _, s := range patterns {
		if s == "./..." || s == "all" {
			return true
		}
	}
	return false
}

// atRoot tells whether a folder is that of the packages' module.
func atRoot(found []*packages.Package, dir string) bool {
	for _, p := range found {
		if p.Module != nil && p.Module.Main && resolved(p.Module.Dir) == resolved(dir) {
			return true
		}
	}
	return false
}

// problems are those of the packages and of what they import.
func problems(roots []*packages.Package) error {
	var e Error
	seen := map[string]bool{}
	packages.Visit(roots, nil, func(p *packages.Package) {
		for _, x := range p.Errors {
			if !seen[x.Error()] {
				seen[x.Error()] = true
				e.Problems = append(e.Problems, x)
			}
		}
	})
	if len(e.Problems) == 0 {
		return nil
	}
	sort.SliceStable(e.Problems, func(i, j int) bool { return e.Problems[i].Pos < e.Problems[j].Pos })
	return &e
}

// folder is the folder of a package's files.
func folder(p *packages.Package) string {
	if len(p.GoFiles) == 0 {
		return ""
	}
	return resolved(filepath.Dir(p.GoFiles[0]))
}

func resolved(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}

// concerned are the import paths to read: those of the application's modules that reach a generated package, and what of
// the modules these import, for a loop may stand in a package that knows the queries by an interface alone.
func concerned(found []*packages.Package, outs map[string]*compiler.Package) []string {
	reaches := map[*packages.Package]bool{}
	var visit func(p *packages.Package) bool
	visit = func(p *packages.Package) bool {
		if r, ok := reaches[p]; ok {
			return r
		}
		reaches[p] = false
		r := outs[folder(p)] != nil
		for _, i := range p.Imports {
			r = visit(i) || r
		}
		reaches[p] = r
		return r
	}
	for _, p := range found {
		visit(p)
	}
	own := func(p *packages.Package) bool { return p.Module != nil && p.Module.Main }
	wanted := map[string]bool{}
	var add func(p *packages.Package)
	add = func(p *packages.Package) {
		if !own(p) || wanted[p.PkgPath] || strings.HasSuffix(p.ID, ".test") {
			return
		}
		wanted[p.PkgPath] = true
		for _, i := range p.Imports {
			add(i)
		}
	}
	for p, r := range reaches {
		if r {
			add(p)
		}
	}
	out := make([]string, 0, len(wanted))
	for path := range wanted {
		out = append(out, strings.TrimSuffix(path, "_test"))
	}
	sort.Strings(out)
	return out
}

// build makes the functions, and finds the generated packages' methods.
func (p *Program) build(outs map[string]*compiler.Package) {
	var pkgs []*ssa.Package
	p.ssa, pkgs = ssautil.Packages(p.roots, ssa.InstantiateGenerics)
	p.ssa.Build()
	read := map[*ssa.Package]bool{}
	for i, root := range p.roots {
		if pkgs[i] == nil {
			continue
		}
		read[pkgs[i]] = true
		if c := outs[folder(root)]; c != nil && !strings.Contains(root.ID, " [") {
			p.generated(c, root)
		}
	}
	all := map[*ssa.Function]bool{}
	reached := ssautil.AllFunctions(p.ssa)
	p.methods(read, reached)
	for f := range reached {
		if f.Blocks == nil || !read[packageOf(f)] && f.Synthetic == "" {
			continue
		}
		all[f] = true
		if f.Synthetic == "" || f.Synthetic == "package initializer" || f.Synthetic == yieldBody || f.Origin() != nil || strings.HasPrefix(f.Synthetic, "instance") {
			if !p.isGenerated(f) {
				p.funcs = append(p.funcs, f)
			}
		}
	}
	sort.Slice(p.funcs, func(i, j int) bool {
		a, b := p.funcs[i], p.funcs[j]
		if x, y := p.Fset.Position(a.Pos()), p.Fset.Position(b.Pos()); x != y {
			if x.Filename != y.Filename {
				return x.Filename < y.Filename
			}
			return x.Offset < y.Offset
		}
		return a.RelString(nil) < b.RelString(nil)
	})
	p.calls = newGraph(p, all)
}

// methods adds those methods of the packages that nothing calls as far as it is known: a library's, and of types that are
// never put into an interface.
func (p *Program) methods(read map[*ssa.Package]bool, all map[*ssa.Function]bool) {
	var add func(f *ssa.Function)
	add = func(f *ssa.Function) {
		if f != nil && !all[f] {
			all[f] = true
			for _, a := range f.AnonFuncs {
				add(a)
			}
		}
	}
	for pkg := range read {
		for _, m := range pkg.Members {
			t, ok := m.(*ssa.Type)
			if !ok {
				continue
			}
			if n, ok := t.Type().(*types.Named); ok && n.TypeParams().Len() == 0 {
				for i := range n.NumMethods() {
					add(p.ssa.FuncValue(n.Method(i)))
				}
			}
		}
	}
}

// packageOf is the package that a function's text stands in.
func packageOf(f *ssa.Function) *ssa.Package {
	for f.Parent() != nil {
		f = f.Parent()
	}
	if o := f.Origin(); o != nil {
		return o.Pkg
	}
	return f.Pkg
}

// yieldBody is what a function is called that SSA made of the body of a loop over a function.
const yieldBody = "range-over-func yield"
