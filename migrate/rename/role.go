package rename

import (
	"regexp"
	"strings"
)

// Role is a definition of a key, an index or a check with a column's name replaced by a mark and the names of other changed columns by
// another, so that the definitions of two columns compare. ok is false where the definition does not name the column. What
// stands before the first bracket, or the word USING, names the thing itself and is left out.
func Role(definition, column string, changed []string) (role string, ok bool) {
	if at := strings.Index(definition, " USING "); at >= 0 {
		kind := ""
		if strings.Contains(definition[:at], "UNIQUE") {
			kind = "UNIQUE"
		}
		definition = kind + definition[at:]
	} else if _, rest, named := strings.Cut(definition, ": "); named {
		definition = rest
	}
	out := name.ReplaceAllStringFunc(definition, func(word string) string {
		switch bare := strings.Trim(word, "\"`"); {
		case bare == column:
			ok = true
			return "<this>"
		default:
			for _, c := range changed {
				if bare == c {
					return "<other>"
				}
			}
		}
		return word
	})
	return out, ok
}

var name = regexp.MustCompile("\"[^\"]+\"|`[^`]+`|[A-Za-z_][A-Za-z0-9_$]*")
