package migrate

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/migrate/file"
)

// A squashed folder is what the files were, to a new database, to one that has them all, and on the way back.
func TestSquash(t *testing.T) {
	files := map[file.Form]map[string]string{
		file.Own: {"covet.sum": "", "1_a.up.sql": "-- why a\nCREATE TABLE a (id int);", "1_a.down.sql": "DROP TABLE a;", "2_b.up.sql": "CREATE TABLE b (id int); INSERT INTO b VALUES (1);\n-- covet:check\nSELECT 1 FROM a;\n", "2_b.down.sql": "DROP TABLE b;",
			"3_c.up.sql": "INSERT INTO a VALUES (1);", "3_c.down.sql": "DELETE FROM a;", "4_d.up.sql": "CREATE TABLE d (id int);", "4_d.down.sql": "DROP TABLE d;"},
		file.Goose: {"1_a.sql": "-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;", "2_b.sql": "-- +goose Up\n-- +goose StatementBegin\nCREATE TABLE b (id int);\n-- +goose StatementEnd\nINSERT INTO b VALUES (1);\n-- +goose Down\nDROP TABLE b;",
			"3_c.sql": "-- +goose Up\nINSERT INTO a VALUES (1);\n-- +goose Down\nDELETE FROM a;", "4_d.sql": "-- +goose Up\nCREATE TABLE d (id int);\n-- +goose Down\nDROP TABLE d;"},
	}
	everywhere(t, func(t *testing.T, s server, _ *sql.DB) {
		for form, texts := range files {
			dir := t.TempDir()
			for name, text := range texts {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			disk, err := file.OpenDisk(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer disk.Close()
			open := func() *sql.DB { return s.Open(t, s.NewDatabase(t)) }
			all, some, none := &Runner{DB: open(), Engine: s.engine, FS: disk.FS()}, &Runner{DB: open(), Engine: s.engine, FS: disk.FS()}, &Runner{DB: open(), Engine: s.engine, FS: disk.FS()}
			apply(t, all)
			if _, err := some.Apply(context.Background(), ApplyOptions{To: "2"}); err != nil {
				t.Fatal(err)
			}
			f, err := file.Open(disk.FS(), file.Options{Dialect: all.dialect()})
			if err != nil || f.Form != form {
				t.Fatal(f, err)
			}
			_, written, remove, err := f.Squash("1", "3", "all of it")
			if err != nil {
				t.Fatal(err)
			}
			if err := disk.Write(written); err != nil {
				t.Fatal(err)
			}
			if err := disk.Remove(remove...); err != nil {
				t.Fatal(err)
			}
			if got := states(t, all); got != "3 applied, 4 applied" {
				t.Errorf("%s: %s", form, got)
			}
			apply(t, all)
			if st, err := all.Status(context.Background()); err != nil || len(st.Problems) > 0 {
				t.Errorf("%s: %+v %v", form, st, err)
			}
			if rep := apply(t, all); len(rep.Steps) != 0 {
				t.Errorf("%s: %+v", form, rep)
			}
			if st, err := some.Status(context.Background()); err != nil || len(st.Problems) != 1 || !strings.Contains(st.Problems[0], "stands for 3 migrations, of which this database has 2") {
				t.Errorf("%s: %+v %v", form, st, err)
			}
			_, err = some.Apply(context.Background(), ApplyOptions{})
			wantError(t, err, ErrPartial, "stands for 3 migrations, of which this database has 2")
			if rep := apply(t, none); steps_(rep) != "3 4" {
				t.Errorf("%s: %+v", form, rep)
			}
			for _, r := range []*Runner{all, none} {
				if n := count(t, r.DB, "SELECT COUNT(*) FROM a") + count(t, r.DB, "SELECT COUNT(*) FROM b"); n != 2 {
					t.Errorf("%s: %d rows", form, n)
				}
			}
			// The squash could not be applied again once it was undone on a database that had run its parts.
			for _, r := range []*Runner{none, all} {
				if _, err := r.Down(context.Background(), 2, false); err != nil {
					t.Errorf("%s: %v", form, err)
				}
				if got := states(t, r); got != "3 pending, 4 pending" {
					t.Errorf("%s: %s", form, got)
				}
				if rep := apply(t, r); steps_(rep) != "3 4" {
					t.Errorf("%s: %+v", form, rep)
				}
				if st, err := r.Status(context.Background()); err != nil || len(st.Problems) > 0 {
					t.Errorf("%s: %+v %v", form, st, err)
				}
			}
		}
	})
}
