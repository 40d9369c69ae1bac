package token

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// A statement may have parts that are there only when an argument is set, and lists of sort keys of which an
// argument picks one. Comments mark them, so that the text stays SQL for every other tool:
//
//	AND price <= @max_price             -- :if max_price      the line's code
//	/* :if max_price */ … /* :end */                          what stands between
//	ORDER BY title, price DESC          -- :order sort        one of the line's keys

// Parts are the optional parts of a statement and its choices of order.
type Parts struct {
	Conditions []Condition
	Orders     []Order
	parts      []part
}

// Condition says when parts are there.
type Condition struct {
	Name string
	// Param tells that the condition is an argument of the SQL, which then is set or not; else it is a
	// flag of its own.
	Param bool
	Span  source.Span
}

// Order is a list of keys of which an argument picks one.
type Order struct {
	Name    string
	Choices []Choice
	Span    source.Span
	part    int
}

// Choice is a sort key in one direction.
type Choice struct {
	Name  string // of the key, without its direction
	Desc  bool
	Words string // "price desc"
	at    textRange
	desc  int32 // where DESC is to be added; 0 for nowhere
}

// part is one marked piece of Text.
type part struct {
	mark
	code  textRange // without the marks
	whole textRange // with them
	close *mark
	up    int // the part around it, or -1
	cond  int // index of its condition, -1 for an order
	order int
}

// Variant is a choice of parts: Present by Conditions, Choice by Orders.
type Variant struct {
	Present []bool
	Choice  []int
}

// HasMarks tells whether the statement has comments that Parts reads.
func (s *Statement) HasMarks() bool { return len(s.marks) > 0 }

// partReader reads a statement's parts.
type partReader struct {
	*Statement
	out   Parts
	open  []int
	diags diag.List
}

// Parts reads the statement's marks.
func (s *Statement) Parts() (*Parts, diag.List) {
	r := &partReader{Statement: s}
	for i := range s.marks {
		r.mark(&s.marks[i])
	}
	for _, i := range r.open {
		r.fail(r.out.parts[i].span, "this part has no end").Help = []string{
			"a part ends at /* :end */, or at -- :end on a line of its own; a comment -- :if at the end of a line makes a part of that line"}
	}
	if !r.diags.HasErrors() {
		r.conditions()
	}
	if r.diags.HasErrors() {
		return nil, r.diags
	}
	return &r.out, r.diags
}

func (r *partReader) fail(at source.Span, format string, args ...any) *diag.Diagnostic {
	r.diags.Add(diag.New(diag.OptionalPart, at, format, args...))
	return &r.diags[len(r.diags)-1]
}

// mark opens, closes or makes a part.
func (r *partReader) mark(m *mark) {
	if !marks[m.word] {
		r.fail(m.span, "there is no mark :%s", m.word).Help = []string{"the marks are :if, :order and :end"}
		return
	}
	if m.word == "end" {
		if len(r.open) == 0 {
			r.fail(m.span, "there is no part to end here")
			return
		}
		p := &r.out.parts[r.open[len(r.open)-1]]
		r.open = r.open[:len(r.open)-1]
		p.close = m
		p.whole.end = m.end
		r.trim(p, textRange{p.end, m.start})
		return
	}
	if len(m.rest) != 1 || !validName(strings.TrimLeft(m.rest[0], "@:$")) {
		r.fail(m.span, ":%s takes one name", m.word).Help = []string{"-- :if max_price, -- :order sort"}
		return
	}
	p := part{mark: *m, up: -1, whole: m.textRange}
	if len(r.open) > 0 {
		p.up = r.open[len(r.open)-1]
	}
	begin := int32(strings.LastIndexByte(r.Text[:m.start], '\n') + 1)
	if !m.line || m.own {
		r.open = append(r.open, len(r.out.parts))
		r.out.parts = append(r.out.parts, p)
		return
	}
	for i := range r.marks {
		if o := &r.marks[i]; o != m && begin <= o.start && o.start < m.start {
			r.fail(m.span, "a line with another mark can not be a part").Help = []string{"mark the part by /* :if name */ and /* :end */"}
			return
		}
	}
	if m.far || m.start == 0 {
		r.fail(m.span, "there is no SQL in this line")
		return
	}
	p.whole.start = begin
	r.trim(&p, textRange{begin, m.start})
	r.out.parts = append(r.out.parts, p)
}

// trim makes the tokens of a range the part's code.
func (r *partReader) trim(p *part, in textRange) {
	first, last := r.TokenAt(int(in.start)), -1
	for i := first; i < len(r.Tokens) && r.Tokens[i].End <= in.end; i++ {
		last = i
	}
	if last < first || r.Tokens[first].Start < in.start {
		r.fail(p.span, "there is no whole piece of SQL in this part")
		return
	}
	p.code = textRange{r.Tokens[first].Start, r.Tokens[last].End}
}

// conditions names the parts' conditions and orders.
func (r *partReader) conditions() {
	for i := range r.out.parts {
		p := &r.out.parts[i]
		name := strings.TrimLeft(p.rest[0], "@:$")
		p.cond, p.order = -1, -1
		if p.word == "order" {
			p.order = len(r.out.Orders)
			r.order(p, i, name)
			continue
		}
		c := Condition{Name: name, Span: p.span}
		for _, q := range r.Params {
			if q.Name != "" && strings.EqualFold(q.Name, name) {
				c.Name, c.Param = q.Name, true
			}
		}
		for j := range r.out.Conditions {
			if strings.EqualFold(r.out.Conditions[j].Name, name) {
				p.cond = j
			}
		}
		if p.cond < 0 {
			p.cond = len(r.out.Conditions)
			r.out.Conditions = append(r.out.Conditions, c)
		}
	}
	var names []string
	for _, q := range r.Params {
		names = append(names, q.Name)
	}
	for _, q := range r.Params {
		around := r.out.around(q.Start)
		for _, i := range around {
			p := &r.out.parts[i]
			if p.order >= 0 {
				r.fail(q.Span, "a key to sort by can not have parameters")
				return
			}
		}
		if len(around) == 0 {
			for i := range r.out.Conditions {
				if c := &r.out.Conditions[i]; c.Param && strings.EqualFold(c.Name, q.Name) {
					d := r.fail(c.Span, "the part can not depend on %s, which the query always needs", q.Name)
					*d = d.WithLabel(q.Span, "here it stands outside of the part")
					return
				}
			}
			continue
		}
		p := &r.out.parts[around[len(around)-1]]
		if c := &r.out.Conditions[p.cond]; !c.Param {
			d := r.fail(p.span, "the query has no parameter called %s", c.Name)
			d.Inline = "this part has parameters, so it depends on one of them"
			if near := diag.Nearest(c.Name, names, 1); len(near) > 0 {
				*d = d.WithHelp("did you mean %s?", near[0])
			}
			return
		}
	}
}

// around are the parts that hold an offset, the outermost first.
func (p *Parts) around(at int32) (out []int) {
	for i := range p.parts {
		if c := p.parts[i].code; c.start <= at && at < c.end {
			out = append(out, i)
		}
	}
	return out
}

// endsOrder are words that no key has outside of parentheses.
var endsOrder = map[string]bool{
	"select": true, "from": true, "where": true, "group": true, "having": true, "window": true, "limit": true, "offset": true,
	"fetch": true, "for": true, "lock": true, "union": true, "intersect": true, "except": true, "returning": true,
}

// order reads the keys of an order.
func (r *partReader) order(p *part, index int, name string) {
	o := Order{Name: name, Span: p.span, part: index}
	for _, other := range r.out.Orders {
		if strings.EqualFold(other.Name, name) {
			r.fail(p.span, "there are two orders called %s", name)
			return
		}
	}
	first, end := r.TokenAt(int(p.code.start)), r.TokenAt(int(p.code.end))
	start, depth := first, 0
	for i := first; i < end; i++ {
		switch text := strings.ToLower(r.TokenText(i)); {
		case text == "(" || text == "[":
			depth++
		case text == ")" || text == "]":
			depth--
		case depth == 0 && text == "order" && strings.EqualFold(r.TokenText(i+1), "by"):
			start = i + 2 // what stands before is always there
		}
	}
	if start == first && r.TokenText(first) == "," { // it goes on before the part
		start++
	}
	if start < end && r.TokenText(end-1) == "," { // it goes on behind the part
		end--
	}
	if first = start; first >= end {
		r.fail(p.span, "there is no key in this order")
		return
	}
	p.code = textRange{r.Tokens[first].Start, r.Tokens[end-1].End}
	depth = 0
	for i := first; i <= end; i++ {
		if i < end {
			if depth == 0 && endsOrder[strings.ToLower(r.TokenText(i))] && r.Tokens[i].Kind == Ident {
				r.fail(r.At(int(r.Tokens[i].Start), int(r.Tokens[i].End)), "there is more than keys to sort by in this order")
				return
			}
			switch r.TokenText(i) {
			case "(", "[":
				depth++
			case ")", "]":
				depth--
			}
			if depth > 0 || r.TokenText(i) != "," {
				continue
			}
		}
		if i == first {
			r.fail(p.span, "a key is missing in this order")
			return
		}
		if !r.key(&o, first, i) {
			return
		}
		first = i + 1
	}
	r.out.Orders = append(r.out.Orders, o)
}

// key reads the tokens [first, end) as a key: an expression, a direction and a place for NULLs.
func (r *partReader) key(o *Order, first, end int) bool {
	whole := textRange{r.Tokens[first].Start, r.Tokens[end-1].End}
	span := r.At(int(whole.start), int(whole.end))
	if end-first > 2 && strings.EqualFold(r.TokenText(end-2), "nulls") {
		end -= 2
	}
	direction := strings.ToLower(r.TokenText(end - 1))
	if direction == "asc" || direction == "desc" {
		end--
	} else {
		direction = ""
	}
	var names []string
	plain := true
	for i := first; i < end; i++ {
		switch r.Tokens[i].Kind {
		case Ident:
			names = append(names, strings.ToLower(r.TokenText(i)))
		case QuotedIdent:
			names = append(names, strings.Trim(r.TokenText(i), "\"`[]"))
		default:
			plain = plain && r.TokenText(i) == "."
		}
	}
	if len(names) == 0 {
		r.fail(span, "this key has no name").Help = []string{"sort by a column, or by an expression of columns"}
		return false
	}
	if plain {
		names = names[len(names)-1:]
	}
	c := Choice{Name: strings.Join(names, "_"), at: whole, Desc: direction == "desc"}
	choices := []Choice{c}
	if direction == "" {
		c.Desc, c.desc = true, r.Tokens[end-1].End
		choices = append(choices, c)
	}
	for _, c := range choices {
		c.Words = c.Name
		if c.Desc {
			c.Words += " desc"
		}
		for _, other := range o.Choices {
			if other.Words == c.Words {
				r.fail(span, "two keys of this order are called %s", c.Words)
				return false
			}
		}
		o.Choices = append(o.Choices, c)
	}
	return true
}
