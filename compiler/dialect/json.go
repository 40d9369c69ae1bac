package dialect

import "strings"

// JSONForm says what JSON a function builds of its arguments.
type JSONForm struct {
	Makes JSONMakes
	// Skips: what is NULL is left out.
	Skips bool
	// Form: it is a special form of the grammar, not the function of the same name.
	Form bool
}

// JSONMakes is a kind of JSON that a function builds.
type JSONMakes uint8

// The kinds of JSON that functions build.
const (
	JSONObject JSONMakes = iota // of keys and values by turns
	JSONList                    // of a value a row
	JSONMap                     // of a key and a value a row
	JSONItself                  // its only argument, as JSON
	JSONEmpty                   // a list, where it has no arguments
)

// MakeJSON reads a table: a kind, then the functions that build it, with - behind one that leaves NULLs out
// and () behind a special form.
func MakeJSON(table string) map[string]JSONForm {
	kinds := map[string]JSONMakes{"object": JSONObject, "list": JSONList, "map": JSONMap, "itself": JSONItself, "empty": JSONEmpty}
	out := map[string]JSONForm{}
	for line := range strings.Lines(table) {
		kind, names, _ := strings.Cut(strings.TrimSpace(line), ":")
		for name := range strings.FieldsSeq(names) {
			f := JSONForm{Makes: kinds[kind]}
			name, f.Form = strings.CutSuffix(name, "()")
			name, f.Skips = strings.CutSuffix(name, "-")
			out[name] = f
		}
	}
	return out
}
