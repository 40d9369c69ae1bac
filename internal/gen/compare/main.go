// Command compare measures two generators against each other on one project, in one run:
//
//	go run ./internal/gen/bigproject -out /tmp/big
//	go run ./internal/gen/compare -dir /tmp/big -a ./covetsql -b sqlc [-runs 5]
//
// Both are run in turn, A B A B …, as "PROGRAM generate" in copies of the project; the
// operating system's accounting of each finished process gives CPU seconds (user and
// system), wall seconds and peak memory. Medians are printed, with the ratio A/B pair by pair.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func main() {
	dir := flag.String("dir", "", "the project to generate (required)")
	a := flag.String("a", "", "the first program (required)")
	b := flag.String("b", "", "the second program (required)")
	runs := flag.Int("runs", 5, "counted runs of each, after one that is not counted")
	flag.Parse()
	if *dir == "" || *a == "" || *b == "" || *runs < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := compare(*dir, *a, *b, *runs); err != nil {
		log.Fatal(err)
	}
}

// figures are what one run of a process cost.
type figures struct{ cpu, wall, memory float64 }

// columns are the printed figures, each with its unit.
var columns = []struct {
	name string
	of   func(figures) float64
}{
	{"cpu s", func(f figures) float64 { return f.cpu }},
	{"wall s", func(f figures) float64 { return f.wall }},
	{"peak MB", func(f figures) float64 { return f.memory }},
}

func compare(dir, a, b string, runs int) error {
	programs := []string{a, b}
	copies := make([]string, 2)
	for i, p := range programs {
		path, err := exec.LookPath(p)
		if err != nil {
			return err
		}
		if programs[i], err = filepath.Abs(path); err != nil {
			return err
		}
		if copies[i], err = os.MkdirTemp("", "compare-"); err != nil {
			return err
		}
		defer os.RemoveAll(copies[i])
		if err := os.CopyFS(copies[i], os.DirFS(dir)); err != nil {
			return err
		}
	}
	var taken [2][]figures
	for n := range runs + 1 {
		for i, p := range programs {
			f, err := run(p, copies[i])
			if err != nil {
				return err
			}
			if n > 0 { // the first fills the caches
				taken[i] = append(taken[i], f)
			}
		}
	}
	fmt.Printf("%-8s %28s %28s %22s\n", "", "A "+filepath.Base(a), "B "+filepath.Base(b), "A/B")
	for _, c := range columns {
		var of [3][]float64
		for n := range runs {
			x, y := c.of(taken[0][n]), c.of(taken[1][n])
			of[0], of[1], of[2] = append(of[0], x), append(of[1], y), append(of[2], x/y)
		}
		fmt.Printf("%-8s %28s %28s %22s\n", c.name, spread(of[0]), spread(of[1]), spread(of[2]))
	}
	return nil
}

// spread prints the median and, in brackets, the least and the greatest.
func spread(v []float64) string {
	slices.Sort(v)
	return fmt.Sprintf("%.2f [%.2f, %.2f]", v[len(v)/2], v[0], v[len(v)-1])
}

func run(program, dir string) (figures, error) {
	cmd := exec.Command(program, "generate")
	cmd.Dir = dir
	start := time.Now()
	out, err := cmd.CombinedOutput()
	wall := time.Since(start)
	if err != nil {
		return figures{}, fmt.Errorf("%s generate: %w\n%s", program, err, out)
	}
	s := cmd.ProcessState
	f := figures{cpu: (s.UserTime() + s.SystemTime()).Seconds(), wall: wall.Seconds()}
	if usage, ok := s.SysUsage().(*syscall.Rusage); ok {
		f.memory = float64(usage.Maxrss) / 1024
	}
	return f, nil
}
