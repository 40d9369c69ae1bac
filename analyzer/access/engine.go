package access

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// engine is what an engine's indexes serve, as data.
type engine struct {
	// operators: @>, && and their like are operators of indexes of other kinds (PostgreSQL).
	operators bool
	// wildcards are the characters of patterns that stand for others, by the operator.
	wildcards map[string]string
	// likeCollations are the collations, and likeClasses the operator classes, under which an index serves LIKE 'x%';
	// of both none: any index does. likeBound: the pattern may be put together of arguments.
	likeCollations, likeClasses []string
	likeBound                   bool
	// distinct: an index serves IS NOT DISTINCT FROM, however it is written.
	distinct bool
	// same are types whose values an index takes for those of another without a cast.
	same [][]string
	// casts are the types that a column's values are cast to where they are compared with such a value.
	casts map[string]string
	// kinds group types; crossing tells which kind of column is cast where it is compared with which kind of value.
	kinds    map[string]string
	crossing map[[2]string]bool
	// crossColumns: a comparison casts where both sides are columns only (SQLite's affinity changes constants instead).
	crossColumns bool
	// foreignKeys: the columns of a foreign key are indexed by the engine (InnoDB).
	foreignKeys bool
	// sortsOn: of rows that an index gives in the order of the first columns no more than those that are alike in them are sorted.
	sortsOn bool
	// rowIDs are the names of the row's own number.
	rowIDs []string
	// unordered are types whose values no ordered index holds; cut are those of which it holds the beginning alone.
	unordered, cut []string
	// generated: an index over a generated column serves its expression.
	generated bool
}

func kinds(groups map[string][]string) map[string]string {
	out := map[string]string{}
	for k, list := range groups {
		for _, t := range list {
			out[t] = k
		}
	}
	return out
}

var engines = map[catalog.Engine]engine{
	catalog.PostgreSQL: {
		operators:      true,
		wildcards:      map[string]string{"LIKE": "%_", "ILIKE": "%_"},
		likeCollations: []string{"c", "posix", "pg_c_utf8", "ucs_basic"},
		likeClasses:    []string{"text_pattern_ops", "varchar_pattern_ops", "bpchar_pattern_ops"},
		likeBound:      true,
		sortsOn:        true,
		same:           [][]string{{"text", "varchar"}},
		// Operators between these types take both sides as the second (pg_amop: they are in no common family of btree).
		casts: map[string]string{
			"int2 numeric": "numeric", "int4 numeric": "numeric", "int8 numeric": "numeric",
			"int2 float4": "float8", "int4 float4": "float8", "int8 float4": "float8", "numeric float4": "float8",
			"int2 float8": "float8", "int4 float8": "float8", "int8 float8": "float8", "numeric float8": "float8",
			"bpchar text": "text", "bpchar varchar": "text", "citext text": "text", "citext varchar": "text",
		},
		rowIDs:    []string{"ctid"},
		unordered: []string{"json", "jsonb", "xml", "point", "polygon", "box", "circle", "path", "line", "lseg", "geometry", "geography", "tsvector", "vector", "hstore"},
	},
	catalog.MySQL: {
		wildcards: map[string]string{"LIKE": "%_"},
		likeBound: true,
		kinds: kinds(map[string][]string{
			"string": {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"},
			"number": {"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bool", "boolean", "year", "bit"},
			"moment": {"date", "datetime", "timestamp", "time"},
		}),
		// Manual, Type Conversion in Expression Evaluation: a string column is compared with a number as a floating-point number.
		crossing:    map[[2]string]bool{{"string", "number"}: true, {"string", "moment"}: true},
		unordered:   []string{"json", "geometry", "point", "polygon"},
		cut:         []string{"text", "blob", "tinytext", "mediumtext", "longtext", "tinyblob", "mediumblob", "longblob"},
		foreignKeys: true,
		generated:   true,
		distinct:    true,
	},
	catalog.SQLite: {
		wildcards:      map[string]string{"LIKE": "%_", "GLOB": "*?["},
		likeCollations: []string{"nocase"},
		kinds:          kinds(map[string][]string{"text": {"TEXT"}, "number": {"INTEGER", "REAL", "NUMERIC"}}),
		crossing:       map[[2]string]bool{{"text", "number"}: true},
		crossColumns:   true,
		sortsOn:        true,
		rowIDs:         []string{"rowid", "_rowid_", "oid"},
		distinct:       true,
	},
}

// relabels tells whether a cast from one type to another leaves the values as they are, so that an index is used through it.
func (e engine) relabels(from, to types.Type) bool {
	if from.IsArray() || to.IsArray() || !from.Known() || !to.Known() {
		return from.Plain() == to.Plain() && from.Known()
	}
	if e.casts == nil { // a cast is an operation here, whatever it does
		return false
	}
	if from.Plain() == to.Plain() {
		return true
	}
	for _, group := range e.same {
		if from.Is(group...) && to.Is(group...) {
			return true
		}
	}
	return false
}

// Casts tells whether values of a column of one type are cast where they are compared with a value of another: no index over the
// column can be used then.
func Casts(e catalog.Engine, column, other types.Type) bool {
	have := engines[e]
	if column.IsArray() || other.IsArray() || column.Kind != types.Base || other.Kind != types.Base || !other.Known() {
		return false
	}
	return have.casts[column.Name+" "+other.Name] != "" || have.crossing[[2]string{have.kinds[column.Name], have.kinds[other.Name]}]
}

// KindOf is what sort of values a type has, in engines that compare values by that: "string", "number", "moment"; else "".
func KindOf(e catalog.Engine, t types.Type) string {
	if t.Kind != types.Base || t.IsArray() {
		return ""
	}
	return engines[e].kinds[t.Name]
}

// coerced tells whether the engine casts the column, to compare it with what the condition does, and to what.
func (k *classifier) coerced(c *Cond) (types.Type, bool) {
	for _, v := range c.Values {
		other := k.q.Value(v).Type
		if b, ok := k.x.(*ir.Binary); ok {
			if args := k.q.Value(b).Args; len(args) == 2 && k.engine.casts != nil {
				if c.Key == b.L {
					other = args[0]
				} else {
					other = args[1]
				}
			}
		}
		if c.Operator == "= ANY" {
			other = other.Elem()
		}
		if sub, ok := v.(*ir.Subquery); ok {
			if b := k.q.Block(sub.Query); b != nil && len(b.Columns) == 1 {
				other = b.Columns[0].Type
			}
		}
		if _, arg := v.(*ir.Param); arg && k.engine.crossing != nil || k.engine.crossColumns && !k.column(v) {
			continue // it is converted, once
		}
		if Casts(k.q.Package.Engine, c.Column.Type, other) {
			return other, true
		}
	}
	return types.Type{}, false
}

// column tells whether a value comes from a column.
func (k *classifier) column(v ir.Expr) bool {
	if _, ok := v.(*ir.Subquery); ok {
		return true
	}
	c := k.q.Column(v)
	return c != nil && c.Source != nil
}
