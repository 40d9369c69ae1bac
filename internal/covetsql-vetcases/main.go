// Covetsql-vetcases runs vet's rules over statements that other linters' suites label bad or good and reports recall and
// precision of each rule, with each miss.
//
//	go run ./internal/covetsql-vetcases -cases ../shared/acceptance/vet/cases.json -only P01 -v
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/internal/vetcases"
)

func main() {
	path := flag.String("cases", "../shared/acceptance/vet/cases.json", "the file of labelled cases")
	only := flag.String("only", "", "ids of rules, with commas between; all without")
	verbose := flag.Bool("v", false, "show each case that is not judged as it is labelled")
	unjudged := flag.Bool("unjudged", false, "show each case that no engine takes")
	recall := flag.Float64("recall", 0, "the least recall, a share; exit 1 below")
	precision := flag.Float64("precision", 0, "the least precision, a share; exit 1 below")
	misses := flag.String("misses", "", "a file to write the counts and each miss to, in Markdown")
	flag.Parse()
	cases, err := vetcases.Load(*path)
	if err == nil {
		err = run(cases, *only, *verbose, *unjudged, *recall, *precision, *misses)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(cases []vetcases.Case, only string, verbose, unjudged bool, recall, precision float64, misses string) error {
	dir, err := os.MkdirTemp("", "vetcases")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var list []vetcases.Verdict
	for i := range cases {
		c := &cases[i]
		if only != "" && !strings.Contains(","+only+",", ","+c.ID()+",") {
			continue
		}
		v := vetcases.Judge(c, rules.All, dir)
		list = append(list, v)
		if verbose && v.Judged && !v.Right() || unjudged && !v.Judged {
			fmt.Printf("%s %s  bad=%t found=%t engine=%s (%s) %s\n%s\n%s%s\n\n", c.Key(), c.Rule, c.Bad, v.Found, c.Engine, v.Engine, c.Source, strings.TrimSpace(c.SQL),
				strings.Join(v.Messages, "\n"), v.Why)
			if verbose {
				fmt.Printf("with %s\n", v.Schema)
			}
		}
	}
	text, _, undisputed := vetcases.Report(list)
	if misses != "" {
		if err := os.WriteFile(misses, []byte(vetcases.Misses(list, text)), 0o644); err != nil {
			return err
		}
	}
	fmt.Print(text)
	if undisputed.Recall() < recall || undisputed.Precision() < precision {
		return fmt.Errorf("recall %.3f of %.3f, precision %.3f of %.3f", undisputed.Recall(), recall, undisputed.Precision(), precision)
	}
	return nil
}
