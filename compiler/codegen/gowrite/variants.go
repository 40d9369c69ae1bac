package gowrite

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/naming"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
)

// A query with optional parts has a text for each of its variants. Its method finds the variant's number from the
// arguments, and passes those that the variant has.

// set is what an optional parameter is where it is set.
func set(c *surface.Column) *surface.Column {
	s := *c
	s.Optional = false
	return &s
}

// orderType is the name of the type that chooses an order.
func (g *generator) orderType(o *surface.Order) string {
	return naming.Upper(o.Query) + g.names.Exported(o.Name)
}

// orderNames are the constants of an order's choices.
func (g *generator) orderNames(o *surface.Order) []string {
	var out []string
	for _, c := range o.Choices {
		name := g.orderType(o) + g.names.Exported(c.Name)
		if c.Desc {
			name += "Desc"
		}
		out = append(out, name)
	}
	return out
}

// writeOrders writes the types that choose an order.
func (g *generator) writeOrders(f *goFile, m *method) {
	v := m.query.Variants
	if v == nil {
		return
	}
	for _, i := range v.Orders {
		o := m.query.Params[i].Order
		name := g.orderType(o)
		f.p()
		f.p("// ", name, " is what ", m.name, " sorts by. The empty one is ", o.Choices[0].Words, ".")
		f.p("type ", name, " string")
		f.p()
		f.p("const (")
		var rows []row
		for j, n := range g.orderNames(o) {
			rows = append(rows, row{cells: []string{n, name, "= " + strconv.Quote(o.Choices[j].Words)}})
		}
		f.block(rows)
		f.p(")")
	}
}

// writeTexts writes the texts of all variants: what several have in common stands once.
func (g *generator) writeTexts(f *goFile, m *method) {
	q := m.query
	texts := make([]string, len(q.Variants.Texts))
	for i, t := range q.Variants.Texts {
		texts[i] = "-- name: " + q.Name + " :" + q.Command + "\n" + t + "\n"
	}
	pieces, made := shared(texts)
	f.p()
	f.p("const (")
	for i, p := range pieces {
		f.p("\t", g.pieceName(m, i), " = ", quoteSQL(p))
	}
	f.p(")")
	f.p()
	f.p("var ", m.constant, " = [...]string{")
	for _, parts := range made {
		names := make([]string, len(parts))
		for i, p := range parts {
			names[i] = g.pieceName(m, p)
		}
		f.p("\t", strings.Join(names, " + "), ",")
	}
	f.p("}")
}

func (g *generator) pieceName(m *method, i int) string { return fmt.Sprint(m.constant, "_", i+1) }

// shared cuts texts into pieces of whole lines: lines that always stand together, in this order, are one piece. made
// are the pieces of each text.
func shared(texts []string) (pieces []string, made [][]int) {
	index := map[string]int{}
	var lines []string
	made = make([][]int, len(texts))
	for i, t := range texts {
		for l := range strings.SplitAfterSeq(t, "\n") {
			if l == "" {
				continue
			}
			n, ok := index[l]
			if !ok {
				n = len(lines)
				index[l] = n
				lines = append(lines, l)
			}
			made[i] = append(made[i], n)
		}
	}
	// next and last tell what stands behind and before each line everywhere; -1 at an end, -2 where it differs.
	next, last := make([]int, len(lines)), make([]int, len(lines))
	for i := range lines {
		next[i], last[i] = -3, -3
	}
	meet := func(a []int, i, v int) {
		if a[i] == -3 {
			a[i] = v
		} else if a[i] != v {
			a[i] = -2
		}
	}
	for _, t := range made {
		for j, l := range t {
			before, behind := -1, -1
			if j > 0 {
				before = t[j-1]
			}
			if j+1 < len(t) {
				behind = t[j+1]
			}
			meet(last, l, before)
			meet(next, l, behind)
		}
	}
	piece := make([]int, len(lines))
	for i := range piece {
		piece[i] = -1
	}
	for _, t := range made {
		for j, l := range t {
			if piece[l] >= 0 {
				continue
			}
			if j > 0 && next[t[j-1]] == l && last[l] == t[j-1] {
				piece[l] = piece[t[j-1]]
				pieces[piece[l]] += lines[l]
				continue
			}
			piece[l] = len(pieces)
			pieces = append(pieces, lines[l])
		}
	}
	for i, t := range made {
		var out []int
		for j, l := range t {
			if j > 0 && piece[l] == piece[t[j-1]] && next[t[j-1]] == l && last[l] == t[j-1] {
				continue
			}
			out = append(out, piece[l])
		}
		made[i] = out
	}
	return pieces, made
}

// writeVariant writes how the variant is found and the arguments are gathered: query and queryParams.
func (g *generator) writeVariant(f *goFile, m *method) {
	q := m.query
	v := q.Variants
	f.p("\tvariant := 0")
	for bit, i := range v.Conditions {
		cond := g.argumentOf(m, i)
		if !q.Params[i].Flag {
			cond += " != nil"
		}
		f.p("\tif ", cond, " {")
		f.p("\t\tvariant |= ", strconv.Itoa(1<<bit))
		f.p("\t}")
	}
	weight := 1 << len(v.Conditions)
	for _, i := range v.Orders {
		o := q.Params[i].Order
		x := g.argumentOf(m, i)
		f.p("\tswitch ", x, " {")
		for j, name := range g.orderNames(o) {
			if j == 0 {
				f.p("\tcase \"\", ", name, ":")
				continue
			}
			f.p("\tcase ", name, ":")
			f.p("\t\tvariant += ", strconv.Itoa(j*weight))
		}
		weight *= len(o.Choices)
		f.p("\tdefault:")
		g.writeRefusal(f, m, f.id(pathFmt, "Errorf")+"("+strconv.Quote("query "+m.name+": can not sort by %q")+", "+x+")")
		f.p("\t}")
	}
	f.p("\tquery := ", m.constant, "[variant]")
	places := q.Placeholders
	if len(places) == 0 {
		for i := range q.Params {
			if p := &q.Params[i]; !p.Flag && p.Order == nil {
				places = append(places, i)
			}
		}
	}
	if len(places) == 0 {
		f.p("\tvar queryParams []interface{}")
		return
	}
	f.p("\tqueryParams := make([]interface{}, 0, ", strconv.Itoa(len(places)), ")")
	under := "" // the condition that is open
	for _, i := range places {
		var conds []string
		for _, n := range q.Params[i].Needs {
			conds = append(conds, fmt.Sprintf("variant&%d == %d", n, n))
		}
		cond := strings.Join(conds, " || ")
		if under != "" && under != cond {
			f.p("\t}")
		}
		if cond != "" && under != cond {
			f.p("\tif ", cond, " {")
		}
		indent := "\t"
		if cond != "" {
			indent = "\t\t"
		}
		g.writeArgument(f, m, i, indent)
		under = cond
	}
	if under != "" {
		f.p("\t}")
	}
}

// writeRefusal returns an error before anything was sent.
func (g *generator) writeRefusal(f *goFile, m *method, err string) {
	switch m.query.Command {
	case "one":
		f.p("\t\tvar zero ", f.typ(m.ret.goType()))
		f.p("\t\treturn zero, ", err)
	case "iter":
		typ := f.typ(m.ret.goType())
		f.p("\t\treturn func(yield func(", typ, ", error) bool) {")
		f.p("\t\t\tvar zero ", typ)
		f.p("\t\t\tyield(zero, ", err, ")")
		f.p("\t\t}")
	case "maybe", "many":
		f.p("\t\treturn nil, ", err)
	case "exec":
		f.p("\t\treturn ", err)
	case "execresult":
		if g.target.IsPGX() {
			_, pgconn := g.pgx()
			f.p("\t\treturn ", f.id(pgconn, "CommandTag"), "{}, ", err)
			return
		}
		f.p("\t\treturn nil, ", err)
	default:
		f.p("\t\treturn 0, ", err)
	}
}
