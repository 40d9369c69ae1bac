package gowrite

import "strings"

// An embedded row that an outer join leaves out comes as NULLs, which most fields of its model can
// not take. It is scanned into pointers first, and becomes a model only where it is there.

// maybe is the variable that such a row is scanned into.
func (fl *field) maybe() string { return "maybe" + fl.name }

// pointed tells whether a field has to be scanned through a pointer.
func pointed(e *field) bool {
	t := e.typ.Text
	return t != "interface{}" && !strings.HasPrefix(t, "*") && !strings.HasPrefix(t, "[]") && !strings.HasPrefix(t, "map[")
}

// writeMaybes declares the variables of a result's rows that may be missing.
func (g *generator) writeMaybes(f *goFile, m *method, indent string) {
	if m.ret.fields == nil {
		return
	}
	for i := range m.ret.fields.fields {
		fl := &m.ret.fields.fields[i]
		if !fl.missing {
			continue
		}
		f.p(indent, "var ", fl.maybe(), " struct {")
		rows := make([]row, len(fl.embed))
		for j := range fl.embed {
			e := &fl.embed[j]
			typ := f.typ(e.typ)
			if pointed(e) {
				typ = "*" + typ
			}
			rows[j].cells = []string{e.name, typ}
		}
		f.indented(indent, func() { f.block(rows) })
		f.p(indent, "}")
	}
}

// writeFound makes models of the rows that are there.
func (g *generator) writeFound(f *goFile, m *method, indent string) {
	if m.ret.fields == nil {
		return
	}
	for i := range m.ret.fields.fields {
		fl := &m.ret.fields.fields[i]
		if !fl.missing {
			continue
		}
		in, to := fl.maybe(), m.ret.name+"."+fl.name
		var proof string // a column that is never NULL tells that the row is there
		var any []string
		var pairs [][2]string
		var later []*field
		for j := range fl.embed {
			e := &fl.embed[j]
			from := in + "." + e.name
			switch {
			case !pointed(e):
				pairs = append(pairs, [2]string{e.name, from})
			case e.column.NotNull:
				if proof == "" {
					proof = from + " != nil"
				}
				pairs = append(pairs, [2]string{e.name, "*" + from})
			default:
				later = append(later, e)
				any = append(any, from+" != nil")
			}
		}
		if proof == "" {
			proof = strings.Join(any, " || ")
		}
		if proof == "" {
			proof = "true"
		}
		f.p(indent, "if ", proof, " {")
		if len(pairs) == 0 {
			f.p(indent, "\t", to, " = &", fl.typ.Text[1:], "{}")
		} else {
			f.p(indent, "\t", to, " = &", fl.typ.Text[1:], "{")
			f.keyValues(indent+"\t\t", pairs)
			f.p(indent, "\t}")
		}
		for _, e := range later {
			f.p(indent, "\tif ", in, ".", e.name, " != nil {")
			f.p(indent, "\t\t", to, ".", e.name, " = *", in, ".", e.name)
			f.p(indent, "\t}")
		}
		f.p(indent, "}")
	}
}
