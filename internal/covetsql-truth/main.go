// Command covetsql-truth holds the compiler's answers for random queries against real servers,
// for as many queries as it is told, and writes what it finds as small cases.
//
//	go run ./internal/covetsql-truth -language postgresql -queries 200000 -out cases
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"testing"
	"time"

	"github.com/covetsql/covetsql/internal/truth/random"
)

func main() {
	language := flag.String("language", "postgresql", "postgresql, mysql, mariadb or sqlite")
	queries := flag.Int("queries", 1000, "how many statements to try")
	seed := flag.Uint64("seed", 1, "makes the run another one")
	perSchema := flag.Int("per-schema", 400, "statements that share a schema")
	judge := flag.Int("judge", 40, "look in each so-manieth query for NULLs that did not show, to tell clumsy answers")
	shrink := flag.Int("shrink", 5, "findings of a kind that are made small")
	shrinkTime := flag.Duration("shrink-time", 10*time.Second, "at most, for each of them")
	out := flag.String("out", "", "folder for the cases; without one they are printed")
	clumsy := flag.String("clumsy", "", "file for the answers that look clumsy")
	quiet := flag.Bool("quiet", false, "no line a schema")
	failures := flag.Bool("failures", false, "also what servers said to statements that they had described")
	testing.Init() // rapid, which makes findings small, asks for test flags
	flag.Parse()
	o := random.Options{Queries: *queries, Seed: *seed, PerSchema: *perSchema, Judge: *judge, Shrink: *shrink, ShrinkTime: *shrinkTime}
	if !*quiet {
		o.Log = os.Stderr
	}
	sound, err := run(*language, o, *out, *clumsy, *failures)
	if err != nil {
		fmt.Fprintln(os.Stderr, "covetsql-truth:", err)
		os.Exit(2)
	}
	if !sound {
		os.Exit(1)
	}
}

func run(language string, o random.Options, out, clumsy string, failures bool) (sound bool, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if clumsy != "" {
		f, err := os.Create(clumsy)
		if err != nil {
			return false, err
		}
		defer f.Close()
		o.Clumsy = f
	}
	lab, err := random.Open(ctx, language, random.Databases)
	if err != nil {
		return false, err
	}
	defer lab.Close()
	report, err := random.Run(ctx, lab, o)
	if report != nil {
		fmt.Print(report)
		if failures {
			printCounts(report.Failed)
		}
		if err := writeCases(out, report.Cases); err != nil {
			return false, err
		}
	}
	return err == nil && report.Sound(), err
}

func printCounts(counts map[string]int) {
	words := make([]string, 0, len(counts))
	for w := range counts {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool { return counts[words[i]] > counts[words[j]] })
	for _, w := range words {
		fmt.Printf("  %6d %s\n", counts[w], w)
	}
}

func writeCases(folder string, cases []*random.Case) error {
	if folder != "" {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	for i, c := range cases {
		var w io.Writer = os.Stdout
		if folder != "" {
			f, err := os.Create(filepath.Join(folder, fmt.Sprintf("%s-%s-%03d.sql", c.Language, c.Finding.Kind, i+1)))
			if err != nil {
				return err
			}
			defer f.Close()
			w = f
		}
		if _, err := fmt.Fprintln(w, c); err != nil {
			return err
		}
	}
	return nil
}
