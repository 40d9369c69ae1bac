package sqlite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/types"
)

// The types of SQLite: the storage classes, NUMERIC, and any for what the engine gives no
// type. The type of a bare NULL is any as well, but gives way to every other.
var (
	integer  = types.Type{Name: "INTEGER"}
	real     = types.Type{Name: "REAL"}
	text     = types.Type{Name: "TEXT"}
	blob     = types.Type{Name: "BLOB"}
	numeric  = types.Type{Name: "NUMERIC"}
	anyType  = types.Type{Name: anyName, Kind: types.Pseudo}
	nullType = types.Type{Name: anyName, Kind: types.Unknown}
	// mixedType is any too: that of a value which is a parameter or one of several others that
	// have no type in common. The parameter may still get its type from where the value goes.
	mixedType = types.Type{Name: anyName, Kind: types.Unknown, Length: -1}
)

const anyName = "any"

// Affinity is the type of a column by the text of its declared type: section 3.1 of
// https://www.sqlite.org/datatype3.html, in the order of its rules. ANY, the type of STRICT
// tables, has no affinity. An empty declaration is any too: such a column keeps what it is
// given.
func Affinity(declared string) types.Type {
	d := strings.ToUpper(strings.TrimSpace(declared))
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(d, p) {
				return true
			}
		}
		return false
	}
	switch {
	case d == "" || d == "ANY":
		return anyType
	case has("INT"):
		return integer
	case has("CHAR", "CLOB", "TEXT"):
		return text
	case has("BLOB"):
		return blob
	case has("REAL", "FLOA", "DOUB"):
		return real
	}
	return numeric
}
