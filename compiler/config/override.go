package config

import (
	"go/token"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler/diag"
)

// overrides reads a list of overrides behind those that are there.
func (d *decoder) overrides(to *[]Override) setter {
	return d.each("overrides", func(n *yaml.Node) {
		o := Override{Span: d.span(n)}
		deprecated := func(old, now string, set setter) setter {
			return func(n *yaml.Node) {
				dg := diag.New(diag.ConfigInvalid, d.span(n), "the key %q is deprecated", old).WithHelp("write %q", now)
				dg.Severity = diag.Warning
				d.diags.Add(dg)
				set(n)
			}
		}
		keys := fields{
			"go_type":       func(n *yaml.Node) { o.GoType = d.goType(n) },
			"go_struct_tag": d.structTag(&o.GoStructTag),
			"db_type":       d.str(&o.DBType),
			"postgres_type": deprecated("postgres_type", "db_type", d.str(&o.DBType)),
			"engine":        d.engine(&o.Engine),
			"nullable":      d.boolean(&o.Nullable),
			"null":          deprecated("null", "nullable", d.boolean(&o.Nullable)),
			"unsigned":      d.boolean(&o.Unsigned),
			"column":        d.str(&o.Column),
		}
		if d.own {
			keys["json"] = d.boolean(&o.JSON)
		}
		given := d.mapping(n, "an override", keys)
		if follow(n).Kind != yaml.MappingNode {
			return
		}
		if o.JSON && o.GoType == (GoType{}) {
			d.errorAt(d.span(given["json"]), "json says how a go_type is read, and there is none")
		}
		switch {
		case o.Column != "" && o.DBType != "":
			d.errorAt(d.span(given["column"]), "an override has either column or db_type, not both")
		case o.Column == "" && o.DBType == "":
			d.errorAt(o.Span, "an override needs column or db_type")
		case o.Column != "":
			if n := strings.Count(o.Column, "."); n < 1 || n > 3 {
				d.diags.Add(diag.New(diag.ConfigInvalid, d.span(given["column"]), "%q does not name a column", o.Column).
					WithHelp("write table.column or schema.table.column"))
			}
		}
		*to = append(*to, o)
	})
}

// structTag reads `key:"value" key:"value"`.
func (d *decoder) structTag(to *string) setter {
	return func(n *yaml.Node) {
		d.str(to)(n)
		for rest := strings.TrimSpace(*to); rest != ""; rest = strings.TrimLeft(rest, " ") {
			name, value, ok := strings.Cut(rest, `:"`)
			end := -1
			for i := 0; ok && i < len(value); i++ {
				if value[i] == '\\' {
					i++
				} else if value[i] == '"' {
					end = i
					break
				}
			}
			if !ok || name == "" || strings.ContainsAny(name, ` "`) || end < 0 {
				d.diags.Add(diag.New(diag.ConfigInvalid, d.span(n), "%q is not a Go struct tag", *to).
					WithHelp(`a tag is written key:"value", several with spaces between them`))
				return
			}
			rest = value[end+1:]
		}
	}
}

// goType reads a Go type: a text, or a mapping with import, package, type, pointer, slice.
func (d *decoder) goType(n *yaml.Node) GoType {
	var t GoType
	if follow(n).Kind == yaml.ScalarNode {
		d.str(&t.Spec)(n)
		if t.Spec != "" && !validGoSpec(t.Spec) {
			d.diags.Add(diag.New(diag.ConfigInvalid, d.span(n), "%q is not a Go type that can be imported", t.Spec).
				WithHelp("write a basic type (string), or the import path, a dot and the type (github.com/google/uuid.UUID)"))
		}
		return t
	}
	given := d.mapping(n, "go_type", fields{
		"import":  d.str(&t.Import),
		"package": d.str(&t.Package),
		"type":    d.str(&t.Type),
		"pointer": d.boolean(&t.Pointer),
		"slice":   d.boolean(&t.Slice),
		// sqlc reads this one too: the text form inside the mapping.
		"spec": d.str(&t.Spec),
	})
	switch {
	case t.Package != "" && t.Import == "":
		d.errorAt(d.span(given["package"]), "a go_type with a package needs its import path")
	case t.Import != "" && t.Type == "":
		d.errorAt(d.span(given["import"]), "a go_type with an import needs its type")
	}
	return t
}

var basicTypes = map[string]bool{
	"bool": true, "string": true, "byte": true, "rune": true, "error": true, "any": true, "uintptr": true,
	"int": true, "int8": true, "int16": true, "int32": true, "int64": true,
	"uint": true, "uint8": true, "uint16": true, "uint32": true, "uint64": true,
	"float32": true, "float64": true, "complex64": true, "complex128": true,
	"interface{}": true, "struct{}": true,
}

// validGoSpec tells whether a text names a Go type: [], * and map[K] in front of a basic
// type or of path.Type.
func validGoSpec(s string) bool {
	for {
		switch {
		case strings.HasPrefix(s, "*"):
			s = s[1:]
			continue
		case strings.HasPrefix(s, "[]"):
			s = s[2:]
			continue
		case strings.HasPrefix(s, "map["):
			key, value, ok := strings.Cut(s[len("map["):], "]")
			if !ok || !validGoSpec(key) {
				return false
			}
			s = value
			continue
		}
		break
	}
	if basicTypes[s] {
		return true
	}
	name := s
	if i := strings.IndexByte(s, '['); i >= 0 && strings.HasSuffix(s, "]") {
		name = s[:i]
	}
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 {
		return false
	}
	path := name[:dot]
	return token.IsIdentifier(name[dot+1:]) && !strings.ContainsAny(path, " \t\"`\\") && !strings.HasSuffix(path, "/")
}
