package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/covetsql/covetsql/compiler/source"
)

const tabWidth = 4

// view is what is shown of a source line: tabs are blanks, wide characters take two
// columns, control characters and bytes that are no text are shown as signs.
type view struct {
	text  string
	from  int   // file offset of the first byte shown
	cells []int // column at which each byte from `from` on starts, and the end
	lead  int   // columns of the sign that the line is cut at its start
}

const cutSign = "…"

// view shows the line of the marks, cut to the width around the first of them.
func (p *printer) view(f *source.File, marks []mark) view {
	line, start := f.Line(marks[0].line)
	line = masked(line)
	// The first mark has to be seen, the others where there is room.
	first, last := marks[0].start-start, marks[0].end-start
	for _, m := range marks[1:] {
		if f, l := min(first, m.start-start), max(last, m.end-start); l-f < p.Width/2 {
			first, last = f, l
		}
	}
	first, last = min(max(first, 0), len(line)), min(max(last, 0), len(line))
	from, to := 0, len(line)
	if columns(line, 4*p.Width) > p.Width {
		// Show the first mark, some text before it, and as much behind as there is room for.
		from = max(0, first-p.Width/3)
		if last <= p.Width*3/4 {
			from = 0
		}
		for from > 0 && !utf8.RuneStart(line[from]) {
			from--
		}
	}
	v := view{from: start + from}
	var b strings.Builder
	col := 0
	if from > 0 {
		b.WriteString(cutSign)
		col, v.lead = 1, 1
	}
	for i := from; i < to; {
		r, n := utf8.DecodeRuneInString(line[i:])
		shown, w := cell(r, n, col)
		if col+w > p.Width && i+n < to {
			b.WriteString(cutSign)
			break
		}
		for range n {
			v.cells = append(v.cells, col)
		}
		b.WriteString(shown)
		col += w
		i += n
	}
	v.cells = append(v.cells, col)
	v.text = strings.TrimRight(b.String(), " ")
	return v
}

// shows tells whether the byte at offset is shown.
func (v view) shows(offset int) bool {
	return offset >= v.from && offset < v.from+len(v.cells)
}

// columns maps file offsets to columns of the view; what is cut off is at its ends.
func (v view) columns(start, end int) (from, to int) {
	at := func(offset int) int {
		i := offset - v.from
		if i < 0 {
			return v.lead
		}
		return v.cells[min(i, len(v.cells)-1)]
	}
	return at(start), at(end)
}

// columns counts the columns of a text, but not far beyond limit.
func columns(s string, limit int) int {
	col := 0
	for i, r := range s {
		_, w := cell(r, 1, col)
		col += w
		if i > limit*utf8.UTFMax {
			break
		}
	}
	return col
}

// cell is how a character of n bytes is shown at a column, and how wide it is there.
func cell(r rune, n, col int) (string, int) {
	switch {
	case r == '\t':
		w := tabWidth - col%tabWidth
		return strings.Repeat(" ", w), w
	case r == utf8.RuneError && n <= 1:
		return string(utf8.RuneError), 1
	case r < ' ':
		return string('\u2400' + r), 1
	case r == 0x7f:
		return "\u2421", 1
	case unicode.In(r, unicode.Cc, unicode.Cf) && !unicode.Is(unicode.Mn, r):
		// Invisible characters, those that turn the direction of text among them.
		return string(utf8.RuneError), 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return string(r), 0
	case unicode.Is(wide, r):
		return string(r), 2
	}
	return string(r), 1
}

// wide are the characters that terminals show two columns wide (Unicode's East Asian Width W
// and F, in blocks).
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, {Lo: 0x231a, Hi: 0x231b, Stride: 1}, {Lo: 0x2e80, Hi: 0x303e, Stride: 1},
		{Lo: 0x3041, Hi: 0x33ff, Stride: 1}, {Lo: 0x3400, Hi: 0x4dbf, Stride: 1}, {Lo: 0x4e00, Hi: 0xa4cf, Stride: 1},
		{Lo: 0xa960, Hi: 0xa97f, Stride: 1}, {Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, {Lo: 0xf900, Hi: 0xfaff, Stride: 1},
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1}, {Lo: 0xff00, Hi: 0xff60, Stride: 1}, {Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1}, {Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1}, {Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

// tabless shows a whole line.
func tabless(line string) string {
	line = masked(line)
	var b strings.Builder
	col := 0
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		shown, w := cell(r, n, col)
		b.WriteString(shown)
		col += w
		i += n
	}
	return strings.TrimRight(b.String(), " ")
}

// clean is a message on one line without control characters and passwords: it may quote what the user
// wrote.
func clean(s string) string {
	s = masked(s)
	if strings.IndexFunc(s, unicode.IsControl) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch r {
		case '\n', '\t':
			b.WriteByte(' ')
		case '\r':
		default:
			shown, _ := cell(r, n, 0)
			b.WriteString(shown)
		}
		i += n
	}
	return b.String()
}
