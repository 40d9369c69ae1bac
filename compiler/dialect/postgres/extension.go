package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// extension is what CREATE EXTENSION puts into a schema. Its operators, casts and relations
// are known by its name alone.
func extension(name string) ([]*catalog.TypeDef, []*catalog.Function, bool) {
	l := extensionLibrary(name)
	if l == nil {
		return nil, nil, bareExtensions[name]
	}
	var defs []*catalog.TypeDef
	for _, t := range sortedKeys(l.types) {
		defs = append(defs, l.define(t))
	}
	var functions []*catalog.Function
	for _, f := range sortedKeys(l.functions) {
		for _, known := range l.functionsOf(f) {
			own := *known // the caller sets the schema
			functions = append(functions, &own)
		}
	}
	return defs, functions, true
}

func (l *library) define(name string) *catalog.TypeDef {
	info := l.types[name]
	d := &catalog.TypeDef{Name: name, Kind: types.Base, Extension: l.extension}
	switch info.kind {
	case "domain":
		d.Kind, d.Base = types.Domain, dataType(info.detail[0])
	case "range", "multirange":
		d.Kind, d.Subtype, d.Multirange = types.Range, dataType(info.detail[0]), info.kind == "multirange"
	case "composite":
		d.Kind = types.Composite
		for _, c := range info.detail {
			column, t, _ := strings.Cut(c, ":")
			d.Columns = append(d.Columns, &catalog.Column{Name: column, Type: dataType(t)})
		}
	}
	return d
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// bareExtensions are known to bring nothing that a query could name, or only what a
// database's owner calls.
var bareExtensions = map[string]bool{
	"adminpack": true, "amcheck": true, "auto_explain": true, "autoinc": true, "bloom": true, "dict_int": true, "dict_xsyn": true,
	"file_fdw": true, "hypopg": true, "insert_username": true, "intagg": true, "old_snapshot": true, "pageinspect": true,
	"pg_cron": true, "pg_freespacemap": true, "pg_partman": true, "pg_prewarm": true, "pg_repack": true, "pg_surgery": true,
	"pg_visibility": true, "pg_walinspect": true, "pgaudit": true, "plperl": true, "plpython3u": true, "pltcl": true,
	"refint": true, "sslinfo": true, "tcn": true, "timescaledb": true,
}
