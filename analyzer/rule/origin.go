package rule

import "strings"

// origin finds where a panic arose: the first line of ours below it.
func origin(stack []byte) string {
	_, below, _ := strings.Cut(string(stack), "panic.go")
	for line := range strings.Lines(below) {
		if place, ok := strings.CutPrefix(strings.TrimSpace(line), "/"); ok {
			for _, root := range []string{"analyzer/", "compiler/"} {
				if i := strings.Index(place, root); i >= 0 {
					place, _, _ = strings.Cut(place[i:], " ")
					return "it happened at " + place
				}
			}
		}
	}
	return "where it happened is not known"
}
