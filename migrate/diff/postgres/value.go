package postgres

import (
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// constant tells whether an expression is of no column: it may stand in a DEFAULT.
func constant(expr string) bool { return constantText.MatchString(expr) }

var constantText = regexp.MustCompile(`(?i)^\s*([-+]?[0-9.]+|true|false|'(?:[^']|'')*'(::[a-z0-9_ ".\[\]()]+)?|(now|gen_random_uuid|clock_timestamp|statement_timestamp)\(\)|current_timestamp|current_date|localtimestamp)\s*$`)

// suggestions are values that a type takes.
var suggestions = map[string]string{
	"boolean": "false", "uuid": "gen_random_uuid()", "date": "CURRENT_DATE", "timestamp without time zone": "now()", "timestamp with time zone": "now()",
	"json": "'{}'", "jsonb": "'{}'", "interval": "'0'", "bytea": "''", "time without time zone": "'00:00'", "time with time zone": "'00:00+00'",
	"inet": "'0.0.0.0'", "cidr": "'0.0.0.0/32'", "money": "0", "tsvector": "''", "point": "'(0,0)'", "oid": "0",
	"citext": "''", "hstore": "''", "ltree": "''", "box": "'(0,0),(0,0)'", "circle": "'<(0,0),0>'", "line": "'{1,1,0}'", "lseg": "'[(0,0),(0,0)]'", "path": "'((0,0))'",
	"polygon": "'((0,0))'", "macaddr": "'00:00:00:00:00:00'", "macaddr8": "'00:00:00:00:00:00:00:00'", "xml": "''", "tsquery": "''", "bit": "B'0'", "bit varying": "B'0'",
}

// suggested is a value that a column could have, "" where none comes to mind.
func (d *differ) suggested(c *catalog.Column) string {
	if c.Default != "" {
		return c.Default
	}
	name, array := family(c.Postgres.Type)
	switch {
	case array:
		return "'{}'"
	case families[name] == "number":
		return "0"
	case families[name] == "string":
		return "''"
	case suggestions[name] != "":
		return suggestions[name]
	case c.Type.Kind == types.Enum:
		if def := d.to.Type(c.Type.Schema, c.Type.Name); def != nil && len(def.Values) > 0 {
			return literal(def.Values[0])
		}
	case c.Type.Kind == types.Domain:
		if def := d.to.Type(c.Type.Schema, c.Type.Name); def != nil {
			if def.Default != "" {
				return def.Default
			}
			base := &catalog.Column{Type: def.Base, Postgres: &catalog.PostgresColumn{Type: longNames[def.Base.Name]}}
			return d.suggested(base)
		}
	}
	return ""
}

// longNames are what format_type calls types that the catalog calls otherwise.
var longNames = map[string]string{
	"int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision", "varchar": "character varying", "bpchar": "character",
	"bool": "boolean", "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone", "numeric": "numeric", "text": "text", "uuid": "uuid",
	"date": "date", "jsonb": "jsonb", "json": "json", "bytea": "bytea",
}

// defaultStorage is the storage that a column's type has by itself.
func defaultStorage(c *catalog.Column) string {
	name, array := family(c.Postgres.Type)
	switch {
	case array:
		return "EXTENDED"
	case name == "numeric", name == "inet", name == "cidr":
		return "MAIN"
	case families[name] == "number", families[name] == "date", families[name] == "time", name == "boolean", name == "uuid", c.Type.Kind == types.Enum:
		return "PLAIN"
	}
	return "EXTENDED"
}

// suggestedFor is a value that a column could have in rows that have none: another one in each row where a key is over the column, one of the
// referenced rows where a foreign key is.
func (d *differ) suggestedFor(o *column) string {
	for _, k := range o.t.Constraints {
		if i := slices.Index(k.Columns, o.c.Name); i >= 0 && i < len(k.RefColumns) && o.c.Default == "" {
			return "(SELECT min(" + d.quote(k.RefColumns[i]) + ") FROM " + d.name(k.RefSchema, k.RefTable) + ")"
		}
	}
	if o.keyed() && o.c.Default == "" || o.sameInKey(d) {
		if own := d.numbered(o); own != "" {
			return own
		}
	}
	if demanded := d.demanded(o); demanded != "" && o.c.Default == "" {
		return demanded
	}
	suggested := d.suggested(o.c)
	if suggested == "0" && slices.ContainsFunc(o.t.Constraints, func(k *catalog.Constraint) bool {
		return len(k.Columns) == 0 && regexp.MustCompile(`\b`+regexp.QuoteMeta(o.c.Name)+`\b`).MatchString(k.Expr)
	}) {
		return "1"
	}
	return suggested
}

// keyed tells whether a key is over the column.
func (o *column) keyed() bool {
	return slices.ContainsFunc(o.t.Constraints, func(k *catalog.Constraint) bool {
		return slices.Contains(k.Columns, o.c.Name) && len(k.RefColumns) == 0
	}) || slices.ContainsFunc(o.t.Postgres.Indexes, func(x *catalog.PostgresIndex) bool {
		return x.Unique && regexp.MustCompile(`[(" ]`+regexp.QuoteMeta(o.c.Name)+`[,") ]`).MatchString(x.Definition)
	})
}

// numbered is a value that is another one in each row, "" where the type has none that comes to mind.
func (d *differ) numbered(o *column) string {
	table, column := d.name(o.t.Schema, o.t.Name), d.quote(o.c.Name)
	number := d.rowNumber(o.t)
	name, array := family(o.c.Postgres.Type)
	switch {
	case array:
		return ""
	case name == "uuid":
		return "gen_random_uuid()"
	case families[name] == "number":
		return "(SELECT coalesce(max(x." + column + "), 0) FROM " + table + " x) + " + number
	case families[name] == "string":
		return number + "::text"
	case name == "bytea":
		return "convert_to(" + number + "::text, 'UTF8')"
	case name == "date":
		return "CURRENT_DATE + " + number + "::integer"
	case strings.HasPrefix(name, "timestamp"):
		return "now() + " + number + " * interval '1 second'"
	}
	return ""
}

// rowNumber is a number that is another one in each row of a table.
func (d *differ) rowNumber(t *catalog.Table) string {
	table := d.name(t.Schema, t.Name)
	if was := d.from.Table(t.Schema, t.Name); t.Partition != "" || was != nil && was.Partition != "" {
		return "(SELECT r.n FROM (SELECT tableoid, ctid, row_number() OVER () AS n FROM " + table + ") r WHERE r.tableoid = " + table + ".tableoid AND r.ctid = " + table + ".ctid)"
	}
	return "(SELECT r.n FROM (SELECT ctid, row_number() OVER () AS n FROM " + table + ") r WHERE r.ctid = " + table + ".ctid)"
}
