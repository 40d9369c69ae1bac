package diag

import (
	"sort"
	"strings"
)

// Nearest returns at most n of the words that word may be a misspelling of, nearest first.
// Case does not count. Words that are too far off are not among them, so that it may
// return none.
func Nearest(word string, among []string, n int) []string {
	type near struct {
		word     string
		distance int
	}
	folded := strings.ToLower(word)
	limit := max(1, (len([]rune(word))+2)/3)
	var found []near
	seen := map[string]bool{}
	for _, w := range among {
		if seen[w] || w == "" {
			continue
		}
		seen[w] = true
		f := strings.ToLower(w)
		d := distance(folded, f, limit)
		if d > limit && len(folded) >= 3 && (strings.HasPrefix(f, folded) || strings.HasSuffix(f, "_"+folded)) {
			d = limit
		}
		if d <= limit && d < max(len(folded), len(f)) {
			found = append(found, near{w, d})
		}
	}
	sort.SliceStable(found, func(i, j int) bool {
		if found[i].distance != found[j].distance {
			return found[i].distance < found[j].distance
		}
		return found[i].word < found[j].word
	})
	out := make([]string, 0, min(n, len(found)))
	for _, f := range found[:cap(out)] {
		out = append(out, f.word)
	}
	return out
}

// distance is the number of insertions, deletions, substitutions and swaps of neighbours
// that turn a into b (optimal string alignment), or more than limit where it is more.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
