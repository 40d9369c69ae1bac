package codegen

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/covetsql/covetsql/compiler/diag"
)

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// onlyFiles fails where dir holds anything but the named files: a temporary one, say.
func onlyFiles(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, names) {
		t.Errorf("%s holds %v, not %v", dir, got, names)
	}
}

func TestWriteTouchesOnlyWhatChanged(t *testing.T) {
	dir := t.TempDir()
	files := []File{{Path: "db/a.go", Content: []byte("a")}, {Path: "db/b.go", Content: []byte("b")}}
	changed, ds := Write(dir, files)
	if len(ds) > 0 || !slices.Equal(changed, []string{"db/a.go", "db/b.go"}) {
		t.Fatal(changed, ds)
	}
	old := time.Now().Add(-time.Hour)
	for _, f := range files {
		if err := os.Chtimes(filepath.Join(dir, f.Path), old, old); err != nil {
			t.Fatal(err)
		}
	}
	files[1].Content = []byte("b2")
	if got := Stale(dir, files); !slices.Equal(got, []string{"db/b.go"}) {
		t.Error("stale:", got)
	}
	if changed, ds = Write(dir, files); len(ds) > 0 || !slices.Equal(changed, []string{"db/b.go"}) {
		t.Fatal(changed, ds)
	}
	info, err := os.Stat(filepath.Join(dir, "db/a.go"))
	if err != nil || !info.ModTime().Equal(old) && info.ModTime().Sub(old).Abs() > time.Second {
		t.Error("a file with its content was written again", err)
	}
	if read(t, filepath.Join(dir, "db/b.go")) != "b2" {
		t.Error("a stale file keeps its content")
	}
	onlyFiles(t, filepath.Join(dir, "db"), "a.go", "b.go")
}

func TestFilesNoLongerGeneratedStay(t *testing.T) {
	dir := t.TempDir()
	if _, ds := Write(dir, []File{{Path: "a.go", Content: []byte("a")}, {Path: "b.go", Content: []byte("b")}}); len(ds) > 0 {
		t.Fatal(ds)
	}
	if _, ds := Write(dir, []File{{Path: "a.go", Content: []byte("a")}}); len(ds) > 0 {
		t.Fatal(ds)
	}
	onlyFiles(t, dir, "a.go", "b.go")
}

func TestAFailedWriteLeavesEverythingAsItWas(t *testing.T) {
	dir := t.TempDir()
	if _, ds := Write(dir, []File{{Path: "db/a.go", Content: []byte("old")}}); len(ds) > 0 {
		t.Fatal(ds)
	}
	// A folder stands where a file is to be, and a file where a folder is.
	if err := os.Mkdir(filepath.Join(dir, "db", "b.go"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"db/b.go", "file/c.go"} {
		changed, ds := Write(dir, []File{{Path: "db/a.go", Content: []byte("new")}, {Path: bad, Content: []byte("x")}})
		if len(changed) != 0 || len(ds) != 1 || ds[0].Code != diag.OutputUnwritable || ds[0].Span.IsZero() {
			t.Errorf("%s: changed %v, %v", bad, changed, ds)
		}
		if read(t, filepath.Join(dir, "db/a.go")) != "old" {
			t.Errorf("%s: another file was changed", bad)
		}
		onlyFiles(t, filepath.Join(dir, "db"), "a.go", "b.go")
	}
}

func TestModeOfAFileIsKept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.go")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ds := Write(dir, []File{{Path: "a.go", Content: []byte("new")}}); len(ds) > 0 {
		t.Fatal(ds)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}
