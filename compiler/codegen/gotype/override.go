package gotype

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/config"
)

// Override is a rule of the configuration, ready to match.
type Override struct {
	DBType             string
	Nullable, Unsigned bool
	Type               Type // zero where the rule only adds tags
	Tags               []Tag
	column             bool
	catalog, schema    *regexp.Regexp // nil: the default
	table, name        *regexp.Regexp
}

// Tag is one key of a struct tag.
type Tag struct{ Key, Value string }

// ParseOverride reads a rule; the error says what is wrong with it in the user's words.
func ParseOverride(o config.Override, t Target) (Override, error) {
	out := Override{DBType: o.DBType, Nullable: o.Nullable, Unsigned: o.Unsigned}
	if o.Column != "" {
		if o.DBType != "" {
			return out, fmt.Errorf("an override names either a column or a db_type, this one both (%q and %q)", o.Column, o.DBType)
		}
		out.column = true
		parts := strings.Split(o.Column, ".")
		var res []*regexp.Regexp
		for _, p := range parts {
			res = append(res, pattern(p))
		}
		switch n := len(res); n {
		case 2, 3, 4:
			out.table, out.name = res[n-2], res[n-1]
			if n > 2 {
				out.schema = res[n-3]
			}
			if n > 3 {
				out.catalog = res[0]
			}
		default:
			return out, fmt.Errorf("override column %q must be table.column, schema.table.column or catalog.schema.table.column", o.Column)
		}
	} else if o.DBType == "" {
		return out, fmt.Errorf("an override must have a column or a db_type")
	}
	tags, err := parseTags(o.GoStructTag)
	if err != nil {
		return out, err
	}
	out.Tags = tags
	out.Type, err = parseGoType(o.GoType, t)
	out.Type.JSON = o.JSON
	return out, err
}

func pattern(p string) *regexp.Regexp {
	q := regexp.QuoteMeta(p)
	q = strings.ReplaceAll(q, `\*`, ".*")
	q = strings.ReplaceAll(q, `\?`, ".")
	return regexp.MustCompile("^(?:" + q + ")$")
}

// IsColumn tells whether the rule is about columns; the other kind is about types.
func (o *Override) IsColumn() bool { return o.column }

// MatchesColumn tells whether the rule is about this column of this table. schema is empty for the
// default one, whose name is def.
func (o *Override) MatchesColumn(schema, def, table, column string) bool {
	if !o.column || !o.name.MatchString(column) || !o.table.MatchString(table) {
		return false
	}
	if schema == "" {
		schema = def
	}
	if o.schema == nil {
		return schema == def
	}
	return o.schema.MatchString(schema) && (o.catalog == nil || o.catalog.MatchString(""))
}

// MatchesType tells whether the rule is about this database type.
func (o *Override) MatchesType(name string, notNull, unsigned bool) bool {
	return o.DBType != "" && o.DBType == name && o.Nullable != notNull && o.Unsigned == unsigned
}

// sameType are spellings of PostgreSQL's types that mean one.
var sameType = map[string]string{
	"integer": "int4", "int": "int4", "bigint": "int8", "smallint": "int2", "boolean": "bool", "real": "float4",
	"double precision": "float8", "float": "float8", "decimal": "numeric", "character varying": "varchar",
	"char": "bpchar", "character": "bpchar", "timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
	"time without time zone": "time", "time with time zone": "timetz", "bit varying": "varbit",
	"serial": "int4", "serial4": "int4", "bigserial": "int8", "serial8": "int8", "smallserial": "int2", "serial2": "int2",
}

// MatchesAnySpelling is MatchesType for whatever way the rule and the schema spell a type of
// PostgreSQL.
func (o *Override) MatchesAnySpelling(name string, notNull, unsigned bool) bool {
	return o.DBType != "" && spelling(o.DBType) == spelling(name) && o.Nullable != notNull && o.Unsigned == unsigned
}

func spelling(name string) string {
	name = strings.TrimPrefix(strings.ToLower(name), "pg_catalog.")
	if s, ok := sameType[name]; ok {
		return s
	}
	return name
}

func parseTags(s string) ([]Tag, error) {
	var out []Tag
	rest := strings.TrimSpace(s)
	for rest != "" {
		key, after, ok := strings.Cut(rest, `:"`)
		end := strings.Index(after, `"`)
		if !ok || key == "" || strings.ContainsAny(key, " \"") || end < 0 {
			return nil, fmt.Errorf("go_struct_tag %q is not of the form key:\"value\"", s)
		}
		out = append(out, Tag{key, after[:end]})
		rest = strings.TrimSpace(after[end+1:])
	}
	return out, nil
}

var (
	version = regexp.MustCompile(`^v[0-9]+$`)
	notWord = regexp.MustCompile(`[^a-zA-Z0-9_]`)
)

// qualifier is the name under which a package is used, and whether the import must say it.
func qualifier(path string) (name string, alias bool) {
	parts := strings.Split(path, "/")
	name = parts[len(parts)-1]
	if version.MatchString(name) && len(parts) > 1 {
		name, alias = parts[len(parts)-2], true
	}
	if notWord.MatchString(name) {
		name, alias = notWord.ReplaceAllString(name, "_"), true
	}
	return name, alias
}

func parseGoType(g config.GoType, t Target) (Type, error) {
	if g.Spec != "" {
		return parseSpec(g.Spec, t)
	}
	if g.Type == "" {
		if g.Import != "" || g.Package != "" {
			return Type{}, fmt.Errorf("go_type has an import but no type")
		}
		return Type{}, nil
	}
	if g.Import == "" && g.Package != "" {
		return Type{}, fmt.Errorf("go_type has the package name %q but no import", g.Package)
	}
	var out Type
	text := g.Type
	if g.Import != "" {
		imp := Import{Path: g.Import, Alias: g.Package, Group: 1}
		name := g.Package
		if name == "" {
			var alias bool
			if name, alias = qualifier(g.Import); alias {
				imp.Alias = name
			}
		}
		text = name + "." + text
		out.Imports = []Import{imp}
	}
	if g.Pointer {
		text = "*" + text
	}
	if g.Slice {
		text = "[]" + text
	}
	out.Text = text
	out.Imports = withKnown(out.Imports, text, t)
	return out, nil
}

// withKnown adds the imports of well-known packages that text names and no import is given for.
func withKnown(have []Import, text string, t Target) []Import {
	for _, i := range ImportsOf(text, t) {
		dup := false
		for j, h := range have {
			if h.Path == i.Path && h.Alias == "" {
				if i.Path != "time" || strings.Contains(text, "time.Time") {
					have[j].Group = i.Group
				}
				dup = true
			}
			name, _ := qualifier(i.Path)
			if h.Path != i.Path {
				used, _ := qualifier(h.Path)
				if h.Alias != "" {
					used = h.Alias
				}
				dup = dup || used == name
			}
		}
		if !dup {
			have = append(have, i)
		}
	}
	return have
}

// parseSpec reads the string form: a Go type without a package, or import/path.Type with
// prefixes such as * and [].
func parseSpec(spec string, t Target) (Type, error) {
	dot := strings.LastIndex(spec, ".")
	if br := strings.IndexByte(spec, '['); br > 0 && !strings.HasPrefix(spec, "map[") {
		dot = strings.LastIndex(spec[:br], ".") // Nullable[uint64]
	}
	if dot < 0 || strings.Contains(spec[dot:], "/") {
		if strings.Contains(spec, "/") {
			return Type{}, fmt.Errorf("go_type %q is not of the form import/path.Type, for example github.com/segmentio/ksuid.KSUID", spec)
		}
		return Type{Text: spec}, nil
	}
	start := 0
	for start < len(spec) && (spec[start] == '*' || spec[start] == '[' || spec[start] == ']') {
		start++
	}
	if strings.HasPrefix(spec[start:], "map[") {
		start += strings.IndexByte(spec[start:], ']') + 1
	}
	prefix, path, name := spec[:start], spec[start:dot], spec[dot+1:]
	imp := Import{Path: path, Group: 1}
	q := path[strings.LastIndex(path, "/")+1:]
	q = strings.TrimSuffix(strings.TrimPrefix(q, "go-"), "-go")
	if notWord.MatchString(q) || version.MatchString(q) {
		q, _ = qualifier(path)
		imp.Alias = q
	}
	out := Type{Text: prefix + q + "." + name, Imports: []Import{imp}}
	if strings.HasPrefix(prefix, "map[") && !strings.Contains(path, "/") {
		out.Imports = nil // map[string]pkg.T: another override imports pkg
	}
	out.Imports = withKnown(out.Imports, out.Text, t)
	return out, nil
}
