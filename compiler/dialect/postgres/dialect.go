// Package postgres knows PostgreSQL: its grammar (the engine's own, lowered whole into
// ir), its names, types, functions, operators and casts. It knows nothing of how queries
// are bound; no other package sees the engine's tree.
package postgres

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// Dialect is PostgreSQL.
type Dialect struct{}

var _ dialect.Dialect = (*Dialect)(nil)

// New returns the dialect. It has no state.
func New() *Dialect { return &Dialect{} }

// Engine is catalog.PostgreSQL.
func (*Dialect) Engine() catalog.Engine { return catalog.PostgreSQL }

// Lex is token.PostgreSQL.
func (*Dialect) Lex() token.Dialect { return token.PostgreSQL }

// Type resolves a type name; see dialect.Dialect.
func (*Dialect) Type(t ir.TypeName, in *catalog.Snapshot) types.Type { return resolveType(t, in) }

// Semantics gives the typing rules over a snapshot; see dialect.Dialect.
func (*Dialect) Semantics(in *catalog.Snapshot) dialect.Semantics { return newSemantics(in) }

// NewSnapshot is the schema of an empty database; see dialect.Dialect.
func (*Dialect) NewSnapshot() *catalog.Snapshot { return newSnapshot() }

// Extension is what CREATE EXTENSION adds; see dialect.Dialect.
func (*Dialect) Extension(name string) ([]*catalog.TypeDef, []*catalog.Function, bool) {
	return extension(name)
}

// Traits are PostgreSQL's.
func (*Dialect) Traits() dialect.Traits { return traits }

var traits = dialect.Traits{
	PageKeys: pageKeys, PageEnums: true, RowRanges: true,
	AliasInGroupBy: true,
	PositionsOnly:  true,
	// No default operator class of btree, nor of hash (pg_opclass).
	Unordered: map[string]bool{"xid": true, "cid": true, "aclitem": true},
	Unequal: map[string]bool{
		"json": true, "xml": true, "jsonpath": true, "point": true, "line": true, "lseg": true, "box": true, "path": true,
		"polygon": true, "circle": true, "txid_snapshot": true, "pg_snapshot": true, "refcursor": true, "gtsvector": true,
	},
	KeysAs:       map[string]string{"varchar": "text"},
	WholeRowRefs: true,
	RowValues:    true, SetsAnywhere: true, LocksPlainRows: true, DistinctOrders: true, AliasesAlone: true, SetOpsOrderByName: true, ResolvesUnknown: true,
	SystemColumns: []catalog.Column{
		{Name: "tableoid", Type: types.Type{Name: "oid"}, NotNull: true},
		{Name: "ctid", Type: types.Type{Name: "tid"}, NotNull: true},
		{Name: "xmin", Type: types.Type{Name: "xid"}, NotNull: true},
		{Name: "cmin", Type: types.Type{Name: "cid"}, NotNull: true},
		{Name: "xmax", Type: types.Type{Name: "xid"}, NotNull: true},
		{Name: "cmax", Type: types.Type{Name: "cid"}, NotNull: true},
	},
	JSON: dialect.MakeJSON(`
		object: json_build_object jsonb_build_object json_object()
		list: json_agg jsonb_agg json_agg_strict- jsonb_agg_strict- json_arrayagg()
		map: json_object_agg jsonb_object_agg json_object_agg_unique jsonb_object_agg_unique json_objectagg()
		map: json_object_agg_strict- jsonb_object_agg_strict- json_object_agg_unique_strict- jsonb_object_agg_unique_strict-
		itself: to_json to_jsonb row_to_json array_to_json
		empty: json_build_array jsonb_build_array`),
	LimitType: types.Type{Name: "int8"},
	BoolType:  types.Type{Name: "bool"},

	ForeignKeysHold:       true,
	GroupByPrimaryKeyOnly: true,
	ShortInserts:          true,
	StoredFunctions:       true,

	Families: dialect.MakeFamilies(`
		integer: int2 int4 int8 > number
		number: numeric float4 float8 > integer
		text: text varchar bpchar name char xml jsonpath enum
		json: json jsonb > text integer bool
		bool: bool
		bytes: bytea
		bits: bit varbit
		moment: date timestamp timestamptz
		time: time
		timetz: timetz
		interval: interval
		uuid: uuid
		network: inet cidr
		mac: macaddr macaddr8
		money: money
		search: tsvector
	`),
}

// Quote writes an identifier so that it names exactly name: bare where it is lower-case
// and no word that the grammar reserves.
func (*Dialect) Quote(name string) string {
	if name != "" && !reserved[name] {
		plain := name[0] == '_' || name[0] >= 'a' && name[0] <= 'z'
		for i := 1; plain && i < len(name); i++ {
			c := name[i]
			plain = c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		}
		if plain {
			return name
		}
	}
	return quoted(name)
}
