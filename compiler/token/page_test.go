package token

import (
	"slices"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
)

// The pages of the codes that Split gives show what Split does.
func TestPagesShowWhatSplitReports(t *testing.T) {
	engines := map[string]Dialect{"postgresql": PostgreSQL, "mysql": MySQL, "sqlite": SQLite}
	own := []*diag.Code{diag.HeaderInvalid, diag.HeaderMissing, diag.MacroInvalid, diag.ParamMix, diag.UnterminatedTok,
		diag.MissingSemicolon, diag.UnknownParameter}
	for _, c := range diag.Codes() {
		e, _ := diag.PageExample(c.ID)
		if e.Language != "sql" {
			continue
		}
		_, wrong := split(e.Wrong, engines[e.Engine], Queries)
		if slices.Contains(own, c) {
			if len(wrong) != 1 || wrong[0].Code != c {
				t.Errorf("%s: the wrong example gives %q", c.ID, reported(wrong))
			}
		} else if len(wrong) > 0 {
			t.Errorf("%s: the wrong example gives %q here already", c.ID, reported(wrong))
		}
		if _, right := split(e.Right, engines[e.Engine], Queries); len(right) > 0 {
			t.Errorf("%s: the right example gives %q", c.ID, reported(right))
		}
	}
}
