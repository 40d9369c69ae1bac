package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Migrations that may run twice wrap definitions into anonymous blocks:
//
//	DO $$ BEGIN
//	    CREATE TYPE mood AS ENUM ('sad', 'happy');
//	EXCEPTION WHEN duplicate_object THEN null;
//	END $$;
//
// PL/pgSQL runs such statements as they stand, so they are read; what a block computes
// (EXECUTE, loops, the other branch of an IF) stays unknown.

// definers begin the statements that are read out of a block.
var definers = map[string]bool{"CREATE": true, "ALTER": true, "COMMENT": true, "DROP": true}

// block lists the definitions of the DO statement whose body is the string at token i.
func (l *lowerer) block(i int) []ir.Statement {
	text, base, ok := l.stringSource(i)
	if !ok {
		return nil
	}
	at := l.s.At(int(l.tok[i].Start), int(l.tok[i].End))
	var out []ir.Statement
	for _, c := range blockStatements(text) {
		units, diags := token.Split(source.NewFile(at.File.Path, text[c.start:c.end]), token.PostgreSQL, token.Schema)
		if len(units) != 1 || diags.HasErrors() {
			continue
		}
		transplant(units[0], at.File, base+c.start)
		if stmt, ds := parse(units[0], false); stmt != nil && !ds.HasErrors() {
			out = append(out, stmt)
		}
	}
	return out
}

// piece is a range of bytes of a block's body.
type piece struct{ start, end int }

// blockStatements finds the definitions among the statements of a PL/pgSQL body. Control
// words in front of a statement (BEGIN, IF … THEN) are passed over; ELSE and exception
// handlers are alternatives and are left out up to their end.
func blockStatements(body string) []piece {
	tokens, problems := token.Lex(body, token.PostgreSQL)
	if len(problems) > 0 {
		return nil
	}
	var out []piece
	word := func(i int) string { return strings.ToUpper(body[tokens[i].Start:tokens[i].End]) }
	start := -1   // of the definition being read
	fresh := true // a statement may start here
	skipping := 0 // inside an alternative: the number of IFs to close
	for i := range tokens {
		if tokens[i].Kind == token.Comment || tokens[i].Kind == token.EOF {
			continue
		}
		w := word(i)
		switch {
		case start >= 0:
			if w == ";" {
				out = append(out, piece{start, int(tokens[i].Start)})
				start, fresh = -1, true
			}
		case w == "EXCEPTION" && fresh:
			return out
		case w == ";":
			fresh = true
		case !fresh:
			// Inside a condition or another statement: THEN and BEGIN start anew.
			fresh = w == "THEN" || w == "BEGIN" || w == "LOOP"
		case w == "ELSE" || w == "ELSIF" || w == "ELSEIF":
			skipping = max(skipping, 1)
			fresh = w == "ELSE"
		case w == "END":
			if skipping > 0 {
				skipping--
			}
			fresh = false
		case w == "BEGIN":
		case definers[w] && skipping == 0:
			start, fresh = int(tokens[i].Start), false
		default:
			if w == "IF" && skipping > 0 {
				skipping++
			}
			fresh = false
		}
	}
	return out
}

// stringSource is the text inside the string at token i and its offset in the file, where it
// stands there letter by letter: a dollar quote, or a plain literal without escapes.
func (l *lowerer) stringSource(i int) (text string, base int, ok bool) {
	if i >= l.n || !l.isString(i) || i+1 < l.n && l.isString(i+1) {
		return "", 0, false
	}
	text = l.text(i)
	at := l.s.At(int(l.tok[i].Start), int(l.tok[i].End))
	var skip int
	switch {
	case strings.HasPrefix(text, "$"):
		skip = strings.IndexByte(text[1:], '$') + 2
	case strings.HasPrefix(text, "'") && strings.Count(text, "'") == 2 && !strings.Contains(text, `\`):
		skip = 1
	default:
		return "", 0, false
	}
	if at.Len() != len(text) || len(text) < 2*skip {
		return "", 0, false
	}
	return text[skip : len(text)-skip], int(at.Start) + skip, true
}

// transplant moves a statement that was split out of a piece of a file to its place there.
func transplant(s *token.Statement, f *source.File, base int) {
	move := func(p source.Span) source.Span { return f.Span(base+int(p.Start), base+int(p.End)) }
	s.Map = source.NewOffsetMap(base + int(s.Span.Start))
	s.File, s.Span, s.Raw = f, move(s.Span), move(s.Raw)
}
