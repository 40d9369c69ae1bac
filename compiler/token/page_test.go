package token

import (
	"slices"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// The pages of the codes that Split gives show what Split does.
func TestPagesShowWhatSplitReports(t *testing.T) {
	engines := map[string]Dialect{"postgresql": PostgreSQL, "mysql": MySQL, "sqlite": SQLite}
	own := []*diag.Code{diag.HeaderInvalid, diag.HeaderMissing, diag.MacroInvalid, diag.ParamMix, diag.UnterminatedTok,
		diag.MissingSemicolon, diag.UnknownParameter, diag.FragmentInvalid, diag.FragmentUnused}
	for _, c := range diag.Codes() {
		e, _ := diag.PageExample(c.ID)
		if e.Language != "sql" {
			continue
		}
		_, wrong := splitExpanded(e.Wrong, engines[e.Engine])
		if slices.Contains(own, c) {
			if len(wrong) != 1 || wrong[0].Code != c {
				t.Errorf("%s: the wrong example gives %q", c.ID, reported(wrong))
			}
		} else if len(wrong) > 0 {
			t.Errorf("%s: the wrong example gives %q here already", c.ID, reported(wrong))
		}
		if _, right := splitExpanded(e.Right, engines[e.Engine]); len(right) > 0 {
			t.Errorf("%s: the right example gives %q", c.ID, reported(right))
		}
	}
}

// splitExpanded splits a text with its fragments put in.
func splitExpanded(text string, d Dialect) ([]*Statement, diag.List) {
	f := source.NewFile("query.sql", text)
	fragments, diags := ReadFragments([]*source.File{f}, d)
	expanded, more := fragments.Expand(f)
	diags.Add(more...)
	diags.Add(fragments.Unused()...)
	stmts, more := Split(expanded, d, Queries)
	diags.Add(more...)
	return stmts, diags
}
