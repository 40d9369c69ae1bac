// Package source owns file text and every position in it. Inside the compiler a
// position is a byte offset; lines and columns are computed here, and only where
// a person or a protocol reads them. The package knows nothing of SQL.
package source

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// File is one text that was read. It is immutable.
type File struct {
	// Path is what the user calls the file: relative to the configuration where possible.
	Path string
	// Text is the file's whole content, without a byte order mark.
	Text string

	once  sync.Once
	lines []int // byte offset at which each line starts

	pieces []stretch // of a file that was put together from others
}

// NewFile makes a file of a text already in memory.
func NewFile(path, text string) *File { return &File{Path: path, Text: text} }

// Span is a half-open range of bytes [Start, End) of a file. The zero Span means
// "no place"; a diagnostic never has one.
type Span struct {
	File       *File
	Start, End int32
}

// Span returns the span of the bytes [start, end) of f, cut to the file's length.
func (f *File) Span(start, end int) Span {
	n := len(f.Text)
	start, end = min(max(start, 0), n), min(max(end, 0), n)
	return Span{File: f, Start: int32(start), End: int32(max(start, end))}
}

// IsZero tells whether s names no place at all.
func (s Span) IsZero() bool { return s.File == nil }

// Len is the number of bytes in s.
func (s Span) Len() int { return int(s.End - s.Start) }

// Text is the source text under s.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// Cover is the smallest span that holds both s and t. A zero span adds nothing;
// a span of another file is ignored.
func (s Span) Cover(t Span) Span {
	if s.File == nil {
		return t
	}
	if t.File != s.File {
		return s
	}
	return Span{File: s.File, Start: min(s.Start, t.Start), End: max(s.End, t.End)}
}

// Before orders spans by path, then start, then end.
func (s Span) Before(t Span) bool {
	if s.File != t.File {
		if s.File == nil || t.File == nil {
			return s.File == nil
		}
		if s.File.Path != t.File.Path {
			return s.File.Path < t.File.Path
		}
	}
	if s.Start != t.Start {
		return s.Start < t.Start
	}
	return s.End < t.End
}

// Position is a place as a person reads it: line and column count from 1, the
// column in code points.
type Position struct {
	Path         string
	Line, Column int
}

// Position is the place at which s starts, in the file where a person wrote it.
func (s Span) Position() Position {
	s, _ = s.Origin()
	if s.File == nil {
		return Position{}
	}
	line, col := s.File.LineColumn(int(s.Start))
	return Position{Path: s.File.Path, Line: line, Column: col}
}

// LineColumn converts a byte offset to line and code-point column, both from 1.
func (f *File) LineColumn(offset int) (line, column int) {
	i := f.lineAt(offset)
	start := f.lines[i]
	return i + 1, utf8.RuneCountInString(f.Text[start:min(offset, len(f.Text))]) + 1
}

// UTF16 converts a byte offset to line and column from 0, the column in UTF-16
// code units, as the language server protocol and SARIF count.
func (f *File) UTF16(offset int) (line, column int) {
	i := f.lineAt(offset)
	for _, r := range f.Text[f.lines[i]:min(offset, len(f.Text))] {
		if r > 0xffff {
			column++
		}
		column++
	}
	return i, column
}

// Line returns the text of line n (from 1) without its line end, and the byte
// offset at which it starts.
func (f *File) Line(n int) (text string, start int) {
	f.index()
	if n < 1 || n > len(f.lines) {
		return "", len(f.Text)
	}
	start = f.lines[n-1]
	end := len(f.Text)
	if n < len(f.lines) {
		end = f.lines[n]
	}
	return strings.TrimRight(f.Text[start:end], "\r\n"), start
}

func (f *File) lineAt(offset int) int {
	f.index()
	return sort.SearchInts(f.lines, offset+1) - 1
}

func (f *File) index() {
	f.once.Do(func() {
		f.lines = append(make([]int, 0, strings.Count(f.Text, "\n")+1), 0)
		for i := 0; i < len(f.Text); i++ {
			if f.Text[i] == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	})
}
