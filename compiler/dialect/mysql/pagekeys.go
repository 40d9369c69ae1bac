package mysql

// pageKeys are dialect.Traits.PageKeys. FLOAT and DOUBLE are none: a FLOAT does not equal the number that it is written as. ENUM
// and SET are sorted by number and compared as texts. A DECIMAL goes to Go as text, with which it would be compared as a DOUBLE.
// Texts are sorted by the first max_sort_length bytes, 1,024 unless it is set, of what their collation makes of them: see pageLength.
var pageKeys = map[string]string{
	"tinyint": "%s", "smallint": "%s", "mediumint": "%s", "int": "%s", "bigint": "%s", "year": "%s",
	"decimal": "CAST(%s AS DECIMAL(%d,%d))",
	"char":    "%s", "varchar": "%s", "binary": "%s", "varbinary": "%s", "date": "%s", "datetime": "%s", "timestamp": "%s",
}

// pageLength is dialect.Traits.PageLength: 4 bytes a character in the sort keys of most collations.
const pageLength = 255
