package golden

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
)

// direct says by engine which handle of the runtime stands for a test's own.
var direct = map[catalog.Engine]string{catalog.PostgreSQL: "DirectPGX", catalog.SQLite: "DirectSQLite", catalog.MySQL: "DirectMySQL"}

// driversOwn are topics whose tests look at what the driver's way sends, by a handle of their own.
var driversOwn = map[string]bool{"pagination": true}

// opened finds where a test makes Queries of a connection.
var opened = regexp.MustCompile(`\b([a-z0-9]+)\.New\((PGX\(t\)|SQLite\(t\)|conn)\)`)

// The tests of all topics are run once more with the option runtime and the runtime's handles: the direct way gives what the driver's way
// gives, values and errors. Nothing is written: the generated files and the tests are laid over those that are there.
func TestTheDirectWayGivesTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles all topics anew")
	}
	overlay := map[string]string{}
	byEngine := map[string][]string{}
	dir := t.TempDir()
	lay := func(path string, content []byte) {
		abs, err := filepath.Abs(path)
		OK(t, err)
		to := filepath.Join(dir, strconv.Itoa(len(overlay))+".go")
		OK(t, os.WriteFile(to, content, 0o644))
		overlay[abs] = to
	}
	for _, topic := range topics(t) {
		if driversOwn[filepath.Base(topic)] {
			continue
		}
		path, err := config.Find(topic)
		OK(t, err)
		if !strings.HasPrefix(filepath.Base(path), "covetsql.") {
			continue // sqlc's own file has no such option
		}
		c, list := config.Load(path)
		if list.HasErrors() {
			t.Fatal(list)
		}
		packages := map[string]string{} // by name, the handle
		for i := range c.Packages {
			p := &c.Packages[i]
			handle := direct[p.Engine]
			if p.Go == nil || handle == "" || p.Go.EmitMethodsWithDBArgument || p.Go.EmitPreparedQueries || p.Go.BuildTags != "" ||
				p.Engine == catalog.PostgreSQL && p.Go.SQLPackage != "pgx/v5" {
				continue
			}
			p.Go.Runtime = true
			name := p.Go.Package
			if name == "" {
				name = filepath.Base(p.Go.Out)
			}
			packages[name] = handle
		}
		if len(packages) == 0 {
			continue
		}
		files, more := codegen.GenerateAll(compiler.Compile(c, compiler.Options{}), nil)
		if more.HasErrors() {
			t.Fatalf("%s: %v", topic, more)
		}
		test, err := os.ReadFile(filepath.Join(topic, "run_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		changed := opened.ReplaceAllFunc(test, func(b []byte) []byte {
			m := opened.FindSubmatch(b)
			if handle, ok := packages[string(m[1])]; ok {
				return []byte(string(m[1]) + ".New(" + handle + "(t, " + string(m[2]) + "))")
			}
			return b
		})
		if bytes.Equal(changed, test) {
			continue
		}
		lay(filepath.Join(topic, "run_test.go"), changed)
		for _, f := range files {
			lay(filepath.Join(topic, filepath.FromSlash(f.Path)), f.Content)
		}
		engine := filepath.Base(filepath.Dir(topic))
		byEngine[engine] = append(byEngine[engine], "./"+filepath.ToSlash(strings.TrimPrefix(topic, "../../")))
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	OK(t, err)
	file := filepath.Join(dir, "overlay.json")
	OK(t, os.WriteFile(file, text, 0o644))
	for engine, list := range byEngine {
		t.Run(engine, func(t *testing.T) {
			cmd := exec.Command("go", append([]string{"test", "-vet=off", "-ldflags=-s -w", "-run", "^Test", "-timeout", "10m", "-overlay", file}, list...)...)
			cmd.Dir = "../.."
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			t.Logf("%d topics of %s by the direct way", len(list), engine)
		})
	}
}
