package compat

import (
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// keywords are the types that PostgreSQL's grammar knows as words: sqlc sees them under their
// catalog names, all others as they were written.
var keywords = map[string]string{
	"int": "int4", "integer": "int4", "smallint": "int2", "bigint": "int8",
	"real": "float4", "float": "float8", "double precision": "float8",
	"decimal": "numeric", "dec": "numeric", "numeric": "numeric", "boolean": "bool",
	"bit": "bit", "bit varying": "varbit",
	"char": "bpchar", "character": "bpchar", "nchar": "bpchar", "national char": "bpchar", "national character": "bpchar",
	"varchar": "varchar", "character varying": "varchar", "char varying": "varchar", "nchar varying": "varchar",
	"national char varying": "varchar", "national character varying": "varchar",
	"time": "time", "time without time zone": "time", "time with time zone": "timetz",
	"timestamp": "timestamp", "timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
	"interval": "interval", "json": "json",
}

// canonical are the catalog names that the keywords stand for.
var canonical = func() map[string]bool {
	m := map[string]bool{}
	for _, v := range keywords {
		m[v] = true
	}
	return m
}()

// spellPostgres is a type of PostgreSQL as sqlc names it, from what the user wrote.
func spellPostgres(raw string) string {
	raw = strings.TrimSpace(raw)
	if fields := strings.Fields(raw); len(fields) > 1 && strings.EqualFold(fields[0], "setof") {
		raw = strings.TrimSpace(raw[len("setof"):])
	}
	if strings.Contains(raw, `"`) {
		var parts []string
		for _, p := range splitName(raw) {
			parts = append(parts, p)
		}
		return strings.Join(parts, ".")
	}
	s := strings.ToLower(raw)
	s = stripArray(s)
	base := strings.Join(strings.Fields(stripParens(s)), " ")
	if strings.HasPrefix(base, "interval ") {
		base = "interval"
	}
	if base == "float" {
		if n := modifier(s); n > 0 && n <= 24 {
			return "pg_catalog.float4"
		}
	}
	if k, ok := keywords[base]; ok {
		return "pg_catalog." + k
	}
	return strings.ReplaceAll(base, " ", "")
}

// splitName reads a possibly quoted, dotted name, up to its modifiers.
func splitName(raw string) []string {
	var parts []string
	for raw != "" {
		if raw[0] == '"' {
			end := strings.IndexByte(raw[1:], '"')
			if end < 0 {
				return append(parts, raw[1:])
			}
			parts = append(parts, raw[1:1+end])
			raw = raw[end+2:]
		} else {
			end := strings.IndexAny(raw, ".[( ")
			if end < 0 {
				return append(parts, strings.ToLower(raw))
			}
			if end > 0 {
				parts = append(parts, strings.ToLower(raw[:end]))
			}
			raw = raw[end:]
		}
		if raw == "" || raw[0] != '.' {
			return parts
		}
		raw = raw[1:]
	}
	return parts
}

func stripArray(s string) string {
	if i := strings.IndexByte(s, '['); i >= 0 {
		s = s[:i]
	}
	s = strings.TrimSpace(s)
	if f := strings.Fields(s); len(f) > 1 && f[len(f)-1] == "array" {
		s = strings.TrimSpace(strings.TrimSuffix(s, "array"))
	}
	return s
}

func stripParens(s string) string {
	for {
		i := strings.IndexByte(s, '(')
		if i < 0 {
			return s
		}
		j := strings.IndexByte(s[i:], ')')
		if j < 0 {
			return s[:i]
		}
		s = s[:i] + " " + s[i+j+1:]
	}
}

func modifier(s string) int {
	_, s, _ = strings.Cut(s, "(")
	n := 0
	for _, c := range strings.TrimSpace(s) {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// mysqlCasts are the names that sqlc has for the types of a CAST.
var mysqlCasts = map[string]string{
	"signed": "bigint signed", "signed integer": "bigint signed", "signed int": "bigint signed",
	"unsigned": "bigint unsigned", "unsigned integer": "bigint unsigned", "unsigned int": "bigint unsigned",
	"char": "var_string", "character": "var_string", "nchar": "var_string", "binary": "var_string",
	"real": "double", "double": "double", "dec": "decimal", "numeric": "decimal",
}

// sizedLOB is the type of text(100) and blob(100).
var sizedLOB = regexp.MustCompile(`^(text|blob)\b`)

// castType is the type of a cast as sqlc names it.
func (s *schema) castType(t ir.TypeName) string {
	raw := t.Raw
	if raw == "" {
		raw = t.Name.String()
	}
	switch s.engine {
	case catalog.PostgreSQL:
		return spellPostgres(raw)
	case catalog.MySQL:
		base := strings.ToLower(strings.Join(strings.Fields(stripParens(raw)), " "))
		if base == "binary" && len(t.Mods) > 0 {
			return "char"
		}
		if name, ok := mysqlCasts[base]; ok {
			return name
		}
		if i := strings.IndexByte(base, ' '); i > 0 {
			return base[:i]
		}
		return base
	}
	return strings.ToLower(strings.Join(strings.Fields(raw), ""))
}

// spell is the name of a type that was not written here: declared is how the schema wrote
// it, where it did.
func (s *schema) spell(t types.Type, declared string) string {
	switch s.engine {
	case catalog.PostgreSQL:
		if declared != "" {
			return spellPostgres(declared)
		}
		return spellType(t, s.snapshot.DefaultSchema)
	case catalog.MySQL:
		name := strings.ToLower(t.Name)
		if name == "bool" {
			return "tinyint"
		}
		if lob := sizedLOB.FindString(strings.ToLower(declared)); lob != "" {
			return lob // the server takes the smallest type that has room
		}
		return name
	}
	if declared != "" {
		return strings.Join(strings.Fields(declared), "")
	}
	return strings.ToLower(t.Name)
}

func spellType(t types.Type, defaultSchema string) string {
	if t.Schema != "" && t.Schema != defaultSchema {
		return t.Schema + "." + t.Name
	}
	if canonical[t.Name] {
		return "pg_catalog." + t.Name
	}
	return t.Name
}

// folded is a name as sqlc keeps it: in small letters on MySQL, and on SQLite except between double quotes.
func (s *schema) folded(id ir.Ident) string {
	switch s.engine {
	case catalog.MySQL:
		return strings.ToLower(id.Name)
	case catalog.SQLite:
		if !id.Quoted || !strings.HasPrefix(id.Span().Text(), `"`) {
			return strings.ToLower(id.Name)
		}
	}
	return id.Name
}

// foldedAt is folded for a name of the schema, at the place where it was declared.
func (s *schema) foldedAt(name string, at source.Span) string {
	switch s.engine {
	case catalog.MySQL:
		return strings.ToLower(name)
	case catalog.SQLite:
		if !strings.HasSuffix(at.Text(), `"`) {
			return strings.ToLower(name)
		}
	}
	return name
}
