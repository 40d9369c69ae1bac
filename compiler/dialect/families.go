package dialect

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/types"
)

// Families say which types are kinds of one thing: numbers, texts, moments. A value of one family
// is none of another, whatever some driver converts on its way.
type Families struct {
	// of gives types their family, by name or as declared.
	of map[string]string
	// holds gives for a family the others that its values may also be taken as.
	holds map[string][]string
}

// integer is the family that values with decimals are never of, though some numbers are.
const integer = "integer"

// MakeFamilies makes them of lines "family: types > families that its values may be taken as".
// A blank inside a type's name is written as _.
func MakeFamilies(lines string) Families {
	f := Families{of: map[string]string{}, holds: map[string][]string{}}
	for line := range strings.Lines(lines) {
		family, rest, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		names, holds, _ := strings.Cut(rest, ">")
		for _, n := range strings.Fields(names) {
			f.of[strings.ReplaceAll(n, "_", " ")] = family
		}
		f.holds[family] = strings.Fields(holds)
	}
	return f
}

// Apart tells that no value of the type sent is one of the type said. A type as declared counts
// before its own name. Of the types of users and extensions, enums aside, nothing is known.
func (f Families) Apart(sent types.Type, sentDeclared string, said types.Type, saidDeclared string) bool {
	from, to := f.family(sent, sentDeclared), f.family(said, saidDeclared)
	if from == "" || to == "" {
		return false
	}
	if sent.IsArray() != said.IsArray() {
		return true
	}
	switch {
	case from == to:
		return false
	case to == integer && sent.Scale > 0:
		return true
	}
	for _, h := range f.holds[from] {
		if h == to {
			return sent.IsArray()
		}
	}
	return true
}

func (f Families) family(t types.Type, declared string) string {
	if t.Kind == types.Enum {
		return f.of["enum"]
	}
	if !t.Known() || t.Schema != "" || t.Kind != types.Base {
		return ""
	}
	for _, name := range [...]string{declared, t.Name} {
		name, _, _ = strings.Cut(strings.ToLower(name), "(")
		if family := f.of[strings.TrimSpace(name)]; family != "" {
			return family
		}
	}
	return ""
}
