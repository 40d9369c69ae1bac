// Command compare measures two generators against each other on projects, in one run:
//
//	go run ./internal/gen/bigproject -out /tmp/big
//	go run ./internal/gen/compare -a ./covetsql -b sqlc [-runs 5] [-cache fill|warm|off] [-edit FILE] /tmp/big …
//
// Both are run in turn, A B A B …, as "PROGRAM generate" in copies of each project; the
// operating system's accounting of each finished process gives CPU seconds (user and
// system), wall seconds and peak memory. Medians are printed, with B/A pair by pair.
//
// What covetsql keeps between runs is in a folder of the comparison: emptied before each run, so that filling it is
// counted (fill), kept (warm), or not there (off). With -edit another condition is put into the first query of FILE before each run.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	var c comparison
	flag.StringVar(&c.programs[0], "a", "", "the first program (required)")
	flag.StringVar(&c.programs[1], "b", "", "the second program; without it the first is measured alone")
	flag.IntVar(&c.runs, "runs", 5, "counted runs of each, after one that is not counted")
	flag.StringVar(&c.cache, "cache", "fill", "what is kept between runs: fill, warm or off")
	flag.StringVar(&c.edit, "edit", "", "a query file, below the project, that is another one in each run")
	flag.Parse()
	if c.programs[0] == "" || c.runs < 1 || flag.NArg() == 0 || !slices.Contains([]string{"fill", "warm", "off"}, c.cache) {
		flag.Usage()
		os.Exit(2)
	}
	for i, p := range c.programs {
		if p == "" {
			continue
		}
		path, err := exec.LookPath(p)
		if err == nil {
			c.programs[i], err = filepath.Abs(path)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	for _, dir := range flag.Args() {
		if err := c.compare(dir); err != nil {
			log.Fatal(err)
		}
	}
}

// comparison is what was asked for.
type comparison struct {
	programs    [2]string
	runs        int
	cache, edit string
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

func (c *comparison) compare(dir string) error {
	var copies [2]string
	for i, p := range c.programs {
		if p == "" {
			continue
		}
		var err error
		if copies[i], err = os.MkdirTemp("", "compare-"); err != nil {
			return err
		}
		defer os.RemoveAll(copies[i])
		if err := os.CopyFS(filepath.Join(copies[i], "project"), os.DirFS(dir)); err != nil {
			return err
		}
	}
	var taken [2][]figures
	for n := range c.runs + 1 {
		for i, p := range c.programs {
			if p == "" {
				continue
			}
			f, err := c.run(p, copies[i], n)
			if err != nil {
				return err
			}
			if n > 0 { // the first fills the caches
				taken[i] = append(taken[i], f)
			}
		}
	}
	fmt.Println(dir)
	for _, column := range columns {
		var of [3][]float64
		for n := range c.runs {
			x := column.of(taken[0][n])
			of[0] = append(of[0], x)
			if taken[1] != nil {
				y := column.of(taken[1][n])
				of[1], of[2] = append(of[1], y), append(of[2], y/x)
			}
		}
		fmt.Printf("  %-8s A %-24s", column.name, spread(of[0]))
		if taken[1] != nil {
			fmt.Printf(" B %-24s B/A %s", spread(of[1]), spread(of[2]))
		}
		fmt.Println()
	}
	return nil
}

// spread prints the median and, in brackets, the least and the greatest.
func spread(v []float64) string {
	slices.Sort(v)
	return fmt.Sprintf("%.3g [%.3g, %.3g]", v[len(v)/2], v[0], v[len(v)-1])
}

// run is run n of a program in its copy.
func (c *comparison) run(program, dir string, n int) (figures, error) {
	project, kept := filepath.Join(dir, "project"), filepath.Join(dir, "kept")
	switch c.cache {
	case "off":
		kept = "off"
	case "fill":
		if err := os.RemoveAll(kept); err != nil {
			return figures{}, err
		}
	}
	if c.edit != "" {
		if err := edit(filepath.Join(project, c.edit), n); err != nil {
			return figures{}, err
		}
	}
	cmd := exec.Command(program, "generate")
	cmd.Dir = project
	cmd.Env = append(os.Environ(), "COVETSQL_CACHE="+kept)
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

// edit puts the condition of run n into the first query of a file.
func edit(path string, n int) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	old := fmt.Sprintf("WHERE %d = %[1]d AND ", n-1)
	if n == 0 {
		old = "WHERE "
	}
	text := strings.Replace(string(b), old, fmt.Sprintf("WHERE %d = %[1]d AND ", n), 1)
	if text == string(b) {
		return fmt.Errorf("%s has no WHERE", path)
	}
	return os.WriteFile(path, []byte(text), 0o644)
}
