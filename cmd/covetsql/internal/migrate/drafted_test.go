package migrate

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/diff"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof"
)

var everyPair = flag.Int("every", 30, "of the pairs of schemas of each engine, one of so many is drafted and judged")

// changed is a schema before and after a change.
type changed struct{ Engine, Suite, Name, Current, Desired string }

// changes are pairs of schemas: those of the diff's own tests, and of other tools' tests.
func changes(t *testing.T) (out []changed) {
	t.Helper()
	root := filepath.Join("..", "..", "..", "..")
	text, err := os.ReadFile(filepath.Join(root, "migrate", "diff", "postgres", "testdata", "properties.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(text), "== ") {
		name, rest, _ := strings.Cut(part, "\n")
		if from, to, ok := strings.Cut(rest, "\n--\n"); ok {
			out = append(out, changed{"postgresql", "own", name, from, to}, changed{"postgresql", "own", name + " back", to, from})
		}
	}
	text, err = os.ReadFile(filepath.Join(root, "..", "shared", "acceptance", "migrate", "cases.json"))
	if err != nil {
		t.Logf("other tools' pairs are not here: %v", err)
		return out
	}
	var pairs []changed
	if err := json.Unmarshal(text, &pairs); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, p := range pairs {
		if count[p.Engine]++; count[p.Engine]%*everyPair == 0 {
			out = append(out, p)
		}
	}
	return out
}

// TestDraftsPassTheirOwnLint holds that lint warns of no migration that covetsql drafts in its online form, but of what the plan itself
// says is lost, and of what no form can spare (announced).
func TestDraftsPassTheirOwnLint(t *testing.T) {
	starts := map[string]func(testing.TB) *testkit.Server{"postgresql": testkit.PostgreSQL, "mysql": testkit.MySQL}
	ctx := context.Background()
	scratches := map[string]proof.Scratch{}
	told := map[string]int{}
	n, clean := 0, 0
	for _, p := range changes(t) {
		s, known := scratches[p.Engine]
		if !known {
			s = proof.Scratch{Dialect: project.Dialect(catalog.Engine(p.Engine))}
			if start := starts[p.Engine]; start != nil {
				server := start(t)
				s.Server = server.URI(server.NewDatabase(t))
			}
			scratches[p.Engine] = s
		}
		from, version := introspected(ctx, s, p.Current)
		to, _ := introspected(ctx, s, p.Desired)
		if from == nil || to == nil {
			continue
		}
		up, err := diff.Diff(from, to, plan.Options{Quote: s.Dialect.Quote, Online: true, Version: version,
			Backfill: func(_, _, _, suggested string) string { return suggested }})
		if err != nil || len(up.Steps) == 0 {
			continue
		}
		n++
		found := linted(t, s, from, p, up)
		if len(found) == 0 {
			clean++
		} else if testing.Verbose() {
			t.Logf("%s %s %s:\n%s", p.Engine, p.Suite, p.Name, strings.Join(statements(up), ";\n"))
		}
		for _, d := range found {
			told[d.Code.ID+" "+d.Code.Slug]++
			t.Errorf("%s %s %s: %v[%s] %s, at: %s", p.Engine, p.Suite, p.Name, d.Severity, d.Code.ID, d.Message, oneLine(d.Span.Text()))
		}
	}
	t.Logf("%d drafts, %d clean: %v", n, clean, told)
}

// linted are the findings of a plan, as it is written, that it does not announce itself.
func linted(t *testing.T, s proof.Scratch, from *catalog.Snapshot, p changed, up plan.Plan) (out diag.List) {
	t.Helper()
	empty := &file.Folder{Form: file.Own, Dialect: s.Dialect.Lex()}
	_, files, err := empty.New(content("change", &draft.Draft{Up: up}, empty), time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, f := range files {
		fsys[f.Name] = &fstest.MapFile{Data: []byte(f.Text)}
	}
	folder, err := file.Open(fsys, file.Options{Form: file.Own, Dialect: s.Dialect.Lex()})
	if err != nil {
		t.Fatal(err)
	}
	// By the database's own schema, as apply sees it, and by the text of the migrations before, as lint does.
	schemas := []*catalog.Snapshot{from}
	if text, diags := compiler.ReadSchema(source.NewFile("schema.sql", p.Current), s.Dialect.Engine()); !diags.HasErrors() {
		schemas = append(schemas, text)
	}
	for _, before := range schemas {
		found := hazard.Lint(folder.Migrations[0].Up, before, hazard.Options{LockTimeout: true})
		for _, d := range found {
			if d.Severity != diag.Note && !announced(d, found, p, up) {
				out = append(out, d)
			}
		}
	}
	return out
}

// announced tells whether a finding is about what a step says of itself, or about what no form of it spares.
func announced(d diag.Diagnostic, found diag.List, p changed, up plan.Plan) bool {
	statement := strings.Join(strings.Fields(d.Span.Text()), " ")
	switch d.Code {
	case diag.TableRewritten, diag.TableCopied, diag.TableRebuilt, diag.ValuesConverted: // another type, a computed column
		return true
	case diag.TimeZoneDecides: // times that get a zone
		return true
	case diag.KeyUnindexed, diag.IndexRepeated: // the schema files want it so
		return true
	case diag.OtherTableLocked, diag.DropBlocks: // a foreign key, or a partition, that goes
		return true
	case diag.DataLost:
		return strings.Contains(statement, "SET UNLOGGED") || slices.ContainsFunc(up.Steps, func(s plan.Step) bool { return len(s.Losses) > 0 })
	case diag.IndexBlocks: // indexes over another type or collation, and those that CONCURRENTLY does not make
		return strings.Contains(statement, "ALTER COLUMN") || strings.Contains(statement, "EXCLUDE") || strings.Contains(p.Current, "PARTITION BY")
	case diag.TableScanned:
		return strings.Contains(statement, "ATTACH PARTITION")
	case diag.LocksTogether: // what takes long is told by itself
		return slices.ContainsFunc(found, func(o diag.Diagnostic) bool {
			return o.Span == d.Span && (o.Code == diag.TableRewritten || o.Code == diag.IndexBlocks || o.Code == diag.TimeZoneDecides)
		})
	}
	return false
}

// introspected is a schema as the engine keeps it, nil where the engine refuses it.
func introspected(ctx context.Context, s proof.Scratch, schema string) (*catalog.Snapshot, int) {
	statements, err := s.Split("schema.sql", strings.ReplaceAll(schema, "mysqldef_test.", ""))
	if err != nil {
		return nil, 0
	}
	d, err := s.New(ctx, statements)
	if err != nil {
		return nil, 0
	}
	defer d.Close()
	snapshot, err := d.Snapshot(ctx)
	if err != nil {
		return nil, 0
	}
	version, err := d.Version(ctx)
	if err != nil {
		return nil, 0
	}
	return snapshot, version
}

// A draft that needs several transactions says which statements share one, and the runner keeps to it.
func TestADraftsTransactionsAreThoseThatWereTried(t *testing.T) {
	server := testkit.PostgreSQL(t)
	t.Setenv("LIVE_URL", server.URI(server.NewDatabase(t)))
	t.Setenv("SCRATCH_URL", server.URI(server.NewDatabase(t)))
	files := map[string]string{
		"covetsql.yaml": strings.NewReplacer("schema: migrations", "schema: schema.sql", ", form: golang-migrate", "").Replace(ofPostgres),
		"queries.sql":   "-- name: One :one\nSELECT 1;\n",
		"schema.sql":    "CREATE TABLE a (id int PRIMARY KEY, n int, m text); CREATE TABLE b (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT m FROM a;",
	}
	projectOf(t, files)
	for _, step := range []string{"first", "second"} {
		if _, told, err := covetsql(t, "diff", step); err != nil {
			t.Fatal(err, told)
		}
		if _, told, err := covetsql(t, "apply"); err != nil {
			t.Fatal(err, told)
		}
		if step == "first" {
			wanted := "CREATE TABLE a (id int PRIMARY KEY, \n n int NOT NULL DEFAULT 1, -- covet:backfill 1\n m text);\nCREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); CREATE INDEX b_a ON b (a); CREATE VIEW v AS SELECT m, n FROM a;"
			if err := os.WriteFile("schema.sql", []byte(wanted), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := filepath.Glob("migrations/*_second.up.sql")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	text, err := os.ReadFile(list[0])
	if err != nil {
		t.Fatal(err)
	}
	inside := false
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, "BEGIN"), strings.HasPrefix(line, "COMMIT"):
			inside = strings.HasPrefix(line, "BEGIN")
		case inside && (strings.Contains(line, "VALIDATE") || strings.Contains(line, "CONCURRENTLY")):
			t.Errorf("%s is in a transaction:\n%s", line, text)
		}
	}
	has(t, string(text), "VALIDATE CONSTRAINT", "CONCURRENTLY")
	if out, told, err := covetsql(t, "diff", "--from-database", "--check"); err != nil {
		t.Error(err, out, told)
	}
	if _, told, err := covetsql(t, "lint", "--ask", "--fail-on", "warning", "--locks"); err != nil {
		t.Error(err, told, string(text))
	}
	if _, told, err := covetsql(t, "down", "1"); err != nil {
		t.Error(err, told)
	}
}
