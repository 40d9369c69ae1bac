package facts

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/sem"
)

// writers are built-in functions that change something beside the result: sequences,
// locks that outlive the statement, large objects, settings, other sessions.
var writers = map[string]bool{
	"nextval": true, "setval": true,
	"pg_advisory_lock": true, "pg_advisory_lock_shared": true, "pg_advisory_unlock": true,
	"pg_advisory_unlock_all": true, "pg_advisory_unlock_shared": true,
	"pg_advisory_xact_lock": true, "pg_advisory_xact_lock_shared": true,
	"pg_try_advisory_lock": true, "pg_try_advisory_lock_shared": true,
	"pg_try_advisory_xact_lock": true, "pg_try_advisory_xact_lock_shared": true,
	"pg_notify": true, "set_config": true, "pg_cancel_backend": true, "pg_terminate_backend": true,
	"pg_reload_conf": true, "pg_rotate_logfile": true, "pg_switch_wal": true, "pg_create_restore_point": true,
	"pg_promote": true, "pg_export_snapshot": true, "txid_current": true, "pg_current_xact_id": true,
	"lo_create": true, "lo_creat": true, "lo_import": true, "lo_export": true, "lo_unlink": true,
	"lo_open": true, "lo_put": true, "lo_from_bytea": true, "lowrite": true, "lo_truncate": true,
	"query_to_xml": true, "dblink": true, "dblink_exec": true, "dblink_connect": true,
	"get_lock": true, "release_lock": true, "release_all_locks": true, "load_extension": true,
	"master_pos_wait": true, "source_pos_wait": true,
}

// mayWrite tells whether a call may change data: a writer, a function that nothing is known
// of, or a function of the user's that is not declared stable or immutable. The other
// volatile built-in functions, and those of extensions, only compute.
func mayWrite(c sem.Call, in *catalog.Snapshot) bool {
	switch {
	case c.Unknown, writers[strings.ToLower(c.Name)]:
		return true
	case c.Volatility == "stable":
		return false
	}
	return ofUser(c, in)
}

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
