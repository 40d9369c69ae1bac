package access

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/rel"
)

// Create is the statement that makes an index over columns or expressions of a table; using is "" for an ordered one.
func (a *Access) Create(using string, parts ...string) string {
	return CreateOn(a.Query.Package.Dialect, a.Table, using, parts...)
}

// CreateOn is Create for a table that no query may read. parts are written as they are.
func CreateOn(d interface{ Quote(string) string }, t *catalog.Table, using string, parts ...string) string {
	name := d.Quote(t.Name)
	if t.Schema != "" && t.Schema != "public" && t.Schema != "main" {
		name = d.Quote(t.Schema) + "." + name
	}
	if using != "" {
		name += " USING " + using
	}
	words := []string{t.Name}
	for _, p := range parts {
		words = append(words, word(p))
	}
	return "CREATE INDEX " + d.Quote(strings.Join(append(words, "idx"), "_")) + " ON " + name + " (" + strings.Join(parts, ", ") + ")"
}

// word is what of an index part goes into the index's name.
func word(part string) string {
	fields := strings.FieldsFunc(fold(part), func(r rune) bool { return !(r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9') })
	if len(fields) > 2 {
		fields = fields[:2]
	}
	return strings.Join(fields, "_")
}

// Columns counts the columns that the condition's key reads.
func (c *Cond) Columns(a *Access) int {
	if c.Key == nil {
		return 1
	}
	n := 0
	a.Query.Value(c.Key).Uses.Each(func(rel.ColID) { n++ })
	return n
}
