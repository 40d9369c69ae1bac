package gowrite

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
)

// comment gives a text of the schema as comment lines.
func comment(text string) []string {
	if text == "" {
		return nil
	}
	var out []string
	for l := range strings.SplitSeq(text, "\n") {
		out = append(out, strings.TrimRight("// "+l, " \t\r"))
	}
	return out
}

func (g *generator) writeModels() *goFile {
	f := newGoFile()
	for _, e := range g.enums {
		if g.emitted(e.name) || g.emitted("Null"+e.name) {
			g.writeEnum(f, e)
		}
	}
	for _, d := range g.domains {
		if g.emitted(d.name) {
			g.writeDomain(f, d)
		}
	}
	g.writeComposites(f)
	for _, s := range g.models {
		if g.emitted(s.name) {
			f.p()
			f.doc(comment(s.comment))
			g.writeStruct(f, s.name, s.fields)
		}
	}
	g.writeShared(f)
	g.writeJSON(f)
	return f
}

// emitted tells whether a model is written: all are, except under omit_unused_structs.
func (g *generator) emitted(name string) bool {
	return !g.opts.OmitUnusedStructs || g.used[name]
}

// markUsed collects the types that queries name.
func (g *generator) markUsed() {
	if !g.opts.OmitUnusedStructs {
		return
	}
	g.used = map[string]bool{}
	mark := func(t gotype.Type) { g.used[strings.TrimLeft(t.Text, "[]*")] = true }
	for _, m := range g.methods {
		for _, l := range m.levels() {
			g.used[l.elem], g.used[l.model] = true, true
			for i := range l.fields {
				mark(l.fields[i].typ)
			}
		}
		for _, v := range []*value{&m.arg, &m.ret} {
			mark(v.goType())
			if v.fields == nil {
				continue
			}
			g.used[v.fields.name] = true
			for _, fl := range v.fields.fields {
				mark(fl.typ)
				for _, e := range fl.embed {
					mark(e.typ)
				}
			}
		}
	}
	for n := 0; n != len(g.used); { // those that others are made of
		n = len(g.used)
		for _, c := range g.structs {
			if g.used[c.name] {
				for i := range c.fields {
					mark(c.fields[i].typ)
				}
			}
		}
	}
	for _, s := range g.jsonStructs {
		for _, fl := range s.fields {
			g.used[strings.TrimLeft(fl.plain, "[]*")] = true
		}
	}
}

func (g *generator) writeEnum(f *goFile, e *enumType) {
	n := e.name
	f.p()
	f.doc(comment(e.comment))
	f.p("type ", n, " string")
	f.p()
	f.p("const (")
	rows := make([]row, len(e.values))
	for i, v := range e.values {
		rows[i].cells = []string{e.constants[i], n + " = " + strconv.Quote(v)}
	}
	f.block(rows)
	f.p(")")
	f.p()
	f.p("func (e *", n, ") Scan(src interface{}) error {")
	f.p("\tswitch s := src.(type) {")
	f.p("\tcase []byte:")
	f.p("\t\t*e = ", n, "(s)")
	f.p("\tcase string:")
	f.p("\t\t*e = ", n, "(s)")
	f.p("\tdefault:")
	f.p("\t\treturn ", f.id("fmt", "Errorf"), `("unsupported scan type for `, n, `: %T", src)`)
	f.p("\t}")
	f.p("\treturn nil")
	f.p("}")
	f.p()
	f.p("type Null", n, " struct {")
	value, valid := []string{n, n}, []string{"Valid", "bool"}
	if g.opts.EmitJSONTags {
		value = append(value, "`json:\""+e.tag+"\"`")
		valid = append(valid, "`json:\""+e.validTag+"\"`")
		valid[2] += " // Valid is true if " + n + " is not NULL"
	} else {
		valid = append(valid, "// Valid is true if "+n+" is not NULL")
	}
	f.block([]row{{cells: value}, {cells: valid}})
	f.p("}")
	f.p()
	f.p("// Scan implements the Scanner interface.")
	f.p("func (ns *Null", n, ") Scan(value interface{}) error {")
	f.p("\tif value == nil {")
	f.p("\t\tns.", n, `, ns.Valid = "", false`)
	f.p("\t\treturn nil")
	f.p("\t}")
	f.p("\tns.Valid = true")
	f.p("\treturn ns.", n, ".Scan(value)")
	f.p("}")
	f.p()
	f.p("// Value implements the driver Valuer interface.")
	f.p("func (ns Null", n, ") Value() (", f.id("database/sql/driver", "Value"), ", error) {")
	f.p("\tif !ns.Valid {")
	f.p("\t\treturn nil, nil")
	f.p("\t}")
	f.p("\treturn string(ns.", n, "), nil")
	f.p("}")
	if g.opts.EmitEnumValidMethod {
		f.p()
		f.p("func (e ", n, ") Valid() bool {")
		f.p("\tswitch e {")
		for i, c := range e.constants {
			lead, tail := "\t\t", ","
			if i == 0 {
				lead = "\tcase "
			}
			if i == len(e.constants)-1 {
				tail = ":"
			}
			f.p(lead, c, tail)
		}
		if len(e.constants) > 0 {
			f.p("\t\treturn true")
		}
		f.p("\t}")
		f.p("\treturn false")
		f.p("}")
	}
	if g.opts.EmitAllEnumValues {
		f.p()
		f.p("func All", n, "Values() []", n, " {")
		f.p("\treturn []", n, "{")
		for _, c := range e.constants {
			f.p("\t\t", c, ",")
		}
		f.p("\t}")
		f.p("}")
	}
}

// writeStruct writes a struct type without its doc comment.
func (g *generator) writeStruct(f *goFile, name string, fields []field) {
	if len(fields) == 0 {
		f.p("type ", name, " struct {")
		f.p("}")
		return
	}
	f.p("type ", name, " struct {")
	rows := make([]row, 0, len(fields))
	for i := range fields {
		fl := &fields[i]
		for _, l := range comment(fl.comment) {
			rows = append(rows, row{comment: l})
		}
		cells := []string{fl.name}
		if fl.typ.Text != "" { // an embedded struct has its type alone
			cells = append(cells, f.typ(fl.typ))
		}
		if len(fl.tags) > 0 {
			cells = append(cells, tagText(fl.tags))
		}
		rows = append(rows, row{cells: cells})
	}
	f.block(rows)
	f.p("}")
}

func tagText(tags []gotype.Tag) string {
	var b strings.Builder
	for i, t := range tags {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Key + ":\"" + strings.ReplaceAll(strings.ReplaceAll(t.Value, `\`, `\\`), `"`, `\"`) + "\"")
	}
	s := b.String()
	if strings.Contains(s, "`") {
		return strconv.Quote(s)
	}
	return "`" + s + "`"
}
