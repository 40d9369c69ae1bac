package postgres

import (
	"slices"
	"strings"
)

// defaultsFor are the kinds of objects that default privileges are given to when they are made, by the word of ALTER DEFAULT PRIVILEGES.
var defaultsFor = map[string][]string{
	"TABLES": {"table", "view", "materialized view"}, "SEQUENCES": {"sequence", "column", "table"}, "FUNCTIONS": {"function", "procedure", "aggregate"},
	"TYPES": {"type", "domain"}, "SCHEMAS": {"schema"},
}

// suspendDefaults takes default privileges away before objects are made to which they would be given, and gives them again at the end: the rights
// that the wanted schema has are told object by object.
func (d *differ) suspendDefaults() {
	for _, x := range d.ids {
		e := d.entries[x]
		if x.Kind != "default privileges" || e.from == nil || e.to == nil || e.change.replace {
			continue
		}
		_, on, _ := strings.Cut(x.Name[strings.LastIndex(x.Name, " on "):], " on ")
		word, _, _ := strings.Cut(on, " ")
		e.change.replace = slices.ContainsFunc(d.ids, func(y id) bool { return slices.Contains(defaultsFor[word], y.Kind) && d.makes(y) })
	}
}

// makes tells whether the plan makes an object, or another under its name.
func (d *differ) makes(x id) bool {
	e := d.entries[x]
	return e.created() || e.altered() && e.change.finish != nil
}
