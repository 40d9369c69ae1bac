package sqlite

import "strings"

// column is a column that the engine itself defines.
type column struct {
	name, typ       string // typ is a type's name, any for none
	notNull, hidden bool
}

// columnsOf reads "name TYPE!, …": ! marks NOT NULL, a leading - a hidden column.
func columnsOf(spec string) []column {
	var out []column
	for _, part := range strings.Split(spec, ",") {
		f := strings.Fields(part)
		if len(f) == 0 {
			continue
		}
		c := column{name: f[0], typ: anyName}
		c.name, c.hidden = strings.CutPrefix(c.name, "-")
		if len(f) > 1 {
			c.typ, c.notNull = strings.CutSuffix(f[1], "!")
		}
		out = append(out, c)
	}
	return out
}

// pragma is one PRAGMA: its result columns, and where it has them.
type pragma struct {
	columns []column
	// onlyGet: with a value, PRAGMA x = v, it returns nothing.
	onlyGet bool
	// function: there is a table function pragma_x. arg and schema are its hidden columns.
	function, arg, schema bool
}

// pragmas has one line a PRAGMA: name, flags (g: onlyGet, f: function, a: arg, s: schema),
// columns. The tests hold the names and columns against the real engine.
var pragmas = func() map[string]pragma {
	out := map[string]pragma{}
	for _, line := range strings.Split(strings.TrimSpace(pragmaLines), "\n") {
		name, rest, _ := strings.Cut(line, " ")
		flags, spec, _ := strings.Cut(strings.TrimSpace(rest), " ")
		has := func(f string) bool { return strings.Contains(flags, f) }
		out[name] = pragma{
			columns: columnsOf(spec), onlyGet: has("g"), function: has("f"), arg: has("a"), schema: has("s"),
		}
	}
	return out
}()

// pragmaColumns are the result columns of PRAGMA name; nil for none and for an unknown
// PRAGMA, which the engine ignores.
func pragmaColumns(name string, hasValue bool) []column {
	p := pragmas[strings.ToLower(name)]
	if hasValue && p.onlyGet {
		return nil
	}
	return p.columns
}

var (
	explainColumns     = columnsOf("addr INTEGER!, opcode TEXT!, p1 INTEGER!, p2 INTEGER!, p3 INTEGER!, p4 TEXT, p5 INTEGER!, comment TEXT")
	explainPlanColumns = columnsOf("id INTEGER!, parent INTEGER!, notused INTEGER!, detail TEXT!")
)

const pragmaLines = `
analysis_limit f analysis_limit INTEGER!
application_id gf application_id INTEGER!
auto_vacuum gfs auto_vacuum INTEGER!
automatic_index gf automatic_index INTEGER!
busy_timeout f timeout INTEGER!
cache_size gfs cache_size INTEGER!
cache_spill gfs cache_spill INTEGER!
case_sensitive_like -
cell_size_check gf cell_size_check INTEGER!
checkpoint_fullfsync gf checkpoint_fullfsync INTEGER!
collation_list f seq INTEGER!, name TEXT!
compile_options f compile_options TEXT!
count_changes gf count_changes INTEGER!
data_version f data_version INTEGER!
database_list f seq INTEGER!, name TEXT!, file TEXT
default_cache_size gfs cache_size INTEGER!
defer_foreign_keys gf defer_foreign_keys INTEGER!
empty_result_callbacks gf empty_result_callbacks INTEGER!
encoding gf encoding TEXT!
foreign_key_check fas table TEXT!, rowid INTEGER, parent TEXT!, fkid INTEGER!
foreign_key_list fas id INTEGER!, seq INTEGER!, table TEXT!, from TEXT!, to TEXT, on_update TEXT!, on_delete TEXT!, match TEXT!
foreign_keys gf foreign_keys INTEGER!
freelist_count f freelist_count INTEGER!
full_column_names gf full_column_names INTEGER!
fullfsync gf fullfsync INTEGER!
function_list f name TEXT!, builtin INTEGER!, type TEXT!, enc TEXT!, narg INTEGER!, flags INTEGER!
hard_heap_limit f hard_heap_limit INTEGER!
ignore_check_constraints gf ignore_check_constraints INTEGER!
incremental_vacuum -
index_info fas seqno INTEGER!, cid INTEGER!, name TEXT
index_list fas seq INTEGER!, name TEXT!, unique INTEGER!, origin TEXT!, partial INTEGER!
index_xinfo fas seqno INTEGER!, cid INTEGER!, name TEXT, desc INTEGER!, coll TEXT, key INTEGER!
integrity_check fas integrity_check TEXT!
journal_mode fs journal_mode TEXT!
journal_size_limit fs journal_size_limit INTEGER!
legacy_alter_table gf legacy_alter_table INTEGER!
locking_mode fs locking_mode TEXT!
max_page_count fs max_page_count INTEGER!
mmap_size - mmap_size INTEGER!
module_list f name TEXT!
optimize fa optimize TEXT!
page_count fs page_count INTEGER!
page_size gfs page_size INTEGER!
pragma_list f name TEXT!
query_only gf query_only INTEGER!
quick_check fas quick_check TEXT!
read_uncommitted gf read_uncommitted INTEGER!
recursive_triggers gf recursive_triggers INTEGER!
reverse_unordered_selects gf reverse_unordered_selects INTEGER!
schema_version gf schema_version INTEGER!
secure_delete f secure_delete INTEGER!
short_column_names gf short_column_names INTEGER!
shrink_memory -
soft_heap_limit f soft_heap_limit INTEGER!
synchronous gfs synchronous INTEGER!
table_info fas cid INTEGER!, name TEXT!, type TEXT!, notnull INTEGER!, dflt_value TEXT, pk INTEGER!
table_list fa schema TEXT!, name TEXT!, type TEXT!, ncol INTEGER!, wr INTEGER!, strict INTEGER!
table_xinfo fas cid INTEGER!, name TEXT!, type TEXT!, notnull INTEGER!, dflt_value TEXT, pk INTEGER!, hidden INTEGER!
temp_store gf temp_store INTEGER!
temp_store_directory g temp_store_directory TEXT!
threads f threads INTEGER!
trusted_schema gf trusted_schema INTEGER!
user_version gf user_version INTEGER!
wal_autocheckpoint - wal_autocheckpoint INTEGER!
wal_checkpoint - busy INTEGER!, log INTEGER!, checkpointed INTEGER!
writable_schema gf writable_schema INTEGER!
`
