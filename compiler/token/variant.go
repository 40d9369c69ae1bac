package token

import (
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
)

// Variant is the statement with some of its parts, and one key of each order. It shares nothing that binding
// changes. Parameters keep their numbers' order and are numbered without gaps.
func (s *Statement) Variant(p *Parts, v Variant) *Statement {
	type edit struct {
		textRange
		new string
	}
	var edits []edit
	cut := func(r textRange) { edits = append(edits, edit{s.line(r), ""}) }
	for i := range p.parts {
		part := &p.parts[i]
		if part.cond >= 0 && !v.Present[part.cond] {
			cut(part.whole)
			continue
		}
		cut(part.textRange)
		if part.close != nil {
			cut(part.close.textRange)
		}
		if part.order < 0 {
			continue
		}
		c := p.Orders[part.order].Choices[v.Choice[part.order]]
		edits = append(edits, edit{textRange{part.code.start, c.at.start}, ""})
		if c.desc > 0 {
			edits = append(edits, edit{textRange{c.desc, c.desc}, " DESC"})
		}
		edits = append(edits, edit{textRange{c.at.end, part.code.end}, ""})
	}
	sort.SliceStable(edits, func(i, j int) bool {
		a, b := &edits[i], &edits[j]
		return a.start < b.start || a.start == b.start && a.new != "" && b.new == "" // a word comes before what is cut behind it
	})

	out := &Statement{File: s.File, Span: s.Span, Raw: s.Raw, Header: s.Header, Lex: s.Lex,
		lead: s.lead, counted: s.counted, named: s.named, reserved: s.reserved, plain: s.plain || !s.Numbered()}
	if len(s.marks) == 0 || s.marks[len(s.marks)-1].end < int32(len(s.Text)) {
		out.trail = s.trail
	}
	w := variantWriter{from: s, to: out, numbers: s.ranks(p, v), at: 0}
	from, _ := s.Map.Range(0, 0)
	out.Map = source.NewOffsetMap(from)
	for _, e := range edits {
		if e.start < w.at && e.end <= w.at {
			continue // in a part that is left out
		}
		w.keep(max(e.start, w.at))
		w.skip(max(e.end, w.at), e.new)
	}
	w.keep(int32(len(s.Text)))
	out.Text = w.text.String()
	if n := len(out.Tokens); n > 0 {
		out.Text = out.Text[:max(int(out.Tokens[n-1].End), len(strings.TrimRight(out.Text, " \t\r\n")))]
	}
	return out
}

// line widens a range to its whole line where nothing else stands there, else over the blanks beside it.
func (s *Statement) line(r textRange) textRange {
	text := s.Text
	begin := int(r.start)
	for begin > 0 && (text[begin-1] == ' ' || text[begin-1] == '\t') {
		begin--
	}
	end := int(r.end)
	for end < len(text) && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r') {
		end++
	}
	first := begin == 0 || text[begin-1] == '\n'
	last := end == len(text) || text[end] == '\n'
	switch {
	case first && last && end < len(text):
		return textRange{int32(begin), int32(end + 1)}
	case last:
		return textRange{int32(begin), int32(end)}
	case begin < int(r.start):
		return textRange{r.start, int32(end)}
	}
	return r
}

// ranks gives the numbers of a variant's parameters by those of the whole statement.
func (s *Statement) ranks(p *Parts, v Variant) map[int]int {
	var numbers []int
	out := map[int]int{}
	for _, q := range s.Params {
		if out[q.Number] == 0 && p.needs(q.Start, v) {
			out[q.Number] = 1
			numbers = append(numbers, q.Number)
		}
	}
	sort.Ints(numbers)
	for i, n := range numbers {
		out[n] = i + 1
	}
	return out
}

// needs tells whether a variant has what stands at an offset.
func (p *Parts) needs(at int32, v Variant) bool {
	for _, i := range p.around(at) {
		if c := p.parts[i].cond; c >= 0 && !v.Present[c] {
			return false
		}
	}
	return true
}

// Needs gives the conditions under which the statement's parameter of index i is there, a bit each.
func (p *Parts) Needs(s *Statement, i int) (mask uint) {
	for _, j := range p.around(s.Params[i].Start) {
		if c := p.parts[j].cond; c >= 0 {
			mask |= 1 << c
		}
	}
	return mask
}

// variantWriter copies a statement with edits.
type variantWriter struct {
	from, to                    *Statement
	numbers                     map[int]int
	text                        strings.Builder
	at                          int32 // in from.Text
	token, param, embed, unsent int
}

// keep copies up to an offset of the whole statement.
func (w *variantWriter) keep(to int32) {
	s, out := w.from, w.to
	for w.at < to {
		next, param := to, -1
		if w.param < len(s.Params) && s.Params[w.param].Start < to {
			next, param = s.Params[w.param].Start, w.param
		}
		delta := int32(w.text.Len()) - w.at
		for ; w.token < len(s.Tokens) && s.Tokens[w.token].Start < next; w.token++ {
			t := s.Tokens[w.token]
			out.Tokens = append(out.Tokens, Token{t.Kind, t.Start + delta, t.End + delta})
		}
		for ; w.embed < len(s.Embeds) && s.Embeds[w.embed].Start < next; w.embed++ {
			e := s.Embeds[w.embed]
			from, to := s.Map.Range(int(e.Start), int(e.End))
			e.Start, e.End = e.Start+delta, e.End+delta
			out.Embeds = append(out.Embeds, e)
			out.Map.Replace(int(e.Start), int(e.End-e.Start), from, to)
		}
		for ; w.unsent < len(s.unsent) && s.unsent[w.unsent].start < next; w.unsent++ {
			u := s.unsent[w.unsent]
			out.unsent = append(out.unsent, textRange{u.start + delta, u.end + delta})
		}
		w.text.WriteString(s.Text[w.at:next])
		w.at = next
		if param < 0 {
			continue
		}
		p := s.Params[param]
		from, to := s.Map.Range(int(p.Start), int(p.End))
		w.at = p.End
		w.param++
		w.token++
		p.Number = w.numbers[p.Number]
		p.Start = int32(w.text.Len())
		w.text.WriteString(placeholder(s.Lex, p.Number))
		p.End = int32(w.text.Len())
		out.Params = append(out.Params, p)
		out.Tokens = append(out.Tokens, Token{Placeholder, p.Start, p.End})
		out.Map.Replace(int(p.Start), int(p.End-p.Start), from, to)
	}
}

// skip leaves out what stands before an offset of the whole statement, and writes a word instead.
func (w *variantWriter) skip(to int32, word string) {
	s, out := w.from, w.to
	for ; w.token < len(s.Tokens) && s.Tokens[w.token].Start < to; w.token++ {
	}
	for ; w.param < len(s.Params) && s.Params[w.param].Start < to; w.param++ {
	}
	for ; w.embed < len(s.Embeds) && s.Embeds[w.embed].Start < to; w.embed++ {
	}
	for ; w.unsent < len(s.unsent) && s.unsent[w.unsent].start < to; w.unsent++ {
	}
	if w.at == to && word == "" {
		return
	}
	start := w.text.Len()
	if word != "" {
		w.text.WriteString(word)
		out.Tokens = append(out.Tokens, Token{Ident, int32(start + 1), int32(w.text.Len())})
	}
	from, _ := s.Map.Range(int(w.at), int(w.at))
	_, end := s.Map.Range(int(to), int(to))
	out.Map.Replace(start, w.text.Len()-start, from, max(from, end))
	w.at = to
}
