package rule

import "strings"

// Kind is a kind of rules: those whose codes begin alike.
type Kind struct{ Prefix, Title string }

// Kinds are the kinds in the order of their codes.
var Kinds = []Kind{
	{"CV41", "Correctness"},
	{"CV42", "Order and pages"},
	{"CV43", "Queries and the Go that calls them"},
	{"CV44", "Writes and locks"},
	{"CV45", "WITH"},
	{"CV46", "Readability"},
	{"CV47", "Schema"},
	{"CV48", "Security"},
	{"CV50", "Speed"},
	{"CV51", "Plans, with a database"},
	{"CV40", "What vet says of itself and of its rules in CEL"},
}

// KindOf is the kind of a code; false where it is of none.
func KindOf(id string) (Kind, bool) {
	for _, k := range Kinds {
		if strings.HasPrefix(id, k.Prefix) {
			return k, true
		}
	}
	return Kind{}, false
}
