package facts

import (
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/sem"
)

// harmless are the volatile built-in functions, and those of extensions, that only compute,
// wait, or look at the server. Every other volatile one may write: sequences, locks that outlive
// the statement, large objects, settings, replication, other sessions and servers, text that is run.
var harmless = words(`
	amvalidate clock_timestamp current_query currtid2 currval cursor_to_xmlschema gen_random_uuid lastval lo_get
	pg_blocking_pids pg_collation_actual_version pg_control_checkpoint pg_control_init pg_control_recovery
	pg_control_system pg_current_logfile pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn
	pg_database_collation_actual_version pg_database_size pg_get_backend_memory_contexts pg_get_multixact_members
	pg_get_shmem_allocations pg_get_wal_replay_pause_state pg_get_wal_resource_managers pg_hba_file_rules
	pg_ident_file_mappings pg_indexes_size pg_is_in_recovery pg_is_wal_replay_paused pg_jit_available
	pg_last_committed_xact pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_lock_status
	pg_logical_slot_peek_binary_changes pg_logical_slot_peek_changes pg_ls_archive_statusdir pg_ls_dir pg_ls_logdir
	pg_ls_logicalmapdir pg_ls_logicalsnapdir pg_ls_replslotdir pg_ls_tmpdir pg_ls_waldir pg_notification_queue_usage
	pg_partition_ancestors pg_partition_tree pg_prepared_xact pg_read_binary_file pg_read_file pg_relation_size
	pg_replication_origin_progress pg_replication_origin_session_is_setup pg_replication_origin_session_progress
	pg_safe_snapshot_blocking_pids pg_sequence_last_value pg_show_all_file_settings pg_show_replication_origin_status
	pg_sleep pg_sleep_for pg_sleep_until pg_stat_clear_snapshot pg_stat_file pg_stat_get_recovery_prefetch
	pg_stat_get_xact_blocks_fetched pg_stat_get_xact_blocks_hit pg_stat_get_xact_function_calls
	pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time pg_stat_get_xact_numscans
	pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_fetched pg_stat_get_xact_tuples_hot_updated
	pg_stat_get_xact_tuples_inserted pg_stat_get_xact_tuples_returned pg_stat_get_xact_tuples_updated pg_stat_have_stats
	pg_table_size pg_tablespace_size pg_total_relation_size pg_xact_commit_timestamp pg_xact_commit_timestamp_origin
	pg_xact_status query_to_xmlschema random random_normal setseed timeofday txid_status array_sample array_shuffle
	uuidv4 uuidv7

	gen_random_bytes gen_salt normal_rand pg_buffercache_pages pg_relpages pg_stat_statements pg_stat_statements_info
	pgp_pub_encrypt pgp_pub_encrypt_bytea pgp_sym_encrypt pgp_sym_encrypt_bytea pgrowlocks pgstatginindex pgstathashindex
	pgstatindex pgstattuple pgstattuple_approx set_limit st_clusterkmeans st_generatepoints st_symmetricdifference
	uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 xslt_process

	rand sysdate random_bytes uuid uuid_v4 uuid_v7 uuid_short sys_guid load_file rownum sleep benchmark is_free_lock
	is_used_lock binlog_gtid_pos wsrep_last_seen_gtid wsrep_last_written_gtid

	randomblob changes total_changes last_insert_rowid sqlite_log
`)

// writers are functions that write though they are called stable: they give the transaction its
// number, or run a query that is written elsewhere, in a text or a view, and may call anything.
var writers = words(`
	txid_current pg_current_xact_id
	table_to_xml table_to_xml_and_xmlschema schema_to_xml schema_to_xml_and_xmlschema database_to_xml
	database_to_xml_and_xmlschema crosstab crosstab2 crosstab3 crosstab4 connectby xpath_table
`)

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// mayWrite tells whether a call may change data: a function that nothing is known of, one of
// the user's, or a built-in one that is not known to be harmless.
func mayWrite(c sem.Call, in *catalog.Snapshot) bool {
	switch name := strings.ToLower(c.Name); {
	case c.Unknown, writers[name]:
		return true
	case ofUser(c, in):
		return functionWrites(c.Function, in, nil)
	case c.Volatility == "stable" || c.Volatility == "immutable":
		return false
	default:
		return !harmless[name]
	}
}

// functionWrites tells whether a function of the user's may write: an aggregate if one of the
// functions that it is made of does, any other if it is volatile or its body calls one that does
// or, as MySQL takes the user's word for what a function is, has a statement that does.
func functionWrites(f *catalog.Function, in *catalog.Snapshot, above []*catalog.Function) bool {
	if slices.Contains(above, f) {
		return false
	}
	above = append(above[:len(above):len(above)], f)
	called := callIn
	switch {
	case f.Kind == catalog.Aggregate:
		called = supportIn
	case f.Volatility != "stable" && f.Volatility != "immutable", changeIn.MatchString(f.Body):
		return true
	}
	for _, m := range called.FindAllStringSubmatch(f.Body, -1) {
		name := strings.ToLower(m[1])
		if writers[name] || textual[name] {
			return true
		}
		for _, sc := range in.Schemas {
			for _, g := range sc.Functions {
				if strings.EqualFold(g.Name, name) && g.Extension == "" && functionWrites(g, in, above) {
					return true
				}
			}
		}
	}
	return false
}

var (
	// callIn finds the names that are called in a body, supportIn those in an aggregate's
	// definition, changeIn the statements that change data; INSERT( and REPLACE( are functions.
	callIn    = regexp.MustCompile(`([A-Za-z_][\w$]*)"?\s*\(`)
	supportIn = regexp.MustCompile(`func = (?:[\w$"]+\.)?"?([\w$]+)`)
	changeIn  = regexp.MustCompile(`(?i)\b(?:(?:insert|replace)\s+[^\s(]|(?:update|delete|call|merge|truncate)\s)`)
	// textual are the writers among the volatile functions that a body is looked through for.
	textual = words(`nextval setval pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all
		pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_lock
		pg_try_advisory_lock_shared pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pg_notify set_config
		pg_cancel_backend pg_terminate_backend lo_create lo_creat lo_import lo_export lo_unlink lo_open lo_put
		lo_from_bytea lowrite lo_truncate query_to_xml query_to_xml_and_xmlschema ts_stat dblink dblink_exec
		pg_logical_emit_message get_lock release_lock release_all_locks`)
)

// ofUser tells whether a called function is one that the schema itself defines.
func ofUser(c sem.Call, in *catalog.Snapshot) bool {
	return c.Function != nil && c.Function.Extension == "" &&
		slices.Contains(in.Functions(c.Function.Schema, c.Function.Name), c.Function)
}

// contextual are the stable built-in functions that look at the clock, the session or the
// server: within a statement they do not change, between two they do. The other stable ones
// depend on settings only (casts to text, collations, time zones).
var contextual = map[string]bool{
	"now": true, "transaction_timestamp": true, "statement_timestamp": true, "current_timestamp": true,
	"current_date": true, "current_time": true, "localtime": true, "localtimestamp": true, "age": true,
	"curdate": true, "curtime": true, "sysdate": true, "utc_date": true, "utc_time": true, "utc_timestamp": true,
	"unix_timestamp": true, "current_user": true, "session_user": true, "user": true, "current_role": true,
	"current_schema": true, "current_schemas": true, "current_database": true, "current_catalog": true,
	"current_setting": true, "database": true, "schema": true, "connection_id": true, "last_insert_id": true,
	"last_insert_rowid": true, "changes": true, "total_changes": true, "row_count": true, "found_rows": true,
	"version": true, "inet_client_addr": true, "inet_server_addr": true, "pg_backend_pid": true,
	"txid_current_snapshot": true, "pg_current_snapshot": true, "currval": true, "lastval": true,
	"pg_postmaster_start_time": true, "date": true, "time": true, "datetime": true, "julianday": true,
	"unixepoch": true, "strftime": true,
}
