package initialize

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/internal/iostreams"
)

func TestTheWrittenConfigurationIsValidOnEveryEngine(t *testing.T) {
	for engine, driver := range drivers {
		path := filepath.Join(t.TempDir(), "covetsql.yaml")
		io, out, _ := iostreams.Test()
		if err := Run(&Options{Out: io.Out, File: path, Engine: engine}); err != nil {
			t.Fatal(err)
		}
		c, list := config.Load(path)
		if len(list) > 0 {
			t.Fatalf("%s: %v", engine, list)
		}
		p := c.Packages[0]
		if string(p.Engine) != engine || p.Go.SQLPackage != driver || !c.Strict {
			t.Errorf("%s: %+v %+v", engine, p, p.Go)
		}
		if !strings.Contains(out.String(), "Next:") {
			t.Errorf("no next step: %q", out)
		}
	}
}

// What stands in comments is configuration too: with them taken away it is still valid.
func TestTheCommentedKeysAreValid(t *testing.T) {
	text := strings.NewReplacer("{{engine}}", "postgresql", "{{sql_package}}", "pgx/v5").Replace(template)
	text = strings.NewReplacer(
		"        # overrides:", "        overrides:", "        #   - db_type", "          - db_type", "        #     go_type", "            go_type",
		"        #   - column", "          - column", "    # database:", "    database:", "    #   uri", "      uri").Replace(text)
	path := filepath.Join(t.TempDir(), "covetsql.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, list := config.Load(path)
	if len(list) > 0 || len(c.Packages[0].Go.Overrides) != 2 || c.Packages[0].Database == nil {
		t.Errorf("%v\n%s", list, text)
	}
}

func TestAnExistingFileIsNotTouched(t *testing.T) {
	path := filepath.Join(t.TempDir(), "covetsql.yaml")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	io, _, _ := iostreams.Test()
	err := Run(&Options{Out: io.Out, File: path, Engine: "sqlite"})
	if err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("error %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "mine" {
		t.Errorf("the file is now %q", b)
	}
}
