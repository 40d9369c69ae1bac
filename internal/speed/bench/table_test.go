package bench

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"
)

var (
	table  = flag.Bool("table", false, "print tables for docs/performance.md")
	only   = flag.String("engine", "", "of one engine alone")
	load   = flag.String("workload", "", "one workload alone")
	rounds = flag.Int("rounds", 9, "how often all take their turns")
	each   = flag.Duration("each", 200*time.Millisecond, "how long a turn is")
)

// turns are what one contender showed, a round each.
type turns struct{ ns, ratio, cpu, cpuRatio, bytes, allocs []float64 }

// TestTable measures in rounds: in each everybody has a turn, so that what else the machine does meets all alike, and a ratio is of
// one round.
func TestTable(t *testing.T) {
	if !*table {
		t.Log("go test -run TestTable -table prints tables")
		return
	}
	if err := flag.Set("test.benchtime", each.String()); err != nil {
		t.Fatal(err)
	}
	for _, s := range engines {
		if *only != "" && *only != s.name {
			continue
		}
		e := s.start(t)
		for _, w := range workloads {
			if *load != "" && *load != w.name {
				continue
			}
			tell(e, w, measure(t, e, w))
		}
	}
}

func measure(t *testing.T, e *engine, w workload) []turns {
	all := make([]turns, len(e.contenders))
	for round := range *rounds {
		var first, firstCPU float64
		for k := range e.contenders {
			// The first one, whom all are compared with, begins; the others change places.
			i := k
			if k > 0 {
				i = 1 + (k-1+round)%(len(e.contenders)-1)
			}
			f := w.run(e, &e.contenders[i])
			if f == nil {
				continue
			}
			r := testing.Benchmark(f)
			if r.N == 0 {
				t.Fatalf("%s/%s/%s failed", e.name, w.name, e.contenders[i].name)
			}
			ns := float64(r.T.Nanoseconds()) / float64(r.N)
			cpu := r.Extra["cpu-ns/op"]
			if i == 0 {
				first, firstCPU = ns, cpu
			}
			a := &all[i]
			a.ns, a.ratio = append(a.ns, ns), append(a.ratio, ns/first)
			a.cpu, a.cpuRatio = append(a.cpu, cpu), append(a.cpuRatio, cpu/firstCPU)
			a.bytes, a.allocs = append(a.bytes, float64(r.AllocedBytesPerOp())), append(a.allocs, float64(r.AllocsPerOp()))
		}
	}
	return all
}

// tell prints a table: medians, with the least and the greatest.
func tell(e *engine, w workload, all []turns) {
	unit, per := "µs", 1e3
	if median(all[0].ns) > 1e6 {
		unit, per = "ms", 1e6
	}
	fmt.Printf("\n%s, %s; against %s:\n\n", w.title, e.name, e.contenders[0].name)
	fmt.Printf("|  | %s | against | CPU %s | against | KB | allocations |\n|---|---|---|---|---|---|---|\n", unit, unit)
	for i, a := range all {
		if len(a.ns) == 0 {
			continue
		}
		ratio, cpuRatio := spread(a.ratio, 1, 2), spread(a.cpuRatio, 1, 2)
		if i == 0 {
			ratio, cpuRatio = "1", "1"
		}
		fmt.Printf("| %s | %s | %s | %s | %s | %.1f | %.0f |\n", e.contenders[i].name,
			spread(a.ns, per, 1), ratio, spread(a.cpu, per, 1), cpuRatio, median(a.bytes)/1e3, median(a.allocs))
	}
}

func spread(list []float64, per float64, digits int) string {
	return fmt.Sprintf("%.*f [%.*f, %.*f]", digits, median(list)/per, digits, slices.Min(list)/per, digits, slices.Max(list)/per)
}

func median(list []float64) float64 {
	l := slices.Sorted(slices.Values(list))
	return (l[len(l)/2] + l[(len(l)-1)/2]) / 2
}
