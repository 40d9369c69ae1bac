// Package migrate runs migrations from folders of SQL and from Go functions. Applications embed it:
//
//	//go:embed migrations/*.sql
//	var files embed.FS
//
//	folder, _ := fs.Sub(files, "migrations")
//	r := migrate.Runner{DB: db, Engine: migrate.PostgreSQL, FS: folder}
//	report, err := r.Apply(ctx, migrate.ApplyOptions{})
//
// It takes any database/sql driver of the engine (pgx's stdlib for PostgreSQL) and links no SQL parser. Folders in the forms of
// goose, golang-migrate, dbmate, sql-migrate, tern, Atlas and Flyway are run as they are, what those tools wrote down is taken
// over, and their table is kept up to date, so that they can go on where this package stopped.
//
// What holds, whatever happens in between: a migration runs once; one runner works at a time and others wait and then find
// nothing to do; after a kill, a lost connection or an error, running again goes on where it stopped, or says in an error what is
// not known and how to find out. A file runs in one transaction where the engine can (PostgreSQL, SQLite). Where it can't
// (MySQL's DDL, CREATE INDEX CONCURRENTLY, -- covet:transaction none) the history says of each statement that it was begun and that
// it ended, and a statement whose end nobody wrote down is looked for in the database.
//
// A function that is given a *sql.DB and not a transaction is run again after a kill, from its start: it must bear that.
package migrate
