package hazard_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard"
	"testing/fstest"
)

// side reads a migration of covetsql's own form.
func side(t testing.TB, engine catalog.Engine, text string) file.Side {
	t.Helper()
	f, err := file.Open(fstest.MapFS{"1_change.up.sql": {Data: []byte(text)}}, file.Options{Dialect: lexers[engine]})
	if err != nil {
		t.Fatal(err)
	}
	return f.Migrations[0].Up
}

func lintText(t testing.TB, engine catalog.Engine, schema, text string, o hazard.Options) diag.List {
	t.Helper()
	s, diags := compiler.ReadSchema(source.NewFile("schema.sql", schema), engine)
	if diags.HasErrors() {
		t.Fatalf("the schema: %v", diags)
	}
	return hazard.Lint(side(t, engine, text), s, o)
}

// TestPagesShowWhatLintReports holds that the wrong migration of a page gives exactly its code, and the right one nothing.
func TestPagesShowWhatLintReports(t *testing.T) {
	for _, c := range diag.Codes() {
		e, _ := diag.PageExample(c.ID)
		if !strings.HasPrefix(c.ID, "CV6") || e.Language == "text" {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			o := hazard.Options{LockTimeout: c != diag.NoLockTimeout}
			wrong := lintText(t, catalog.Engine(e.Engine), e.Schema, e.Wrong, o)
			if c.Severity != diag.Note { // what is worth knowing beside it
				wrong = slices.DeleteFunc(wrong, func(d diag.Diagnostic) bool { return d.Severity == diag.Note })
			}
			if len(wrong) != 1 || wrong[0].Code != c {
				t.Errorf("%s: the wrong example gives\n%v", c.Slug, wrong)
			}
			if right := lintText(t, catalog.Engine(e.Engine), e.Schema, e.Right, o); len(right) > 0 {
				t.Errorf("%s: the right example gives\n%v", c.Slug, right)
			}
		})
	}
}

var lexers = map[catalog.Engine]token.Dialect{catalog.PostgreSQL: token.PostgreSQL, catalog.MySQL: token.MySQL, catalog.SQLite: token.SQLite}
