package vet

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/covetsql/covetsql/analyzer/baseline"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/factory"
)

// defaultBaseline is the file that --write-baseline writes where the configuration names none.
const defaultBaseline = "vet-baseline.json"

// baseline reads the baseline that the configuration names; nil where it names none, or where the file is written for the first time.
func (o *Options) baseline(c *config.Config) (*baseline.Baseline, diag.List) {
	if c.Vet.Baseline == "" {
		return nil, nil
	}
	f, err := source.Read(baselinePath(c), c.Vet.Baseline)
	if err != nil {
		if o.WriteBaseline && errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, diag.List{diag.New(diag.BaselineInvalid, source.NewFile(c.Vet.Baseline, "").Span(0, 0), "the baseline can not be read: %s", err).
			WithHelp("`covetsql vet --write-baseline` writes it")}
	}
	b, list := baseline.Read(f)
	if b == nil && o.WriteBaseline { // it is written anew
		return nil, nil
	}
	return b, list
}

func baselineName(c *config.Config) string {
	if c.Vet.Baseline == "" {
		return defaultBaseline
	}
	return c.Vet.Baseline
}

func baselinePath(c *config.Config) string {
	name := filepath.FromSlash(baselineName(c))
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.Dir, name)
}

// writeBaseline writes the file of all findings that no comment keeps away. Entries of rules that did not judge in this run stay.
func (o *Options) writeBaseline(j *judgement) error {
	if j.hindered() {
		return o.finish(j)
	}
	found := j.Found
	for _, d := range j.Ignored {
		if d.Baseline {
			found = append(found, d.Diagnostic)
		}
	}
	b := baseline.Of(found.Sorted())
	if j.known != nil {
		b.Keep(j.known, j.Ran)
	}
	c := j.program.Config
	path := baselinePath(c)
	if _, problems := codegen.Write(c.Dir, []codegen.File{{Path: filepath.ToSlash(baselineName(c)), Content: b.Bytes()}}); len(problems) > 0 {
		if err := o.Report(c, problems); err != nil {
			return err
		}
		return factory.Exit(factory.CouldNotRun)
	}
	fmt.Fprintf(o.IO.Err, "%s: %s\n", filepath.ToSlash(path), counted(b.Size()))
	if c.Vet.Baseline == "" {
		fmt.Fprintf(o.IO.Err, "to use it, add to the configuration: vet: {baseline: %s}\n", defaultBaseline)
	}
	return nil
}

func counted(n int) string {
	if n == 1 {
		return "1 finding"
	}
	return fmt.Sprintf("%d findings", n)
}
