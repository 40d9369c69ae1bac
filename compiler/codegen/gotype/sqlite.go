package gotype

import "strings"

// sqliteRow is never NULL, maybe NULL, maybe NULL as a pointer.
type sqliteRow [3]string

var (
	sqliteInt   = sqliteRow{"int64", "sql.NullInt64", "*int64"}
	sqliteFloat = sqliteRow{"float64", "sql.NullFloat64", "*float64"}
	sqliteText  = sqliteRow{"string", "sql.NullString", "*string"}
	sqliteBlob  = sqliteRow{"[]byte", "[]byte", "[]byte"}
	sqliteBool  = sqliteRow{"bool", "sql.NullBool", "*bool"}
	sqliteTime  = sqliteRow{"time.Time", "sql.NullTime", "*time.Time"}
	sqliteJSON  = sqliteRow{"json.RawMessage", "json.RawMessage", "json.RawMessage"}
)

// sqliteRows are declared types in lower case without blanks.
var sqliteRows = map[string]*sqliteRow{
	"int": &sqliteInt, "integer": &sqliteInt, "tinyint": &sqliteInt, "smallint": &sqliteInt, "mediumint": &sqliteInt,
	"bigint": &sqliteInt, "unsignedbigint": &sqliteInt, "int2": &sqliteInt, "int8": &sqliteInt,
	"blob": &sqliteBlob,
	"real": &sqliteFloat, "double": &sqliteFloat, "doubleprecision": &sqliteFloat, "float": &sqliteFloat, "numeric": &sqliteFloat,
	"boolean": &sqliteBool, "bool": &sqliteBool,
	"date": &sqliteTime, "datetime": &sqliteTime, "timestamp": &sqliteTime,
	"json": &sqliteJSON, "jsonb": &sqliteJSON,
	"text": &sqliteText, "clob": &sqliteText,
}

// sqlitePrefixes are tried in order where no name fits.
var sqlitePrefixes = []struct {
	prefix string
	row    *sqliteRow
}{
	{"character", &sqliteText}, {"varchar", &sqliteText}, {"varyingcharacter", &sqliteText}, {"nchar", &sqliteText},
	{"nativecharacter", &sqliteText}, {"nvarchar", &sqliteText}, {"decimal", &sqliteFloat},
}

// SQLite is the Go type of a declared type, and whether sqlc has one. strict answers what
// is left by SQLite's own affinity rules.
func SQLite(declared string, notNull, pointers, strict bool) (string, bool) {
	name := strings.ToLower(strings.Join(strings.Fields(declared), ""))
	row := sqliteRows[name]
	if row == nil {
		for _, p := range sqlitePrefixes {
			if strings.HasPrefix(name, p.prefix) {
				row = p.row
				break
			}
		}
	}
	if row == nil && strict {
		row = sqliteAffinity(name)
	}
	if row == nil {
		return Any, false
	}
	if strict && row == &sqliteJSON {
		// SQLite keeps JSON as text, which a driver gives as a string, and JSONB as a blob.
		if row = &sqliteText; name == "jsonb" {
			row = &sqliteBlob
		}
	}
	switch {
	case notNull:
		return row[0], true
	case pointers:
		return row[2], true
	}
	return row[1], true
}

func sqliteAffinity(name string) *sqliteRow {
	base, _, _ := strings.Cut(name, "(")
	if row := sqliteRows[base]; row != nil {
		return row
	}
	has := func(s string) bool { return strings.Contains(name, s) }
	switch {
	case name == "" || name == "any":
		return nil
	case has("int"):
		return &sqliteInt
	case has("char"), has("clob"), has("text"):
		return &sqliteText
	case has("blob"):
		return &sqliteBlob
	case has("real"), has("floa"), has("doub"):
		return &sqliteFloat
	}
	return nil // NUMERIC holds any of them
}
