package rules_test

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/internal/rulecase"
)

// A view is a query: what is wrong with it is found where the schema declares it.
func TestTheQueriesOfViewsAreJudged(t *testing.T) {
	schema := "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY);\nCREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY, a_id INTEGER);\n" +
		"CREATE VIEW lonely AS\n  SELECT id FROM a WHERE id NOT IN (SELECT a_id FROM b);\n"
	for _, engine := range []string{"postgresql", "mysql", "sqlite"} {
		p, diags := rulecase.Compile(t, engine, schema, "SELECT id FROM lonely")
		if diags.HasErrors() {
			t.Fatal(list(diags))
		}
		var chosen []*rule.Rule
		for _, r := range rules.All {
			if r.ID == "CV4101" {
				chosen = append(chosen, r)
			}
		}
		found := rule.Of(p).Judge(chosen)
		if len(found) != 1 || found[0].Query != "lonely" || !strings.HasSuffix(found[0].Span.File.Path, "schema.sql") || found[0].Span.Position().Line != 4 {
			t.Errorf("%s: %s", engine, list(found))
		}
	}
}
