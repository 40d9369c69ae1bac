package report

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Options of the text form.
type Options struct {
	// Color uses the terminal's colours.
	Color bool
	// Width is how many columns of a source line are shown at most; 0 means 100.
	Width int
}

// Text writes ds for people, each with the source that it is about, and a summary last. It
// writes nothing where ds is empty. Errors are those of w.
func Text(w io.Writer, ds diag.List, o Options) error {
	if len(ds) == 0 {
		return nil
	}
	if o.Width <= 0 {
		o.Width = 100
	}
	p := printer{w: bufio.NewWriter(w), Options: o}
	for _, d := range ds {
		p.diagnostic(d)
		p.line("")
	}
	p.line(Summary(ds))
	return p.w.Flush()
}

type printer struct {
	Options
	w      *bufio.Writer
	gutter int // width of the line numbers
}

// The colours, by what they mark.
const (
	red    = "1;31"
	yellow = "1;33"
	cyan   = "1;36"
	blue   = "1;34"
	green  = "32"
	bold   = "1"
)

var severityColor = [...]string{diag.Note: cyan, diag.Warning: yellow, diag.Error: red}

func (p *printer) paint(color, s string) string {
	if !p.Color || s == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

func (p *printer) line(parts ...string) {
	for _, s := range parts {
		p.w.WriteString(s)
	}
	p.w.WriteByte('\n')
}

func (p *printer) diagnostic(d diag.Diagnostic) {
	color := severityColor[d.Severity]
	p.line(p.paint(color, d.Severity.String()+"["+d.Code.ID+"]"), p.paint(bold, ": "+clean(d.Message)))
	groups := p.groups(d, color)
	p.gutter = 1
	for _, g := range groups {
		for _, m := range g.marks {
			p.gutter = max(p.gutter, len(strconv.Itoa(m.line)))
		}
	}
	for i, g := range groups {
		if i == 0 {
			p.place("-->", d.Span)
			if len(g.marks) > 0 {
				p.bar("")
			}
		} else {
			p.place(":::", g.first)
		}
		p.marks(g)
	}
	for _, h := range d.Help {
		p.line(" ", p.margin(0), p.paint(cyan, "help:"), " ", clean(h))
	}
	for _, f := range d.Fixes {
		p.fix(f)
	}
}

// margin is as wide as the line numbers, and n columns more.
func (p *printer) margin(n int) string { return strings.Repeat(" ", p.gutter+n) }

func (p *printer) place(arrow string, s source.Span) {
	indent := p.margin(1)
	if arrow == ":::" {
		indent = p.margin(2)
	}
	if s.File == nil {
		return
	}
	if !hasPlace(s) {
		p.line(indent, p.paint(blue, arrow), " ", clean(s.File.Path))
		return
	}
	at := s.Position()
	p.line(indent, p.paint(blue, arrow), " ", clean(at.Path), ":", strconv.Itoa(at.Line), ":", strconv.Itoa(at.Column))
}

// bar writes a line of the margin alone.
func (p *printer) bar(text string) {
	if text != "" {
		text = " " + text
	}
	p.line(p.margin(2), p.paint(blue, "|"), text)
}

// mark underlines a part of one line.
type mark struct {
	line       int
	start, end int // byte offsets in the file
	sign       byte
	color      string
	text       string
}

// group is the marks in one file, by line.
type group struct {
	file  *source.File
	first source.Span
	marks []mark
}

// groups gathers the places of d, the primary one's file first.
func (p *printer) groups(d diag.Diagnostic, color string) []*group {
	var out []*group
	add := func(s source.Span, sign byte, color, text string) {
		var g *group
		for _, have := range out {
			if have.file == s.File {
				g = have
			}
		}
		if g == nil {
			g = &group{file: s.File, first: s}
			out = append(out, g)
		}
		if hasPlace(s) {
			g.marks = append(g.marks, marksOf(s, sign, color, text)...)
		}
	}
	add(d.Span, '^', color, d.Inline)
	for _, l := range d.Labels {
		if l.Span.File != nil {
			add(l.Span, '-', blue, l.Text)
		}
	}
	for _, g := range out {
		sort.SliceStable(g.marks, func(i, j int) bool { return g.marks[i].line < g.marks[j].line })
	}
	return out
}

// marksOf underlines a span: of one that runs over several lines, what it covers of the
// first and of the last one. The text stands behind the last.
func marksOf(s source.Span, sign byte, color, text string) []mark {
	first, _ := s.File.LineColumn(int(s.Start))
	last, _ := s.File.LineColumn(max(int(s.Start), int(s.End)-1))
	if first == last {
		return []mark{{first, int(s.Start), int(s.End), sign, color, text}}
	}
	firstText, firstStart := s.File.Line(first)
	lastText, lastStart := s.File.Line(last)
	indent := len(lastText) - len(strings.TrimLeft(lastText, " \t"))
	return []mark{
		{first, int(s.Start), max(firstStart+len(firstText), int(s.Start)), sign, color, ""},
		{last, min(lastStart+indent, int(s.End)-1), int(s.End), sign, color, text},
	}
}

// marks writes the marked lines of a group, each with what is under it.
func (p *printer) marks(g *group) {
	for i := 0; i < len(g.marks); {
		line := g.marks[i].line
		if i > 0 && line > g.marks[i-1].line+1 {
			p.line(p.paint(blue, "..."))
		}
		end := i
		for end < len(g.marks) && g.marks[end].line == line {
			end++
		}
		p.marked(g.file, line, g.marks[i:end])
		i = end
	}
}

// marked writes one line and its marks. Of a line that is cut, marks outside of what is
// shown have it shown again.
func (p *printer) marked(f *source.File, number int, marks []mark) {
	view := p.view(f, marks)
	p.line(" ", p.paint(blue, fmt.Sprintf("%*d |", p.gutter, number)), spaced(view.text))
	var outside []mark
	for i, m := range marks {
		if i > 0 && !view.shows(m.start) {
			outside = append(outside, m)
			continue
		}
		from, to := view.columns(m.start, m.end)
		under := strings.Repeat(string(m.sign), max(to-from, 1))
		text := strings.Repeat(" ", from) + p.paint(m.color, under)
		if m.text != "" {
			text += " " + p.paint(m.color, clean(m.text))
		}
		p.bar(text)
	}
	if len(outside) > 0 {
		p.marked(f, number, outside)
	}
}

func spaced(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// fix shows the lines as they would be.
func (p *printer) fix(f diag.Fix) {
	word := "fix:"
	if !f.Safe {
		word = "possible fix:"
	}
	p.line(" ", p.margin(0), p.paint(cyan, word), " ", clean(f.Title))
	shown := changes(f)
	if shown == nil {
		p.block(f)
	}
	for _, c := range shown {
		number := func(sign string) string {
			return p.paint(blue, fmt.Sprintf(" %*d ", p.gutter, c.line)) + sign
		}
		width := p.Width * 4 // a changed line is worth more room than one that is pointed at
		if len(c.before) > width || len(c.after) > width {
			return
		}
		p.line(number(p.paint(red, "-")), spaced(tabless(c.before)))
		for _, l := range strings.Split(c.after, "\n") {
			p.line(number(p.paint(green, "+")), spaced(tabless(l)))
		}
	}
}

// mostLines is how many lines of a fix over several lines are shown.
const mostLines = 12

// block shows a fix over several lines of one file: what goes, then what comes.
func (p *printer) block(f diag.Fix) {
	if len(f.Edits) == 0 {
		return
	}
	edits := append([]diag.Edit(nil), f.Edits...)
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Span.Before(edits[j].Span) })
	file := edits[0].Span.File
	if file == nil {
		return
	}
	first, _ := file.LineColumn(int(edits[0].Span.Start))
	last, _ := file.LineColumn(int(edits[len(edits)-1].Span.End))
	_, from := file.Line(first)
	text, to := file.Line(last)
	to += len(text)
	after, at := "", from
	for _, e := range edits {
		if e.Span.File != file || int(e.Span.Start) < at || int(e.Span.End) > to {
			return
		}
		after += file.Text[at:e.Span.Start] + e.New
		at = int(e.Span.End)
	}
	before, now := split(file.Text[from:to]), split(after+file.Text[at:to])
	for len(before) > 0 && len(now) > 0 && before[0] == now[0] {
		before, now, first = before[1:], now[1:], first+1
	}
	for len(before) > 0 && len(now) > 0 && before[len(before)-1] == now[len(now)-1] {
		before, now = before[:len(before)-1], now[:len(now)-1]
	}
	if len(before)+len(now) > mostLines {
		return
	}
	show := func(lines []string, sign, color string) {
		for i, l := range lines {
			if len(l) > p.Width*4 {
				l = l[:p.Width*4]
			}
			p.line(p.paint(blue, fmt.Sprintf(" %*d ", p.gutter, first+i))+p.paint(color, sign), spaced(tabless(l)))
		}
	}
	show(before, "-", red)
	show(now, "+", green)
}

// split is a text's lines.
func split(s string) []string {
	if s == "" {
		return nil
	}
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return lines
}

type change struct {
	line          int
	before, after string
}

// changes are the lines that a fix changes, where each of its edits stays within one line
// of one file and they are few.
func changes(f diag.Fix) []change {
	const few = 3
	edits := append([]diag.Edit(nil), f.Edits...)
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Span.Before(edits[j].Span) })
	var out []change
	shift := 0 // how far the line's text has grown by the edits before
	for i, e := range edits {
		if e.Span.File == nil || e.Span.File != edits[0].Span.File {
			return nil
		}
		line, _ := e.Span.File.LineColumn(int(e.Span.Start))
		if last, _ := e.Span.File.LineColumn(int(e.Span.End)); last != line {
			return nil
		}
		text, start := e.Span.File.Line(line)
		if i == 0 || out[len(out)-1].line != line {
			if len(out) == few {
				return nil
			}
			out = append(out, change{line, text, text})
			shift = 0
		}
		c := &out[len(out)-1]
		from, to := int(e.Span.Start)-start+shift, int(e.Span.End)-start+shift
		if from < 0 || to > len(c.after) || from > to {
			return nil // edits that overlap, or stand in a line end
		}
		c.after = c.after[:from] + e.New + c.after[to:]
		shift += len(e.New) - (to - from)
	}
	return out
}
