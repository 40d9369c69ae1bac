package gowrite

import (
	"go/format"
	"math"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
)

// goFile is a Go file while it is written. Naming an identifier of a package records the
// import, so the import block always has what is used and nothing else. What is written is
// gofmt's own form from the start.
type goFile struct {
	buf     []byte
	imports map[gotype.Import]bool
}

func newGoFile() *goFile {
	f := &goFile{imports: map[gotype.Import]bool{}}
	if b, ok := bodies.Get().(*[]byte); ok {
		f.buf = (*b)[:0]
	}
	return f
}

// bodies are buffers of files that were written: the next file grows none of its own.
var bodies sync.Pool // *[]byte

// p writes the parts and ends the line.
func (f *goFile) p(parts ...string) {
	for _, s := range parts {
		f.buf = append(f.buf, s...)
	}
	f.buf = append(f.buf, '\n')
}

// id names an identifier of a package.
func (f *goFile) id(pkg, name string) string {
	imp := gotype.Import{Path: pkg}
	if strings.Contains(pkg, ".") {
		imp.Group = 1
	}
	f.imports[imp] = true
	base := path.Base(pkg)
	if len(base) == 2 && base[0] == 'v' { // github.com/jackc/pgx/v5
		base = path.Base(path.Dir(pkg))
	}
	return base + "." + name
}

// typ writes a type and records its imports.
func (f *goFile) typ(t gotype.Type) string {
	for _, i := range t.Imports {
		f.imports[i] = true
	}
	return t.Text
}

// bytes is the whole file under its head: comments and package clause. f can not be written
// to any more.
func (f *goFile) bytes(head string) []byte {
	var groups [2][]gotype.Import
	for i := range f.imports {
		if i.Group == 1 && f.imports[gotype.Import{Path: i.Path, Alias: i.Alias}] {
			continue
		}
		groups[i.Group] = append(groups[i.Group], i)
	}
	out := make([]byte, 0, len(head)+len(f.buf)+512)
	out = append(out, head...)
	if len(groups[0])+len(groups[1]) > 0 {
		out = append(out, "\nimport (\n"...)
		for n, g := range groups {
			sort.Slice(g, func(a, b int) bool {
				if g[a].Path != g[b].Path {
					return g[a].Path < g[b].Path
				}
				return g[a].Alias < g[b].Alias
			})
			if n == 1 && len(groups[0]) > 0 && len(g) > 0 {
				out = append(out, '\n')
			}
			for _, i := range g {
				out = append(out, '\t')
				if i.Alias != "" {
					out = append(append(out, i.Alias...), ' ')
				}
				out = append(append(append(out, '"'), i.Path...), "\"\n"...)
			}
		}
		out = append(out, ")\n"...)
	}
	out = append(out, f.buf...)
	body := f.buf
	f.buf = nil
	bodies.Put(&body)
	return out
}

// row is a line of a struct or const block: cells that gofmt aligns, or, where cells is
// empty, the text of a comment line that stands between.
type row struct {
	comment string
	cells   []string
}

// block writes aligned lines with one tab in front. A column is as wide as its widest cell in
// the run of lines that have a further cell behind it.
func (f *goFile) block(rows []row) {
	// A line has three cells that are padded at the most.
	widths := make([][3]int, len(rows))
	for start := 0; start < len(rows); start++ {
		for c := 0; c+1 < len(rows[start].cells); c++ {
			if widths[start][c] > 0 {
				continue
			}
			end, w := start, 0
			for end < len(rows) && len(rows[end].cells) > c+1 {
				w = max(w, width(rows[end].cells[c]))
				end++
			}
			for i := start; i < end; i++ {
				widths[i][c] = w + 1
			}
		}
	}
	for i, r := range rows {
		f.buf = append(f.buf, '\t')
		if len(r.cells) == 0 {
			f.p(r.comment)
			continue
		}
		last := len(r.cells) - 1
		for c, cell := range r.cells {
			f.buf = append(f.buf, cell...)
			if c < last {
				for n := width(cell); n < widths[i][c]; n++ {
					f.buf = append(f.buf, ' ')
				}
			}
		}
		f.buf = append(f.buf, '\n')
	}
}

// indented puts indent in front of every line that write writes.
func (f *goFile) indented(indent string, write func()) {
	start := len(f.buf)
	write()
	lines := strings.SplitAfter(string(f.buf[start:]), "\n")
	f.buf = f.buf[:start]
	for _, l := range lines {
		if l != "" {
			f.buf = append(append(f.buf, indent...), l...)
		}
	}
}

func width(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < 0x80 || s[i] >= 0xc0 {
			n++
		}
	}
	return n
}

// keyValues writes the elements of a composite literal, key: value, one a line. gofmt aligns the
// values of neighbours, and starts anew where keys differ much in length.
func (f *goFile) keyValues(indent string, pairs [][2]string) {
	start := 0
	lnsum, count, prev := 0.0, 0, 0
	flush := func(end int) {
		w := 0
		for _, p := range pairs[start:end] {
			w = max(w, width(p[0]))
		}
		for _, p := range pairs[start:end] {
			f.p(indent, p[0], ":", strings.Repeat(" ", w-width(p[0])+1), p[1], ",")
		}
		start = end
	}
	for i, p := range pairs {
		size := len(p[0])
		if i > 0 {
			const small, r = 40, 2.5
			apart := false
			if count > 0 && (prev > small || size > small) {
				ratio := float64(size) / math.Exp(lnsum/float64(count))
				apart = r*ratio <= 1 || r <= ratio
			}
			if apart {
				flush(i)
				lnsum, count = 0, 0
			}
		}
		lnsum += math.Log(float64(size))
		count++
		prev = size
	}
	flush(len(pairs))
}

// doc writes a doc comment as gofmt leaves it; lines have their // already.
func (f *goFile) doc(lines []string) {
	for _, l := range formatDoc(lines) {
		f.p(l)
	}
}

// formatDoc gives doc comments gofmt's form: most are plain text and have it already.
func formatDoc(lines []string) []string {
	plain := true
	for _, l := range lines {
		if !plainDoc(l) {
			plain = false
			break
		}
	}
	if plain {
		return lines
	}
	src := "package p\n\n" + strings.Join(lines, "\n") + "\nfunc f() {}\n"
	out, err := format.Source([]byte(src))
	if err != nil {
		return lines
	}
	text := strings.TrimSuffix(strings.TrimPrefix(string(out), "package p\n\n"), "\nfunc f() {}\n")
	return strings.Split(text, "\n")
}

func plainDoc(l string) bool {
	if len(l) < 4 || l[:3] != "// " {
		return false
	}
	c := l[3]
	if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
		return false
	}
	end := l[len(l)-1]
	return end != ' ' && end != '\t' && !strings.Contains(l, "``") && !strings.Contains(l, "''") && !strings.ContainsAny(l, "\r\v\f")
}

// quoteSQL writes a raw string literal; a backquote inside is spliced in.
func quoteSQL(s string) string {
	return "`" + strings.ReplaceAll(s, "`", "` + \"`\" + `") + "`"
}
