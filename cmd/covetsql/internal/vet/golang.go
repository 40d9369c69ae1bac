package vet

import (
	"context"
	"slices"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/analyzer/gocode"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler/diag"
)

// vetGo gives what the rules find in the Go that calls the queries. Go that can not be read is a finding.
func (o *Options) vetGo(ctx context.Context, j *judgement, living *analyzer.Living) diag.List {
	p, err := gocode.Load(ctx, j.program, gocode.Options{Dir: ".", Patterns: o.Go, Tests: o.GoTests})
	if err != nil {
		return gocode.Unreadable(j.program, err)
	}
	living.Go = p.Files()
	living.Ran = gocode.Judges
	living.Whole = slices.Contains(o.Go, "./...")
	return j.policy.Judge(nil, p.Judge(rules.All))
}
