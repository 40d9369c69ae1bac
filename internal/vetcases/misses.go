package vetcases

import (
	"fmt"
	"strings"
)

// Misses is a page with the counts and each case that is not judged as it is labelled, with what speaks against the
// label where we dispute it, and each that can not be judged.
func Misses(list []Verdict, counts string) string {
	var b strings.Builder
	b.WriteString("# vet against the labels of other linters\n\nWritten by `go run ./internal/covetsql-vetcases -misses docs/vet-cases.md`. A case is named by its rule and a hash; `-v` shows the statements.\n\n```\n" + counts + "```\n")
	section := func(title string, wanted func(*Verdict) bool, why func(*Verdict) string) {
		fmt.Fprintf(&b, "\n## %s\n", title)
		n := 0
		for i := range list {
			v := &list[i]
			if !wanted(v) {
				continue
			}
			n++
			if n == 1 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "- `%s` %s (%s)", v.Case.Key(), v.Case.Source, label(v.Case.Bad))
			if w := why(v); w != "" {
				fmt.Fprintf(&b, ": %s", w)
			}
			b.WriteString("\n")
		}
		if n == 0 {
			b.WriteString("\nNone.\n")
		}
	}
	none := func(*Verdict) string { return "" }
	found := func(v *Verdict) string { return strings.Join(v.Messages, "; ") }
	wrong := func(v *Verdict) bool { return v.Judged && !v.Right() }
	section("Not found", func(v *Verdict) bool { return wrong(v) && v.Case.Bad && v.Case.Disputed() == "" }, none)
	section("Found though labelled good", func(v *Verdict) bool { return wrong(v) && !v.Case.Bad && v.Case.Disputed() == "" }, found)
	section("Labels that we dispute", func(v *Verdict) bool { return wrong(v) && v.Case.Disputed() != "" }, func(v *Verdict) string { return v.Case.Disputed() })
	section("Not judged: no engine takes the statement", func(v *Verdict) bool { return !v.Judged }, func(v *Verdict) string { return v.Why })
	return b.String()
}

func label(bad bool) string {
	if bad {
		return "bad"
	}
	return "good"
}
