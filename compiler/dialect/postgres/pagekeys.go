package postgres

// pageKeys are dialect.Traits.PageKeys. Floating-point numbers are none: drivers and JSON write their NaN and infinities in ways
// of their own.
var pageKeys = map[string]string{
	"int2": "%s", "int4": "%s", "int8": "%s", "numeric": "%s", "bool": "%s",
	"text": "%s", "varchar": "%s", "bpchar": "%s", "bytea": "%s", "uuid": "%s",
	"date": "%s", "timestamp": "%s", "timestamptz": "%s",
}
