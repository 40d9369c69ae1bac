package mysql_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	dialectmysql "github.com/covetsql/covetsql/compiler/dialect/mysql"
	introspect "github.com/covetsql/covetsql/compiler/introspect/mysql"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/diff/mysql"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

// bench is a server and what is tried on it.
type bench struct {
	*testkit.Server
	one *sql.Conn
}

func on(t *testing.T, engine string) *bench {
	t.Helper()
	server := testkit.MySQL
	if engine == "mariadb" {
		server = testkit.MariaDB
	}
	s := server(t)
	db, err := sql.Open(s.Driver(), strings.Replace(s.DSN(""), "&multiStatements=true", "", 1))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); db.Close() })
	return &bench{s, conn}
}

// make gives a database with a schema, or what the server has against it.
func (b *bench) make(t *testing.T, schema string) (string, error) {
	t.Helper()
	name := b.NewDatabase(t)
	return name, b.run(t, name, schema)
}

// conn is the bench's one connection, as a new one would be but for its database.
func (b *bench) conn(t *testing.T, name string) *sql.Conn {
	t.Helper()
	for _, s := range []string{"USE `" + name + "`", "SET SESSION sql_mode = DEFAULT, foreign_key_checks = 1"} {
		if _, err := b.one.ExecContext(context.Background(), s); err != nil {
			t.Fatal(err)
		}
	}
	return b.one
}

func (b *bench) run(t *testing.T, name, schema string) error {
	t.Helper()
	statements, _ := token.Split(source.NewFile("schema.sql", schema), dialectmysql.New().Lex(), token.Schema)
	conn := b.conn(t, name)
	for _, s := range statements {
		if _, err := conn.ExecContext(context.Background(), s.Span.Text()); err != nil {
			return fmt.Errorf("%s: %w", s.Span.Text(), err)
		}
	}
	return nil
}

// fill gives each table rows, as far as they can be made of defaults.
func (b *bench) fill(t *testing.T, name string) map[string]int {
	t.Helper()
	ctx, conn := context.Background(), b.conn(t, name)
	rows, err := conn.QueryContext(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')")
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, n)
	}
	rows.Close()
	for _, set := range []string{"SET foreign_key_checks = 0", "SET sql_mode = 'NO_ZERO_DATE,NO_ZERO_IN_DATE'"} {
		if _, err := conn.ExecContext(ctx, set); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range tables {
		for i := range 3 {
			insert := insertion(t, conn, n, i)
			if _, err := conn.ExecContext(ctx, insert); err != nil && testing.Verbose() {
				t.Log(insert, err) // where it can't be, there are no rows
			}
		}
	}
	return b.count(t, name, tables)
}

// insertion is an INSERT of a row whose values differ from those of other rows.
func insertion(t *testing.T, conn *sql.Conn, table string, row int) string {
	t.Helper()
	rows, err := conn.QueryContext(context.Background(), `SELECT column_name, data_type, is_nullable, column_type FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name = ? AND extra NOT LIKE '%auto_increment%' AND extra NOT LIKE '%generated%' AND extra NOT LIKE '%virtual%' AND extra NOT LIKE '%stored%'
		AND extra NOT LIKE '%row start%' AND extra NOT LIKE '%row end%' AND NOT (column_name IN ('row_start', 'row_end')) ORDER BY ordinal_position`, table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names, values []string
	for rows.Next() {
		var name, kind, nullable, full string
		if err := rows.Scan(&name, &kind, &nullable, &full); err != nil {
			t.Fatal(err)
		}
		value := fmt.Sprint(row + 1)
		switch kind {
		case "bit":
			value = fmt.Sprint(row % 2)
		case "char", "varchar", "text", "tinytext", "mediumtext", "longtext", "binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob":
			value = fmt.Sprintf("'%d'", row+1)
		case "enum", "set":
			value = full[strings.Index(full, "(")+1 : strings.IndexAny(full, ",)")]
		case "json":
			value = fmt.Sprintf("'[%d]'", row)
		case "date":
			value = fmt.Sprintf("'2024-02-0%d'", row+1)
		case "datetime", "timestamp":
			value = fmt.Sprintf("'2024-02-0%d 00:00:00'", row+1)
		case "time":
			value = fmt.Sprintf("'0%d:00:00'", row+1)
		case "year":
			value = fmt.Sprint(2020 + row)
		case "geometry", "point":
			value = "ST_GeomFromText('POINT(1 1)')"
		}
		if nullable == "YES" { // what it may hold is the schema's secret
			value = "DEFAULT"
		}
		names, values = append(names, "`"+name+"`"), append(values, value)
	}
	return "INSERT INTO `" + table + "` (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(values, ", ") + ")"
}

func (b *bench) count(t *testing.T, name string, tables []string) map[string]int {
	t.Helper()
	out := map[string]int{}
	conn := b.conn(t, name)
	for _, n := range tables {
		var c int
		if err := conn.QueryRowContext(context.Background(), "SELECT COUNT(*) FROM `"+n+"`").Scan(&c); err != nil {
			continue
		}
		out[n] = c
	}
	return out
}

func (b *bench) read(t *testing.T, name string) *catalog.Snapshot {
	t.Helper()
	s, err := introspect.Read(context.Background(), b.URI(name), dialectmysql.New())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (b *bench) diff(t *testing.T, from, to string, o plan.Options) plan.Plan {
	t.Helper()
	return b.between(t, b.read(t, from), b.read(t, to), o)
}

func (b *bench) between(t *testing.T, x, y *catalog.Snapshot, o plan.Options) plan.Plan {
	t.Helper()
	p, err := mysql.Diff(x, y, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (b *bench) print(t *testing.T, name string) fingerprint.Print {
	t.Helper()
	p, err := fingerprint.MySQL(context.Background(), b.conn(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// number is the server's version as plan.Options has it.
func (b *bench) number() int {
	var major, minor, patch int
	fmt.Sscanf(b.Version, "%d.%d.%d", &major, &minor, &patch) //nolint:errcheck // 0 where it is another
	return major*10000 + minor*100 + patch
}

var fills = plan.Options{Backfill: func(_, _, _, suggested string) string { return suggested }}

// turn is the property: what Diff plans makes a database of one schema equal to one of another, keeps rows, and leaves nothing to do.
func (b *bench) turn(t *testing.T, from, to string, o plan.Options) {
	t.Helper()
	a, err := b.make(t, from)
	if err != nil {
		t.Skip(err)
	}
	z, err := b.make(t, to)
	if err != nil {
		t.Skip(err)
	}
	b.apply(t, a, z, o)
}

func (b *bench) apply(t *testing.T, a, z string, o plan.Options) {
	t.Helper()
	before := b.fill(t, a)
	p := b.diff(t, a, z, o)
	conn := b.conn(t, a)
	var done strings.Builder
	drops := false
	for _, s := range p.Steps {
		fmt.Fprintf(&done, "%s;\n", s.SQL)
		for _, l := range s.Losses {
			drops = drops || l.Rows
		}
		for {
			r, err := conn.ExecContext(context.Background(), s.SQL)
			if err != nil {
				t.Fatalf("%v\nin\n%s", err, done.String())
			}
			if n, _ := r.RowsAffected(); !s.Batch || n == 0 {
				break
			}
		}
	}
	failed := false
	for _, d := range fingerprint.Compare(b.print(t, a), b.print(t, z)) {
		failed = true
		t.Errorf("%s:\n%s\nand\n%s", d.Object, d.A, d.B)
	}
	again := b.diff(t, a, z, o)
	for _, s := range again.Steps {
		failed = true
		t.Errorf("a second time: %s", s.SQL)
	}
	if len(p.Unmanaged) > 0 {
		t.Errorf("unmanaged: %v", p.Unmanaged)
	}
	tables := make([]string, 0, len(before))
	for n := range before {
		tables = append(tables, n)
	}
	for n, c := range b.count(t, a, tables) {
		if c != before[n] && !drops {
			t.Errorf("table %s had %d rows and has %d", n, before[n], c)
		}
	}
	if len(p.Questions) > 0 {
		t.Errorf("questions: %v", p.Questions)
	}
	if failed || testing.Verbose() {
		t.Logf("\n%s", done.String())
	}
}

type acceptance struct {
	Engine, Name, Current, Desired string
	Flavor                         *string
}

func cases(t *testing.T) []acceptance {
	t.Helper()
	dir, _ := os.Getwd()
	for dir != "/" {
		data, err := os.ReadFile(filepath.Join(dir, "../shared/acceptance/migrate/cases.json"))
		if err == nil {
			var all []acceptance
			if err := json.Unmarshal(data, &all); err != nil {
				t.Fatal(err)
			}
			return slices.DeleteFunc(all, func(c acceptance) bool { return c.Engine != "mysql" })
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("the acceptance data is not there")
	return nil
}

func TestAcceptance(t *testing.T) {
	for _, engine := range []string{"mysql", "mariadb"} {
		b := on(t, engine)
		for i, c := range cases(t) {
			if c.Flavor != nil && *c.Flavor != "" && *c.Flavor != engine {
				continue
			}
			current, desired := strings.ReplaceAll(c.Current, "mysqldef_test.", ""), strings.ReplaceAll(c.Desired, "mysqldef_test.", "")
			for _, online := range []bool{false, true} {
				o := fills
				o.Online, o.Version = online, b.number()
				t.Run(fmt.Sprintf("%s/%v/%d-%s/up", engine, online, i, c.Name), func(t *testing.T) { b.turn(t, current, desired, o) })
				t.Run(fmt.Sprintf("%s/%v/%d-%s/down", engine, online, i, c.Name), func(t *testing.T) { b.turn(t, desired, current, o) })
			}
		}
	}
}
