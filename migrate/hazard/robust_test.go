package hazard_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard"
)

// TestNewTablesAreQuiet holds over the schemas of other tools' tests, each run as the first migration of an empty database, that Lint
// ends, and that it reports no work and no locks: all tables are new.
func TestNewTablesAreQuiet(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "acceptance", "migrate", "cases.json"))
	if err != nil {
		t.Skipf("the schemas are not here: %v", err)
	}
	var pairs []struct{ Engine, Suite, Name, Current, Desired string }
	if err := json.Unmarshal(text, &pairs); err != nil {
		t.Fatal(err)
	}
	loud := map[*diag.Code]bool{diag.TableRewritten: true, diag.TableScanned: true, diag.IndexBlocks: true, diag.KeyValidated: true, diag.OtherTableLocked: true,
		diag.DropBlocks: true, diag.NoLockTimeout: true, diag.LocksTogether: true, diag.TableCopied: true, diag.TableRebuilt: true, diag.WritesBlocked: true}
	n := 0
	for _, p := range pairs {
		e := catalog.Engine(p.Engine)
		empty, _ := compiler.ReadSchema(source.NewFile("empty.sql", ""), e)
		for _, schema := range []string{p.Current, p.Desired} {
			f, err := file.Open(fstest.MapFS{"1_all.up.sql": {Data: []byte(schema)}}, file.Options{Dialect: lexers[e]})
			if err != nil {
				continue
			}
			n++
			for _, d := range hazard.Lint(f.Migrations[0].Up, empty, hazard.Options{}) {
				if loud[d.Code] {
					t.Errorf("%s %s: %v", p.Suite, p.Name, d)
				}
			}
		}
	}
	t.Logf("%d schemas", n)
}
