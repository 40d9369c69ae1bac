package token

import (
	"fmt"
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// A fragment is a piece of SQL that is written once and used by several queries:
//
//	-- fragment: book_card
//	b.id, b.title, b.price;
//
//	-- name: Cards :many
//	SELECT sqlc.fragment(book_card) FROM books b;
//
// Its text is put in where it is used, before anything is parsed.

// Fragments are those of a package's query files.
type Fragments struct {
	lex    Dialect
	byName map[string]*fragment
	files  map[*source.File]*fragmentFile
	names  []string
}

// fragmentFile is a file that defines or uses fragments.
type fragmentFile struct {
	tokens   []Token
	defines  []*fragment
	mentions []string // names of fragments that may be used, sorted
}

// fragment is one definition.
type fragment struct {
	name    string
	span    source.Span // of the name
	file    *source.File
	cut     textRange // what of the file is no query's
	tokens  []Token   // the body's, comments too
	unsound bool      // its tokens are not sound, which is reported where the file is read
	broken  bool      // it can not be used
	used    bool

	state    expansion
	expanded *source.File // the body with the fragments that it uses
	shape    shape
}

type expansion uint8

const (
	notYet expansion = iota
	inWork
	done
)

// maxFragment is how long a fragment may be with all that it uses, in bytes.
const maxFragment = 1 << 18

// ReadFragments finds the fragments of a package's query files, and what is wrong with them. It is nil where
// no file has or uses any.
func ReadFragments(files []*source.File, d Dialect) (*Fragments, diag.List) {
	fs := &Fragments{lex: d, byName: map[string]*fragment{}, files: map[*source.File]*fragmentFile{}}
	var diags diag.List
	for _, f := range files {
		mentions, defines := mentioned(f.Text)
		if len(mentions) == 0 && !defines {
			continue
		}
		ff := &fragmentFile{mentions: mentions}
		fs.files[f] = ff
		if defines {
			diags.Add(fs.define(f, ff)...)
		}
	}
	if len(fs.files) == 0 {
		return nil, nil
	}
	for _, f := range files {
		if ff := fs.files[f]; ff != nil {
			for _, d := range ff.defines {
				diags.Add(fs.expand(d)...)
			}
		}
	}
	return fs, diags
}

// mentioned finds the names that are in sqlc.fragment(…) anywhere in a text, in comments too, and whether it may
// have definitions. It is quick.
func mentioned(text string) (names []string, defines bool) {
	if !strings.Contains(text, "ragment") && !strings.Contains(text, "RAGMENT") {
		return nil, false
	}
	text = strings.ToLower(text)
	seen := map[string]bool{}
	for {
		_, rest, ok := strings.Cut(text, "fragment")
		if !ok {
			break
		}
		text = rest
		rest = strings.TrimLeft(rest, " \t\r\n\f\v")
		if strings.HasPrefix(rest, ":") {
			defines = true
		}
		if name, _, ok := strings.Cut(rest, ")"); ok && strings.HasPrefix(name, "(") {
			name = strings.Trim(name[1:], " \t\r\n\f\v\"'`[]")
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	sort.Strings(names)
	return names, defines
}

// lexed gives the file's tokens.
func (fs *Fragments) lexed(f *source.File, ff *fragmentFile) ([]Token, []Problem) {
	tokens, problems := Lex(f.Text, fs.lex)
	ff.tokens = tokens
	return tokens, problems
}

// define reads the definitions of a file.
func (fs *Fragments) define(f *source.File, ff *fragmentFile) (diags diag.List) {
	tokens, problems := fs.lexed(f, ff)
	for i := 0; i < len(tokens); i++ {
		name, about := fragmentHeader(f, tokens[i])
		if !about {
			continue
		}
		header := f.Span(int(tokens[i].Start), int(tokens[i].End))
		if len(name) != 1 || !validName(name[0].Text()) {
			d := diag.New(diag.FragmentInvalid, header, "a fragment has one name, of letters, digits and underscores").
				WithHelp(`it begins with a line such as "-- fragment: book_card" and ends at a semicolon or the next header`)
			diags.Add(d)
			continue
		}
		d := &fragment{name: strings.ToLower(name[0].Text()), span: name[0], file: f}
		first := i
		for ; first > 0 && tokens[first-1].Kind == Comment && fs.before(f, tokens, first-1); first-- {
		}
		if first > 0 && tokens[first-1].Kind != Comment && !endsStatement(f, tokens[first-1]) {
			first = i // the comments are of a query that goes on
		}
		end := i + 1
		for ; end < len(tokens) && !endsStatement(f, tokens[end]) && !startsNext(f, tokens[end]); end++ {
		}
		d.cut = textRange{tokens[first].Start, tokens[end-1].End}
		last := end - 1
		if end < len(tokens) {
			if endsStatement(f, tokens[end]) {
				d.cut.end = tokens[end].End
			} else {
				for last > i && tokens[last].Kind == Comment && fs.before(f, tokens, last) { // documentation of what follows
					last--
				}
				d.cut.end = tokens[last].End
			}
		}
		d.tokens = tokens[i+1 : last+1]
		for _, p := range problems {
			d.unsound = d.unsound || p.Start < d.cut.end && p.End > d.cut.start
		}
		d.broken, d.used = d.unsound, d.unsound
		ff.defines = append(ff.defines, d)
		if other := fs.byName[d.name]; other != nil {
			diags.Add(diag.New(diag.FragmentInvalid, d.span, "there are two fragments called %s", d.name).WithLabel(other.span, "the first is here"))
		} else {
			fs.byName[d.name] = d
			fs.names = append(fs.names, d.name)
		}
		i = last
	}
	return diags
}

// before tells whether comment i, which stands before a header, is documentation: it is the first of its line.
func (fs *Fragments) before(f *source.File, tokens []Token, i int) bool {
	if _, ok := readHeader(f, tokens[i]); ok {
		return false
	}
	if _, ok := fragmentHeader(f, tokens[i]); ok {
		return false
	}
	at := int(tokens[i].Start)
	return strings.TrimSpace(f.Text[strings.LastIndexByte(f.Text[:at], '\n')+1:at]) == ""
}

func endsStatement(f *source.File, t Token) bool {
	return t.Kind == Terminator || t.Kind == Meta || t.Kind == Punct && f.Text[t.Start] == ';'
}

// startsNext tells whether a comment is the header of a query or of a fragment.
func startsNext(f *source.File, t Token) bool {
	if t.Kind != Comment || t.Start > 0 && f.Text[t.Start-1] != '\n' {
		return false
	}
	if _, ok := readHeader(f, t); ok {
		return true
	}
	_, ok := fragmentHeader(f, t)
	return ok
}

// fragmentHeader reads a comment in the first column as the header of a fragment, and gives the words behind it.
func fragmentHeader(f *source.File, t Token) (words []source.Span, ok bool) {
	if t.Kind != Comment || t.Start > 0 && f.Text[t.Start-1] != '\n' {
		return nil, false
	}
	text, ok := docComment(f.Text, t)
	if !ok || strings.ContainsRune(text, '\n') {
		return nil, false
	}
	rest, ok := strings.CutPrefix(strings.TrimLeft(text, " \t"), "fragment")
	if !ok {
		return nil, false
	}
	if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " \t"), ":"); !ok {
		return nil, false
	}
	end := int(t.Start) + strings.Index(f.Text[t.Start:t.End], text) + len(text)
	return fields(f, end-len(rest), end), true
}

// fragmentUse is a use of a fragment: tokens [first, last].
type fragmentUse struct {
	first, last int
	name        string
	span, at    source.Span // of the whole, and of the name
}

// fragmentUses finds sqlc.fragment(name) among tokens.
func fragmentUses(f *source.File, tokens []Token) (out []fragmentUse) {
	var real []int
	for i, t := range tokens {
		if t.Kind != Comment {
			real = append(real, i)
		}
	}
	is := func(i int, word string) bool {
		t := tokens[real[i]]
		return strings.EqualFold(f.Text[t.Start:t.End], word)
	}
	for i := 0; i+5 < len(real); i++ {
		if !is(i, "sqlc") || !is(i+1, ".") || !is(i+2, "fragment") || !is(i+3, "(") || !is(i+5, ")") || i > 0 && is(i-1, ".") {
			continue
		}
		name := tokens[real[i+4]]
		u := fragmentUse{first: real[i], last: real[i+5], at: f.Span(int(name.Start), int(name.End))}
		u.span = f.Span(int(tokens[u.first].Start), int(tokens[u.last].End))
		switch u.name = strings.ToLower(u.at.Text()); name.Kind {
		case QuotedIdent, String:
			u.name = strings.Trim(u.name, "\"'`[]")
		case Ident:
		default:
			continue
		}
		out = append(out, u)
		i += 5
	}
	return out
}

// fragmentEdit says what stands for a range of a file's text: nothing, or a fragment.
type fragmentEdit struct {
	textRange
	use *fragmentUse
}

// expand makes the fragment's text with those of the fragments that it uses.
func (fs *Fragments) expand(d *fragment) (diags diag.List) {
	if d.state != notYet {
		return nil
	}
	d.state = inWork
	defer func() { d.state = done }()
	fail := func(format string, args ...any) diag.List {
		d.broken = true
		return append(diags, diag.New(diag.FragmentInvalid, d.span, format, args...))
	}
	first, last := -1, -1
	var edits []fragmentEdit
	marked := false
	for i, t := range d.tokens {
		if t.Kind == Comment {
			_, mark := readMark(d.file, t)
			marked = marked || mark
			if text := d.file.Text[t.Start:t.End]; !mark && !conditionalMark(text) && !strings.HasPrefix(text, "/*+") {
				edits = append(edits, fragmentEdit{textRange: textRange{t.Start, t.End}})
				continue
			} else if !mark {
				continue
			}
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	if d.broken {
		return nil // its tokens are reported where the file is read
	}
	if first < 0 {
		return fail("the fragment %s has no text", d.name)
	}
	found := fragmentUses(d.file, d.tokens)
	for i := range found {
		u := &found[i]
		of := fs.byName[u.name]
		if of == nil {
			diags.Add(fs.unknown(u))
			d.broken = true
			continue
		}
		of.used = true
		if of.state == inWork {
			diags.Add(diag.New(diag.FragmentInvalid, u.span, "the fragment %s uses itself", of.name).WithLabel(of.span, "it begins here"))
			d.broken = true
			continue
		}
		diags.Add(fs.expand(of)...)
		d.broken = d.broken || of.broken
		edits = append(edits, fragmentEdit{textRange{d.tokens[u.first].Start, d.tokens[u.last].End}, u})
	}
	if d.broken {
		return diags
	}
	var a source.Assembly
	diags.Add(fs.assemble(&a, d.file, d.tokens, int(d.tokens[first].Start), int(d.tokens[last].End), edits)...)
	if diags.HasErrors() {
		d.broken = true
		return diags
	}
	if a.Len() > maxFragment {
		return fail("the fragment %s is longer than %d bytes with the fragments that it uses", d.name, maxFragment)
	}
	d.expanded = a.File(d.file.Path)
	var problem string
	if d.shape, problem = shapeOf(d.expanded.Text, fs.lex); problem != "" {
		return fail("the fragment %s %s", d.name, problem)
	}
	d.shape.marked = d.shape.marked || marked
	return diags
}

func (fs *Fragments) unknown(u *fragmentUse) diag.Diagnostic {
	d := diag.New(diag.FragmentInvalid, u.at, "there is no fragment %s", u.name)
	if near := diag.Nearest(u.name, fs.names, 1); len(near) > 0 {
		return d.WithHelp("did you mean %s?", near[0]).
			WithFix(diag.Fix{Title: "write " + near[0], Edits: []diag.Edit{{Span: u.at, New: near[0]}}})
	}
	return d.WithHelp("a line -- fragment: %s begins one, in any query file of the package", u.name)
}

// assemble writes a file's bytes [from, to) with edits.
func (fs *Fragments) assemble(a *source.Assembly, f *source.File, tokens []Token, from, to int, edits []fragmentEdit) (diags diag.List) {
	sort.Slice(edits, func(i, j int) bool { return edits[i].start < edits[j].start })
	at := from
	for _, e := range edits {
		if int(e.start) < at || int(e.end) > to {
			continue
		}
		a.Copy(f.Span(at, int(e.start)), nil)
		at = int(e.end)
		if e.use != nil {
			if problem := fs.put(a, f, tokens, e.use); problem != nil {
				diags.Add(*problem)
				a.Copy(e.use.span, nil) // of which nothing more is said
			}
		}
	}
	a.Copy(f.Span(at, to), nil)
	return diags
}

// put writes a fragment where it is used.
func (fs *Fragments) put(a *source.Assembly, f *source.File, tokens []Token, u *fragmentUse) *diag.Diagnostic {
	d := fs.byName[u.name]
	n := neighbours(f, tokens, u)
	wrap, problem := d.shape.beside(n)
	if problem == "" && n.markedLine && d.shape.marked {
		problem = "has optional parts of its own, so the line that uses it can not be one: mark it by /* :if name */ and /* :end */"
	}
	if problem != "" {
		out := diag.New(diag.FragmentInvalid, u.span, "the fragment %s %s", d.name, problem).WithLabel(d.span, "the fragment begins here")
		return &out
	}
	text := d.expanded.Text
	if n.markedLine {
		text = onOneLine(text, fs.lex)
	}
	inside := []source.Span{u.span}
	around := func(s string) { a.Insert(s, u.span, nil) }
	if wrap {
		around("(")
	}
	if d.shape.marked { // its marks are about its own lines
		around("\n")
	}
	a.Append(d.expanded, text, inside)
	if d.shape.marked {
		around("\n")
	}
	if wrap {
		around(")")
	}
	return nil
}

// Expand gives a query file as the compiler reads it: with fragments where they are used, and without their
// definitions. Where it has neither it is the file itself.
func (fs *Fragments) Expand(f *source.File) (*source.File, diag.List) {
	if fs == nil || fs.files[f] == nil {
		return f, nil
	}
	ff := fs.files[f]
	tokens := ff.tokens
	if tokens == nil {
		tokens, _ = fs.lexed(f, ff)
	}
	var diags diag.List
	var edits []fragmentEdit
	end := len(f.Text)
	for _, d := range ff.defines {
		if d.unsound {
			edits = nil // reading the file reports its tokens
			break
		}
		edits = append(edits, fragmentEdit{textRange: d.cut})
	}
	found := fragmentUses(f, tokens)
	for i := range found {
		u := &found[i]
		if ff.defined(tokens[u.first].Start) {
			continue
		}
		of := fs.byName[u.name]
		switch {
		case of == nil:
			diags.Add(fs.unknown(u))
		case of.broken:
			of.used = true
		default:
			of.used = true
			edits = append(edits, fragmentEdit{textRange{tokens[u.first].Start, tokens[u.last].End}, u})
		}
	}
	var a source.Assembly
	diags.Add(fs.assemble(&a, f, tokens, 0, end, edits)...)
	return a.File(f.Path), diags
}

// defined tells whether an offset is in a definition.
func (ff *fragmentFile) defined(at int32) bool {
	for _, d := range ff.defines {
		if d.cut.start <= at && at < d.cut.end {
			return true
		}
	}
	return false
}

// Uses tells that a file which is not expanded may use the fragments that it mentions.
func (fs *Fragments) Uses(f *source.File) {
	if fs == nil || fs.files[f] == nil {
		return
	}
	for _, name := range fs.files[f].mentions {
		if d := fs.byName[name]; d != nil {
			d.used = true
		}
	}
}

// Key gives what a file's queries depend on beyond the file: the fragments that it may use, and those that these use, with
// their places. It is empty of a file that uses none.
func (fs *Fragments) Key(f *source.File) []byte {
	if fs == nil || fs.files[f] == nil {
		return nil
	}
	seen := map[string]bool{}
	var visit func(names []string)
	visit = func(names []string) {
		for _, name := range names {
			if d := fs.byName[name]; d != nil && !seen[name] {
				seen[name] = true
				inner, _ := mentioned(d.body())
				visit(inner)
			}
		}
	}
	visit(fs.files[f].mentions)
	var out []byte
	for _, name := range fs.names {
		if seen[name] {
			d := fs.byName[name]
			out = fmt.Appendf(out, "%q %q %d %q\n", name, d.file.Path, d.span.Start, d.body())
		}
	}
	return out
}

// body is the fragment's text, with the name in its header.
func (d *fragment) body() string { return d.file.Text[d.span.Start:d.cut.end] }

// Unused are the warnings of fragments that no query uses.
func (fs *Fragments) Unused() (diags diag.List) {
	if fs == nil {
		return nil
	}
	for _, name := range fs.names {
		if d := fs.byName[name]; !d.used {
			diags.Add(diag.New(diag.FragmentUnused, d.span, "the fragment %s is used by no query", d.name))
		}
	}
	return diags
}
