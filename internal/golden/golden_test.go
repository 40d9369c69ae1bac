package golden

import (
	"bytes"
	"errors"
	"flag"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/diag/report"
)

var update = flag.Bool("update", false, "write the expected files anew")

const (
	root        = "../../testdata/golden"
	module      = "github.com/covetsql/covetsql"
	diagnostics = "diagnostics.txt" // what compiling a topic says; absent where it says nothing
)

// A topic is a folder with a configuration; its name is engine/topic.
func topics(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob(root + "/*/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no topics in %s: %v", root, err)
	}
	return dirs
}

func TestTheCommittedGoIsWhatTheSQLGives(t *testing.T) {
	for _, dir := range topics(t) {
		t.Run(filepath.ToSlash(strings.TrimPrefix(dir, root+"/")), func(t *testing.T) {
			t.Parallel()
			path, err := config.Find(dir)
			if err != nil {
				t.Fatal(err)
			}
			c, list := config.Load(path)
			if list.HasErrors() {
				t.Fatal(list)
			}
			p := compiler.Compile(c, compiler.Options{})
			files, more := codegen.GenerateAll(p)
			list.Add(p.Diagnostics...)
			list.Add(more...)
			compare(t, dir, files)
			compareDiagnostics(t, filepath.Join(dir, diagnostics), list)
			for _, f := range files {
				wellMade(t, f)
			}
		})
	}
}

// compare holds the generated files against those on disk, where nothing else may stand.
func compare(t *testing.T, dir string, files []codegen.File) {
	t.Helper()
	wanted, folders := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		wanted[path], folders[filepath.Dir(path)] = true, true
	}
	if *update {
		if _, list := codegen.Write(dir, files); len(list) > 0 {
			t.Fatal(list)
		}
	}
	for _, path := range codegen.Stale(dir, files) {
		t.Errorf("%s is not what the SQL gives; run the test with -update and read the difference", path)
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Dir(path) == filepath.Clean(dir) || wanted[path] {
			return err
		}
		if *update && folders[filepath.Dir(path)] && strings.HasSuffix(path, ".go") {
			return os.Remove(path)
		}
		t.Errorf("%s is no longer generated", path)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func compareDiagnostics(t *testing.T, path string, list diag.List) {
	t.Helper()
	var said bytes.Buffer
	if len(list) > 0 {
		report.Text(&said, list.Sorted(), report.Options{})
	}
	if *update {
		if said.Len() == 0 {
			os.Remove(path)
		} else if err := os.WriteFile(path, said.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if said.String() != string(want) {
		t.Errorf("compiling says:\n%s\nwant:\n%s", said.String(), want)
	}
}

// wellMade holds what is true of every generated file: gofmt's form, and no import of covetsql.
func wellMade(t *testing.T, f codegen.File) {
	t.Helper()
	out, err := format.Source(f.Content)
	if err != nil {
		t.Fatalf("%s: %v", f.Path, err)
	}
	if !bytes.Equal(out, f.Content) {
		t.Errorf("%s is not in gofmt's form", f.Path)
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Content, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range parsed.Imports {
		if strings.HasPrefix(strings.Trim(i.Path.Value, `"`), module) {
			t.Errorf("%s imports %s", f.Path, i.Path.Value)
		}
	}
}

func TestEveryTopicIsRun(t *testing.T) {
	for _, dir := range topics(t) {
		if _, err := os.Stat(filepath.Join(dir, "run_test.go")); err != nil {
			t.Errorf("%s: no test runs the generated code: %v", dir, err)
		}
	}
}
