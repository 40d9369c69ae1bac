// Covetsql-vetcorpus vets real projects and draws findings for a person to read: the same ones for the same seed.
//
//	go run ./internal/covetsql-vetcorpus -corpus ../shared/acceptance/corpus -draw 200 -seed 1
//
// Each folder of the corpus has a case.json that names its configuration, and the project under tree.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
)

func main() {
	corpus := flag.String("corpus", "../shared/acceptance/corpus", "the folder of the projects")
	draw := flag.Int("draw", 0, "how many findings to draw; 0 for all")
	seed := flag.Uint64("seed", 1, "what the draw begins with")
	only := flag.String("only", "", "a code or slug: its findings alone, whether it is on or off by default")
	project := flag.String("project", "", "a part of a project's name")
	all := flag.Bool("all", false, "with the rules that are off by default")
	quiet := flag.Bool("q", false, "counts alone")
	flag.Parse()
	if err := run(*corpus, *project, *only, *all, *quiet, *draw, *seed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// finding is a finding of a project.
type finding struct {
	project string
	diag.Diagnostic
}

func run(corpus, project, only string, all, quiet bool, draw int, seed uint64) error {
	cases, err := filepath.Glob(filepath.Join(corpus, "*", "case.json"))
	if err != nil {
		return err
	}
	var chosen []*rule.Rule
	for _, r := range rules.All {
		if only == r.ID || only == r.Slug || only == "" && (all || !r.Off) {
			on := *r
			on.Off = false
			chosen = append(chosen, &on)
		}
	}
	var found []finding
	queries, start := 0, cpu()
	for _, c := range cases {
		name := filepath.Base(filepath.Dir(c))
		if !strings.Contains(name, project) {
			continue
		}
		list, n, err := vet(c, chosen)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		queries += n
		for _, d := range list {
			found = append(found, finding{name, d})
		}
	}
	spent := cpu() - start
	by := map[string]int{}
	for _, f := range found {
		by[f.Code.ID+" "+f.Code.Slug]++
	}
	if draw > 0 && draw < len(found) {
		r := rand.New(rand.NewPCG(seed, seed))
		r.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
		found = found[:draw]
		slices.SortFunc(found, func(a, b finding) int {
			return cmp.Or(cmp.Compare(a.Code.ID, b.Code.ID), cmp.Compare(a.project, b.project))
		})
	}
	if !quiet {
		for i, f := range found {
			show(i+1, f)
		}
	}
	var names []string
	for n := range by {
		names = append(names, n)
	}
	slices.Sort(names)
	total := 0
	for _, n := range names {
		fmt.Printf("%5d %s\n", by[n], n)
		total += by[n]
	}
	fmt.Printf("%5d findings in %d queries of %d projects, %.2f CPU seconds\n", total, queries, len(cases), spent.Seconds())
	return nil
}

// vet judges one project.
func vet(path string, chosen []*rule.Rule) (diag.List, int, error) {
	var c struct{ Config string }
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, 0, err
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, 0, err
	}
	cfg, list := config.Load(filepath.Join(filepath.Dir(path), "tree", c.Config))
	if cfg == nil || list.HasErrors() {
		return nil, 0, list[0]
	}
	for i := range cfg.Packages { // sqlc's own rules ask for databases
		cfg.Packages[i].Rules = nil
	}
	p := compiler.Compile(cfg, compiler.Options{KeepRel: true})
	n := 0
	for _, pkg := range p.Packages {
		n += len(pkg.Queries())
	}
	return analyzer.Vet(context.Background(), p, analyzer.Options{Rules: chosen}), n, nil
}

// show writes a finding with the lines around its place.
func show(n int, f finding) {
	p := f.Span.Position()
	fmt.Printf("---- %d. %s %s %s [%s] %s:%d:%d %s\n%s\n", n, f.Code.ID, f.Code.Slug, f.Severity, f.project, p.Path, p.Line, p.Column, f.Query, f.Message)
	for _, l := range f.Labels {
		at := l.Span.Position()
		fmt.Printf("  (%s:%d %s: %s)\n", at.Path, at.Line, oneLine(l.Span.Text()), l.Text)
	}
	for _, h := range f.Help {
		fmt.Printf("  help: %s\n", h)
	}
	fmt.Printf("  at: %s\n", oneLine(f.Span.Text()))
	if f.Span.File != nil {
		lines := strings.Split(f.Span.File.Text, "\n")
		from, to := max(0, p.Line-9), min(len(lines), p.Line+6)
		for i := from; i < to; i++ {
			mark := "   "
			if i == p.Line-1 {
				mark = " > "
			}
			fmt.Printf("%s%s\n", mark, lines[i])
		}
	}
}

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 100 {
		s = s[:100] + "…"
	}
	return s
}

// cpu is the time that the process has computed.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
