package postgres

import (
	"embed"
	"strings"
	"sync"
)

// The data was extracted from a server by internal/gen/pgdata, except later.txt (what came
// after the server's version), extensions/vector.txt and nulls.txt (which functions can return
// NULL), which are kept by hand.
//
//go:embed data
var dataFiles embed.FS

func dataFile(name string) string {
	b, err := dataFiles.ReadFile("data/" + name)
	if err != nil { // an extension that the data does not have
		return ""
	}
	return string(b)
}

// index finds the lines of a text by their key without reading the rest of each line.
// Lines of one key stand together.
type index map[string]string

func makeIndex(text string, separator byte) index {
	ix := make(index, strings.Count(text, "\n"))
	var key string
	start := 0
	for at := 0; at < len(text); {
		end := at + strings.IndexByte(text[at:], '\n')
		if end < at {
			end = len(text)
		}
		if k := text[at : at+max(strings.IndexByte(text[at:end], separator), 0)]; k != key {
			if key != "" {
				ix[key] = text[start:at]
			}
			key, start = k, at
		}
		at = end + 1
	}
	if key != "" {
		ix[key] = text[start:]
	}
	return ix
}

// lines gives the lines under a key.
func (ix index) lines(key string) []string {
	block, ok := ix[key]
	if !ok {
		return nil
	}
	return strings.Split(strings.TrimSuffix(block, "\n"), "\n")
}

// library is a body of types, functions, operators, casts and relations: what is built in,
// or what one extension brings. It reads an entry when it is first asked for.
type library struct {
	extension string // "" for what is built in
	requires  []string
	functions index
	operators index
	relations index // by qualified name
	types     map[string]*typeInfo
	casts     map[[2]string]castRule

	parsedFunctions sync.Map // name → []*catalog.Function
	parsedOperators sync.Map // name → []operator
	parsedRelations sync.Map // name → *catalog.Table
}

var builtIn = sync.OnceValue(func() *library {
	return &library{
		functions: makeIndex(dataFile("functions.txt"), '('),
		operators: makeIndex(dataFile("operators.txt"), ' '),
		relations: makeIndex(dataFile("relations.txt"), ' '),
		types:     readTypes(dataFile("types.txt")),
		casts:     readCasts(dataFile("casts.txt")),
	}
})

// later holds the functions of releases after the one that the data was taken from.
var later = sync.OnceValue(func() *library {
	return &library{functions: makeIndex(dataFile("later.txt"), '(')}
})

var extensions sync.Map // name → *library, nil where there is no such extension

// extensionLibrary is what an extension brings, nil where it is not known.
func extensionLibrary(name string) *library {
	if name == "" {
		return nil
	}
	if l, ok := extensions.Load(name); ok {
		return l.(*library)
	}
	l, _ := extensions.LoadOrStore(name, readExtension(name))
	return l.(*library)
}

func readExtension(name string) *library {
	if strings.ContainsAny(name, "/\\.") {
		return nil
	}
	if _, err := dataFiles.ReadFile("data/extensions/" + name + ".txt"); err != nil {
		return nil
	}
	part := map[string]*strings.Builder{}
	l := &library{extension: name}
	for line := range strings.Lines(dataFile("extensions/" + name + ".txt")) {
		kind, rest, _ := strings.Cut(line, " ")
		if kind == "requires" {
			l.requires = append(l.requires, strings.TrimSpace(rest))
			continue
		}
		if part[kind] == nil {
			part[kind] = &strings.Builder{}
		}
		part[kind].WriteString(rest)
	}
	text := func(kind string) string {
		if b := part[kind]; b != nil {
			return b.String()
		}
		return ""
	}
	l.functions = makeIndex(text("function"), '(')
	l.operators = makeIndex(text("operator"), ' ')
	l.relations = makeIndex(text("relation"), ' ')
	l.types = readTypes(text("type"))
	l.casts = readCasts(text("cast"))
	return l
}
