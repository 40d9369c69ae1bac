package vetcases

import (
	"fmt"
	"sort"
	"strings"
)

// Counts are the verdicts of a rule over its judged cases.
type Counts struct{ TP, FP, FN, TN, Unjudged int }

// Add takes a verdict in.
func (c *Counts) Add(v *Verdict) {
	switch {
	case !v.Judged:
		c.Unjudged++
	case v.Found && v.Case.Bad:
		c.TP++
	case v.Found:
		c.FP++
	case v.Case.Bad:
		c.FN++
	default:
		c.TN++
	}
}

// Recall and Precision are shares; 1 where nothing was to be found, or was.
func (c Counts) Recall() float64    { return share(c.TP, c.TP+c.FN) }
func (c Counts) Precision() float64 { return share(c.TP, c.TP+c.FP) }

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// Report writes the counts of each rule and of all.
func Report(list []Verdict) (string, Counts) {
	by := map[string]*Counts{}
	var all Counts
	for i := range list {
		r := list[i].Case.Rule
		if by[r] == nil {
			by[r] = &Counts{}
		}
		by[r].Add(&list[i])
		all.Add(&list[i])
	}
	var names []string
	for r := range by {
		names = append(names, r)
	}
	sort.Strings(names)
	var b strings.Builder
	line := func(name string, c Counts) {
		fmt.Fprintf(&b, "%-32s %4d %4d %4d %4d %9d   %5.1f %% %8.1f %%\n", name, c.TP, c.FP, c.FN, c.TN, c.Unjudged, 100*c.Recall(), 100*c.Precision())
	}
	fmt.Fprintf(&b, "%-32s %4s %4s %4s %4s %9s   %7s %10s\n", "rule", "TP", "FP", "FN", "TN", "unjudged", "recall", "precision")
	for _, r := range names {
		line(r, *by[r])
	}
	line("all", all)
	return b.String(), all
}
