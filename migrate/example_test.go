package migrate_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"testing/fstest"

	_ "modernc.org/sqlite"

	"github.com/covetsql/covetsql/migrate"
)

// A program brings its database up to date when it starts. The files are in an embed.FS mostly.
func Example() {
	files := fstest.MapFS{
		"covet.sum":                          {},
		"20261123120000_books.up.sql":        {Data: []byte("CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL);")},
		"20261123120000_books.down.sql":      {Data: []byte("DROP TABLE books;")},
		"20261124090000_add_author.up.sql":   {Data: []byte("ALTER TABLE books ADD COLUMN author TEXT;")},
		"20261124090000_add_author.down.sql": {Data: []byte("ALTER TABLE books DROP COLUMN author;")},
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // a database in memory is its connection's

	r := migrate.Runner{DB: db, Engine: migrate.SQLite, FS: files}
	report, err := r.Apply(context.Background(), migrate.ApplyOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range report.Steps {
		fmt.Println("applied", step.Version, step.Name)
	}
	report, err = r.Down(context.Background(), 1, false)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("now at", report.Current)
	// Output:
	// applied 20261123120000 books
	// applied 20261124090000 add_author
	// now at 20261123120000
}
