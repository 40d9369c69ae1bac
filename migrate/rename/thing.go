package rename

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/token"
)

func itoa(n int) string { return strconv.Itoa(n) }

// thing is a named object in the text of a schema file.
type thing struct {
	kind, schema, table, name string
	// start and end are its text's; named is where its name stands. holds: others are within it.
	start, end, named int32
	holds             bool
}

// outliner finds the things of a schema by tokens, so that what no parser reads has things too.
type outliner struct {
	text   string
	d      token.Dialect
	tokens []token.Token
	at     int
	out    []thing
}

func (o *outliner) peek(k int) token.Token {
	if o.at+k < len(o.tokens) {
		return o.tokens[o.at+k]
	}
	end := int32(len(o.text))
	return token.Token{Kind: token.EOF, Start: end, End: end}
}

func (o *outliner) raw(t token.Token) string { return o.text[t.Start:t.End] }

// word is a plain word in small letters, "" for other tokens.
func (o *outliner) word(k int) string {
	if t := o.peek(k); t.Kind == token.Ident || t.Kind == token.Keyword || t.Kind == token.Punct {
		return strings.ToLower(o.raw(t))
	}
	return ""
}

// skip goes over words.
func (o *outliner) skip(words ...string) {
	for slices.Contains(words, o.word(0)) && o.peek(0).Kind != token.EOF {
		o.at++
	}
}

// identifier reads a name as the engine understands it.
func identifier(raw string, d token.Dialect) string {
	if len(raw) >= 2 {
		switch raw[0] {
		case '"', '`':
			return strings.ReplaceAll(raw[1:len(raw)-1], raw[:1]+raw[:1], raw[:1])
		case '[':
			return raw[1 : len(raw)-1]
		}
	}
	if d == token.PostgreSQL {
		return strings.ToLower(raw)
	}
	return raw
}

func isName(t token.Token, raw string, d token.Dialect) bool {
	switch t.Kind {
	case token.Ident, token.Keyword, token.QuotedIdent:
		return true
	case token.String:
		return d == token.SQLite || d == token.MySQL && strings.HasPrefix(raw, `"`)
	}
	return false
}

// name reads a.b or b.
func (o *outliner) name() (schema, name string, at int32, ok bool) {
	t := o.peek(0)
	if !isName(t, o.raw(t), o.d) {
		return "", "", 0, false
	}
	name = identifier(o.raw(t), o.d)
	at = t.Start
	o.at++
	for o.word(0) == "." && isName(o.peek(1), o.raw(o.peek(1)), o.d) {
		schema, name = name, identifier(o.raw(o.peek(1)), o.d)
		o.at += 2
	}
	return schema, name, at, true
}

// outline goes over all statements.
func (o *outliner) outline() []thing {
	for o.at < len(o.tokens) {
		start := o.at
		o.statement()
		for depth := 0; o.at < len(o.tokens); o.at++ {
			w := o.word(0)
			if w == ";" && depth == 0 || o.peek(0).Kind == token.Terminator {
				o.at++
				break
			}
			switch w {
			case "(":
				depth++
			case ")":
				depth = max(0, depth-1)
			}
		}
		if o.at == start {
			o.at++
		}
	}
	return o.out
}

// end is where the statement that is being read ends.
func (o *outliner) end() int32 {
	end := o.peek(0).Start
	for k := 0; o.at+k < len(o.tokens); k++ {
		if o.word(k) == ";" {
			return end
		}
		end = o.peek(k).End
	}
	return end
}

// created are the words behind CREATE that make things which are renamed, with their kinds.
var created = map[string]string{
	"table": TableKind, "index": IndexKind, "type": TypeKind, "domain": DomainKind, "sequence": SequenceKind, "view": ViewKind,
}

func (o *outliner) statement() {
	start := o.peek(0).Start
	switch o.word(0) {
	case "create":
		o.at++
		o.skip("or", "replace", "temp", "temporary", "unlogged", "global", "local", "unique", "fulltext", "spatial", "virtual", "foreign", "recursive")
		materialized := o.word(0) == "materialized"
		o.skip("materialized")
		word := o.word(0)
		kind := created[word]
		if kind == "" {
			return
		}
		if materialized {
			kind = MaterializedKind
		}
		o.at++
		o.skip("concurrently")
		o.skip("if", "not", "exists")
		schema, name, at, ok := o.name()
		if !ok {
			return
		}
		x := thing{kind: kind, schema: schema, name: name, start: start, named: at, end: o.end()}
		if kind == IndexKind {
			for k := 0; o.word(k) != ";" && o.at+k < len(o.tokens); k++ {
				if o.word(k) == "on" {
					o.at += k + 1
					o.skip("only")
					x.schema, x.table, _, _ = o.name()
					break
				}
			}
		}
		i := len(o.out)
		o.out = append(o.out, x)
		switch {
		case kind == TableKind && o.word(0) == "(":
			o.out[i].holds = true
			o.items(schema, name)
		case kind == TypeKind && o.word(0) == "as" && o.word(1) == "enum" && o.word(2) == "(":
			o.out[i].holds = true
			o.at += 2
			o.values(schema, name)
		}
	case "alter":
		o.alter(start)
	}
}

// alter reads ALTER TABLE t ADD [COLUMN] c, ALTER TABLE t ADD CONSTRAINT c and ALTER TYPE t ADD VALUE 'v'.
func (o *outliner) alter(start int32) {
	o.at++
	switch o.word(0) {
	case "type":
		o.at++
		schema, name, _, ok := o.name()
		if !ok || o.word(0) != "add" || o.word(1) != "value" {
			return
		}
		o.at += 2
		o.skip("if", "not", "exists")
		if t := o.peek(0); t.Kind == token.String {
			o.out = append(o.out, thing{kind: ValueKind, schema: schema, table: name, name: unquoted(o.raw(t)), start: start, named: t.Start, end: o.end()})
		}
	case "table":
		o.at++
		o.skip("if", "exists", "only")
		schema, name, _, ok := o.name()
		if !ok {
			return
		}
		depth := 0
		first := true
		for ; o.at < len(o.tokens) && !(depth == 0 && o.word(0) == ";"); o.at++ {
			switch o.word(0) {
			case "(":
				depth++
			case ")":
				depth--
			case "add":
				if depth > 0 {
					continue
				}
				from := o.peek(0).Start
				if first {
					from = start
				}
				first = false
				o.at++
				o.skip("column")
				o.skip("if", "not", "exists")
				o.item(schema, name, from)
				o.at--
			}
		}
	}
}

// items reads what stands between the brackets of CREATE TABLE.
func (o *outliner) items(schema, table string) {
	o.at++
	for o.at < len(o.tokens) && o.word(0) != ")" && o.word(0) != ";" {
		o.item(schema, table, o.peek(0).Start)
		if o.word(0) == "," {
			o.at++
		}
	}
}

// item reads a column or a constraint up to the comma or bracket behind it.
func (o *outliner) item(schema, table string, start int32) {
	x := thing{kind: ColumnKind, schema: schema, table: table, start: start}
	var inner []thing
	known := true
	switch o.word(0) {
	case "constraint":
		x.kind = ConstraintKind
		o.at++
		if w := o.word(0); w == "unique" || w == "primary" || w == "check" || w == "foreign" {
			known = false
		}
	case "index", "key", "fulltext", "spatial", "unique":
		if o.d != token.MySQL && o.word(0) != "unique" {
			break // a column of that name
		}
		x.kind = IndexKind
		o.skip("fulltext", "spatial", "unique", "index", "key")
		known = o.word(0) != "(" && o.d == token.MySQL
	case "primary", "foreign", "check", "exclude", "like", "partition", "period":
		// A column may have such a name; a bracket or a word that goes with it tells.
		next := o.word(1)
		known = next != "(" && next != "key" && o.word(0) != "like" && !(o.word(0) == "exclude" && next == "using") && !(o.word(0) == "period" && next == "for")
	}
	if known {
		t := o.peek(0)
		if known = isName(t, o.raw(t), o.d); known {
			x.name, x.named = identifier(o.raw(t), o.d), t.Start
			o.at++
		}
	}
	for depth := 0; o.at < len(o.tokens); o.at++ {
		w := o.word(0)
		if depth == 0 && (w == "," || w == ")" || w == ";") {
			break
		}
		switch w {
		case "(":
			depth++
		case ")":
			depth--
		case "constraint":
			// A constraint of the column's, which has a name and may have a line.
			if t := o.peek(1); depth == 0 && isName(t, o.raw(t), o.d) && x.kind == ColumnKind {
				inner = append(inner, thing{kind: ConstraintKind, schema: schema, table: table, name: identifier(o.raw(t), o.d), start: o.peek(0).Start, named: t.Start})
			}
		}
		x.end = o.peek(0).End
		for i := range inner {
			if i == len(inner)-1 {
				inner[i].end = x.end
			}
		}
	}
	if !known || x.end == 0 {
		return
	}
	o.out = append(o.out, x)
	line := func(at int32) int { return strings.Count(o.text[:at], "\n") }
	for _, c := range inner {
		if line(c.named) > line(x.named) {
			o.out = append(o.out, c)
		}
	}
}

// values reads those of CREATE TYPE … AS ENUM.
func (o *outliner) values(schema, name string) {
	for o.at++; o.at < len(o.tokens) && o.word(0) != ")" && o.word(0) != ";"; o.at++ {
		if t := o.peek(0); t.Kind == token.String {
			o.out = append(o.out, thing{kind: ValueKind, schema: schema, table: name, name: unquoted(o.raw(t)), start: t.Start, named: t.Start, end: t.End})
		}
	}
}

// unquoted is what a string literal says.
func unquoted(raw string) string {
	if len(raw) < 2 || raw[0] != '\'' || raw[len(raw)-1] != '\'' {
		return raw
	}
	return strings.ReplaceAll(raw[1:len(raw)-1], "''", "'")
}

// path reads a.b.c, each part as the engine understands it.
func path(text string, d token.Dialect) ([]string, bool) {
	tokens, problems := token.Lex(text, d)
	if len(problems) > 0 || len(tokens)%2 == 0 {
		return nil, false
	}
	var out []string
	for i, t := range tokens {
		raw := text[t.Start:t.End]
		switch {
		case i%2 == 1:
			if raw != "." {
				return nil, false
			}
		case t.Kind == token.String && raw[0] == '\'':
			out = append(out, unquoted(raw))
		case isName(t, raw, d):
			out = append(out, identifier(raw, d))
		default:
			return nil, false
		}
	}
	return out, true
}

// oldName reads the name behind renamed_from. In front of it may stand what it belongs to, which has to be nothing else than where it is.
func oldName(text string, d token.Dialect, kind string) (string, bool) {
	if kind == ValueKind && !strings.HasPrefix(text, "'") {
		return text, !strings.ContainsAny(text, "'\"")
	}
	parts, ok := path(text, d)
	if !ok {
		return "", false
	}
	return parts[len(parts)-1], len(parts) == 1 || kind != ColumnKind
}

// kinds are the words that covet:drop knows.
var kinds = []string{
	MaterializedKind, ValueKind, TableKind, ColumnKind, IndexKind, ConstraintKind, TypeKind, DomainKind, SequenceKind, ViewKind,
	"schema", "extension", "function", "procedure", "trigger", "policy", "event", "rule",
}

// dropped reads what stands behind covet:drop. Within a table's brackets a name alone is a column of that table.
func dropped(text string, d token.Dialect, table *thing) (Rename, bool) {
	for _, kind := range kinds {
		rest, ok := strings.CutPrefix(text, kind+" ")
		if !ok {
			continue
		}
		parts, ok := path(strings.TrimSpace(rest), d)
		if !ok && (kind == "function" || kind == "procedure") {
			parts, ok = []string{strings.TrimSpace(rest)}, true
		}
		belongs := inner(kind) || kind == "trigger" || kind == "policy" || kind == "rule"
		switch n := len(parts); {
		case !ok || n == 0 || n > 3:
			return Rename{}, false
		case belongs && n == 3:
			return Rename{Kind: kind, Schema: parts[0], Table: parts[1], Old: parts[2]}, true
		case belongs && n == 2:
			return Rename{Kind: kind, Table: parts[0], Old: parts[1]}, true
		case n == 1 && kind == ColumnKind:
			if table == nil {
				return Rename{}, false
			}
			return Rename{Kind: kind, Schema: table.schema, Table: table.name, Old: parts[0]}, true
		case n == 1:
			return Rename{Kind: kind, Old: parts[0]}, true
		case n == 2:
			return Rename{Kind: kind, Schema: parts[0], Old: parts[1]}, true
		}
		return Rename{}, false
	}
	if parts, ok := path(text, d); ok && len(parts) == 1 && table != nil {
		return Rename{Kind: ColumnKind, Schema: table.schema, Table: table.name, Old: parts[0]}, true
	}
	return Rename{}, false
}
