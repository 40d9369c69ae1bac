package rename

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/file"
)

// Directive is a comment of a schema file that says what nobody can know: "-- covet:renamed_from old" and "-- covet:backfill EXPR" beside the thing that
// they are about, "-- covet:drop column users.email" anywhere. It stands behind the thing on its line, or on a line of its own above it.
type Directive struct {
	// Word is "renamed_from", "drop" or "backfill".
	Word string
	// Rename has the old and the new name; of a backfill the column is New, of a drop the thing is Old. A name's schema is "" where none was
	// written.
	Rename
	// Expression is a backfill's.
	Expression string
	// Once: it comes from a manifest and is gone when the migration was written. A directive in a schema file stays.
	Once bool
	Span source.Span
}

// Error is a directive that can't be followed.
type Error struct {
	Span source.Span
	// Text says what is wrong, Do what to do; "" where that is plain.
	Text, Do string
}

func (e *Error) Error() string {
	text := e.Text
	if e.Span.File != nil {
		line, _ := e.Span.File.LineColumn(int(e.Span.Start))
		text = e.Span.File.Path + ":" + itoa(line) + ": " + text
	}
	if e.Do != "" {
		text += "; " + e.Do
	}
	return text
}

// Directives reads those of a schema file. The errors name those that can't be understood; they are *Error.
func Directives(f *source.File, d token.Dialect) (out []Directive, problems []error) {
	if !strings.Contains(strings.ToLower(f.Text), "covet") {
		return nil, nil
	}
	all, _ := token.Lex(f.Text, d)
	var tokens, comments []token.Token
	for _, t := range all {
		if t.Kind == token.Comment {
			comments = append(comments, t)
		} else {
			tokens = append(tokens, t)
		}
	}
	var things []thing
	for _, c := range comments {
		word, rest, ok := file.Speaks(f.Text[c.Start:c.End])
		if !ok {
			continue
		}
		if text, do := file.Unknown(word); text != "" {
			problems = append(problems, &Error{f.Span(int(c.Start), int(c.End)), text, do})
			continue
		}
		if word != "renamed_from" && word != "drop" && word != "backfill" {
			continue // a migration's, where the schema files are migrations
		}
		if things == nil {
			things = (&outliner{text: f.Text, d: d, tokens: tokens}).outline()
		}
		span := f.Span(int(c.Start), int(c.End))
		problem := func(text, do string) { problems = append(problems, &Error{span, text, do}) }
		if rest == "" {
			problem("covet:"+word+" says nothing", map[string]string{
				"renamed_from": "write the old name behind it", "backfill": "write an SQL expression behind it", "drop": "write what is dropped: covet:drop column users.email",
			}[word])
			continue
		}
		about, why := beside(f.Text, tokens, things, c)
		r := Directive{Word: word, Span: span}
		switch {
		case word == "drop":
			var ok bool
			if r.Rename, ok = dropped(rest, d, around(things, c)); !ok {
				problem("covet:drop "+rest+" does not say what is dropped", "write its kind and its name: covet:drop table users, covet:drop column users.email, covet:drop index users.users_email")
				continue
			}
		case about == nil:
			problem("covet:"+word+" stands beside nothing that has a name: "+why, "put it above the line of the column, the constraint, the value or the CREATE, or behind it on the same line")
			continue
		case word == "backfill" && about.kind != ColumnKind:
			problem("covet:backfill stands beside the "+about.kind+" "+about.name+"; a column is filled", "")
			continue
		default:
			r.Rename = Rename{Kind: about.kind, Schema: about.schema, Table: about.table, New: about.name}
			if word == "backfill" {
				r.Expression = rest
				break
			}
			old, ok := oldName(rest, d, about.kind)
			if !ok {
				problem("covet:renamed_from "+rest+" is not one name", "write the old name alone, with the engine's quotes where it needs them")
				continue
			}
			r.Old = old
		}
		out = append(out, r)
	}
	return out, problems
}

// beside finds the thing that a comment is about, or says why there is none.
func beside(text string, tokens []token.Token, things []thing, c token.Token) (*thing, string) {
	line := int32(strings.LastIndexByte(text[:c.Start], '\n') + 1)
	shared := false
	for _, t := range tokens {
		if t.Start < c.Start && t.End > line {
			shared = true
		}
	}
	var found *thing
	if shared {
		// Behind it: what begins on the line, or else what goes on there.
		for i := range things {
			if x := &things[i]; x.named >= line && x.start < c.Start {
				if found != nil && found.end > line && x.start >= found.end {
					return nil, found.name + " and " + x.name + " both stand on the line"
				}
				found = x
			}
		}
		if found != nil {
			return found, ""
		}
		for i := range things {
			if x := &things[i]; x.start < c.Start && x.end > line && (found == nil || x.start >= found.start) {
				found = x
			}
		}
		return found, "the line names nothing"
	}
	// On its own line: within a thing's text it is about that, else about the next.
	for i := range things {
		if x := &things[i]; x.start < c.Start && c.Start < x.end && !x.holds {
			return x, ""
		}
	}
	next := slices.IndexFunc(tokens, func(t token.Token) bool { return t.Start > c.Start && text[t.Start:t.End] != "," })
	for i := range things {
		if next >= 0 && things[i].start == tokens[next].Start {
			return &things[i], ""
		}
	}
	return nil, "what stands below it has no name that it could have had before"
}

// around is the table in whose brackets a comment stands.
func around(things []thing, c token.Token) *thing {
	for i := range things {
		if x := &things[i]; x.kind == TableKind && x.holds && x.start < c.Start && c.Start < x.end {
			return x
		}
	}
	return nil
}
