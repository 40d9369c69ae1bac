package vet

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/analyzer/policy"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/revision"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// sinceRevision leaves of the findings those that are new since the working tree and a revision parted. The files of that time are vetted too, by
// all rules, and what was there then is not new, wherever its lines are now; so a migration that makes an old query wrong is seen,
// and a file that is moved is not. What needs a database or Go is not vetted in the old files: there changed lines count.
func (o *Options) sinceRevision(ctx context.Context, j *judgement) error {
	c := j.program.Config
	base, err := revision.Find(ctx, "--new-from", filepath.Dir(c.File.Path), o.NewFrom)
	if err != nil {
		return &factory.ExitError{Code: factory.CouldNotRun, Err: err}
	}
	changed, err := base.Changed()
	if err != nil {
		return fmt.Errorf("--new-from: %w", err)
	}
	dir, err := os.MkdirTemp("", "covetsql-vet-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	old, err := o.oldFindings(ctx, c, base, dir)
	if err != nil {
		return fmt.Errorf("--new-from: %w", err)
	}
	n := &newness{judgement: j, base: base, changed: changed}
	j.Found = n.fresh(old)
	return nil
}

// findings are those of a program, and the names of its queries.
type findings struct {
	list    diag.List
	queries map[string]bool
}

// oldFindings vets the files of a base, in a folder that they are written to.
func (o *Options) oldFindings(ctx context.Context, c *config.Config, base *revision.Base, dir string) (findings, error) {
	none := findings{queries: map[string]bool{}}
	file, was, err := base.Config(dir, c.File.Path)
	switch {
	case err != nil:
		return none, err
	case file == "":
		return none, nil // covetsql is new here
	case was == nil:
		fmt.Fprintf(o.IO.Err, "the configuration of %s can not be used: all findings count as new\n", o.NewFrom)
		return none, nil
	}
	then := silent(o, file)
	p, err := then.CompileBound(ctx)
	if err != nil {
		return none, nil // its configuration was refused, as above
	}
	all := policy.Every(p.Config)
	known, list := then.baseline(p.Config)
	found := append(append(list, p.Diagnostics...), analyzer.Vet(ctx, p, analyzer.Options{Rules: rules.All, Policy: all,
		Open: func(context.Context, *compiler.Package) (database.Database, diag.List) { return nil, nil }})...)
	return findings{analyzer.Sift(p, found, analyzer.Living{Policy: all, Rules: rules.All, Baseline: known}).Found, queryNames(p)}, nil
}

// silent are the options to compile another configuration with, of which nothing is shown.
func silent(o *Options, file string) *Options {
	then := *o
	then.Plans, then.WriteBaseline, then.Go = false, false, nil
	then.IO = &iostreams.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}
	then.File, then.Format, then.Output = file, "", ""
	return &then
}

func queryNames(p *compiler.Program) map[string]bool {
	out := map[string]bool{}
	for _, pkg := range p.Packages {
		for _, q := range pkg.Queries() {
			out[q.Name] = true
		}
	}
	return out
}

// newness tells new findings from old ones.
type newness struct {
	*judgement
	base    *revision.Base
	changed revision.Changed
}

// fresh are the findings that the old ones do not have. Errors of the compiler are never old.
func (n *newness) fresh(old findings) diag.List {
	var out, left diag.List
	byLines := n.Found.Sorted()
	// Of findings that are alike the one on a changed line is the new one.
	sort.SliceStable(byLines, func(i, j int) bool { return !n.onChanged(byLines[i]) && n.onChanged(byLines[j]) })
	count := map[string]int{}
	for _, d := range old.list {
		count[d.Fingerprint()]++
	}
	for _, d := range byLines {
		switch f := d.Fingerprint(); {
		case d.Code.OfCompiler() && d.Severity == diag.Error:
			out = append(out, d)
		case !n.comparable(d):
			if n.onChanged(d) || n.queryChanged(d) {
				out = append(out, d)
			}
		case count[f] > 0:
			count[f]--
		default:
			left = append(left, d)
		}
	}
	// A query that has another name now took its findings along.
	now := queryNames(n.program)
	renamed := map[string]int{}
	for _, d := range old.list {
		if f := d.Fingerprint(); count[f] > 0 && d.Query != "" && !now[d.Query] {
			count[f]--
			renamed[d.Code.ID+" "+d.Text()]++
		}
	}
	for _, d := range left {
		key := d.Code.ID + " " + d.Text()
		if d.Query != "" && !old.queries[d.Query] && renamed[key] > 0 && d.Text() != strings.ToLower(d.Query) {
			renamed[key]--
			continue
		}
		out = append(out, d)
	}
	return out.Sorted()
}

// comparable tells whether a finding's rule judged the old files too.
func (n *newness) comparable(d diag.Diagnostic) bool {
	switch {
	case d.Code == diag.QueryRefused, d.Code == diag.ExplainFailed, strings.HasPrefix(d.Code.ID, "CV51"):
		return false
	case d.Span.File != nil && strings.HasSuffix(d.Span.File.Path, ".go"):
		return false
	}
	for _, r := range n.program.Config.Rules {
		if r.Name == d.Code.ID && strings.Contains(r.Rule, ".explain") {
			return false
		}
	}
	return true
}

// onChanged tells whether a finding points at changed lines.
func (n *newness) onChanged(d diag.Diagnostic) bool { return n.touches(d.Span) }

// queryChanged tells whether the query of a finding has changed lines.
func (n *newness) queryChanged(d diag.Diagnostic) bool {
	if d.Query == "" {
		return false
	}
	for _, pkg := range n.program.Packages {
		for _, q := range pkg.Queries() {
			if q.Name == d.Query && n.touches(q.Source.Raw) {
				return true
			}
		}
	}
	return false
}

func (n *newness) touches(s source.Span) bool {
	at, _ := s.Origin()
	if at.File == nil {
		return false
	}
	file := at.File.Path
	if !filepath.IsAbs(file) && at.File != n.program.Config.File {
		file = filepath.Join(n.program.Config.Dir, file)
	}
	name, ok := n.base.Inside(file)
	if !ok {
		return false
	}
	first, _ := at.File.LineColumn(int(at.Start))
	last, _ := at.File.LineColumn(max(int(at.Start), int(at.End)-1))
	return n.changed.Has(name, first, last)
}
