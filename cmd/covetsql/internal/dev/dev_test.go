package dev

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/internal/iostreams"
)

// What new-rule makes builds, its page and its cases hold, and the lists know it: in a copy of the source.
func TestANewRuleBuildsAndPasses(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles a copy of covetsql")
	}
	root := sourceCopy(t)
	io, out, _ := iostreams.Test()
	if err := NewRule(&Options{IO: io, Root: root, Kind: "CV41"}, "column-with-itself"); err != nil {
		t.Fatal(err)
	}
	code, _, _ := strings.Cut(out.String(), " ")
	if !strings.HasPrefix(code, "CV41") {
		t.Errorf("it says %s", out)
	}
	if _, err := os.Stat(filepath.Join(root, "docs", "rules", code+".md")); err != nil {
		t.Error(err)
	}
	run(t, root, "go", "vet", "./analyzer/rules/column-with-itself")
	told := run(t, root, "go", "test", "-count=1", "-v", "./analyzer/rules", "-run",
		"TestTheRegistryListsTheFolders|TestEachPageIsWhole|TestEachPageShowsWhatTheRuleFinds/column-with-itself|TestCases/column-with-itself|TestProofs/column-with-itself")
	if n := strings.Count(told, "--- PASS: TestCases/column-with-itself/"); n < 2 {
		t.Errorf("%d cases were run\n%s", n, told)
	}
	io, _, _ = iostreams.Test()
	if err := NewRule(&Options{IO: io, Root: root, Kind: "CV41"}, "column-with-itself"); err == nil {
		t.Error("the same rule can be made twice")
	}
	if err := NewRule(&Options{IO: io, Root: root, Kind: code}, "another"); err == nil || !strings.Contains(err.Error(), "is taken by column-with-itself") {
		t.Errorf("%v", err)
	}
}

func TestNamesAndKindsThatCanNotBe(t *testing.T) {
	io, _, _ := iostreams.Test()
	for _, slug := range []string{"", "Upper", "a--b", "1a", "func", "unknown-column", "../x"} {
		if err := NewRule(&Options{IO: io, Root: t.TempDir(), Kind: "CV41"}, slug); err == nil {
			t.Errorf("%q is taken", slug)
		}
	}
	for _, kind := range []string{"", "CV2", "CV21", "41", "CV411"} {
		if err := NewRule(&Options{IO: io, Root: t.TempDir(), Kind: kind}, "a-rule"); err == nil {
			t.Errorf("%q is taken", kind)
		}
	}
	if _, err := sources(t.TempDir()); err == nil {
		t.Error("an empty folder is the source")
	}
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// sourceCopy has all of the source that rules need, without test data.
func sourceCopy(t *testing.T) string {
	t.Helper()
	root, err := sources(".")
	if err != nil {
		t.Fatal(err)
	}
	// The folder is the same in each run, so that what go built is found again.
	to := filepath.Join(os.TempDir(), fmt.Sprintf("covetsql-new-rule-%x", sha256.Sum256([]byte(root)))[:40])
	if os.Mkdir(to, 0o755) == nil {
		t.Cleanup(func() { os.RemoveAll(to) })
	} else {
		to = t.TempDir() // another run has it
	}
	for _, part := range []string{"go.mod", "go.sum", "compiler", "analyzer", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, part), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			switch {
			case d.IsDir() && (d.Name() == "testdata" || rel == filepath.Join("internal", "speed")):
				return filepath.SkipDir
			case d.IsDir():
				return os.MkdirAll(filepath.Join(to, rel), 0o755)
			case !d.Type().IsRegular() || strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(rel, filepath.Join("analyzer", "rules")):
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(to, rel), text, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}
