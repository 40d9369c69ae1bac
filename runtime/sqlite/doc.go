// Package sqlite runs generated code on SQLite, by modernc.org/sqlite: one connection that writes and many that read, prepared statements
// kept in each connection, transactions that are what they are called, and no detour through database/sql where the generated code
// asks directly. Values, types and errors are those of database/sql over the same driver.
//
// The connections are the driver's own, with all that its DSN asks for. The direct way calls SQLite's interface on them
// (modernc.org/sqlite/lib), as the driver does.
package sqlite
