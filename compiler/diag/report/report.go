// Package report writes diagnostics: as text for people, as JSON for tools, as annotations
// for GitHub. It knows how a diagnostic looks and nothing of how one comes about; it writes
// the diagnostics in the order in which they are given.
package report

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Summary counts what ds holds: "2 errors, 1 warning"; "" where it is empty.
func Summary(ds diag.List) string {
	var count [diag.Error + 1]int
	for _, d := range ds {
		count[d.Severity]++
	}
	var parts []string
	for s := diag.Error; ; s-- {
		switch n := count[s]; {
		case n == 1:
			parts = append(parts, "1 "+s.String())
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, s))
		}
		if s == diag.Note {
			return strings.Join(parts, ", ")
		}
	}
}

// hasPlace tells whether a span is a place inside a text: findings about files that could
// not be read have an empty file.
func hasPlace(s source.Span) bool { return s.File != nil && s.File.Text != "" }
