package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	_ "modernc.org/sqlite"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// acceptance is the folder of real projects, or skips the test.
func acceptance(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("COVETSQL_ACCEPTANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "acceptance")
	}
	if _, err := os.Stat(filepath.Join(dir, "corpus")); err != nil {
		t.Skip("the acceptance inputs are not here: set COVETSQL_ACCEPTANCE")
	}
	return dir
}

// project is a schema with its queries.
type project struct {
	name            string
	schema, queries []*source.File
}

// projects reads all SQLite packages of the corpus and all SQLite accuracy cases.
func projects(t testing.TB) []project {
	t.Helper()
	root := acceptance(t)
	var out []project
	err := filepath.WalkDir(filepath.Join(root, "corpus"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch filepath.Base(path) {
		case "sqlc.yaml", "sqlc.yml", "sqlc.json":
			out = append(out, configured(t, path)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	cases, err := filepath.Glob(filepath.Join(root, "accuracy", "*_sqlite_*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range cases {
		out = append(out, project{
			name:    filepath.Base(dir),
			schema:  readSQL(t, filepath.Join(dir, "schema.sql")),
			queries: readSQL(t, filepath.Join(dir, "query.sql")),
		})
	}
	return out
}

type paths []string

func (p *paths) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*p = paths{n.Value}
		return nil
	}
	return n.Decode((*[]string)(p))
}

func configured(t testing.TB, path string) []project {
	t.Helper()
	var c struct {
		SQL, Packages []struct {
			Engine          string
			Schema, Queries paths
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	var out []project
	for _, p := range append(c.SQL, c.Packages...) {
		if p.Engine != "sqlite" {
			continue
		}
		pr := project{name: path}
		for _, s := range p.Schema {
			pr.schema = append(pr.schema, readSQL(t, filepath.Join(filepath.Dir(path), s))...)
		}
		for _, s := range p.Queries {
			pr.queries = append(pr.queries, readSQL(t, filepath.Join(filepath.Dir(path), s))...)
		}
		out = append(out, pr)
	}
	return out
}

// readSQL reads a file or the .sql files of a folder, migrations without their way back.
func readSQL(t testing.TB, path string) []*source.File {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.IsDir() {
		names, err := filepath.Glob(filepath.Join(path, "*.sql"))
		if err != nil {
			t.Fatal(err)
		}
		sort.Strings(names)
		var out []*source.File
		for _, n := range names {
			if !strings.HasSuffix(n, ".down.sql") {
				out = append(out, readSQL(t, n)...)
			}
		}
		return out
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return []*source.File{source.UpSide(source.NewFile(path, string(b)))}
}

// split cuts a file into statements, which must be possible.
func split(t testing.TB, f *source.File, mode token.Mode) []*token.Statement {
	t.Helper()
	list, ds := token.Split(f, token.SQLite, mode)
	for _, d := range ds {
		if d.Severity > 1 {
			t.Errorf("splitting: %v", d)
		}
	}
	return list
}

// Every schema statement and every query of real projects lowers whole: nothing is opaque,
// nothing is reported, and every node has its place.
func TestCorpusLowersWhole(t *testing.T) {
	schemas, queries := 0, 0
	for _, p := range projects(t) {
		for _, f := range p.schema {
			for _, s := range split(t, f, token.Schema) {
				if isData(s) {
					continue
				}
				lowersWhole(t, s)
				schemas++
			}
		}
		for _, f := range p.queries {
			for _, s := range split(t, f, token.Queries) {
				lowersWhole(t, s)
				queries++
			}
		}
	}
	t.Logf("%d schema statements, %d queries", schemas, queries)
}

func lowersWhole(t *testing.T, s *token.Statement) ir.Statement {
	t.Helper()
	tree, ds := New().Parse(s)
	for _, d := range ds {
		t.Errorf("%v\n%s", d, s.Text)
	}
	if tree == nil {
		return nil
	}
	checkSpans(t, s, tree)
	return tree
}

// checkSpans holds every node's span: not empty, inside the statement, inside the parent.
func checkSpans(t testing.TB, s *token.Statement, tree ir.Node) {
	t.Helper()
	whole := s.At(0, len(s.Text))
	var check func(n ir.Node)
	check = func(n ir.Node) {
		at := n.Span()
		switch {
		case at.IsZero() || at.Len() == 0:
			t.Errorf("%T has an empty span in %s", n, s.Text)
		case at.Start < whole.Start || at.End > whole.End:
			t.Errorf("%T at %d:%d is outside of the statement %d:%d", n, at.Start, at.End, whole.Start, whole.End)
		}
		for _, c := range ir.Children(n) {
			if absent(c) {
				continue
			}
			in := c.Span()
			if in.Start < at.Start || in.End > at.End {
				t.Errorf("%T at %d:%d (%s) is outside of its parent %T at %d:%d (%s)", c, in.Start, in.End, in.Text(), n, at.Start, at.End, at.Text())
			}
			check(c)
		}
	}
	check(tree)
}

// absent tells whether n is a name held by value that the statement does not have.
func absent(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.Ident:
		return *n == ir.Ident{}
	case *ir.Name:
		return n.Parts == nil && n.Pos.IsZero()
	}
	return false
}

// The text that the parser was given is what the server gets, so the real engine must
// accept it over the real schema.
func TestCorpusIsAcceptedByTheEngine(t *testing.T) {
	accepted := 0
	for _, p := range projects(t) {
		db, err := sql.Open("sqlite", ":memory:")
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		for _, f := range p.schema {
			for _, s := range split(t, f, token.Schema) {
				if isData(s) {
					continue
				}
				if _, err := db.Exec(s.Text); err != nil && !ownFault(err) {
					t.Errorf("%s: %v\n%s", f.Path, err, s.Text)
				}
			}
		}
		for _, f := range p.queries {
			for _, s := range split(t, f, token.Queries) {
				if engineAccepts(t, db, s) {
					accepted++
				}
			}
		}
		db.Close()
	}
	t.Logf("%d queries accepted", accepted)
}

// ownFault tells the errors that projects of the corpus really have: a column dropped by a
// migration but still queried, a declaration of sqlite_master for sqlc's sake, and a partial
// unique index that only the application's migrations create.
func ownFault(err error) bool {
	for _, known := range []string{
		"no such column: is_new", "reserved for internal use: sqlite_master", "does not match any PRIMARY KEY or UNIQUE",
	} {
		if strings.Contains(err.Error(), known) {
			return true
		}
	}
	return false
}

// isData tells the queries that some projects keep in the files of their schema: there
// nobody replaces their macros.
func isData(s *token.Statement) bool {
	switch strings.ToUpper(s.TokenText(0)) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH":
		return true
	}
	return false
}

func engineAccepts(t *testing.T, db *sql.DB, s *token.Statement) bool {
	t.Helper()
	args := make([]any, 0, len(s.Params))
	for _, p := range s.Params {
		for len(args) < p.Number {
			args = append(args, nil)
		}
	}
	rows, err := db.Query("EXPLAIN "+s.Text, args...)
	if err != nil {
		if !ownFault(err) {
			t.Errorf("%s: %v\n%s", s.File.Path, err, s.Text)
		}
		return false
	}
	rows.Close()
	return true
}

// The schemas of migration cases lower whole, and build the catalog that the engine builds:
// the same tables with the same columns, declared types and NOT NULL.
func TestMigrationSchemasBuildWhatTheEngineBuilds(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(acceptance(t), "migrate", "cases.json"))
	if err != nil {
		t.Skip("the migration cases are not here")
	}
	var cases []struct{ Engine, Name, Current, Desired string }
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range cases {
		if c.Engine != "sqlite" {
			continue
		}
		for _, ddl := range []string{c.Current, c.Desired} {
			sameAsEngine(t, c.Name, ddl)
			n++
		}
	}
	t.Logf("%d schemas", n)
}

// The same holds of the real projects' schemas.
func TestProjectSchemasBuildWhatTheEngineBuilds(t *testing.T) {
	for _, p := range projects(t) {
		var ddl strings.Builder
		for _, f := range p.schema {
			for _, s := range split(t, f, token.Schema) {
				if !isData(s) && !strings.Contains(s.Text, "TABLE sqlite_master") {
					ddl.WriteString(s.Text + ";\n")
				}
			}
		}
		sameAsEngine(t, p.name, ddl.String())
	}
}

func sameAsEngine(t *testing.T, name, ddl string) {
	t.Helper()
	c := realEngine(t)
	if _, err := c.ExecContext(context.Background(), ddl); err != nil {
		t.Logf("%s: the engine refuses the schema: %v", name, err)
		return
	}
	// Types in lower case: the engine respells the common ones.
	want := column1(t, c, `SELECT t.name || '.' || c.name || ' ' || lower(c.type) || ' ' || (c."notnull" AND t.type = 'table')
		FROM pragma_table_list t, pragma_table_xinfo(t.name) c
		WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND c.hidden <> 1
		AND NOT EXISTS (SELECT 1 FROM pragma_table_list s WHERE s.type = 'shadow' AND s.name = t.name)
		ORDER BY t.name, c.cid`)
	snap := build(t, ddl)
	tables := slices.Clone(snap.Schema("main").Tables)
	sort.Slice(tables, func(i, j int) bool { return tables[i].Name < tables[j].Name })
	var got []string
	for _, tbl := range tables {
		if tbl.Kind == catalog.View {
			continue
		}
		for _, col := range tbl.Columns {
			if col.Hidden {
				continue
			}
			notNull := "0"
			if col.NotNull && tbl.Kind == catalog.BaseTable && !IsRowID(tbl, tbl.PrimaryKey(), col) {
				notNull = "1"
			}
			got = append(got, tbl.Name+"."+col.Name+" "+strings.ToLower(col.Declared)+" "+notNull)
		}
	}
	// The engine does not list INTEGER PRIMARY KEY as NOT NULL, and lists an explicit one.
	for i := range want {
		if i < len(got) && strings.TrimRight(want[i], "01") == strings.TrimRight(got[i], "01") && strings.HasSuffix(got[i], " integer 0") {
			got[i] = want[i]
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: the catalog has\n%s\nthe engine\n%s\nfor\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"), ddl)
	}
}
