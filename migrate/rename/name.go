package rename

import (
	"slices"
	"strings"
	"unicode"

	"github.com/adrg/strutil"
	"github.com/adrg/strutil/metrics"
)

// words are the words of a name in small letters, cut at underscores, at changes of case and before digits, without their plurals.
func words(name string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			out = append(out, singular(strings.ToLower(string(word))))
		}
		word = nil
	}
	letters := []rune(name)
	for i, c := range letters {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			end()
			continue
		case i > 0 && unicode.IsUpper(c) && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])),
			i > 0 && unicode.IsDigit(c) != unicode.IsDigit(letters[i-1]):
			end()
		}
		word = append(word, c)
	}
	end()
	return out
}

// singular takes a plural's end off. It only has to take the same off on both sides of a comparison.
func singular(word string) string {
	for _, end := range []struct{ from, to string }{{"ies", "y"}, {"sses", "ss"}, {"ches", "ch"}, {"xes", "x"}, {"s", ""}} {
		if rest, ok := strings.CutSuffix(word, end.from); ok && len(rest) > 1 && !strings.HasSuffix(word, "ss") && !strings.HasSuffix(word, "us") && !strings.HasSuffix(word, "is") {
			return rest + end.to
		}
	}
	return word
}

// likeness is how two names compare, each from 0 to 1.
type likeness struct {
	letters  float64 // Levenshtein's distance, by the longer name
	start    float64 // Jaro and Winkler's
	shared   float64 // words that both have, of all
	inside   float64 // 1 where the words of one are all among the other's
	last     float64 // 1 where the last words are the same
	first    float64 // 1 where the first words are the same
	bare     float64 // letters, when the words of the table's name were left out
	short    float64 // 1 where one is an abbreviation of the other
	anything float64 // the best of letters, shared and bare
}

var (
	distance = metrics.NewLevenshtein()
	jaro     = metrics.NewJaroWinkler()
)

// compare compares two names of things in a table.
func compare(a, b, table string) likeness {
	x, y := words(a), words(b)
	var out likeness
	joinedA, joinedB := strings.Join(x, "_"), strings.Join(y, "_")
	out.letters = strutil.Similarity(joinedA, joinedB, distance)
	out.start = strutil.Similarity(joinedA, joinedB, jaro)
	out.shared, out.inside = overlap(x, y)
	out.last = truth(len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1])
	out.first = truth(len(x) > 0 && len(y) > 0 && x[0] == y[0])
	t := words(table)
	bareA, bareB := without(x, t), without(y, t)
	out.bare = strutil.Similarity(strings.Join(bareA, "_"), strings.Join(bareB, "_"), distance)
	if len(bareA) == 0 || len(bareB) == 0 {
		out.bare = out.letters
	}
	out.short = truth(abbreviates(joinedA, joinedB) || abbreviates(joinedB, joinedA))
	out.anything = max(out.letters, out.shared, out.bare)
	return out
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// overlap is how many words two lists share, of all that there are, and whether one list is within the other.
func overlap(x, y []string) (share, inside float64) {
	both := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			both++
		}
	}
	if len(x)+len(y) == 0 {
		return 0, 0
	}
	return float64(both) / float64(len(x)+len(y)-both), truth(both > 0 && both == min(len(x), len(y)))
}

func without(list, taken []string) []string {
	var out []string
	for _, w := range list {
		if !slices.Contains(taken, w) {
			out = append(out, w)
		}
	}
	return out
}

// abbreviates tells whether a short name has only letters of a long one in their order, from the first on: qty of quantity.
func abbreviates(short, long string) bool {
	if len(short) < 2 || len(short) >= len(long) || short[0] != long[0] {
		return false
	}
	i := 0
	for j := 0; i < len(short) && j < len(long); j++ {
		if short[i] == long[j] {
			i++
		}
	}
	return i == len(short)
}
