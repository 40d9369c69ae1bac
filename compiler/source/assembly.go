package source

import (
	"slices"
	"sort"
	"strings"
)

// Assembly puts a file together from pieces of others. Places in it are found again in the files that the
// pieces are of: see Span.Origin.
type Assembly struct {
	text   strings.Builder
	pieces []stretch
}

// stretch is one piece of an assembled file, from at up to the next piece.
type stretch struct {
	at     int
	origin Span
	exact  bool   // the bytes are those of origin; else they stand for the whole of it
	uses   []Span // where the text that the piece is of is put in, the outermost first
}

// Copy adds the text under a span; uses are the places where the text that it is of is put in, the outermost first.
func (a *Assembly) Copy(from Span, uses []Span) { a.add(from.Text(), stretch{0, from, true, uses}) }

// Insert adds a text that stands for what is under a span.
func (a *Assembly) Insert(text string, instead Span, uses []Span) {
	a.add(text, stretch{0, instead, false, uses})
}

func (a *Assembly) add(text string, s stretch) {
	if text != "" {
		s.at = a.text.Len()
		a.pieces = append(a.pieces, s)
		a.text.WriteString(text)
	}
}

// Len is the number of bytes so far.
func (a *Assembly) Len() int { return a.text.Len() }

// Append adds all of an assembled file, which is put in at the uses. Its text may be another one of the same length.
func (a *Assembly) Append(f *File, text string, uses []Span) {
	for i, p := range f.pieces {
		end := len(f.Text)
		if i+1 < len(f.pieces) {
			end = f.pieces[i+1].at
		}
		a.add(text[p.at:end], stretch{0, p.origin, p.exact, slices.Concat(uses, p.uses)})
	}
}

// File is what was put together, under the path of the file that it stands for.
func (a *Assembly) File(path string) *File {
	return &File{Path: path, Text: a.text.String(), pieces: a.pieces}
}

// Assembled tells whether the file was put together from others.
func (f *File) Assembled() bool { return f.pieces != nil }

// Origin finds a place of an assembled file where a person wrote it, and where the text that it is of is put in,
// the outermost first. A place that goes beyond a text that is put in is found where that is used. Of any other
// file it is the place itself.
func (s Span) Origin() (at Span, uses []Span) {
	if s.File == nil || s.File.pieces == nil {
		return s, nil
	}
	first, last := s.File.piece(int(s.Start)), s.File.piece(max(int(s.End)-1, int(s.Start)))
	depth := 0
	for depth < min(len(first.uses), len(last.uses)) && first.uses[depth] == last.uses[depth] {
		depth++
	}
	from, to := first.place(int(s.Start), int(s.Start), depth), last.place(int(s.End), int(s.End), depth)
	at, uses = Span{from.File, from.Start, max(from.Start, to.End)}, first.uses[:depth]
	if at.File.pieces == nil {
		return at, uses
	}
	at, inner := at.Origin() // a file put together from one that was
	return at, slices.Concat(inner, uses)
}

// Root is the place in the file itself, where Origin may be in a text that is put in there.
func (s Span) Root() Span {
	at, uses := s.Origin()
	if len(uses) > 0 {
		return uses[0]
	}
	return at
}

// piece is the one that holds an offset.
func (f *File) piece(at int) *stretch {
	i := sort.Search(len(f.pieces), func(i int) bool { return f.pieces[i].at > at })
	return &f.pieces[max(i-1, 0)]
}

// place maps the range [start, end) of the assembled text at a depth of uses.
func (p *stretch) place(start, end, depth int) Span {
	switch {
	case depth < len(p.uses):
		return p.uses[depth]
	case !p.exact:
		return p.origin
	}
	return p.origin.File.Span(min(int(p.origin.Start)+start-p.at, int(p.origin.End)), min(int(p.origin.Start)+end-p.at, int(p.origin.End)))
}
