package codegen

import (
	"bytes"
	"encoding/json"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
)

// corpus finds the real projects, or skips.
func corpus(t *testing.T) (root string, names []string) {
	t.Helper()
	root = os.Getenv("COVETSQL_ACCEPTANCE")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "acceptance")
	}
	root = filepath.Join(root, "corpus")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Skip("the corpus is not there:", err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return root, names
}

// project generates one project of the corpus in memory; config is its configuration's path
// below the project's tree.
func project(t *testing.T, dir string) (configPath string, files []File) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "case.json"))
	if err != nil {
		t.Fatal(err)
	}
	var c struct{ Config string }
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	cfg, ds := config.Load(filepath.Join(dir, "tree", c.Config))
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	p := compiler.Compile(cfg, compiler.Options{})
	if p.Diagnostics.HasErrors() {
		t.Fatal(p.Diagnostics)
	}
	files, ds = GenerateAll(p, nil)
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	return c.Config, files
}

func TestWhatIsGeneratedNeedsNoGofmt(t *testing.T) {
	root, names := corpus(t)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			_, files := project(t, filepath.Join(root, name))
			for _, f := range files {
				out, err := format.Source(f.Content)
				if err != nil {
					t.Errorf("%s: %v", f.Path, err)
				} else if !bytes.Equal(out, f.Content) {
					t.Errorf("%s is not as gofmt writes it", f.Path)
				}
			}
		})
	}
}

// With COVETSQL_SQLC naming the binary of sqlc 1.31.1, its own output is generated beside ours.
// Query text differs where sqlc's could not run, and in the quoting of expanded stars; so
// the files that are the very same are counted, against the number known to be reached.
func TestMostFilesAreSQLCsToTheByte(t *testing.T) {
	sqlc := os.Getenv("COVETSQL_SQLC")
	if sqlc == "" {
		t.Skip("COVETSQL_SQLC does not name a binary of sqlc 1.31.1")
	}
	root, names := corpus(t)
	same, other := 0, 0
	for _, name := range names {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, name))); err != nil {
			t.Fatal(err)
		}
		_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error { return os.Chmod(path, 0o755) })
		path, files := project(t, dir)
		base := filepath.Join(dir, "tree", filepath.Dir(path))
		cmd := exec.Command(sqlc, "generate", "-f", filepath.Base(path))
		cmd.Dir = base
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Logf("sqlc refuses %s: %s", name, out)
			continue
		}
		for _, f := range files {
			want, err := os.ReadFile(filepath.Join(base, filepath.FromSlash(f.Path)))
			if err != nil {
				t.Errorf("sqlc does not write %s of %s", f.Path, name)
				continue
			}
			if bytes.Equal(want, f.Content) {
				same++
			} else {
				other++
				t.Logf("%s: %s differs", name, f.Path)
			}
		}
	}
	t.Logf("%d files are the same, %d differ", same, other)
	if same < 475 {
		t.Errorf("only %d files are the same", same)
	}
}
