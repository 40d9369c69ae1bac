package sem

import (
	"sort"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// param is one argument while its statement is bound.
type param struct {
	number int
	name   string
	kind   token.ParamKind
	slice  bool
	typ    types.Type
	// by is where the type came from.
	by    source.Span
	first source.Span
	// takesNull and refusesNull are what its places say about NULL.
	takesNull, refusesNull bool
	// record: it stands beside a row, whose type has no name.
	record bool
	// open is a place where the server finds no type for it, though a later place gives one.
	open source.Span
}

// occurrence is one place of a parameter.
type occurrence struct {
	param int
	place *place
	seen  bool
}

// place is where an expression stands, as far as it names the parameters in it.
type place struct {
	kind   placeKind
	name   string
	prefix string // from_, to_
	col    *catalog.Column
	table  *catalog.Table
	// l and r are the operands of the operator around it: the first column in them gives
	// the name.
	l, r ir.Expr
	// beside is the operand that the parameter itself is compared with, in a row comparison.
	beside ir.Expr
}

type placeKind uint8

const (
	placeItem  placeKind = iota // a select item: no name
	placeCast                   // under a cast: no name
	placeNamed                  // assigned to a column, LIMIT, OFFSET, an argument
	placeOp                     // beside a column
)

// numberParams lists the statement's arguments.
func (b *binder) numberParams() {
	if b.src == nil || len(b.src.Params) == 0 {
		return
	}
	index := map[int]int{}
	var numbers []int
	for _, p := range b.src.Params {
		if _, ok := index[p.Number]; !ok {
			index[p.Number] = 0
			numbers = append(numbers, p.Number)
		}
	}
	sort.Ints(numbers)
	b.params = b.scratch.params.take(len(numbers))
	for i, n := range numbers {
		index[n] = i
		b.params[i].number = n
	}
	b.occurs = b.scratch.occurs.take(len(b.src.Params))
	for i, ref := range b.src.Params {
		p := &b.params[index[ref.Number]]
		b.occurs[i].param = index[ref.Number]
		if p.first.IsZero() {
			p.first = ref.Span
			p.name, p.kind = ref.Name, ref.Kind
		}
		if ref.Kind == token.Nullable {
			p.kind = token.Nullable
		}
		if ref.Kind == token.Slice {
			p.kind, p.slice = token.Slice, true
		}
		if p.name == "" {
			p.name = ref.Name
		}
	}
}

// within binds under a place; it costs nothing in statements without parameters.
func (b *binder) within(p place, f func()) {
	if len(b.occurs) == 0 {
		f()
		return
	}
	saved := b.place
	b.place = b.scratch.places.keep(p)
	f()
	b.place = saved
}

func (b *binder) param(x *ir.Param) value {
	if b.args != nil && x.Ref >= 0 && x.Ref < len(b.args.cols) {
		return (&scope{}).column(b.args.cols[x.Ref])
	}
	if x.Ref < 0 || x.Ref >= len(b.occurs) {
		b.report(diag.New(diag.UnknownParameter, x.Span(), "this parameter has no number"))
		return value{bad: true}
	}
	o := &b.occurs[x.Ref]
	o.seen = true
	if o.place == nil {
		o.place = b.place
	}
	p := &b.params[o.param]
	v := value{typ: p.typ, params: []int{o.param}, null: types.NotNull}
	if p.kind == token.Nullable || b.nullableArgs[o.param] {
		v.null = types.Nullable(x.Span(), "parameter "+p.display()+" may be NULL")
	}
	if p.slice {
		v.elemNever = true
	}
	if p.typ.IsArray() {
		v.elemNever = true
	}
	return v
}

func (p *param) display() string {
	if p.name != "" {
		return p.name
	}
	return strconv.Itoa(p.number)
}

// typeParams gives parameters a type; one that has a type already keeps it.
func (b *binder) typeParams(list []int, t types.Type, at ir.Node) {
	if !t.Known() || t.Kind == types.Unknown || t.Kind == types.Pseudo {
		return
	}
	for _, i := range list {
		p := &b.params[i]
		if p.typ.Known() {
			if b.traits.ResolvesUnknown && at != nil && !p.by.IsZero() && !b.sem.Base(p.typ).Same(b.sem.Base(t)) {
				b.conflict(&value{params: list}, t, at)
			}
			continue
		}
		p.typ = t.Plain()
		if at != nil {
			p.by = at.Span()
		}
	}
}

// takesNull notes that NULL means something as the argument that v is.
func (b *binder) takesNull(v *value) {
	for _, i := range v.params {
		b.params[i].takesNull = true
	}
}

// conflict reports a parameter whose type does not fit here; false where v is no
// parameter, or one that has its type from no other place.
func (b *binder) conflict(v *value, want types.Type, at ir.Node) bool {
	if len(v.params) == 0 || !want.Known() {
		return false
	}
	p := &b.params[v.params[0]]
	if !p.typ.Known() || p.by.IsZero() {
		return false
	}
	b.report(diag.New(diag.ParamConflict, at.Span(), "parameter %s is %s elsewhere, but here it must be %s", p.display(), p.typ, want).
		WithLabel(p.by, "here it is %s", p.typ).
		WithHelp("cast one of them, or use two parameters"))
	return true
}

// finishParams makes the result's parameters and reports those without a type.
func (b *binder) finishParams() (params []Param, placeholders []int) {
	if len(b.params) == 0 {
		return nil, nil
	}
	wrong := b.mistaken // a mistake elsewhere may be why a type is missing
	params = make([]Param, len(b.params))
	for i := range b.params {
		p := &b.params[i]
		out := &params[i]
		*out = Param{Number: p.number, Name: p.name, Given: p.name != "", Type: p.typ, Slice: p.slice, Kind: p.kind}
		out.Nullable = p.kind == token.Nullable || p.takesNull && !p.refusesNull && !p.slice
		named := false
		for j := range b.occurs {
			o := &b.occurs[j]
			if o.param != i || o.place == nil {
				continue
			}
			name, col, table := b.placed(o.place)
			if !named && !out.Given {
				out.Name = name
				named = true
			}
			if out.Source == nil && col != nil {
				out.Source, out.Table = col, table
			}
		}
		if p.typ.Known() && !p.open.IsZero() && !wrong {
			d := diag.New(diag.UntypedParam, p.open, "nothing tells the type of parameter %s here, where it is first used", p.display())
			d.Severity = diag.Error
			b.report(d.WithHelp("write a cast around it, or let a place that tells its type come first"))
		}
		if !p.typ.Known() && !wrong {
			d := diag.New(diag.UntypedParam, p.first, "nothing tells the type of parameter %s", p.display())
			if b.traits.ResolvesUnknown && !p.record {
				d.Severity = diag.Error // the server asks for a type while it prepares
			}
			b.report(d.WithHelp("write a cast around it"))
		}
	}
	index := make(map[int]int, len(b.params))
	for i := range b.params {
		index[b.params[i].number] = i
	}
	for _, n := range b.src.Placeholders() {
		placeholders = append(placeholders, index[n])
	}
	return params, placeholders
}

// placed is the name that a place gives, and the column that stands there.
func (b *binder) placed(p *place) (name string, col *catalog.Column, table *catalog.Table) {
	switch p.kind {
	case placeNamed:
		return p.name, p.col, p.table
	case placeOp:
		for _, x := range [...]ir.Expr{p.l, p.r} {
			if ref := firstColumn(x); ref != nil {
				name = p.prefix + ref.Parts[len(ref.Parts)-1].Name
				if p.beside != nil {
					ref = firstColumn(p.beside)
				}
				if c := b.bound[ref]; ref != nil && c != nil {
					col, table = c.source, c.table
				}
				return name, col, table
			}
		}
	}
	return "", nil, nil
}

// firstColumn is the first column reference in x, those in subqueries left out.
func firstColumn(x ir.Expr) *ir.ColumnRef {
	if x == nil {
		return nil
	}
	if ref, ok := x.(*ir.ColumnRef); ok {
		return ref
	}
	var found *ir.ColumnRef
	ir.Walk(x, func(n ir.Node) bool {
		if found != nil {
			return false
		}
		switch n := n.(type) {
		case *ir.ColumnRef:
			if len(n.Parts) > 0 {
				found = n
			}
			return false
		case ir.Query:
			return false
		}
		return true
	})
	return found
}

// assign fits a value to the column that it is stored in.
func (b *binder) assign(v *value, c *catalog.Column, at ir.Expr) {
	if v.bad {
		return
	}
	bare := len(v.params) > 0
	if v.whole != nil && b.rowless(c.Type) {
		b.report(diag.New(diag.TypeMismatch, at.Span(), "column %q is %s, but the value is a row", c.Name, c.Type))
		v.bad = true
		return
	}
	if len(v.row) > 0 {
		if b.traits.RowValues && b.rowless(c.Type) {
			b.report(diag.New(diag.TypeMismatch, at.Span(), "column %q is %s, but the value is a row", c.Name, c.Type))
			v.bad = true
			return
		}
		b.settleFields(v, c.Type, at)
		return
	}
	if v.untyped() {
		b.settle(v, c.Type, at)
	} else if b.stranger(c.Type) || b.stranger(v.typ) {
		return
	} else if !b.sem.Assignable(v.typ, c.Type) {
		if !b.conflict(v, c.Type, at) {
			b.report(diag.New(diag.TypeMismatch, at.Span(), "column %q is %s, but the value is %s", c.Name, c.Type, v.typ).
				WithInline("this is %s", v.typ).
				WithLabel(c.Span, "%s is declared here", c.Name))
		}
		v.bad = true
		return
	}
	if c.NotNullByDomain && v.typ.Same(c.Type) && !v.null.IsNever() && len(v.params) == 0 {
		b.leak(c, at)
	}
	if bare {
		if _, direct := at.(*ir.Param); direct || isCastParam(at) {
			b.storeNull(v.params, c)
		}
	}
}

// leak warns of a value of a NOT NULL domain that may be NULL: no conversion checks it.
func (b *binder) leak(c *catalog.Column, at ir.Expr) {
	if b.leaks == nil {
		b.leaks = map[*catalog.Column]bool{}
	}
	b.leaks[c] = true
	b.report(diag.New(diag.DomainNull, at.Span(), "this value of domain %s may be NULL, and is stored as it is", c.Type).
		WithLabel(c.Span, "%s is not NULL by its domain alone", c.Name).
		WithHelp("declare the column NOT NULL, too"))
}

// storeNull notes what storing parameters in c says about NULL.
func (b *binder) storeNull(params []int, c *catalog.Column) {
	for _, i := range params {
		if c.NotNull {
			b.params[i].refusesNull = true
		} else {
			b.params[i].takesNull = true
		}
	}
}

// settleFields gives the values of a row the types of a composite's fields.
func (b *binder) settleFields(v *value, t types.Type, at ir.Expr) {
	fields := b.sem.Fields(b.sem.Base(t))
	row, _ := at.(*ir.Row)
	for i := range v.row {
		var x ir.Expr = at
		if row != nil && i < len(row.Items) {
			x = row.Items[i]
		}
		if i < len(fields) {
			b.settle(&v.row[i], fields[i].Type, x)
		}
	}
	v.typ = t
}

// stranger tells whether t is a type that the schema does not define: one that a column
// has by name only, so that nothing can be said against its use.
func (b *binder) stranger(t types.Type) bool {
	if !t.Known() || t.Kind != types.Base {
		return false
	}
	name := ir.Name{Parts: []ir.Ident{{Name: t.Name}}}
	if t.Schema != "" {
		name.Parts = []ir.Ident{{Name: t.Schema}, {Name: t.Name}}
	}
	return !b.d.Type(ir.TypeName{Name: name, Raw: t.Name}, b.in).Known()
}

// isCastParam tells whether x is a parameter under casts.
func isCastParam(x ir.Expr) bool {
	for {
		switch c := x.(type) {
		case *ir.Cast:
			x = c.X
		case *ir.Param:
			return true
		default:
			return false
		}
	}
}

// funcPlace names the parameters among a function's arguments.
func (b *binder) funcPlace(name string) place {
	if b.traits.UpperFuncParams {
		name = strings.ToUpper(name)
	}
	return place{kind: placeNamed, name: name}
}
