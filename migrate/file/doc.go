// Package file reads and writes folders of migrations: those of our own form and those of goose, golang-migrate, dbmate,
// sql-migrate, tern, Atlas and Flyway. It knows what a folder holds and how each form says it; it knows no database and runs
// nothing. A migration is data: nothing in it is executed as a template, and nothing is read from outside of the folder.
//
// Our own form is a pair of files, 20261123120000_add_users.up.sql and .down.sql, and the list covet.sum beside them. A
// pair, and not one file with two sections, because each file is then plain SQL to every editor, formatter, database client and
// to the compiler, and because a missing way back is seen in a listing of the folder.
//
// What a comment says to the runner is the same in every form:
//
//	-- covet:transaction none     the file's statements run one by one, each committed before the next
//	-- covet:lock_timeout 3s      how long a statement waits for a lock
//	-- covet:foreign_keys off     SQLite: not enforced while the file runs; whether they hold is checked before it is committed
//	-- covet:replaces 1 2 3       the file stands for the migrations of these versions
//	-- covet:batch                the statement below runs again and again until it changes no row
//	-- covet:check                the query below must give no row
//
// The first four say something of the side that they stand in and come before its first statement.
package file
