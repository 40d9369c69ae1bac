package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/covetsql/covetsql/compiler/catalog"
	dialect "github.com/covetsql/covetsql/compiler/dialect/sqlite"
	introspect "github.com/covetsql/covetsql/compiler/introspect/sqlite"
	"github.com/covetsql/covetsql/migrate/diff/sqlite"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

var ctx = context.Background()

// tb is what *testing.T and *rapid.T have in common.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

// database is a file with one connection.
type database struct {
	*sql.Conn
	path  string
	close func()
}

var count int

func open(t tb, dir, schema string) *database {
	t.Helper()
	count++
	path := filepath.Join(dir, fmt.Sprintf("%d.db", count))
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	d := &database{conn, path, func() { conn.Close(); db.Close(); os.Remove(path) }}
	d.must(t, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = ON")
	d.must(t, schema)
	return d
}

func (d *database) must(t tb, statement string) {
	t.Helper()
	if _, err := d.ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func (d *database) schema(t tb) *catalog.Snapshot {
	t.Helper()
	s, err := introspect.Read(ctx, d.path, dialect.New())
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

func (d *database) print(t tb) fingerprint.Print {
	t.Helper()
	p, err := fingerprint.SQLite(ctx, d)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

// rows are the first column of a query's rows.
func (d *database) rows(t tb, query string) (out []string) {
	t.Helper()
	rows, err := d.QueryContext(ctx, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var s sql.NullString
		if err := rows.Scan(&s); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		out = append(out, s.String)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

// run does what a runner does with a plan: one transaction, foreign keys turned off around it, checks that give rows end it.
func (d *database) run(t tb, p plan.Plan) (err error) {
	t.Helper()
	if p.ForeignKeysOff {
		d.must(t, "PRAGMA foreign_keys = OFF")
		defer d.must(t, "PRAGMA foreign_keys = ON; PRAGMA legacy_alter_table = OFF")
	}
	d.must(t, "BEGIN IMMEDIATE")
	defer func() {
		if err != nil {
			d.must(t, "ROLLBACK")
		}
	}()
	for _, s := range p.Steps {
		if s.Check == "" {
			if _, err := d.ExecContext(ctx, s.SQL); err != nil {
				return fmt.Errorf("%s: %w", s.SQL, err)
			}
			continue
		}
		rows, err := d.QueryContext(ctx, s.SQL)
		if err != nil {
			return fmt.Errorf("%s: %w", s.SQL, err)
		}
		found := rows.Next()
		if err := rows.Err(); err != nil {
			rows.Close()
			return fmt.Errorf("%s: %w", s.SQL, err)
		}
		if rows.Close(); found {
			return fmt.Errorf("%s: %s", s.SQL, s.Check)
		}
	}
	d.must(t, "COMMIT")
	return nil
}

// contents are each table's columns' values, in order of the rows.
func (d *database) contents(t tb) map[string]map[string][]string {
	t.Helper()
	out := map[string]map[string][]string{}
	for _, table := range d.rows(t, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'") {
		of := map[string][]string{}
		q := `"` + strings.ReplaceAll(table, `"`, `""`) + `"`
		for _, column := range d.rows(t, "SELECT name FROM pragma_table_xinfo('"+strings.ReplaceAll(table, "'", "''")+"') WHERE hidden = 0") {
			of[strings.ToLower(column)] = d.rows(t, `SELECT quote("`+strings.ReplaceAll(column, `"`, `""`)+`") FROM `+q)
		}
		of["count"] = d.rows(t, "SELECT count(*) FROM "+q)
		out[strings.ToLower(table)] = of
	}
	return out
}

// seed puts rows into every table that takes them.
func (d *database) seed(t tb) {
	t.Helper()
	tables := d.rows(t, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
	filled := map[string]int{}
	for range 3 { // parents may stand behind their children
		for _, table := range tables {
			for i := filled[table] + 1; i <= 3; i++ {
				var columns, values []string
				rows, err := d.QueryContext(ctx, "SELECT name, lower(type) FROM pragma_table_xinfo(?) WHERE hidden = 0", table)
				if err != nil {
					t.Fatalf("%v", err)
				}
				for rows.Next() {
					var name, typ string
					if err := rows.Scan(&name, &typ); err != nil {
						t.Fatalf("%v", err)
					}
					columns = append(columns, `"`+strings.ReplaceAll(name, `"`, `""`)+`"`)
					value := fmt.Sprint(i)
					if strings.Contains(typ, "char") || strings.Contains(typ, "text") {
						value = fmt.Sprintf("'%d'", i)
					}
					values = append(values, value)
				}
				rows.Close()
				if _, err := d.ExecContext(ctx, fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES (%s)`, strings.ReplaceAll(table, `"`, `""`), strings.Join(columns, ", "), strings.Join(values, ", "))); err == nil {
					filled[table] = i
				}
			}
		}
	}
}

// same tells whether two columns have the same values, whatever type they are kept by.
func same(a, b []string) bool {
	plain := func(v []string) []string {
		out := slices.Clone(v)
		for i := range out {
			if bytes, ok := strings.CutPrefix(out[i], "X'"); ok {
				text, _ := hex.DecodeString(strings.TrimSuffix(bytes, "'"))
				out[i] = string(text)
			}
			out[i] = strings.TrimSuffix(strings.Trim(out[i], "'"), ".0")
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(plain(a), plain(b))
}

func answer(_, _, _, suggested string) string { return suggested }

// fills tells whether b is a with values where a has none.
func fills(a, b []string) bool {
	rest := slices.Clone(b)
	for _, v := range a {
		if i := slices.IndexFunc(rest, func(r string) bool { return same([]string{r}, []string{v}) }); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
		} else if v != "NULL" {
			return false
		}
	}
	return len(a) == len(b)
}

var options = plan.Options{Backfill: answer, Version: 3053004}

// migrate changes d into what the schema in wanted is, and holds that it was lossless.
func (d *database) migrate(t tb, wanted *database, o plan.Options) {
	t.Helper()
	from, to := d.schema(t), wanted.schema(t)
	p, err := sqlite.Diff(from, to, o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	before := d.contents(t)
	if err := d.run(t, p); err != nil {
		t.Fatalf("%v\n\n%s", err, text(p))
	}
	if diffs := fingerprint.Compare(d.print(t), wanted.print(t)); len(diffs) > 0 {
		t.Fatalf("%+v\n\n%s", diffs, text(p))
	}
	d.moved(t, before, p)
	again, err := sqlite.Diff(d.schema(t), to, o)
	if err != nil || len(again.Steps)+len(again.Questions)+len(again.Unmanaged) > 0 {
		t.Fatalf("the second diff is not empty: %v\n%s", err, text(again))
	}
	if on := d.rows(t, "PRAGMA foreign_keys"); on[0] != "1" {
		t.Fatalf("foreign keys are off")
	}
}

// moved holds that the values that were there before p are there, or were told as lost.
// What had no value may have got one where the plan fills columns.
func (d *database) moved(t tb, before map[string]map[string][]string, p plan.Plan) {
	t.Helper()
	told := map[string]bool{}
	for _, s := range p.Steps {
		for _, l := range s.Losses {
			if l.Rows {
				told[strings.ToLower(l.Object.String())] = true
			}
		}
	}
	filled := strings.Contains(text(p), "coalesce(")
	after := d.contents(t)
	for table, columns := range before {
		now := after[table]
		if now == nil {
			if !told["table "+table] {
				t.Fatalf("table %s is gone and nobody said so\n%s", table, text(p))
			}
			continue
		}
		for column, values := range columns {
			got, stays := now[column]
			switch lost := told["column "+table+"."+column]; {
			case !stays && !lost:
				t.Fatalf("the values of %s.%s are gone and nobody said so\n%s", table, column, text(p))
			case stays && !lost && !same(values, got) && !(filled && fills(values, got)):
				t.Fatalf("%s.%s: %q, was %q\n%s", table, column, got, values, text(p))
			}
		}
	}
}

func text(p plan.Plan) string {
	var b strings.Builder
	for _, s := range p.Steps {
		fmt.Fprintf(&b, "%s; -- %s%s\n", s.SQL, s.Why, s.Check)
	}
	for _, q := range p.Questions {
		fmt.Fprintf(&b, "? %s\n", q.Text)
	}
	return b.String()
}

// TestCases takes the pairs of schemas of public tools' suites and of our own, in both directions, by a new and by an unknown version.
func TestCases(t *testing.T) {
	data, err := os.ReadFile("../../../../shared/acceptance/migrate/cases.json")
	if err != nil {
		t.Skip("the acceptance data is not here")
	}
	var cases []struct{ Engine, Suite, Name, Current, Desired string }
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Engine != "sqlite" {
			continue
		}
		for _, version := range []int{0, 3053004} {
			for way, pair := range map[string][2]string{"there": {c.Current, c.Desired}, "back": {c.Desired, c.Current}} {
				t.Run(fmt.Sprintf("%s/%s/%s/%d", c.Suite, c.Name, way, version), func(t *testing.T) {
					dir := t.TempDir()
					d, wanted := open(t, dir, pair[0]), open(t, dir, pair[1])
					defer d.close()
					defer wanted.close()
					d.seed(t)
					o := options
					o.Version = version
					d.migrate(t, wanted, o)
					origin := open(t, dir, pair[0])
					defer origin.close()
					d.migrate(t, origin, o)
				})
			}
		}
	}
}
