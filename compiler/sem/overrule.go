package sem

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// said is what a query says of one of its result columns.
type said struct {
	nullable       bool
	nullAt, typeAt source.Span // zero where nothing is said
	typ            *catalog.Column
	json           string
	jsonAt         source.Span
	line           source.Span // of the lines that say it, the first
}

// overrule gives the result's columns what the query itself says of them, by marks of its outermost
// aliases and by lines beside its header, and reports what is known to be wrong of that.
func (b *binder) overrule(cols []Column, tree ir.Statement, out *output) {
	if b.src == nil || b.diags.HasErrors() {
		return
	}
	var says map[int]*said
	of := func(i int) *said {
		if says == nil {
			says = map[int]*said{}
		}
		if says[i] == nil {
			says[i] = &said{}
		}
		return says[i]
	}
	if !b.opt.PlainAliases {
		for i := range cols {
			if at, ok := b.mark(&cols[i], out.cols[i], tree); ok {
				s := of(i)
				s.nullable, s.nullAt = cols[i].Mark == "?", at
			}
		}
	}
	if h := b.src.Header; h != nil && (out == nil || !out.bad) {
		for i := range h.Columns {
			l := &h.Columns[i]
			if l.SaysNothing() {
				if !b.opt.Tolerant {
					b.report(diag.New(diag.ColumnLineInvalid, l.Span, "the line says nothing of the column").
						WithHelp("write type=…, nullable=… or json=…, without blanks before and behind the ="))
				}
				continue
			}
			if at, ok := b.named(l, cols); ok {
				b.take(of(at), l, cols[at].Name)
			}
		}
	}
	for i := range cols {
		if s := says[i]; s != nil {
			b.settleNull(&cols[i], s, b.surelyNull(tree, out, i))
			b.settleType(&cols[i], s)
			b.settleJSON(&cols[i], s)
		}
	}
}

// cutMark takes the mark off a name; "" where it has none.
func cutMark(name string) (rest, mark string) {
	if n := len(name) - 1; n > 0 && (name[n] == '!' || name[n] == '?') {
		return name[:n], name[n:]
	}
	return name, ""
}

// mark reads the mark of a column's alias. It counts in the outermost select list alone: further
// in, what the user saw to be so can have been undone by a join.
func (b *binder) mark(c *Column, o *column, tree ir.Statement) (at source.Span, ok bool) {
	name, mark := cutMark(c.Name)
	if mark == "" {
		return at, false
	}
	if o.item != nil && o.item.Alias != nil {
		c.Name, c.Mark = name, mark
		return o.item.Alias.Span(), true
	}
	if c.Unnamed || c.Source != nil && c.Source.Name == c.Name {
		return at, false
	}
	at = tree.Span()
	if o.item != nil {
		at = o.item.X.Span()
	}
	b.report(diag.New(diag.MarkWithoutEffect, at, "the mark of %q comes from further in and says nothing here", c.Name).
		WithHelp("give the column its alias in the outermost select list: AS %s", b.d.Quote(c.Name)))
	return at, false
}

// named finds the result column that a line is about.
func (b *binder) named(l *token.ColumnLine, cols []Column) (int, bool) {
	wrong := func(format string, args ...any) diag.Diagnostic {
		return diag.New(diag.ColumnLineInvalid, l.NameSpan, format, args...)
	}
	if len(cols) == 0 {
		b.report(wrong("the query returns no columns"))
		return 0, false
	}
	var found []int
	var names []string
	if n, err := strconv.Atoi(l.Name); err == nil && !l.Quoted {
		if n < 1 || n > len(cols) {
			b.report(wrong("the query returns %d columns and none at position %s", len(cols), l.Name))
			return 0, false
		}
		found = append(found, n-1)
	} else {
		exact := false
		for i := range cols {
			name := cols[i].Name
			if cols[i].Embed < 0 {
				names = append(names, name)
			}
			same := name == l.Name
			if same && !exact {
				found, exact = nil, true
			}
			if same || !exact && (!l.Quoted || b.traits.CaselessNames) && strings.EqualFold(name, l.Name) {
				found = append(found, i)
			}
		}
	}
	var whole []int
	for _, i := range found {
		if cols[i].Embed < 0 {
			whole = append(whole, i)
		}
	}
	switch {
	case len(found) == 0:
		b.report(near(wrong("the query returns no column %q", l.Name), l.Name, names))
	case len(whole) == 0:
		b.report(wrong("column %q is a field of sqlc.embed, whose struct is the table's", l.Name))
	case len(whole) > 1:
		at := make([]string, len(whole))
		for i, c := range whole {
			at[i] = strconv.Itoa(c + 1)
		}
		b.report(wrong("the query returns %d columns %q", len(whole), l.Name).
			WithHelp("say which by its position: %s", strings.Join(at, " or ")))
	default:
		return whole[0], true
	}
	return 0, false
}

// take adds a line to what is said of a column.
func (b *binder) take(s *said, l *token.ColumnLine, name string) {
	twice := func(at, before source.Span, what string) {
		b.report(diag.New(diag.ColumnLineInvalid, at, "%s of column %q is said twice", what, name).WithLabel(before, "here first"))
	}
	if !l.NullableSpan.IsZero() {
		switch {
		case s.nullAt.IsZero():
			s.nullable, s.nullAt = l.Nullable, l.NullableSpan
		case s.line.IsZero() && s.nullable == l.Nullable: // the alias says the same
		default:
			twice(l.NullableSpan, s.nullAt, "the nullability")
		}
	}
	if !l.TypeSpan.IsZero() {
		if !s.typeAt.IsZero() {
			twice(l.TypeSpan, s.typeAt, "the type")
			return
		}
		t, ok := dialect.ReadType(b.d, l.Type, b.in)
		switch {
		case !ok:
			b.report(diag.New(diag.ColumnLineInvalid, l.TypeSpan, "%q is not a type", l.Type))
		case !t.Type.Known():
			b.report(diag.New(diag.UnknownType, l.TypeSpan, "no type %q", l.Type))
		default:
			s.typ, s.typeAt = t, l.TypeSpan
		}
	}
	if !l.JSONSpan.IsZero() {
		if !s.jsonAt.IsZero() {
			twice(l.JSONSpan, s.jsonAt, "the name")
		}
		s.json, s.jsonAt = l.JSON, l.JSONSpan
	}
	if s.line.IsZero() {
		s.line = l.Span
	}
}

// overruled notes what was proved before it is overruled.
func (c *Column) overruled() *Overruling {
	if c.Overruled == nil {
		c.Overruled = &Overruling{Null: c.Null, Type: c.Type}
	}
	return c.Overruled
}

// settleNull follows what is said of NULL. surely says why some row of every result has one.
func (b *binder) settleNull(c *Column, s *said, surely string) {
	if s.nullAt.IsZero() {
		return
	}
	needless := func(severity diag.Severity, text string) {
		b.needless(severity, s.nullAt, text, c.Name)
	}
	c.overruled().NullAt = s.nullAt
	never := c.Null.IsNever()
	switch {
	case !s.nullable && c.Null.Null == types.Always:
		b.report(diag.New(diag.WrongOverruling, s.nullAt, "column %q is said never to be NULL, and it always is", c.Name).
			WithLabel(c.Null.Reason.At, "%s", c.Null.Reason.Text).
			WithHelp("give the NULL a value, by coalesce or a default, or do not say so"))
	case !s.nullable && surely != "":
		b.report(diag.New(diag.WrongOverruling, s.nullAt, "column %q is said never to be NULL, and whatever rows come, one has NULL", c.Name).
			WithLabel(c.Null.Reason.At, "%s", surely).
			WithHelp("give the NULL a value, by coalesce or a default, or do not say so"))
	case !s.nullable && !never:
		c.Null = types.NotNull
	case s.nullable && never:
		needless(diag.Warning, "column %q is said to be nullable, and is proved never to be NULL")
		c.Null = types.Nullable(s.nullAt, "the query says so")
	case never:
		needless(diag.Note, "column %q is proved never to be NULL, which needs not be said")
	default:
		needless(diag.Note, "column %q is found to be nullable, which needs not be said")
	}
}

// settleType follows what is said of the type.
func (b *binder) settleType(c *Column, s *said) {
	if s.typ == nil {
		return
	}
	o := c.overruled()
	o.TypeAt, o.Declared = s.typeAt, s.typ.Declared
	t := s.typ.Type
	if b.saysSame(c, s.typ) {
		b.needless(diag.Note, s.typeAt, "column %q is found to be %s, which needs not be said", c.Name, s.typeAt.Text())
		return
	}
	declared := ""
	if c.Source != nil {
		declared = c.Source.Declared
	}
	if b.traits.Families.Apart(b.sem.Base(c.Type), declared, b.sem.Base(t), s.typ.Declared) {
		b.report(diag.New(diag.WrongOverruling, s.typeAt, "column %q is said to be %s, and what comes is %s", c.Name, s.typeAt.Text(), c.Type).
			WithHelp("convert the value in SQL: what is said of a type converts nothing"))
		return
	}
	c.Type = t
}

// needless reports what needs not be said. Where the Go follows sqlc instead of what was found,
// it may well need it.
func (b *binder) needless(severity diag.Severity, at source.Span, format string, args ...any) {
	if b.opt.Tolerant {
		return
	}
	d := diag.New(diag.NeedlessOverruling, at, format, args...)
	d.Severity = severity
	b.report(d)
}

// saysSame tells whether a type that is said is the column's own, its modifiers aside. SQLite's types
// are what a column is declared as.
func (b *binder) saysSame(c *Column, t *catalog.Column) bool {
	if b.traits.DeclaredTypes {
		declared := c.Type.Name
		if c.Source != nil {
			declared = c.Source.Declared
		}
		return strings.EqualFold(declared, t.Declared)
	}
	return c.Type.Same(t.Type)
}
