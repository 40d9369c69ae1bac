// Package dbsql is what the adapters share whose ordinary path is database/sql: a *sql.DB over the runtime's own connections, and values and
// arguments converted by database/sql's rules. It knows no engine.
package dbsql
