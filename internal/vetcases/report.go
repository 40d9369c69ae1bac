package vetcases

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
)

//go:embed disputed.txt
var disputedText string

// disputed are labels that we hold for wrong, or for those of another rule than ours, by Case.Key, each with the reason. The
// statements are others' and stay where they are.
var disputed = func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(disputedText) {
		if key, reason, ok := strings.Cut(strings.TrimSpace(line), " | "); ok {
			out[key] = reason
		}
	}
	return out
}()

// Key names a case: its rule, and a hash of its statement without regard to white space.
func (c *Case) Key() string {
	sum := sha256.Sum256([]byte(c.Engine + "\n" + strings.Join(strings.Fields(c.SQL), " ") + "\n" + string(c.Schema)))
	return c.ID() + " " + hex.EncodeToString(sum[:4])
}

// Disputed is why we hold a case's label for wrong; empty where we do not.
func (c *Case) Disputed() string { return disputed[c.Key()] }

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

// Report writes the counts of each rule and of all, and gives those of all: with every label as it is, and without those that we
// dispute.
func Report(list []Verdict) (text string, all, undisputed Counts) {
	by := map[string]*Counts{}
	for i := range list {
		r := list[i].Case.Rule
		if by[r] == nil {
			by[r] = &Counts{}
		}
		by[r].Add(&list[i])
		all.Add(&list[i])
		if list[i].Case.Disputed() == "" {
			undisputed.Add(&list[i])
		}
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
	line("all without disputed labels", undisputed)
	return b.String(), all, undisputed
}
