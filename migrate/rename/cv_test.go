package rename

import (
	"fmt"
	"math"
	"testing"
)

var _ = math.Sqrt

func TestCV(t *testing.T) {
	steps := history(t)
	repos := repositories(steps)
	var used []step
	for _, s := range steps {
		if tuned(s.Repo, repos) {
			used = append(used, s)
		}
	}
	var own []string
	for _, r := range repos { if tuned(r, repos) { own = append(own, r) } }
	saved := weights
	tot, ex, dj := 0, 0, 0
	right, prop, meant := 0, 0, 0
	for _, leave := range own {
		var tr, te []step
		for _, s := range used {
			if s.Repo == leave { te = append(te, s) } else { tr = append(tr, s) }
		}
		w := learn(examples(tr))
		weights = w
		sc := method{decide: byOdds(0.5)}.score(te)
		d := method{decide: django}.score(te)
		fmt.Printf("%-35s %3d ours %3d django %3d\n", leave, sc.steps, sc.exact, d.exact)
		tot += sc.steps; ex += sc.exact; dj += d.exact
		right += sc.right; prop += sc.proposed; meant += sc.meant
	}
	weights = saved
	fmt.Printf("TOTAL %d ours %.1f django %.1f  P %.1f R %.1f\n", tot, 100*float64(ex)/float64(tot), 100*float64(dj)/float64(tot), 100*float64(right)/float64(prop), 100*float64(right)/float64(meant))
}
