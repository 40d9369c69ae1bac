package migrate

import (
	"strings"

	"github.com/covetsql/covetsql/analyzer/suppress"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/file"
)

// ignores are the comments in migrations that say why a finding is to stay.
type ignores struct {
	suppress.Set
	dialect token.Dialect
	// mistaken are comments that look like one and are none.
	mistaken diag.List
}

// read takes the comments of a way of a migration.
func (g *ignores) read(side file.Side) {
	if side.File == nil {
		return
	}
	var at []source.Span
	for _, s := range side.Statements {
		at = append(at, s.Span)
	}
	g.Add(suppress.Migration(side.File, g.dialect, at)...)
	if !strings.Contains(side.File.Text, almost) {
		return
	}
	tokens, _ := token.Lex(side.File.Text, g.dialect)
	for _, t := range tokens {
		text := side.File.Text[t.Start:t.End]
		if t.Kind == token.Comment && strings.HasPrefix(strings.TrimLeft(text, "-#/* \t"), almost) {
			i := int(t.Start) + strings.Index(text, almost)
			span := side.File.Span(i, i+len(almost))
			g.mistaken.Add(diag.New(diag.IgnoreUnknown, span, "%s keeps nothing away", almost).
				WithHelp("write %s, as in queries: -- %s CV6003 the table is small", suppress.Word, suppress.Word).
				WithFix(diag.Fix{Title: "write " + suppress.Word, Safe: true, Edits: []diag.Edit{{Span: span, New: suppress.Word}}}))
		}
	}
}

// almost is what people write after the runner's own comments.
const almost = "covet:ignore"

// apply parts findings into those that stay, with what is wrong with comments, and those that a comment keeps away. judged tells whether a
// code of a look at migrations was looked for.
func (g *ignores) apply(found diag.List, judged func(*diag.Code) bool) (kept diag.List, ignored []diag.Ignored) {
	kept, ignored = g.Apply(found)
	kept.Add(g.Problems(suppress.Rules{
		Known: func(name string) (*diag.Code, bool) {
			for _, c := range diag.Codes() {
				if c.Is(name) {
					return c, true
				}
			}
			return nil, false
		},
		Names: func() (names []string) {
			for _, c := range diag.Codes() {
				names = append(names, c.ID, c.Slug)
			}
			return names
		},
		Ran: func(c *diag.Code, _ source.Span) bool { return strings.HasPrefix(c.ID, "CV6") && judged(c) },
	})...)
	kept.Add(g.mistaken...)
	return kept, ignored
}
