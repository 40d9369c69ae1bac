// Covetsql-vetcases runs vet's rules over statements that other linters' suites label bad or good and reports recall and
// precision of each rule, with each miss.
//
//	go run ./internal/covetsql-vetcases -cases ../shared/acceptance/vet/cases.json -only P01 -v
package main

import (
	"errors"
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
	rawRecall := flag.Float64("raw-recall", 0, "the least recall with every label as it is, disputed ones too; exit 1 below")
	rawPrecision := flag.Float64("raw-precision", 0, "the least precision with every label as it is, disputed ones too; exit 1 below")
	misses := flag.String("misses", "", "a file to write the counts and each miss to, in Markdown")
	flag.Parse()
	cases, err := vetcases.Load(*path)
	if err == nil {
		err = run(cases, *only, *verbose, *unjudged, floors{*recall, *precision}, floors{*rawRecall, *rawPrecision}, *misses)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// floors are the least shares that are taken.
type floors struct{ recall, precision float64 }

func (f floors) check(of string, c vetcases.Counts) error {
	if c.Recall() < f.recall || c.Precision() < f.precision {
		return fmt.Errorf("%s: recall %.3f of %.3f, precision %.3f of %.3f", of, c.Recall(), f.recall, c.Precision(), f.precision)
	}
	return nil
}

func run(cases []vetcases.Case, only string, verbose, unjudged bool, least, raw floors, misses string) error {
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
	text, all, undisputed := vetcases.Report(list)
	if misses != "" {
		if err := os.WriteFile(misses, []byte(vetcases.Misses(list, text)), 0o644); err != nil {
			return err
		}
	}
	fmt.Print(text)
	return errors.Join(least.check("all without disputed labels", undisputed), raw.check("all", all))
}
