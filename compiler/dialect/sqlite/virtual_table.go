package sqlite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// VirtualTableColumns are the columns of CREATE VIRTUAL TABLE … USING module(args). The
// hidden column that bears the table's own name (FTS) has an empty Name. ok is false for
// a module that is not known.
func VirtualTableColumns(module string, args []string) (columns []*catalog.Column, ok bool) {
	make, ok := modules[strings.ToLower(module)]
	if !ok {
		return nil, false
	}
	return make(args), true
}

// modules give the columns of a virtual table from the arguments of its module.
var modules = map[string]func(args []string) []*catalog.Column{
	"fts5":         fts5Columns,
	"fts5vocab":    fts5vocabColumns,
	"fts3":         ftsColumns,
	"fts4":         ftsColumns,
	"fts4aux":      fixed("term TEXT!, col any, documents INTEGER!, occurrences INTEGER!, -languageid INTEGER"),
	"fts3tokenize": fixed("input TEXT, token TEXT!, start INTEGER!, end INTEGER!, position INTEGER!"),
	"rtree":        func(args []string) []*catalog.Column { return rtreeColumns(args, real) },
	"rtree_i32":    func(args []string) []*catalog.Column { return rtreeColumns(args, integer) },
	"geopoly":      geopolyColumns,
	"dbstat":       func([]string) []*catalog.Column { return catalogColumns(tableFunctions["dbstat"].columns) },
	"csv":          csvColumns,
	"spellfix1": fixed("word TEXT, rank any, distance any, langid any, score any, matchlen any, phonehash any, " +
		"-top INTEGER, -scope INTEGER, -srchcnt INTEGER, -soundslike TEXT, -command TEXT"),
}

func fixed(spec string) func([]string) []*catalog.Column {
	return func([]string) []*catalog.Column { return catalogColumns(columnsOf(spec)) }
}

// fts5Columns: every argument without = is a column, in which any word behind the name is
// an option; https://www.sqlite.org/fts5.html.
func fts5Columns(args []string) []*catalog.Column {
	var out []*catalog.Column
	for _, a := range args {
		if name, ok := moduleColumn(a); ok {
			out = append(out, &catalog.Column{Name: name, Type: text})
		}
	}
	return append(out,
		&catalog.Column{Type: text, Hidden: true},
		&catalog.Column{Name: "rank", Type: real, Hidden: true},
	)
}

// ftsColumns are those of FTS3 and FTS4; without any the one column is "content".
func ftsColumns(args []string) []*catalog.Column {
	var out []*catalog.Column
	langID := "languageid"
	for _, a := range args {
		if key, value, ok := strings.Cut(a, "="); ok && plainWord(strings.TrimSpace(key)) {
			if strings.EqualFold(strings.TrimSpace(key), "languageid") {
				langID = dequote(strings.TrimSpace(value))
			}
			continue
		}
		if strings.HasPrefix(strings.ToLower(a), "tokenize") {
			continue
		}
		if name, ok := moduleColumn(a); ok {
			out = append(out, &catalog.Column{Name: name, Type: text})
		}
	}
	if out == nil {
		out = append(out, &catalog.Column{Name: "content", Type: text})
	}
	return append(out,
		&catalog.Column{Type: text, Hidden: true},
		&catalog.Column{Name: "docid", Type: integer, NotNull: true, Hidden: true},
		&catalog.Column{Name: langID, Type: integer, Hidden: true},
	)
}

func fts5vocabColumns(args []string) []*catalog.Column {
	specs := map[string]string{
		"row":      "term TEXT!, doc INTEGER!, cnt INTEGER!",
		"col":      "term TEXT!, col TEXT, doc INTEGER!, cnt INTEGER!",
		"instance": "term TEXT!, doc INTEGER!, col TEXT, offset INTEGER",
	}
	kind := ""
	if len(args) > 0 {
		kind = strings.ToLower(dequote(args[len(args)-1]))
	}
	return catalogColumns(columnsOf(specs[kind]))
}

// rtreeColumns: the first is the integer key, then pairs of bounds of one type; a column
// with + is an auxiliary one with a declared type.
func rtreeColumns(args []string, bound types.Type) []*catalog.Column {
	var out []*catalog.Column
	for i, a := range args {
		a, auxiliary := strings.CutPrefix(strings.TrimSpace(a), "+")
		name, rest := firstName(a)
		c := &catalog.Column{Name: name, Type: bound, NotNull: true}
		switch {
		case auxiliary:
			c.Declared = strings.TrimSpace(rest)
			c.Type, c.NotNull = Affinity(c.Declared), false
		case i == 0:
			c.Type = integer
		}
		out = append(out, c)
	}
	return out
}

func geopolyColumns(args []string) []*catalog.Column {
	out := []*catalog.Column{{Name: "_shape", Type: blob}}
	for _, a := range args {
		name, rest := firstName(a)
		if name == "" {
			continue
		}
		declared := strings.TrimSpace(rest)
		out = append(out, &catalog.Column{Name: name, Type: Affinity(declared), Declared: declared})
	}
	return out
}

// csvColumns reads the schema= argument of the csv extension; without one the columns are
// in the file and not known.
func csvColumns(args []string) []*catalog.Column {
	for _, a := range args {
		key, value, ok := strings.Cut(a, "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(key), "schema") {
			continue
		}
		_, list, _ := strings.Cut(dequote(strings.TrimSpace(value)), "(")
		list = strings.TrimSuffix(strings.TrimSpace(list), ")")
		var out []*catalog.Column
		for _, def := range strings.Split(list, ",") {
			name, rest := firstName(def)
			declared := strings.TrimSpace(rest)
			out = append(out, &catalog.Column{Name: name, Type: Affinity(declared), Declared: declared})
		}
		return out
	}
	return nil
}

// moduleColumn is the column that an argument of FTS names; ok is false for an option.
func moduleColumn(arg string) (name string, ok bool) {
	arg = strings.TrimSpace(arg)
	if arg == "" {
		return "", false
	}
	name, rest := firstName(arg)
	if strings.HasPrefix(strings.TrimSpace(rest), "=") {
		return "", false
	}
	return name, name != ""
}

// firstName cuts the first name, quoted or not, off a text.
func firstName(s string) (name, rest string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", ""
	}
	end := len(s)
	switch q := s[0]; q {
	case '"', '\'', '`', '[':
		if q == '[' {
			q = ']'
		}
		for i := 1; i < len(s); i++ {
			if s[i] != q {
				continue
			}
			if q != ']' && i+1 < len(s) && s[i+1] == q {
				i++
				continue
			}
			end = i + 1
			break
		}
	default:
		if i := strings.IndexAny(s, " \t\r\n=("); i >= 0 {
			end = i
		}
	}
	return dequote(s[:end]), s[end:]
}

// dequote takes the quotes off a name, as the engine does.
func dequote(s string) string {
	if len(s) < 2 {
		return s
	}
	q := s[0]
	switch q {
	case '[':
		return strings.TrimSuffix(s[1:], "]")
	case '"', '\'', '`':
		body := strings.TrimSuffix(s[1:], string(q))
		return strings.ReplaceAll(body, string([]byte{q, q}), string(q))
	}
	return s
}
