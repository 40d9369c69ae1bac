package codegen

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
)

var record = flag.Bool("record", false, "record testdata/requests from the sqlc that COVETSQL_SQLC names")

// testdata/requests has what sqlc 1.31.1 tells a generator of small schemas: request.json without
// the tables of PostgreSQL's own schemas, and the checksum of the whole file. Ours is the same
// to the byte.
func TestRequestsAreThoseRecordedFromSQLC(t *testing.T) {
	dirs, err := filepath.Glob("testdata/requests/*")
	if err != nil || len(dirs) < 6 {
		t.Fatal(dirs, err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			if *record {
				recordFromSQLC(t, dir)
			}
			want, err := os.ReadFile(filepath.Join(dir, "request.json"))
			if err != nil {
				t.Fatal(err)
			}
			sum, err := os.ReadFile(filepath.Join(dir, "request.sha256"))
			if err != nil {
				t.Fatal(err)
			}
			cfg, ds := config.Load(filepath.Join(dir, "sqlc.yaml"))
			if ds.HasErrors() {
				t.Fatal(ds)
			}
			p := compiler.Compile(cfg, compiler.Options{})
			files, more := GenerateAll(p, nil)
			if p.Diagnostics.HasErrors() || more.HasErrors() || len(files) != 1 {
				t.Fatal(p.Diagnostics, more)
			}
			if got := files[0].Path; got != "gen/codegen_request.json" {
				t.Errorf("it is called %s", got)
			}
			for _, d := range unequal("", parsed(t, want), parsed(t, withoutSystem(t, files[0].Content))) {
				t.Error(d)
			}
			if got := checksum(files[0].Content); got != string(sum) {
				t.Errorf("the whole file is another one: %s", got)
			}
		})
	}
}

func checksum(b []byte) string { return fmt.Sprintf("%x\n", sha256.Sum256(b)) }

// withoutSystem empties the schemas that PostgreSQL has of itself.
func withoutSystem(t *testing.T, b []byte) []byte {
	t.Helper()
	r := parsed(t, b).(map[string]any)
	for _, s := range r["catalog"].(map[string]any)["schemas"].([]any) {
		switch s := s.(map[string]any); s["name"] {
		case "pg_catalog", "information_schema":
			s["tables"] = []any{}
		}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetIndent("", " ")
	if err := e.Encode(r); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func recordFromSQLC(t *testing.T, dir string) {
	t.Helper()
	work := t.TempDir()
	if err := os.CopyFS(work, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Getenv("COVETSQL_SQLC"), "generate")
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(work, "gen", "codegen_request.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "request.json"), withoutSystem(t, b), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "request.sha256"), []byte(checksum(b)), 0o644); err != nil {
		t.Fatal(err)
	}
}
