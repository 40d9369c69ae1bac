package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// headers are what the library's files say.
type headers struct {
	tags    map[string]int            // T_Name, by name
	structs map[string][]member       // by name
	enums   map[string]map[string]int // the values of an enum's names
	numbers map[string]map[string]int // the protobuf form's, by the enum and its names
	written map[string][]output       // what is written of a struct, in order
	nodes   map[string]string         // the alternative of the message Node that a struct stands under
}

// member is a member of a struct.
type member struct{ typ, name string }

// output is a line such as WRITE_LIST_FIELD(target_list, targetList, targetList).
type output struct {
	kind       string // LIST
	arguments  []string
	name, into string // of the member, and of the message's field
}

var (
	comment   = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
	attribute = regexp.MustCompile(`pg_node_attr\((?:[^()]|\([^()]*\))*\)`)
	tag       = regexp.MustCompile(`T_(\w+) = (\d+)`)
	structOf  = regexp.MustCompile(`(?s)(?:typedef\s+)?struct\s+(\w+)\s*\{(.*?)\}`)
	memberOf  = regexp.MustCompile(`^(.*?[\s*])(\w+)$`)
	enumOf    = regexp.MustCompile(`(?s)typedef enum(?:\s+\w+)?\s*\{(.*?)\}\s*(\w+)\s*;`)
	numberOf  = regexp.MustCompile(`(?s)_enumToInt(\w+)\(\w+ value\) \{(.*?)\n\}`)
	caseOf    = regexp.MustCompile(`case (\w+): return (\d+);`)
	writes    = regexp.MustCompile(`(?s)\n_out\w+\(OUT_TYPE\(\w+, \w+\) out, const (\w+) \*node\)\n\{(.*?)\n\}`)
	write     = regexp.MustCompile(`WRITE_(\w+)_FIELD\(([^)]*)\);`)
	node      = regexp.MustCompile(`case T_(\w+):\s*OUT_NODE\(([^)]*)\);`)
)

func readHeaders(module string) (*headers, error) {
	include := filepath.Join(module, "parser", "include")
	text := map[string]string{}
	for _, name := range []string{
		"postgres/nodes/nodetags.h", "postgres/nodes/nodes.h", "postgres/nodes/value.h", "postgres/nodes/lockoptions.h", "postgres/nodes/primnodes.h",
		"postgres/nodes/parsenodes.h", "pg_query_outfuncs_defs.c", "pg_query_outfuncs_conds.c", "pg_query_enum_defs.c",
	} {
		b, err := os.ReadFile(filepath.Join(include, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		text[filepath.Base(name)] = attribute.ReplaceAllString(comment.ReplaceAllString(string(b), ""), "")
	}
	h := &headers{
		tags: map[string]int{}, structs: map[string][]member{}, enums: map[string]map[string]int{},
		numbers: map[string]map[string]int{}, written: map[string][]output{}, nodes: map[string]string{},
	}
	for _, m := range tag.FindAllStringSubmatch(text["nodetags.h"], -1) {
		h.tags[m[1]], _ = strconv.Atoi(m[2])
	}
	for _, name := range []string{"nodes.h", "value.h", "lockoptions.h", "primnodes.h", "parsenodes.h"} {
		for _, m := range structOf.FindAllStringSubmatch(text[name], -1) {
			h.structs[m[1]] = members(m[2])
		}
		for _, m := range enumOf.FindAllStringSubmatch(text[name], -1) {
			h.enums[m[2]] = values(m[1])
		}
	}
	for _, m := range numberOf.FindAllStringSubmatch(text["pg_query_enum_defs.c"], -1) {
		h.numbers[m[1]] = map[string]int{}
		for _, c := range caseOf.FindAllStringSubmatch(m[2], -1) {
			h.numbers[m[1]][c[1]], _ = strconv.Atoi(c[2])
		}
	}
	for _, m := range writes.FindAllStringSubmatch(text["pg_query_outfuncs_defs.c"], -1) {
		for _, w := range write.FindAllStringSubmatch(m[2], -1) {
			a := strings.Split(strings.ReplaceAll(w[2], " ", ""), ",")
			h.written[m[1]] = append(h.written[m[1]], output{kind: w[1], arguments: a, name: a[len(a)-1], into: a[len(a)-3]})
		}
	}
	for _, m := range node.FindAllStringSubmatch(text["pg_query_outfuncs_conds.c"], -1) {
		a := strings.Split(strings.ReplaceAll(m[2], " ", ""), ",")
		h.nodes[m[1]] = strings.TrimSuffix(a[len(a)-1], "_") // float_ is no word of C
	}
	// The functions of values are written by hand.
	for name, member := range map[string]output{
		"String": {kind: "STRING", name: "sval", into: "sval"}, "Integer": {kind: "INT", name: "ival", into: "ival"},
		"Float": {kind: "STRING", name: "fval", into: "fval"}, "Boolean": {kind: "BOOL", name: "boolval", into: "boolval"},
		"BitString": {kind: "STRING", name: "bsval", into: "bsval"},
	} {
		h.written[name] = []output{member}
	}
	return h, nil
}

// members reads the inside of a struct.
func members(text string) (list []member) {
	for line := range strings.SplitSeq(text, ";") {
		line = strings.Join(strings.Fields(line), " ")
		if m := memberOf.FindStringSubmatch(line); m != nil {
			list = append(list, member{strings.ReplaceAll(m[1], " ", ""), m[2]})
		} else if line != "" {
			list = append(list, member{line, ""})
		}
	}
	return list
}

// values reads the inside of an enum.
func values(text string) map[string]int {
	v, next := map[string]int{}, 0
	for line := range strings.SplitSeq(text, ",") {
		name, value, given := strings.Cut(strings.Join(strings.Fields(line), ""), "=")
		if name == "" {
			continue
		}
		if given {
			n, err := strconv.Atoi(value)
			if err != nil {
				return nil
			}
			next = n
		}
		v[name] = next
		next++
	}
	return v
}

// fieldOf is the field of the message Node that a struct stands under.
func (h *headers) fieldOf(name string) (protoreflect.FieldDescriptor, error) {
	f := new(pg.Node).ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(h.nodes[name]))
	if f == nil || f.Number() > 255 {
		return nil, fmt.Errorf("%s: it is no alternative of Node that a byte can name", name)
	}
	return f, nil
}
