package metrics

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// Rule says what counts as a change between two snapshots. A query got worse at a quantile where all of these hold:
//
//   - it had at least Calls calls on both sides;
//   - the quantile is at least the ratio P50 or P95 times the former one, and Least longer;
//   - the 95 % confidence intervals of the quantile do not meet. That of a quantile q of n values goes from the value of rank
//     nq − 1.96 √(nq(1−q)) to that of rank nq + 1.96 √(nq(1−q)) (W. J. Conover, Practical Nonparametric Statistics, 3rd edition,
//     section 3.2). Two such intervals that do not meet differ by far less than a chance of 1 in 100, if calls are independent.
//
// Its errors got more where their share rose by Errors at least, and the 95 % intervals of the shares do not meet (E. B. Wilson,
// "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927). It got better where the same holds the
// other way round. Quantiles are 1/32 off at most, so ratios under 1.07 mean nothing. Tests of ranks (Mann-Whitney) are not to be had, as
// sketches do not keep the values.
type Rule struct {
	Calls    uint64        // 0: 100
	P50, P95 float64       // 0: 1.25 and 1.5
	Least    time.Duration // 0: 100 µs; what is shorter is the noise of a machine
	Errors   float64       // 0: 0.01, one call in a hundred
}

// Verdict is what became of a query.
type Verdict string

// The verdicts, the worst first.
const (
	Worse  Verdict = "worse"
	Better Verdict = "better"
	Same   Verdict = "same"
	Added  Verdict = "new"     // it was not called before
	Gone   Verdict = "gone"    // it is not called any more
	TooFew Verdict = "too few" // calls, on one side at least
)

var verdicts = []Verdict{Worse, Better, Same, TooFew, Added, Gone}

// Change is a query in two snapshots.
type Change struct {
	Verdict Verdict `json:"verdict"`
	// Why are the figures that changed: "p95 2.1×", "errors 0.1 % → 3 %".
	Why []string `json:"why,omitempty"`
	// Before and Now are what was counted; Before of a new query and Now of one that is gone have its names alone.
	Before Query `json:"before"`
	Now    Query `json:"now"`
}

// Comparison is how queries changed, the worst first: by verdict, then by the time that the change costs in all.
type Comparison []Change

// Compare holds a snapshot against an earlier one.
func Compare(before, now Snapshot, r Rule) Comparison {
	r.Calls, r.Least = cmp.Or(r.Calls, 100), cmp.Or(r.Least, 100*time.Microsecond)
	r.P50, r.P95, r.Errors = cmp.Or(r.P50, 1.25), cmp.Or(r.P95, 1.5), cmp.Or(r.Errors, 0.01)
	old := map[id]Query{}
	for _, q := range before.Queries {
		old[id{q.Package, q.Name}] = q
	}
	var out Comparison
	for _, q := range now.Queries {
		key := id{q.Package, q.Name}
		if was, ok := old[key]; ok {
			out = append(out, r.judge(was, q))
			delete(old, key)
		} else {
			out = append(out, Change{Verdict: Added, Before: Query{Name: q.Name, Package: q.Package}, Now: q})
		}
	}
	for _, q := range before.Queries {
		if _, ok := old[id{q.Package, q.Name}]; ok {
			out = append(out, Change{Verdict: Gone, Before: q, Now: Query{Name: q.Name, Package: q.Package}})
		}
	}
	cost := func(c Change) float64 {
		return math.Abs(float64(c.Now.Latency.Mean()-c.Before.Latency.Mean())) * float64(c.Now.Calls)
	}
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(slices.Index(verdicts, a.Verdict), slices.Index(verdicts, b.Verdict)), -cmp.Compare(cost(a), cost(b)))
	})
	return out
}

// Worse are the queries that got worse.
func (c Comparison) Worse() Comparison {
	return slices.DeleteFunc(slices.Clone(c), func(c Change) bool { return c.Verdict != Worse })
}

func (r Rule) judge(before, now Query) Change {
	c := Change{Verdict: Same, Before: before, Now: now}
	if before.Calls < r.Calls || now.Calls < r.Calls {
		c.Verdict = TooFew
		return c
	}
	var worse, better []string
	for _, at := range []struct {
		name     string
		q, ratio float64
	}{{"p50", 0.5, r.P50}, {"p95", 0.95, r.P95}} {
		a, b := before.Latency.Quantile(at.q), now.Latency.Quantile(at.q)
		aLow, aHigh := before.Latency.interval(at.q)
		bLow, bHigh := now.Latency.interval(at.q)
		switch {
		case float64(b) >= float64(a)*at.ratio && b-a >= r.Least && bLow > aHigh:
			worse = append(worse, fmt.Sprintf("%s %.1f×", at.name, float64(b)/float64(max(a, 1))))
		case float64(a) >= float64(b)*at.ratio && a-b >= r.Least && aLow > bHigh:
			better = append(better, fmt.Sprintf("%s %.2f×", at.name, float64(b)/float64(max(a, 1))))
		}
	}
	a, b := share(before), share(now)
	aLow, aHigh := wilson(before.Failed(), before.Calls)
	bLow, bHigh := wilson(now.Failed(), now.Calls)
	told := fmt.Sprintf("errors %.3g %% → %.3g %%", 100*a, 100*b)
	switch {
	case b-a >= r.Errors && bLow > aHigh:
		worse = append(worse, told)
	case a-b >= r.Errors && aLow > bHigh:
		better = append(better, told)
	}
	switch {
	case len(worse) > 0:
		c.Verdict, c.Why = Worse, append(worse, better...)
	case len(better) > 0:
		c.Verdict, c.Why = Better, better
	}
	return c
}

// z is the quantile of the normal distribution for intervals of 95 %.
const z = 1.959964

// interval is the confidence interval of a quantile.
func (d Distribution) interval(q float64) (low, high time.Duration) {
	n := float64(d.Count)
	off := z * math.Sqrt(n*q*(1-q))
	return d.at(uint64(max(1, math.Floor(n*q-off)))), d.at(uint64(math.Ceil(n*q + off)))
}

func share(q Query) float64 { return float64(q.Failed()) / float64(max(q.Calls, 1)) }

// wilson is the confidence interval of a share.
func wilson(k, n uint64) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	off := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, mid-off), min(1, mid+off)
}

// Write writes the comparison as a table for people. Queries that stayed as they were are counted alone.
func (c Comparison) Write(w io.Writer) error {
	t := table{{"query", "calls", "p50", "p95", "errors", "verdict"}}
	same := 0
	for _, x := range c {
		a, b := x.Before, x.Now
		name := b.Package + "." + b.Name
		switch x.Verdict {
		case Same:
			same++
		case Added:
			t = append(t, []string{name, fmt.Sprint(b.Calls), human(b.P50), human(b.P95), percent(b), string(Added)})
		case Gone:
			t = append(t, []string{name, "0", human(a.P50), human(a.P95), percent(a), string(Gone)})
		default:
			verdict := string(x.Verdict)
			if len(x.Why) > 0 {
				verdict += ": " + strings.Join(x.Why, ", ")
			}
			t = append(t, []string{name, fmt.Sprintf("%d → %d", a.Calls, b.Calls), human(a.P50) + " → " + human(b.P50), human(a.P95) + " → " + human(b.P95),
				percent(a) + " → " + percent(b), verdict})
		}
	}
	if err := t.write(w); err != nil {
		return err
	}
	if same > 0 {
		_, err := fmt.Fprintf(w, "%d stayed as they were\n", same)
		return err
	}
	return nil
}
