package postgres

import (
	"strings"
)

// quote writes an identifier.
func (d *differ) quote(name string) string {
	if d.o.Quote != nil {
		return d.o.Quote(name)
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// name writes an object's name, with its schema unless that is the default one.
func (d *differ) name(schema, name string) string {
	if schema == "" || schema == d.to.DefaultSchema {
		return d.quote(name)
	}
	return d.quote(schema) + "." + d.quote(name)
}

// names writes identifiers, with commas.
func (d *differ) names(list []string) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = d.quote(n)
	}
	return strings.Join(out, ", ")
}

// literal writes a text. Backslashes mean themselves, whatever standard_conforming_strings says.
func literal(s string) string {
	quoted := "'" + strings.ReplaceAll(s, "'", "''") + "'"
	if strings.Contains(s, `\`) {
		return " E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}
