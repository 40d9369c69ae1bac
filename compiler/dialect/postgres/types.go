package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// The pseudo-types that resolution speaks of.
var (
	unknownType = types.Type{Name: "unknown", Kind: types.Unknown}
	textType    = types.Type{Name: "text"}
	boolType    = types.Type{Name: "bool"}
	int4Type    = types.Type{Name: "int4"}
	int8Type    = types.Type{Name: "int8"}
	numericType = types.Type{Name: "numeric"}
	recordType  = types.Type{Name: "record", Kind: types.Pseudo}
	nameType    = types.Type{Name: "name"}
	xmlType     = types.Type{Name: "xml"}
	jsonType    = types.Type{Name: "json"}
	jsonbType   = types.Type{Name: "jsonb"}
)

// The type categories of pg_type.typcategory that the rules name.
const (
	categoryArray     = 'A'
	categoryBool      = 'B'
	categoryComposite = 'C'
	categoryEnum      = 'E'
	categoryPseudo    = 'P'
	categoryRange     = 'R'
	categoryString    = 'S'
	categoryUser      = 'U'
	categoryUnknown   = 'X'
)

// typeInfo is what resolution has to know of a built-in type or one of an extension.
type typeInfo struct {
	category  byte
	preferred bool
	kind      string // base, domain, range, multirange, pseudo, composite, enum
	// detail: a domain's base; a range's subtype and its multirange; a multirange's subtype
	// and range; the element of a fixed array (point, oidvector); a composite's columns.
	detail []string
}

func readTypes(text string) map[string]*typeInfo {
	out := make(map[string]*typeInfo, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 3 {
			continue
		}
		out[f[0]] = &typeInfo{category: f[1][0], preferred: len(f[1]) > 1, kind: f[2], detail: f[3:]}
	}
	return out
}

// aliases are the SQL spellings of type names that the parser does not canonicalise, because
// they reach resolution from outside of SQL; and the serial types, which are no types.
var aliases = map[string]string{
	"int": "int4", "integer": "int4", "bigint": "int8", "smallint": "int2", "real": "float4",
	"float": "float8", "double precision": "float8", "boolean": "bool", "decimal": "numeric", "dec": "numeric",
	"character varying": "varchar", "character": "bpchar", "bit varying": "varbit", "string": "text",
	"timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
	"time without time zone": "time", "time with time zone": "timetz",
	"smallserial": "int2", "serial2": "int2", "serial": "int4", "serial4": "int4", "bigserial": "int8", "serial8": "int8",
}

// modified are the types whose numbers in parentheses are a length or precision and scale.
var modified = map[string]bool{
	"bpchar": true, "varchar": true, "bit": true, "varbit": true, "numeric": true, "time": true, "timetz": true,
	"timestamp": true, "timestamptz": true, "vector": true, "halfvec": true, "sparsevec": true,
}

// resolveType finds the type that a name stands for: built in, of an extension, the user's,
// or a table's row type. The zero Type means that there is none.
func resolveType(t ir.TypeName, in *catalog.Snapshot) types.Type {
	if t.PercentType {
		return columnType(t, in)
	}
	found := namedType(t.Name.Schema(), t.Name.Last(), in)
	if !found.Known() {
		return found
	}
	if modified[found.Name] && found.Schema == "" {
		if len(t.Mods) > 0 {
			found.Length = t.Mods[0]
		}
		if len(t.Mods) > 1 {
			found.Scale = t.Mods[1]
		}
	}
	if t.Dims > 0 {
		found.Dims = t.Dims
	}
	return found
}

func columnType(t ir.TypeName, in *catalog.Snapshot) types.Type {
	p := t.Name.Parts
	if len(p) < 2 {
		return types.Type{}
	}
	schema := ""
	if len(p) > 2 {
		schema = p[len(p)-3].Name
	}
	if table := in.Table(schema, p[len(p)-2].Name); table != nil {
		if c := table.Column(p[len(p)-1].Name, false); c != nil {
			found := c.Type
			if t.Dims > 0 {
				found.Dims = t.Dims
			}
			return found
		}
	}
	return types.Type{}
}

func namedType(schema, name string, in *catalog.Snapshot) types.Type {
	if schema == "information_schema" {
		if info := builtIn().types["information_schema."+name]; info != nil {
			return dataType(info.detail[0])
		}
	}
	if schema == "" || schema == "pg_catalog" {
		if to, ok := aliases[name]; ok {
			name = to
		}
		if info := builtIn().types[name]; info != nil {
			return dataType(name)
		}
		if strings.HasPrefix(name, "_") && builtIn().types[name[1:]] != nil {
			return dataType(name[1:]).Array()
		}
	}
	if in == nil {
		return types.Type{}
	}
	if d := in.Type(schema, name); d != nil {
		return definedType(d)
	}
	if table := in.Table(schema, name); table != nil {
		return types.Type{Schema: table.Schema, Name: table.Name, Kind: types.Composite}
	}
	if rest, ok := strings.CutPrefix(name, "_"); ok && rest != "" {
		if elem := namedType(schema, rest, in); elem.Known() && elem.Dims == 0 {
			return elem.Array()
		}
	}
	return types.Type{}
}

// definedType is the type that a definition stands for. An extension's types bear no schema,
// wherever the extension was put.
func definedType(d *catalog.TypeDef) types.Type {
	t := d.Type()
	if d.Extension != "" {
		t.Schema = ""
	}
	return t
}

// dataType reads a type as the data spells it: int4, text[].
func dataType(s string) types.Type {
	name, array := strings.CutSuffix(s, "[]")
	t := types.Type{Name: name}
	if info := builtIn().types[name]; info != nil {
		switch info.kind {
		case "pseudo":
			t.Kind = types.Pseudo
			if name == "unknown" {
				t.Kind = types.Unknown
			}
		case "range", "multirange":
			t.Kind = types.Range
		case "domain":
			return dataType(info.detail[0])
		}
	}
	if array {
		t.Dims = 1
	}
	return t
}

// info is what is known of a type without a schema.
func (s *semantics) info(t types.Type) *typeInfo {
	if t.Schema != "" {
		return nil
	}
	if i := builtIn().types[t.Name]; i != nil {
		return i
	}
	for _, l := range s.extensions {
		if i := l.types[t.Name]; i != nil {
			return i
		}
	}
	return nil
}

// category is pg_type.typcategory and typispreferred.
func (s *semantics) category(t types.Type) (category byte, preferred bool) {
	t = s.Base(t)
	if t.IsArray() {
		return categoryArray, false
	}
	if i := s.info(t); i != nil {
		return i.category, i.preferred
	}
	switch t.Kind {
	case types.Enum:
		return categoryEnum, false
	case types.Composite:
		return categoryComposite, false
	case types.Range:
		return categoryRange, false
	case types.Pseudo:
		return categoryPseudo, false
	case types.Unknown:
		return categoryUnknown, false
	}
	return categoryUser, false
}

// definition finds the definition of a type that is not built in.
func (s *semantics) definition(t types.Type) *catalog.TypeDef {
	if s.in == nil || t.Dims > 0 || t.Schema == "" && builtIn().types[t.Name] != nil {
		return nil
	}
	return s.in.Type(t.Schema, t.Name)
}

// Base strips domains; an array of a domain stays what it is.
func (s *semantics) Base(t types.Type) types.Type {
	for depth := 0; t.Kind == types.Domain && t.Dims == 0 && depth < 32; depth++ {
		d := s.definition(t)
		if d == nil || !d.Base.Known() {
			return t
		}
		t = d.Base.Plain()
	}
	return t
}

// Fields are the columns of a composite type or of a table's row.
func (s *semantics) Fields(t types.Type) []*catalog.Column {
	t = s.Base(t)
	if t.Dims > 0 || t.Kind != types.Composite {
		return nil
	}
	if d := s.definition(t); d != nil {
		return d.Columns
	}
	if table := s.in.Table(t.Schema, t.Name); table != nil {
		return table.Columns
	}
	return nil
}

// rangeOf tells a range's or multirange's subtype and its counterpart of the other form.
func (s *semantics) rangeOf(t types.Type) (sub, other types.Type, multi, ok bool) {
	t = s.Base(t)
	if t.Kind != types.Range || t.Dims > 0 {
		return sub, other, false, false
	}
	if i := s.info(t); i != nil && len(i.detail) == 2 {
		return dataType(i.detail[0]), dataType(i.detail[1]), i.kind == "multirange", true
	}
	d := s.definition(t)
	if d == nil {
		return sub, other, false, false
	}
	if sc := s.in.Schema(d.Schema); sc != nil {
		for _, o := range sc.Types {
			if o.Kind == types.Range && o.Multirange != d.Multirange && o.Subtype.Same(d.Subtype) && multirangeName(d, o) {
				other = o.Type()
			}
		}
	}
	return d.Subtype.Plain(), other, d.Multirange, true
}

// multirangeName tells whether two types bear the names of a range and the multirange that
// the server makes beside it, or are the only pair.
func multirangeName(a, b *catalog.TypeDef) bool {
	if a.Multirange {
		a, b = b, a
	}
	if strings.Contains(a.Name, "range") {
		return b.Name == strings.Replace(a.Name, "range", "multirange", 1)
	}
	return b.Name == a.Name+"_multirange"
}
