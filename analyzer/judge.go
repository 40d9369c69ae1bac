package analyzer

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/baseline"
	"github.com/covetsql/covetsql/analyzer/policy"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/suppress"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Living is what decides which findings stay.
type Living struct {
	Policy *policy.Policy
	// Rules are all built-in rules.
	Rules []*rule.Rule
	// Go are the files of Go that were judged.
	Go []*source.File
	// Ran tells of a rule that neither queries nor schemas are judged by, one of Go or of plans, whether it judged; nil says no.
	Ran func(c *diag.Code) bool
	// Whole tells that Go is all of the application: what was not found in it is not there.
	Whole bool
	// Baseline are the findings that are known; nil for none.
	Baseline *baseline.Baseline
}

// Sifted is what stays of findings, and what does not.
type Sifted struct {
	Found   diag.List // sorted
	Ignored []diag.Ignored
	// Ran tells whether the rule of a code judged.
	Ran func(code string) bool
}

// Sift takes the findings out that comments or the baseline keep away, and says which of those are needless. found are all
// of a run, with what compiling said.
func Sift(p *compiler.Program, found diag.List, l Living) Sifted {
	found = found.Sorted()
	var out Sifted
	set := &suppress.Set{}
	for _, pkg := range p.Packages {
		if pkg.Dialect == nil {
			continue
		}
		set.Add(comments(p.Config.Dir, pkg, pkg.Config.Schema, token.Schema)...)
		set.Add(comments(p.Config.Dir, pkg, pkg.Config.Queries, token.Queries)...)
	}
	for _, f := range l.Go {
		set.Add(suppress.Go(f)...)
	}
	broken := map[string]bool{}
	for _, d := range found {
		if d.Severity == diag.Error && d.Code.OfCompiler() && d.Span.File != nil {
			at, _ := d.Span.Origin()
			broken[at.File.Path] = true
		}
	}
	noPlans := slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Code == diag.PlansSkipped || d.Code == diag.DatabaseFailed })
	ran := func(c *diag.Code) bool { return l.ran(p, c, !noPlans) }
	out.Ran = func(code string) bool {
		c, ok := l.Policy.Known(code)
		return ok && ran(c) && (l.Whole || !l.elsewhere(c))
	}
	out.Found, out.Ignored = set.Apply(found)
	problems := set.Problems(suppress.Rules{
		Known: l.Policy.Known, Names: l.Policy.Names,
		Ran: func(c *diag.Code, at source.Span) bool {
			// A comment beside a query speaks of all Go that calls it.
			return !broken[at.File.Path] && ran(c) && (l.Whole || !l.elsewhere(c) || strings.HasSuffix(at.File.Path, ".go"))
		},
	})
	out.Found.Add(l.Policy.Judge(nil, problems)...)
	if l.Baseline != nil {
		var known []diag.Ignored
		out.Found, known = l.Baseline.Apply(out.Found.Sorted())
		out.Ignored = append(out.Ignored, known...)
		if len(broken) == 0 {
			out.Found.Add(l.Policy.Judge(nil, l.Baseline.Stale(out.Ran))...)
		}
	}
	out.Found = out.Found.Sorted()
	slices.SortStableFunc(out.Ignored, func(a, b diag.Ignored) int {
		switch {
		case a.Span.Before(b.Span):
			return -1
		case b.Span.Before(a.Span):
			return 1
		}
		return 0
	})
	return out
}

// comments are those of ours in the files that patterns name. A file that can not be read was reported.
func comments(dir string, p *compiler.Package, patterns []string, mode token.Mode) (out []suppress.Comment) {
	paths, _ := source.Expand(dir, patterns, mode == token.Schema)
	for _, path := range paths {
		full := path
		if !filepath.IsAbs(full) {
			full = filepath.Join(dir, path)
		}
		if f, err := source.Read(full, path); err == nil {
			out = append(out, suppress.SQL(f, p.Dialect.Lex(), mode)...)
		}
	}
	return out
}

// elsewhere tells whether a rule judges Go.
func (l Living) elsewhere(c *diag.Code) bool { return l.Ran != nil && l.Ran(c) }

// ran tells whether a rule judged in any block; plans tells whether databases gave plans, where they were asked.
func (l Living) ran(p *compiler.Program, c *diag.Code, plans bool) bool {
	if c.OfCompiler() {
		return true
	}
	if r := slices.IndexFunc(l.Rules, func(r *rule.Rule) bool { return r.Code == c }); r >= 0 {
		switch r := l.Rules[r]; {
		case r.Plan != nil:
			return plans && !r.Measured && slices.ContainsFunc(p.Packages, func(pkg *compiler.Package) bool {
				d := pkg.Config.Database
				return d != nil && d.URI != "" && d.URI != ":memory:" && !d.Managed && r.Judges(pkg.Config.Engine) && l.Policy.On(&pkg.Config, c)
			})
		case r.Query == nil && r.Package == nil:
			return l.Ran != nil && l.Ran(c) && l.Policy.On(nil, c)
		}
		return slices.ContainsFunc(p.Packages, func(pkg *compiler.Package) bool { return l.Policy.On(&pkg.Config, c) && pkg.Catalog != nil })
	}
	return slices.ContainsFunc(p.Packages, func(pkg *compiler.Package) bool {
		for _, use := range pkg.Config.Rules {
			if use.Name == c.Slug {
				return l.Policy.On(&pkg.Config, c)
			}
		}
		return false
	})
}
