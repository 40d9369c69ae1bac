package rename

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// ManifestName is the file beside the migrations in which `covetsql migrate rename` keeps what the next migration renames. It is not the
// schema file, for a rename is said once and has a moment: a file of its own works with schemas that no file of ours holds, says swaps, which
// a directive that stays can't, and is emptied by the migration that runs it.
const ManifestName = "covetsql.renames"

// manifestHead tells who opens the file what it is.
const manifestHead = "# What the next migration renames. `covetsql migrate rename` writes this file and `covetsql migrate diff` empties it.\n"

// ReadManifest reads the lines of a manifest: "column users.mail email", the kind, the old name with what it belongs to (by its new name, where
// that is renamed too), and the new name. Names have quotes where they are no plain words. The error is an *Error.
func ReadManifest(f *source.File) ([]Directive, error) {
	var out []Directive
	at := 0
	for line := range strings.Lines(f.Text) {
		span := f.Span(at, at+len(strings.TrimRight(line, "\r\n")))
		at += len(line)
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r, ok := readLine(line)
		if !ok {
			return nil, &Error{span, "the line is no rename", "write a kind, the old name and the new one: column users.mail email"}
		}
		out = append(out, Directive{Word: "renamed_from", Rename: r, Once: true, Span: span})
	}
	return out, nil
}

func readLine(line string) (Rename, bool) {
	for _, kind := range kinds {
		rest, ok := strings.CutPrefix(line, kind+" ")
		if !ok {
			continue
		}
		cut := split(rest)
		if len(cut) != 2 {
			return Rename{}, false
		}
		old, ok := path(cut[0], manifestLex)
		new, ok2 := path(cut[1], manifestLex)
		if !ok || !ok2 || len(new) != 1 {
			return Rename{}, false
		}
		r := Rename{Kind: kind, Old: old[len(old)-1], New: new[0]}
		old = old[:len(old)-1]
		if inner(kind) {
			if len(old) == 0 {
				return Rename{}, false
			}
			r.Table = old[len(old)-1]
			old = old[:len(old)-1]
		}
		if len(old) == 1 {
			r.Schema = old[0]
		}
		return r, len(old) <= 1
	}
	return Rename{}, false
}

// manifestLex keeps the case of names without quotes.
const manifestLex = token.SQLite

// split cuts at blanks outside of quotes.
func split(text string) (out []string) {
	tokens, _ := token.Lex(text, manifestLex)
	end := int32(-1)
	for _, t := range tokens {
		word := text[t.Start:t.End]
		if t.Start == end {
			out[len(out)-1] += word
		} else {
			out = append(out, word)
		}
		end = t.End
	}
	return out
}

// Manifest writes renames as a manifest's text; "" for none.
func Manifest(list []Rename) string {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(manifestHead)
	for _, r := range list {
		b.WriteString(r.Kind + " ")
		for _, part := range []string{r.Schema, r.Table} {
			if part != "" {
				b.WriteString(plain(part) + ".")
			}
		}
		fmt.Fprintf(&b, "%s %s\n", plain(r.Old), plain(r.New))
	}
	return b.String()
}

// plain writes a name, in quotes where it isn't a plain word.
func plain(s string) string {
	if name.FindString(s) == s && s != "" && s[0] != '"' && s[0] != '`' {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// ParseRename reads the arguments of `covetsql migrate rename`: "users.mail" and "email" rename a column, "users" and "people" a table; a kind in
// front ("index users.a b") says anything else.
func ParseRename(words []string) (Rename, error) {
	wrong := fmt.Errorf("say what is renamed: covetsql migrate rename users.mail email, covetsql migrate rename people users, or with a kind in front (%s)", strings.Join(order, ", "))
	if len(words) < 2 {
		return Rename{}, wrong
	}
	line := strings.Join(words, " ")
	if r, ok := readLine(line); ok {
		return r, nil
	}
	kind := TableKind
	if parts, ok := path(words[0], manifestLex); ok && len(parts) > 1 {
		kind = ColumnKind
	}
	if r, ok := readLine(kind + " " + line); ok && len(words) == 2 {
		return r, nil
	}
	return Rename{}, wrong
}

// Note adds a rename to those of a manifest. What was said before of the same thing no longer holds. exists: the old schema has the old
// name; where it has not, one that was new so far goes on to the newest, and one that gets its old name back is not renamed. said tells of that
// for people, "" where the rename stands by itself; ok is false where nothing has the old name.
func Note(noted []Directive, r Rename, exists bool) (all []Rename, said string, ok bool) {
	done := false
	for _, d := range noted {
		x := d.Rename
		same := x.Kind == r.Kind && x.Schema == r.Schema && x.Table == r.Table
		switch {
		case same && x.Old == r.Old:
			if x.New != r.New {
				said = fmt.Sprintf("%s is to be %s now, and no more %s", r.Kind+" "+r.path(r.Old), r.New, x.New)
			}
			x, done = r, true
		case same && x.New == r.Old && !exists:
			was := x.New
			x.New, done = r.New, true
			if x.Old == x.New {
				said = fmt.Sprintf("%s keeps its name: it is no more to be %s", r.Kind+" "+r.path(x.Old), was)
				continue
			}
			said = fmt.Sprintf("%s is to be %s now, and no more %s", r.Kind+" "+r.path(x.Old), x.New, was)
		}
		all = append(all, x)
	}
	if !done {
		all = append(all, r)
	}
	return all, said, done || exists
}
