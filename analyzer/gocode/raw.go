package gocode

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// rawMethods are the methods of database/sql and pgx that take SQL, and at which argument behind the receiver.
var rawMethods = map[string]int{
	"Exec": 0, "Query": 0, "QueryRow": 0, "Prepare": 0,
	"ExecContext": 1, "QueryContext": 1, "QueryRowContext": 1, "PrepareContext": 1,
}

// rawSQL is the SQL that a call of database/sql or pgx is given; nil for other calls.
func rawSQL(c ssa.CallInstruction) ssa.Value {
	at, ok := rawMethods[calledName(c)]
	if !ok || !isDatabase(receiverType(c), c) {
		return nil
	}
	args := arguments(c)
	if len(args) > 0 && isContext(args[0].Type()) {
		at = 1
	}
	if at >= len(args) {
		return nil
	}
	if b, ok := args[at].Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsString == 0 {
		return nil
	}
	return args[at]
}

// isDatabase tells whether a method's receiver is one of database/sql's or pgx's types, or an interface that they satisfy.
func isDatabase(t types.Type, c ssa.CallInstruction) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	path := n.Obj().Pkg().Path()
	if path == "database/sql" || strings.HasPrefix(path, "github.com/jackc/pgx/") || strings.HasPrefix(path, "github.com/jmoiron/sqlx") {
		return true
	}
	return n.Obj().Name() == "DBTX" && types.IsInterface(n)
}

// Dynamic is SQL that is put together of texts at run time.
type Dynamic struct {
	Site ssa.CallInstruction
	// Part is where the text comes in that is not known before.
	Part ssa.Instruction
}

// DynamicSQL are the calls of the database with SQL that has a text in it which may be anything.
func (p *Program) DynamicSQL() (out []Dynamic) {
	for _, f := range p.funcs {
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				c, ok := i.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if sql := rawSQL(c); sql != nil {
					s := &builder{program: p, seen: map[ssa.Value]bool{}}
					s.text(sql, false, nil)
					if s.part != nil {
						out = append(out, Dynamic{c, s.part})
					}
				}
			}
		}
	}
	return out
}

// builder follows a text to what it is put together of.
type builder struct {
	program *Program
	seen    map[ssa.Value]bool
	part    ssa.Instruction
}

// text looks for a part that is not known. built tells that v is a part of a longer text, which at puts together.
func (s *builder) text(v ssa.Value, built bool, at ssa.Instruction) {
	if s.part != nil || s.seen[v] || len(s.seen) > 200 {
		return
	}
	s.seen[v] = true
	if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString == 0 {
		return // a number has no quotes
	}
	if n, ok := types.Unalias(v.Type()).(*types.Named); ok && built && n.Obj().Pkg() != nil && enumerated(n) {
		return
	}
	switch v := v.(type) {
	case *ssa.Const:
	case *ssa.BinOp:
		if v.Op == token.ADD {
			s.text(v.X, true, v)
			s.text(v.Y, true, v)
		}
	case *ssa.Phi:
		for _, e := range v.Edges {
			s.text(e, built, at)
		}
	case *ssa.Convert:
		s.text(v.X, built, at)
	case *ssa.ChangeType:
		s.text(v.X, built, at)
	case *ssa.MakeInterface:
		s.text(v.X, built, at)
	case *ssa.UnOp:
		s.loaded(v, built, at)
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			s.call(c, built, at)
		}
	case *ssa.Call:
		s.call(v, built, at)
	case *ssa.Parameter:
		s.parameter(v, built, at)
	case *ssa.Field, *ssa.Lookup, *ssa.Index, *ssa.FreeVar:
		if built {
			s.part = at
		}
	}
}

// enumerated tells of a type whether it has constants of its own: what is of it is one of them.
func enumerated(n *types.Named) bool {
	scope := n.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(c.Type(), n) {
			return true
		}
	}
	return false
}

func (s *builder) loaded(u *ssa.UnOp, built bool, at ssa.Instruction) {
	switch x := u.X.(type) {
	case *ssa.Alloc:
		for _, r := range *x.Referrers() {
			if st, ok := r.(*ssa.Store); ok && st.Addr == x {
				s.text(st.Val, built, at)
			}
		}
	case *ssa.Global:
		if built && !settled(x) {
			s.part = at
		}
	case *ssa.IndexAddr:
		if built && !listed(x.X) {
			if l, ok := x.X.(*ssa.Slice); ok {
				if a, ok := l.X.(*ssa.Alloc); ok && constants(a) {
					return
				}
			}
			s.elements(x.X, built, at)
		}
	case *ssa.FieldAddr:
		if built {
			s.fieldOf(x, at)
		}
	case *ssa.FreeVar:
		if m := closureOf(x.Parent()); m != nil {
			for k, f := range x.Parent().FreeVars {
				if f == x {
					if a, ok := m.Bindings[k].(*ssa.Alloc); ok {
						for _, r := range *a.Referrers() {
							if st, ok := r.(*ssa.Store); ok && st.Addr == a {
								s.text(st.Val, built, at)
							}
						}
						return
					}
				}
			}
		}
		if built {
			s.part = at
		}
	}
}

// fieldOf looks at what a field of a struct is ever set to.
func (s *builder) fieldOf(x *ssa.FieldAddr, at ssa.Instruction) {
	t := x.X.Type()
	found := false
	for _, f := range s.program.funcs {
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				fa, ok := i.(*ssa.FieldAddr)
				if !ok || fa.Field != x.Field || !types.Identical(fa.X.Type(), t) {
					continue
				}
				for _, r := range *fa.Referrers() {
					if st, ok := r.(*ssa.Store); ok && st.Addr == fa {
						found = true
						s.text(st.Val, true, at)
					}
				}
			}
		}
	}
	if !found {
		s.part = at
	}
}

// elements looks at what a list holds.
func (s *builder) elements(v ssa.Value, built bool, at ssa.Instruction) {
	switch v := v.(type) {
	case *ssa.Slice:
		if a, ok := v.X.(*ssa.Alloc); ok {
			for _, r := range *a.Referrers() {
				if i, ok := r.(*ssa.IndexAddr); ok {
					for _, u := range *i.Referrers() {
						if st, ok := u.(*ssa.Store); ok && st.Addr == i {
							s.text(st.Val, built, at)
						}
					}
				}
			}
			return
		}
		s.elements(v.X, built, at)
	case *ssa.Phi:
		if s.seen[v] {
			return
		}
		s.seen[v] = true
		for _, e := range v.Edges {
			s.elements(e, built, at)
		}
	case *ssa.Const, *ssa.MakeSlice:
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			for _, a := range v.Call.Args {
				s.elements(a, built, at)
			}
			return
		}
		if built {
			s.part = at
		}
	default:
		if built {
			s.part = at
		}
	}
}

// clean are functions whose results can be put into SQL, by a part of their names: they quote, or give names that somebody chose.
var clean = []string{"quote", "sanitize", "escape", "ident", "placeholder", "itoa", "formatint", "rebind", "formatuint"}

func (s *builder) call(c *ssa.Call, built bool, at ssa.Instruction) {
	name := strings.ToLower(calledName(c))
	for _, w := range clean {
		if strings.Contains(name, w) {
			return
		}
	}
	f := c.Call.StaticCallee()
	if f == nil {
		return // of an interface: not known
	}
	switch full := f.String(); {
	case full == "fmt.Sprintf":
		s.format(c)
	case full == "strings.Join":
		s.elements(c.Call.Args[0], true, c)
	case strings.HasPrefix(full, "strings.Repeat"), strings.HasPrefix(full, "strings.Trim"), full == "strings.ToLower", full == "strings.ToUpper":
		s.text(c.Call.Args[0], built, at)
	case full == "strings.ReplaceAll" || full == "strings.Replace":
		s.text(c.Call.Args[0], built, at)
		s.text(c.Call.Args[2], true, c)
	case full == "(*strings.Builder).String" || full == "(*bytes.Buffer).String":
		s.written(c.Call.Args[0])
	case f.Blocks != nil && !s.program.isGenerated(f):
		for _, b := range f.Blocks {
			if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(r.Results) > 0 {
				s.text(r.Results[0], built, at)
			}
		}
	case built && len(c.Call.Args) > 0 && f.Pkg != nil && (f.Pkg.Pkg.Path() == "net/http" || f.Pkg.Pkg.Path() == "net/url" || f.Pkg.Pkg.Path() == "os"):
		s.part = at
	}
}

// format looks at what Sprintf puts in for %s, %q and %v.
func (s *builder) format(c *ssa.Call) {
	k, ok := c.Call.Args[0].(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.String {
		s.text(c.Call.Args[0], true, c)
		return
	}
	if len(c.Call.Args) > 1 {
		s.elements(c.Call.Args[1], true, c)
	}
}

// written looks at what is written into a strings.Builder.
func (s *builder) written(v ssa.Value) {
	if s.seen[v] || v.Referrers() == nil {
		return
	}
	s.seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.MakeInterface:
			for _, u := range *r.Referrers() {
				if c, ok := u.(*ssa.Call); ok && c.Call.StaticCallee() != nil && c.Call.StaticCallee().String() == "fmt.Fprintf" && len(c.Call.Args) > 2 {
					s.elements(c.Call.Args[2], true, c)
				}
			}
		case *ssa.Call:
			if calledName(r) == "WriteString" && len(r.Call.Args) == 2 && r.Call.Args[0] == v {
				s.text(r.Call.Args[1], true, r)
			}
		}
	}
}

// parameter asks those who call the function: where all give what is known, the text is.
func (s *builder) parameter(v *ssa.Parameter, built bool, at ssa.Instruction) {
	f := v.Parent()
	callers := s.program.callers(f)
	if len(callers) == 0 {
		if built {
			s.part = at
		}
		return
	}
	for i, x := range f.Params {
		if x != v {
			continue
		}
		for _, c := range callers {
			if args := c.Common().Args; i < len(args) {
				s.text(args[i], built, at)
			}
		}
	}
}

// Rows are rows of a query that the application reads by itself.
type Rows struct {
	Site ssa.CallInstruction
	// Unclosed tells that nothing closes them, Unchecked that nobody asks whether reading them went well.
	Unclosed, Unchecked bool
}

// RawRows are the rows of raw queries that are not closed, or whose error is not asked for.
func (p *Program) RawRows() (out []Rows) {
	for _, f := range p.funcs {
		for _, b := range f.Blocks {
			for _, i := range b.Instrs {
				c, ok := i.(*ssa.Call)
				if !ok || rawSQL(c) == nil {
					continue
				}
				rows := result(c, 0)
				if rows == nil || !isRows(rows.Type()) {
					continue
				}
				u := &rowsUse{}
				u.follow(rows, map[ssa.Value]bool{})
				if u.kept {
					continue
				}
				r := Rows{Site: c, Unclosed: !u.closed, Unchecked: u.next && !u.err}
				if strings.Contains(rows.Type().String(), "pgx") && u.next && !earlyOut(f, u) {
					r.Unclosed = false // the last Next closes them
				}
				if r.Unclosed || r.Unchecked {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

func isRows(t types.Type) bool {
	s := strings.TrimPrefix(t.String(), "*")
	return s == "database/sql.Rows" || strings.HasPrefix(s, "github.com/jackc/pgx/") && strings.HasSuffix(s, ".Rows")
}

type rowsUse struct {
	closed, next, err, kept bool
	nexts                   []*ssa.Call
}

func (u *rowsUse) follow(v ssa.Value, seen map[ssa.Value]bool) {
	if seen[v] || v.Referrers() == nil {
		return
	}
	seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case ssa.CallInstruction:
			common := r.Common()
			if common.IsInvoke() && common.Value == v || !common.IsInvoke() && common.Signature().Recv() != nil && len(common.Args) > 0 && common.Args[0] == v {
				switch calledName(r) {
				case "Close":
					u.closed = true
				case "Next", "NextRow":
					u.next = true
					if c, ok := r.(*ssa.Call); ok {
						u.nexts = append(u.nexts, c)
					}
				case "Err":
					u.err = true
				}
				continue
			}
			u.kept = true
		case *ssa.MakeInterface:
			u.follow(r, seen)
		case *ssa.ChangeInterface:
			u.follow(r, seen)
		case *ssa.Phi:
			u.follow(r, seen)
		case *ssa.UnOp:
			u.follow(r, seen)
		case *ssa.BinOp, *ssa.DebugRef:
		case *ssa.Store:
			if a, ok := r.Addr.(*ssa.Alloc); ok && r.Val == v {
				u.follow(a, seen)
			} else if r.Val == v {
				u.kept = true
			}
		case *ssa.MakeClosure:
			g := r.Fn.(*ssa.Function)
			for i, b := range r.Bindings {
				if b == v {
					u.follow(g.FreeVars[i], seen)
				}
			}
		default:
			u.kept = true
		}
	}
}

// earlyOut tells whether the loop over rows is left before the last one.
func earlyOut(f *ssa.Function, u *rowsUse) bool {
	for _, c := range u.nexts {
		for _, b := range f.Blocks {
			if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); !ok {
				continue
			}
			// A return that is reached from within the loop without asking Next again.
			for _, i := range []*ssa.BasicBlock{c.Block()} {
				if len(i.Succs) == 2 && i.Succs[0].Dominates(b) {
					return true
				}
			}
		}
	}
	return false
}
