package mysql

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// The types that rules speak of.
var (
	boolean   = types.Type{Name: "bool"}
	integer   = types.Type{Name: "int"}
	bigint    = types.Type{Name: "bigint"}
	ubigint   = types.Type{Name: "bigint", Unsigned: true}
	decimal   = types.Type{Name: "decimal"}
	double    = types.Type{Name: "double"}
	float     = types.Type{Name: "float"}
	varchar   = types.Type{Name: "varchar"}
	text      = types.Type{Name: "text"}
	varbinary = types.Type{Name: "varbinary"}
	blob      = types.Type{Name: "blob"}
	datetime  = types.Type{Name: "datetime"}
	date      = types.Type{Name: "date"}
	timeOfDay = types.Type{Name: "time"}
	year      = types.Type{Name: "year"}
	json      = types.Type{Name: "json"}
	geometry  = types.Type{Name: "geometry"}
	uuid      = types.Type{Name: "uuid"}
)

// synonyms are the spellings of each type beside its name in inspect.
var synonyms = map[string]string{
	"int1": "tinyint", "int2": "smallint", "int3": "mediumint", "middleint": "mediumint", "int4": "int", "integer": "int",
	"int8": "bigint", "signed": "bigint", "signed integer": "bigint", "signed int": "bigint",
	"unsigned": "bigint", "unsigned integer": "bigint", "unsigned int": "bigint", "serial": "bigint",
	"dec": "decimal", "numeric": "decimal", "fixed": "decimal", "number": "decimal",
	"double precision": "double", "real": "double", "float8": "double", "float4": "float",
	"character": "char", "nchar": "char", "national char": "char", "national character": "char",
	"character varying": "varchar", "char varying": "varchar", "nvarchar": "varchar", "nchar varying": "varchar",
	"nchar varchar": "varchar", "varcharacter": "varchar", "national varchar": "varchar", "national char varying": "varchar",
	"national character varying": "varchar", "national varcharacter": "varchar", "varchar2": "varchar",
	"long": "mediumtext", "long varchar": "mediumtext", "long char varying": "mediumtext", "long character varying": "mediumtext",
	"long varbinary": "mediumblob", "char byte": "binary", "raw": "varbinary", "clob": "longtext",
	"bool": "bool", "boolean": "bool",
	"geomcollection": "geometrycollection", "string": "varchar",
}

// builtin are the types by their names in inspect.
var builtin = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(`tinyint smallint mediumint int bigint bool decimal float double bit
		char varchar tinytext text mediumtext longtext binary varbinary tinyblob blob mediumblob longblob
		date time datetime timestamp year json enum set
		geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection
		vector uuid inet4 inet6`) {
		m[n] = true
	}
	return m
}()

// Type resolves a type as written. MySQL has no user types.
func (*Dialect) Type(t ir.TypeName, _ *catalog.Snapshot) types.Type {
	name := strings.ToLower(t.Name.Last())
	out := types.Type{Unsigned: t.Unsigned || strings.HasPrefix(name, "unsigned") || name == "serial"}
	if s, ok := synonyms[name]; ok {
		name = s
	}
	if !builtin[name] {
		return types.Type{}
	}
	out.Name = name
	if len(t.Mods) > 0 {
		out.Length = t.Mods[0]
	}
	if len(t.Mods) > 1 {
		out.Scale = t.Mods[1]
	}
	switch name {
	case "tinyint":
		if out.Length == 1 && !out.Unsigned {
			out.Name = "bool"
		}
		out.Length = 0
	case "smallint", "mediumint", "int", "bigint", "year":
		out.Length = 0 // a display width
	case "float":
		if out.Length > 24 && out.Scale == 0 {
			out.Name = "double"
		}
		out.Length, out.Scale = 0, 0
	case "double":
		out.Length, out.Scale = 0, 0
	case "enum", "set":
		out.Kind = types.Enum
	case "text", "blob":
		out.Name, out.Length = sized(name, out.Length), 0
	}
	if !isNumeric(out) {
		out.Unsigned = false
	}
	if t.Charset == "binary" {
		out.Name = binaryOf(out.Name)
	}
	return out
}

// sized is the smallest text or blob type that holds n bytes; none given is the type itself.
func sized(name string, n int32) string {
	switch {
	case n == 0:
		return name
	case n < 1<<8:
		return "tiny" + name
	case n < 1<<16:
		return name
	case n < 1<<24:
		return "medium" + name
	}
	return "long" + name
}

// binaryOf is a string type with the binary character set.
func binaryOf(name string) string {
	switch name {
	case "char":
		return "binary"
	case "varchar":
		return "varbinary"
	}
	return strings.Replace(name, "text", "blob", 1)
}

// class sorts the types by how they behave in expressions.
type class uint8

const (
	otherClass class = iota
	intClass
	decimalClass
	floatClass
	stringClass // char and varchar
	textClass
	bytesClass // binary and varbinary
	blobClass
	dateClass
	timeClass
	datetimeClass
	jsonClass
	enumClass
	bitClass
	geoClass
)

var classes = map[string]class{
	"tinyint": intClass, "smallint": intClass, "mediumint": intClass, "int": intClass, "bigint": intClass, "bool": intClass, "year": intClass,
	"decimal": decimalClass, "float": floatClass, "double": floatClass, "bit": bitClass,
	"char": stringClass, "varchar": stringClass, "tinytext": textClass, "text": textClass, "mediumtext": textClass, "longtext": textClass,
	"binary": bytesClass, "varbinary": bytesClass, "tinyblob": blobClass, "blob": blobClass, "mediumblob": blobClass, "longblob": blobClass,
	"date": dateClass, "time": timeClass, "datetime": datetimeClass, "timestamp": datetimeClass, "json": jsonClass, "enum": enumClass, "set": enumClass,
	"geometry": geoClass, "point": geoClass, "linestring": geoClass, "polygon": geoClass, "multipoint": geoClass,
	"multilinestring": geoClass, "multipolygon": geoClass, "geometrycollection": geoClass,
}

func classOf(t types.Type) class { return classes[t.Name] }

func isNumeric(t types.Type) bool {
	switch classOf(t) {
	case intClass, decimalClass, floatClass:
		return true
	}
	return false
}
