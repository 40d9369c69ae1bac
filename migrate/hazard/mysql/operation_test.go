package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	dialect "github.com/covetsql/covetsql/compiler/dialect/mysql"
	introspect "github.com/covetsql/covetsql/compiler/introspect/mysql"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// asked are the clauses in which a server is asked for a statement, best first.
var asked = []effect.Class{effect.Instant, effect.Inplace, effect.InplaceShared, effect.CopyShared}

// oracle is a server that does statements on tables which are made anew each time.
type oracle struct {
	t      *testing.T
	name   string
	conn   *sql.Conn
	tables map[string]string // how each is made
	order  []string
}

func newOracle(t *testing.T, name string, server *testkit.Server, database string) *oracle {
	t.Helper()
	conn, err := server.Open(t, database).Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	o := &oracle{t: t, name: name, conn: conn, tables: map[string]string{}}
	text, err := os.ReadFile(filepath.Join("testdata", "tables.sql"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range strings.Split(strings.TrimSpace(string(text)), ";\n") {
		table := strings.Fields(s)[2]
		o.tables[table] = s
		o.order = append(o.order, table)
		o.must(s)
	}
	return o
}

func (o *oracle) must(statement string) {
	o.t.Helper()
	if err := o.run(statement); err != nil {
		o.t.Fatalf("%s: %v", statement, err)
	}
}

// run reads the rows too, for statements about partitions give some.
func (o *oracle) run(statement string) error {
	rows, err := o.conn.QueryContext(context.Background(), statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// fresh makes a table anew, with those that hang on it.
func (o *oracle) fresh(table string, unchecked bool) {
	o.t.Helper()
	group := []string{table}
	for _, pair := range [][]string{{"ranged", "swapped"}, {"referred", "refers"}} {
		if slices.Contains(pair, table) {
			group = pair
		}
	}
	o.must("SET foreign_key_checks = 0")
	o.must("DROP TABLE IF EXISTS other, " + strings.Join(group, ", "))
	for _, t := range group {
		o.must(o.tables[t])
	}
	if !unchecked {
		o.must("SET foreign_key_checks = 1")
	}
}

// number is what the server calls a table inside: one that is written anew gets another.
func (o *oracle) number(table string) string {
	of := map[string]string{"mysql": "innodb_tables", "mariadb": "innodb_sys_tables"}[o.name]
	var n string
	err := o.conn.QueryRowContext(context.Background(), "SELECT group_concat(table_id ORDER BY table_id) FROM information_schema."+of+" WHERE name LIKE concat(database(), '/"+table+"%')").Scan(&n)
	if err != nil {
		return err.Error()
	}
	return n
}

// clause puts ALGORITHM and LOCK into a statement: in front, for behind partitions and ORDER BY they are not read.
func clause(statement string, c effect.Class) string {
	w := strings.SplitN(statement, " ", 4)
	switch {
	case w[0] != "ALTER":
		return statement + " " + strings.ReplaceAll(c.String(), ",", "")
	case strings.HasPrefix(w[3], "PARTITION BY"), strings.HasPrefix(w[3], "REMOVE PARTITIONING"):
		return strings.Join(w[:3], " ") + " " + c.String() + " " + w[3]
	}
	return strings.Join(w[:3], " ") + " " + c.String() + ", " + w[3]
}

// TestEachOperationIsDoneAsTheTableSays asks MySQL and MariaDB of each statement of testdata/operations.txt: the best class that the server takes is
// the one that is announced, and the table is written anew where that was announced. Each row of the table is asked for. A line may name the
// server that it is about; "unchecked" runs without foreign_key_checks.
func TestEachOperationIsDoneAsTheTableSays(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "operations.txt"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[operation]bool{}
	for name, server := range map[string]*testkit.Server{"mysql": testkit.MySQL(t), "mariadb": testkit.MariaDB(t)} {
		t.Run(name, func(t *testing.T) {
			database := server.NewDatabase(t)
			o := newOracle(t, name, server, database)
			schema, err := introspect.Read(context.Background(), server.URI(database), dialect.New())
			if err != nil {
				t.Fatal(err)
			}
			var version [3]int
			fmt.Sscanf(server.Version, "%d.%d.%d", &version[0], &version[1], &version[2]) //nolint:errcheck // 0 where it is another
			agree := 0
			for line := range strings.Lines(string(text)) {
				line = strings.TrimSpace(line)
				unchecked := false
				if only, rest, ok := strings.Cut(line, ": "); ok {
					if unchecked = only == "unchecked"; !unchecked && only != name {
						continue
					}
					line = rest
				}
				split, _ := token.Split(source.NewFile("alter.sql", line), token.MySQL, token.Schema)
				tree, diags := dialect.New().Parse(split[0])
				if tree == nil {
					t.Fatalf("%s: %v", line, diags)
				}
				deaf := false
				var done []operation
				e := of(effect.Scene{Schema: schema, Statement: split[0], Tree: tree, ForeignKeysOff: unchecked, Version: version[0]*10000 + version[1]*100 + version[2]}, func(o operation) {
					seen[o] = true
					done = append(done, o)
					deaf = deaf || strings.Contains(table[o].deaf, name)
				})
				on := strings.Fields(line)[2]
				if i := strings.Index(line, " ON "); i > 0 && !strings.HasPrefix(line, "ALTER") {
					on = strings.Fields(line[i+4:])[0]
				}
				if deaf {
					o.fresh(on, unchecked)
					if err := o.run(line); err != nil {
						t.Errorf("%s: %v", line, err)
					}
					agree++
					continue
				}
				was := false
				for _, c := range asked {
					o.fresh(on, unchecked)
					number := o.number(on)
					if err := o.run(clause(line, c)); err != nil {
						if strings.Contains(err.Error(), "syntax") {
							t.Errorf("%s: %v", line, err)
						}
						continue
					}
					was = true
					rebuilt := o.number(on) != number && !slices.Contains(done, renameTable) && c != effect.CopyShared
					switch {
					case c != e.Class:
						t.Errorf("%s: announced %s, the server does it by %s", line, e.Class, c)
					case rebuilt != e.Rebuild && c != effect.CopyShared && !strings.Contains(line, "PARTITION"):
						t.Errorf("%s: written anew: announced %v, it was %v", line, e.Rebuild, rebuilt)
					default:
						agree++
					}
					break
				}
				if !was {
					t.Errorf("%s: the server takes it in no way", line)
				}
			}
			t.Logf("%d statements agree with %s %s", agree, name, server.Version)
		})
	}
	for o := range operations {
		if !seen[o] && o != encryption { // for which the servers would need a keyring
			t.Errorf("no statement asks for: %s", table[o].name)
		}
	}
}

// TestOldServersDoLess: an old version does what the manual's footnotes say of it.
func TestOldServersDoLess(t *testing.T) {
	for o := range operations {
		for _, maria := range []bool{false, true} {
			ways := table[o].mysql
			if maria {
				ways = table[o].maria
			}
			if len(ways) == 0 || ways[0].since != 0 || !slices.IsSortedFunc(ways, func(a, b way) int { return a.since - b.since }) {
				t.Errorf("%s: the versions are not in order", table[o].name)
			}
			if table[o].name == "" || ways[len(ways)-1].rebuild && table[o].reason == "" {
				t.Errorf("operation %d has no name or no reason", o)
			}
		}
	}
	for _, c := range []struct {
		o       operation
		maria   bool
		version int
		want    how
	}{
		{addColumn, false, 50744, rebuilding}, {addColumn, false, 80011, rebuilding}, {addColumn, false, 80012, instantly},
		{addColumnAmong, false, 80028, rebuilding}, {addColumnAmong, false, 80029, instantly}, {addColumnAmong, true, 100311, rebuilding}, {addColumnAmong, true, 100400, instantly},
		{dropColumn, false, 80028, rebuilding}, {dropColumn, false, 80403, instantly}, {dropColumn, true, 100339, rebuilding}, {dropColumn, true, 110803, instantly},
		{renameColumn, false, 80027, metadata}, {renameColumn, false, 80028, instantly}, {addReferring, false, 80403, instantly}, {addReferring, false, 90000, copying},
		{widenVarcharOver, true, 100402, copying}, {widenVarcharOver, true, 100403, instantly}, {appendValues, false, 80011, metadata},
	} {
		s := &statement{Scene: effect.Scene{Version: c.version}, maria: c.maria}
		if got := s.of(c.o); got.how != c.want {
			t.Errorf("%s, version %d: %v", table[c.o].name, c.version, got.how)
		}
	}
}
