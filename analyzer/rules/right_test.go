package rules_test

import (
	"testing"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/rulecase"
)

// What a page shows as right, no other rule of correctness that is on by default finds fault with: advice must not lead to further
// advice. Tables in pages are short; what they lack (indexes, keys) is not asked for.
func TestWhatAPageShowsAsRightIsRightToAllRules(t *testing.T) {
	var on []*rule.Rule
	for _, r := range rules.All {
		if !r.Off && r.ID < "CV47" {
			on = append(on, r)
		}
	}
	for _, r := range rules.All {
		if r.Query == nil && r.Package == nil {
			continue
		}
		t.Run(r.Slug, func(t *testing.T) {
			t.Parallel()
			e := diag.ExampleOf(r.Page)
			schema, queries := e.Schema, e.Right
			if e.Language == "sql schema" || e.Schema == "" && e.Language == "" {
				schema, queries = e.Right, "-- name: One :one\nSELECT 1 AS one;\n"
			}
			p, diags := rulecase.Compile(t, e.Engine, schema, queries)
			if diags.HasErrors() {
				t.Fatal(list(diags))
			}
			if found := rule.Of(p).Judge(on); len(found) > 0 {
				t.Errorf("%s", list(found))
			}
		})
	}
}
