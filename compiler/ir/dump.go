package ir

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Dump writes a tree for goldens: one S-expression, fields that are empty left out, equal
// trees giving equal text. Spans are not shown; see DumpSpans.
func Dump(n Node) string { return dumper{}.dump(n) }

// DumpSpans is Dump with the byte range behind the type of every node: (Literal@7:8 …).
func DumpSpans(n Node) string { return dumper{spans: true}.dump(n) }

// dumpWidth is the column past which a form is broken over several lines.
const dumpWidth = 110

type dumper struct{ spans bool }

// form is a piece of output: an atom, or a list with a head.
type form struct {
	atom        string // of an atom; the head of a list
	open, close string // "" for an atom
	items       []form
	key         string // ":Where " before the form
	flat        int    // its width on one line
}

func (d dumper) dump(n Node) string {
	v := reflect.ValueOf(n)
	if n == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return "nil\n"
	}
	f, _ := d.value(v)
	var b strings.Builder
	f.write(&b, 0)
	b.WriteByte('\n')
	return b.String()
}

// value renders v; ok is false where it is empty and, as a field, needs no mention.
func (d dumper) value(v reflect.Value) (f form, ok bool) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return atom("nil"), false
		}
		f, _ = d.value(v.Elem())
		return f, true
	case reflect.Slice:
		f = form{open: "[", close: "]"}
		for i := range v.Len() {
			item, _ := d.value(v.Index(i))
			f.add("", item)
		}
		return f.done(), v.Len() > 0
	case reflect.Struct:
		return d.structure(v)
	case reflect.String:
		return atom(strconv.Quote(v.String())), v.Len() > 0
	case reflect.Bool:
		return atom(strconv.FormatBool(v.Bool())), v.Bool()
	default:
		if s, named := enumNames(v); named {
			return atom(s), !v.IsZero()
		}
		return atom(fmt.Sprint(v.Interface())), !v.IsZero()
	}
}

func (d dumper) structure(v reflect.Value) (form, bool) {
	switch x := v.Interface().(type) {
	case Ident:
		return atom(identText(x) + d.span(v)), x.Name != "" || x.Pos.File != nil
	case Name:
		parts := make([]string, len(x.Parts))
		for i, p := range x.Parts {
			parts[i] = identText(p)
		}
		return atom(strings.Join(parts, ".") + d.span(v)), len(x.Parts) > 0
	case Literal:
		s := literalNames[x.Kind]
		if x.Kind != Null {
			s += " " + strconv.Quote(x.Text)
		}
		return atom("(" + s + d.span(v) + ")"), true
	case ColumnRef:
		parts := make([]string, len(x.Parts))
		for i, p := range x.Parts {
			parts[i] = identText(p)
		}
		return atom("(Column " + strings.Join(parts, ".") + d.span(v) + ")"), true
	case Param:
		return atom("(Param " + strconv.Itoa(x.Ref) + d.span(v) + ")"), true
	}
	t := v.Type()
	f := form{atom: t.Name() + d.span(v), open: "(", close: ")"}
	d.fields(v, &f)
	// A list item always shows; a field that is a struct without content does not.
	_, isNode := v.Interface().(Node)
	return f.done(), len(f.items) > 0 || isNode && !v.IsZero()
}

func (d dumper) fields(v reflect.Value, f *form) {
	t := v.Type()
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Type == atType {
			continue
		}
		if sf.Anonymous && sf.Type.Kind() == reflect.Struct {
			d.fields(v.Field(i), f)
			continue
		}
		if x, ok := d.value(v.Field(i)); ok {
			f.add(":"+sf.Name+" ", x)
		} else if sf.Name == "Kind" && sf.Type.Kind() == reflect.Uint8 {
			f.add(":Kind ", x) // the zero of an enumeration means something
		}
	}
}

func (d dumper) span(v reflect.Value) string {
	if !d.spans {
		return ""
	}
	at := v.FieldByName("At")
	if !at.IsValid() {
		return ""
	}
	p := at.Interface().(At).Pos
	return fmt.Sprintf("@%d:%d", p.Start, p.End)
}

func identText(i Ident) string {
	if i.Quoted || i.Name == "" {
		return strconv.Quote(i.Name)
	}
	return i.Name
}

var literalNames = [...]string{Null: "Null", Bool: "Bool", Integer: "Integer", Decimal: "Decimal", Float: "Float", String: "String", Blob: "Blob", Bit: "Bit"}

// enumNames spells the enumerations that the tree uses, by type.
func enumNames(v reflect.Value) (string, bool) {
	var names []string
	switch v.Interface().(type) {
	case JoinKind:
		names = []string{"Inner", "Left", "Right", "Full"}
	case GroupKind:
		names = []string{"Simple", "Empty", "Rollup", "Cube", "Sets"}
	case LiteralKind:
		names = literalNames[:]
	case ConstraintKind:
		names = []string{"NotNull", "NullAllowed", "DefaultValue", "PrimaryKey", "Unique", "Check", "ForeignKey", "Generated", "Identity", "Exclude", "PlainIndex"}
	case AlterKind:
		names = []string{"AddColumn", "DropColumn", "AlterType", "SetDefault", "DropDefault", "SetNotNull", "DropNotNull",
			"AddConstraint", "DropConstraint", "ValidateConstraint", "AddIdentity", "DropIdentity", "DropExpression", "ModifyColumn",
			"RenameColumn", "RenameTable", "RenameIndex", "RenameConstraint", "AddIndex", "DropIndex", "DropPrimaryKey",
			"AttachPartition", "DetachPartition", "Inherit", "NoInherit", "SetOption", "ConvertCharset", "OtherAction"}
	default:
		return "", false
	}
	if i := int(v.Uint()); i < len(names) {
		return names[i], true
	}
	return fmt.Sprint(v.Uint()), true
}

func atom(s string) form { return form{atom: s, flat: len(s)} }

func (f *form) add(key string, item form) {
	item.key = key
	item.flat += len(key)
	f.items = append(f.items, item)
}

func (f form) done() form {
	f.flat = len(f.atom) + 2
	for _, it := range f.items {
		f.flat += it.flat + 1
	}
	return f
}

func (f form) write(b *strings.Builder, indent int) {
	b.WriteString(f.key)
	b.WriteString(f.open)
	b.WriteString(f.atom)
	broken := indent+f.flat > dumpWidth
	for i, it := range f.items {
		switch {
		case broken && (i > 0 || f.atom != ""):
			b.WriteByte('\n')
			b.WriteString(strings.Repeat(" ", indent+1))
		case i > 0 || f.atom != "":
			b.WriteByte(' ')
		}
		it.write(b, indent+1)
	}
	b.WriteString(f.close)
}
