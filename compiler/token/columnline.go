package token

import (
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// ColumnLine is a line "-- column: total type=numeric(10,2) nullable=false" beside a header: what
// the user says of a result column, whatever the compiler finds. Spans are zero of what is not said.
type ColumnLine struct {
	Span source.Span // the whole comment
	// Name is the column's name in the result without its quotes or, where it is a number and not
	// Quoted, its position from 1.
	Name     string
	Quoted   bool
	NameSpan source.Span
	// Type is a type in the engine's words.
	Type     string
	TypeSpan source.Span

	Nullable     bool
	NullableSpan source.Span

	// JSON asks for a Go type of the JSON that the query builds: the name of the struct of its objects, or auto.
	JSON     string
	JSONSpan source.Span
}

// SaysNothing tells that the line says neither type nor nullable nor json: it may be prose.
func (l *ColumnLine) SaysNothing() bool {
	return l.TypeSpan.IsZero() && l.NullableSpan.IsZero() && l.JSONSpan.IsZero()
}

var columnKeys = []string{"type", "nullable", "json"}

// JSONAuto asks for a Go type of JSON whose structs are called after the query and the column.
const JSONAuto = "auto"

var goTypeName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_]*$`)

const columnExample = `such a line reads "-- column: total type=numeric(10,2) nullable=false"`

// readColumnLine reads the comment t as a line about a column. It is false where the comment is
// none: its first word is "column:". What is wrong with it comes beside it. A line without any
// "key=" may be prose; it is given back as one that says nothing.
func readColumnLine(f *source.File, t Token) (*ColumnLine, *diag.Diagnostic, bool) {
	text, ok := docComment(f.Text, t)
	if !ok || strings.ContainsRune(text, '\n') {
		return nil, nil, false
	}
	rest := strings.TrimLeft(text, " \t")
	word, behind, ok := strings.Cut(rest, ":")
	if word = strings.TrimRight(word, " \t"); !ok || word != "column" && !misspelt(word, behind) {
		return nil, nil, false
	}
	rest = rest[strings.IndexByte(rest, ':'):]
	end := int(t.Start) + strings.Index(f.Text[t.Start:t.End], text) + len(text)
	l := &ColumnLine{Span: f.Span(int(t.Start), int(t.End))}
	if word != "column" {
		d := diag.New(diag.ColumnLineInvalid, l.Span, "a line about a column begins with column:, not %s:", word).WithHelp(columnExample)
		return l, &d, true
	}
	at := l.readName(f, end-len(rest)+1, end)
	return l, l.readWords(fields(f, at, end)), true
}

// misspelt tells whether a line means to say something of a column under a word that is not quite
// "column".
func misspelt(word, behind string) bool {
	if !strings.Contains(behind, " type=") && !strings.Contains(behind, " nullable=") && !strings.Contains(behind, " json=") {
		return false
	}
	return flagName(word) && len(diag.Nearest(word, []string{"column"}, 1)) > 0
}

// readName reads the name between at and end, and tells where it ends.
func (l *ColumnLine) readName(f *source.File, at, end int) int {
	for at < end && class[f.Text[at]]&space != 0 {
		at++
	}
	from := at
	if at < end && (f.Text[at] == '"' || f.Text[at] == '`') {
		var b strings.Builder
		for q := f.Text[at]; at+1 < end; {
			at++
			if f.Text[at] == q {
				if at+1 == end || f.Text[at+1] != q {
					l.Name, l.Quoted, l.NameSpan = b.String(), true, f.Span(from, at+1)
					return at + 1
				}
				at++
			}
			b.WriteByte(f.Text[at])
		}
		at = from // not closed: the quote is part of a word
	}
	for at < end && class[f.Text[at]]&space == 0 {
		at++
	}
	if at > from {
		l.Name, l.NameSpan = f.Text[from:at], f.Span(from, at)
	}
	return at
}

// assigns tells whether a word is key=value.
func assigns(word string) bool {
	key, _, ok := strings.Cut(word, "=")
	return ok && flagName(key)
}

// readWords reads what stands behind the name. A value reaches to the next key, so that a type
// may be of several words.
func (l *ColumnLine) readWords(words []source.Span) *diag.Diagnostic {
	says := !l.Quoted && assigns(l.Name)
	for _, w := range words {
		says = says || assigns(w.Text())
	}
	if !says {
		return nil
	}
	wrong := func(at source.Span, format string, args ...any) *diag.Diagnostic {
		d := diag.New(diag.ColumnLineInvalid, at, format, args...)
		return &d
	}
	example := func(d *diag.Diagnostic) *diag.Diagnostic {
		*d = d.WithHelp(columnExample)
		return d
	}
	if l.Name == "" || !l.Quoted && assigns(l.Name) {
		return example(wrong(l.Span, "the line names no column"))
	}
	var nullable source.Span
	var value *source.Span
	for _, w := range words {
		key, _, _ := strings.Cut(w.Text(), "=")
		if !assigns(w.Text()) {
			if value == nil {
				return example(wrong(w, "%q is none of type=…, nullable=… and json=…", w.Text()))
			}
			value.End = w.End
			continue
		}
		switch key {
		case "type":
			value = &l.TypeSpan
		case "nullable":
			value = &nullable
		case "json":
			value = &l.JSONSpan
		default:
			d := wrong(w, "%q is nothing that can be said of a column", key)
			if near := diag.Nearest(key, columnKeys, 1); len(near) > 0 {
				*d = d.WithHelp("did you mean %s?", near[0])
			}
			return example(d)
		}
		if !value.IsZero() {
			return wrong(w, "%s is said twice", key)
		}
		*value = source.Span{File: w.File, Start: w.Start + int32(len(key)) + 1, End: w.End}
		if value.Start == value.End {
			return example(wrong(w, "%s= has no value", key))
		}
	}
	if !l.TypeSpan.IsZero() {
		l.Type = l.TypeSpan.Text()
	}
	if !l.JSONSpan.IsZero() {
		l.JSON = l.JSONSpan.Text()
		switch {
		case l.JSON != JSONAuto && !goTypeName.MatchString(l.JSON):
			d := diag.New(diag.ColumnLineInvalid, l.JSONSpan, "json is auto or a Go name that begins with a capital letter, not %q", l.JSON).
				WithHelp("json=Book calls the struct of the objects in the column Book")
			return &d
		case !l.TypeSpan.IsZero():
			return wrong(l.JSONSpan, "type= and json= exclude each other: with json= the type is found")
		}
	}
	if !nullable.IsZero() {
		l.NullableSpan = nullable
		switch strings.ToLower(nullable.Text()) {
		case "true":
			l.Nullable = true
		case "false":
		default:
			return wrong(nullable, "nullable is true or false, not %q", nullable.Text())
		}
	}
	return nil
}
