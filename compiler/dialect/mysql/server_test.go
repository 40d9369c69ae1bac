package mysql_test

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
)

const sampleTable = `CREATE TABLE t (
 o bool NOT NULL, i int NOT NULL, ui int unsigned NOT NULL, b bigint NOT NULL, ub bigint unsigned NOT NULL, ti tinyint NOT NULL, d decimal(10,2) NOT NULL,
 f double NOT NULL, fl float NOT NULL, c char(3) NOT NULL, v varchar(10) NOT NULL, x text NOT NULL, lx longtext NOT NULL,
 vb varbinary(16) NOT NULL, bl blob NOT NULL, da date NOT NULL, dt datetime NOT NULL, d6 datetime(6) NOT NULL, ts timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, tm time NOT NULL,
 y year NOT NULL, e enum('a','b') NOT NULL, s set('x','y') NOT NULL, j json NOT NULL, g geometry NOT NULL, p point NOT NULL, bt bit(8) NOT NULL,
 ni int, nv varchar(10), nx text, nd decimal(10,2), nf double, nda date, ndt datetime, nj json)`

func TestExplore(t *testing.T) {
	list := os.Getenv("EXPLORE")
	if list == "" {
		t.Skip()
	}
	text, _ := os.ReadFile(list)
	servers := []*testkit.Server{testkit.MySQL(t), testkit.MariaDB(t)}
	var dbs []*sql.DB
	for _, s := range servers {
		name := s.NewDatabase(t)
		s.Exec(t, name, sampleTable)
		dbs = append(dbs, s.Open(t, name))
		fmt.Println(s.Version)
	}
	snap := snapshot(t)
	for _, e := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if e == "" || e[0] == '#' {
			continue
		}
		ours := infer(t, snap, e)
		var got []string
		for _, db := range dbs {
			got = append(got, describe(db, e))
		}
		mark := " "
		if ours != got[0] {
			mark = "*"
			if ours == got[1] {
				mark = "~"
			}
		}
		fmt.Printf("%s %-45s | %-18s | %-18s | %-18s\n", mark, e, ours, got[0], got[1])
	}
}

func snapshot(t *testing.T) *catalog.Snapshot {
	d := mysql.New()
	f := source.NewFile("s.sql", sampleTable)
	list, _ := token.Split(f, token.MySQL, token.Schema)
	tree, diags := d.Parse(list[0])
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	b := catalog.NewBuilder(d.NewSnapshot(), func() catalog.Rules { r := d.SchemaRules(); r.Type = d.Type; return r }())
	b.Apply(tree)
	snap, diags := b.Snapshot()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return snap
}

func infer(t *testing.T, in *catalog.Snapshot, e string) (out string) {
	d := mysql.New()
	list, _ := token.Split(source.NewFile("q.sql", "-- name: Q :many\nSELECT "+e+" AS r FROM t"), token.MySQL, token.Queries)
	tree, diags := d.Parse(list[0])
	if tree == nil {
		return "syntax: " + diags[0].Message
	}
	cols, diags := sem.QueryColumns(tree.(ir.Query), nil, in, d)
	if diags.HasErrors() {
		return "error: " + diags[0].Message
	}
	null := ""
	if !cols[0].NotNull {
		null = "?"
	}
	return cols[0].Type.String() + null
}

func describe(db *sql.DB, e string) string {
	rows, err := db.Query("SELECT " + e + " AS r FROM t LIMIT 0")
	if err != nil {
		m := err.Error()
		if len(m) > 40 {
			m = m[:40]
		}
		return m
	}
	defer rows.Close()
	ct, _ := rows.ColumnTypes()
	n := strings.ToLower(ct[0].DatabaseTypeName())
	if u, ok := strings.CutPrefix(n, "unsigned "); ok {
		n = u + " unsigned"
	}
	if null, ok := ct[0].Nullable(); !ok || null {
		n += "?"
	}
	return n
}
