package diag

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Nearest picks from known the names that name was most likely meant to be: at most limit of
// them, the nearest first, equally near ones in alphabetical order. Case does not count.
// Nothing is returned where nothing is near: a guess that misleads is worse than none.
func Nearest(name string, known []string, limit int) []string {
	type near struct {
		name     string
		distance int
	}
	name = strings.ToLower(name)
	length := utf8.RuneCountInString(name)
	reach := length/3 + 1
	var found []near
	seen := map[string]bool{}
	for _, k := range known {
		if k == "" || seen[k] {
			continue
		}
		seen[k] = true
		folded := strings.ToLower(k)
		if diff := utf8.RuneCountInString(folded) - length; diff > reach || -diff > reach {
			continue
		}
		if d := distance(name, folded); d <= reach && d < max(length, 2) {
			found = append(found, near{k, d})
		}
	}
	sort.Slice(found, func(i, j int) bool {
		if found[i].distance != found[j].distance {
			return found[i].distance < found[j].distance
		}
		return found[i].name < found[j].name
	})
	var out []string
	for i := 0; i < len(found) && i < limit; i++ {
		out = append(out, found[i].name)
	}
	return out
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that
// turn a into b (optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	before := make([]int, len(t)+1)
	last := make([]int, len(t)+1)
	row := make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}
