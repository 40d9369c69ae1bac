package token

import (
	"slices"
	"sort"
	"strings"
)

// Edit replaces the bytes [Start, End) of a statement's Text by New.
type Edit struct {
	Start, End int32
	New        string
}

// Final is the SQL that goes to the server: Text with the edits applied (they must not
// overlap), the doc comments inside taken out, comments that sqlc keeps before and behind
// it, lines ended by LF alone, and every placeholder as the engine takes it. A slice of
// MySQL or SQLite is written /*SLICE:name*/?, which the generated code replaces by as many
// placeholders as there are values.
func (s *Statement) Final(edits []Edit) string {
	edits = append(make([]Edit, 0, len(edits)+len(s.Params)+len(s.unsent)), edits...)
	for _, p := range s.Params {
		edits = append(edits, Edit{p.Start, p.End, s.Sent(p)})
	}
	for _, r := range s.unsent {
		edits = append(edits, Edit{r.start, r.end, ""})
	}
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Start < edits[j].Start })
	var b strings.Builder
	b.Grow(len(s.lead) + len(s.Text) + len(s.trail) + 64)
	b.WriteString(s.lead)
	at := int32(0)
	for _, e := range edits {
		if e.Start < at {
			continue // inside an edit that was made
		}
		s.copy(&b, at, e.Start)
		b.WriteString(e.New)
		at = e.End
	}
	s.copy(&b, at, int32(len(s.Text)))
	b.WriteString(s.trail)
	return b.String()
}

// copy writes Text[from:to] with LF line ends, except inside strings and quoted names.
func (s *Statement) copy(b *strings.Builder, from, to int32) {
	part := s.Text[from:to]
	for {
		n := strings.Index(part, "\r\n")
		if n < 0 {
			b.WriteString(part)
			return
		}
		b.WriteString(part[:n])
		at := int(to) - len(part) + n
		if i := s.TokenAt(at); i < len(s.Tokens) && int(s.Tokens[i].Start) <= at {
			b.WriteByte('\r')
		}
		part = part[n+1:]
	}
}

// Sent is a parameter's placeholder in Final.
func (s *Statement) Sent(p ParamRef) string {
	switch {
	case p.Kind == Slice && s.Lex != PostgreSQL:
		return "/*SLICE:" + p.Name + "*/?"
	case !s.Numbered():
		return "?"
	}
	return placeholder(s.Lex, p.Number)
}

// Numbered tells how arguments are passed with Final's text. True: the placeholders bear
// numbers, and argument n is passed once, as the nth. False: the placeholders are plain ?,
// and there is one argument for each, in the order of Placeholders. A SQLite statement with
// a slice is of the second kind, because ?3 would point into the expanded list.
func (s *Statement) Numbered() bool {
	switch s.Lex {
	case PostgreSQL:
		return true
	case MySQL:
		return false
	}
	if s.plain || s.counted && !s.named {
		return false
	}
	for _, p := range s.Params {
		if p.Kind == Slice {
			return false
		}
	}
	return true
}

// Placeholders gives for each placeholder of Final, in the order of the text, the Number of
// its parameter.
func (s *Statement) Placeholders() []int {
	out := make([]int, len(s.Params))
	for i, p := range s.Params {
		out[i] = p.Number
	}
	return out
}

// Renumber numbers the parameters anew, in the order in which visit (indexes of Params)
// comes upon them; what visit leaves out follows in the order of the text. Parameters that
// the user numbered keep their numbers, the others take those that are free. It changes s,
// so it comes before s is shared; Text keeps the numbers that it has.
//
// sqlc numbers named parameters in the order in which it walks its tree, not in that of the
// text: OFFSET comes before LIMIT, WITH comes last. Where a plain ? can stand (in MySQL, and
// in a SQLite statement that has one) it keeps the order of the text; there Renumber does
// nothing.
func (s *Statement) Renumber(visit []int) {
	if s.Lex == MySQL || s.counted || !slices.ContainsFunc(s.Params, func(p ParamRef) bool { return !s.fixed(p) }) {
		return
	}
	used := map[int]bool{}
	for _, n := range s.reserved {
		used[n] = true
	}
	renumbered := make(map[int]int, len(s.Params))
	next := 1
	give := func(p ParamRef) {
		if s.fixed(p) || renumbered[p.Number] != 0 {
			return
		}
		for used[next] {
			next++
		}
		renumbered[p.Number] = next
		next++
	}
	for _, i := range visit {
		give(s.Params[i])
	}
	for _, p := range s.Params {
		give(p)
	}
	for i := range s.Params {
		if p := &s.Params[i]; !s.fixed(*p) {
			p.Number = renumbered[p.Number]
		}
	}
}

// Renumbers tells whether the order that Renumber is given decides anything: whether two parameters or more are
// to be numbered.
func (s *Statement) Renumbers() bool {
	if s.Lex == MySQL || s.counted {
		return false
	}
	first := 0
	for _, p := range s.Params {
		switch {
		case s.fixed(p) || p.Number == first:
		case first == 0:
			first = p.Number
		default:
			return true
		}
	}
	return false
}

// fixed tells whether the user gave p its number.
func (s *Statement) fixed(p ParamRef) bool { return p.Kind == Positional && !s.counted }
