package mysql

import (
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// typePairs are the types whose names are of several words, by their first word.
var typePairs = map[string][][]string{
	"DOUBLE":    {{"PRECISION"}},
	"LONG":      {{"CHAR", "VARYING"}, {"CHARACTER", "VARYING"}, {"VARCHAR"}, {"VARBINARY"}},
	"NATIONAL":  {{"CHARACTER", "VARYING"}, {"CHAR", "VARYING"}, {"CHARACTER"}, {"CHAR"}, {"VARCHAR"}, {"VARCHARACTER"}},
	"CHARACTER": {{"VARYING"}},
	"CHAR":      {{"VARYING"}, {"BYTE"}},
	"NCHAR":     {{"VARYING"}, {"VARCHAR"}},
	"SIGNED":    {{"INTEGER"}, {"INT"}},
	"UNSIGNED":  {{"INTEGER"}, {"INT"}},
}

// typeName reads a type with its modifiers and attributes. It does not judge whether the
// type exists; see Dialect.Type.
func (l *lowering) typeName() ir.TypeName {
	start := l.i
	if k := l.kind(l.i); k != token.Ident && k != token.QuotedIdent {
		at := l.here()
		l.diags.Add(l.syntaxError(l.i))
		return ir.TypeName{At: at}
	}
	word := strings.ToUpper(l.text(l.i))
	name := strings.ToLower(word)
	l.i++
	for _, rest := range typePairs[word] {
		if l.eatAll(rest...) {
			name += " " + strings.ToLower(strings.Join(rest, " "))
			break
		}
	}
	t := ir.TypeName{Name: ir.Name{At: l.since(start)}}
	t.Name.Parts = []ir.Ident{{At: t.Name.At, Name: strings.Trim(name, "`")}}
	if l.is(l.i, "(") {
		end := l.closing(l.i)
		for l.i++; l.i < end; l.i++ {
			switch l.kind(l.i) {
			case token.String, token.Blob:
				v, _ := l.unquoted(l.i)
				t.Values = append(t.Values, v)
			case token.Number:
				n, err := strconv.ParseInt(l.text(l.i), 10, 32)
				if err != nil {
					n = 1<<31 - 1
				}
				t.Mods = append(t.Mods, int32(n))
			}
		}
		l.i = end + 1
	}
	declared := l.i
	for {
		switch {
		case l.eat("UNSIGNED"), l.eat("ZEROFILL"):
			t.Unsigned = true
			declared = l.i
		case l.eat("SIGNED"), l.eat("ARRAY"):
		case l.eatAll("CHARACTER", "SET"), l.eatAll("CHAR", "SET"), l.eat("CHARSET"):
			l.eat("=")
			t.Charset, _ = l.unquoted(l.i)
			l.i++
		case l.is(l.i, "BINARY"):
			l.i++
		case l.is(l.i, "ASCII", "UNICODE", "BYTE"):
			if l.is(l.i, "BYTE") {
				t.Charset = "binary"
			}
			l.i++
		case l.is(l.i, "COLLATE"):
			l.i++
			t.Collate, _ = l.unquoted(l.i)
			l.i++
		default:
			t.At = l.since(start)
			t.Raw = l.source(start, declared)
			return t
		}
	}
}
