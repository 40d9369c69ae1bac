// Package fingerprint writes down what a database's own catalogs say of a schema: every object, by the name people give
// it, with all that the server stores of it but what differs from database to database (oids, positions, statistics). It
// knows nothing of compiler/catalog, and that is its use: where a migration is right by the model and the prints differ,
// the model lacks something, and it is told instead of being taken for "in sync".
package fingerprint

import (
	"maps"
	"slices"
)

// Print is a schema: each object's canonical text, by the object's kind and name ("table public.users"). Two databases of
// one server version have equal prints exactly when their schemas are equal but for the order of tables' columns.
type Print map[string]string

// Difference is an object that two prints tell differently.
type Difference struct {
	Object string
	// A and B are its texts, "" where the object is not there.
	A, B string
}

// Compare lists what differs between two prints, by object.
func Compare(a, b Print) []Difference {
	var out []Difference
	for _, object := range slices.Sorted(maps.Keys(a)) {
		if b[object] != a[object] {
			out = append(out, Difference{object, a[object], b[object]})
		}
	}
	for _, object := range slices.Sorted(maps.Keys(b)) {
		if _, known := a[object]; !known {
			out = append(out, Difference{object, "", b[object]})
		}
	}
	slices.SortFunc(out, func(x, y Difference) int {
		if x.Object < y.Object {
			return -1
		}
		return 1
	})
	return out
}
