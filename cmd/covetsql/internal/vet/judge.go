package vet

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/analyzer/baseline"
	"github.com/covetsql/covetsql/analyzer/policy"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/diag/report"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/internal/factory"
)

// judgement is what a run found.
type judgement struct {
	analyzer.Sifted
	program *compiler.Program
	policy  *policy.Policy
	// all are the findings before comments and the baseline took some out.
	all diag.List
	// known is the baseline; nil where there is none.
	known *baseline.Baseline
}

// judge compiles the queries and judges them.
func (o *Options) judge(ctx context.Context) (*judgement, error) {
	p, err := o.CompileBound(ctx)
	if err != nil {
		return nil, couldNotRun(err)
	}
	if err := o.use(p); err != nil {
		return nil, err
	}
	j := &judgement{program: p}
	var list diag.List
	if j.policy, list, err = policy.New(p.Config, policy.Choice{Select: names(o.Select), Ignore: names(o.Ignore), FailOn: o.FailOn}); err != nil {
		return nil, factory.Usage("%s", err)
	}
	found, err := o.vet(ctx, j)
	if err != nil {
		return nil, err
	}
	j.all = append(append(list, p.Diagnostics...), found...)
	living := analyzer.Living{Policy: j.policy, Rules: rules.All}
	if len(o.Go) > 0 {
		j.all.Add(o.vetGo(ctx, j, &living)...)
	}
	j.known, list = o.baseline(p.Config)
	j.all.Add(list...)
	living.Baseline = j.known
	j.Sifted = analyzer.Sift(p, j.all, living)
	return j, nil
}

// vet gives what the rules find.
func (o *Options) vet(ctx context.Context, j *judgement) (diag.List, error) {
	d := &databases{config: j.program.Config}
	defer d.close()
	options := analyzer.Options{Open: d.open, Rules: rules.All, Policy: j.policy}
	if o.Plans {
		var mutex sync.Mutex
		options.Plan = func(q *facts.Query, plan []byte) {
			mutex.Lock()
			defer mutex.Unlock()
			fmt.Fprintf(o.IO.Out, "%s\n%s\n", q.Name, plan)
		}
	}
	written, err := o.options(&options)
	if err != nil {
		return nil, err
	}
	found := analyzer.Vet(ctx, j.program, options)
	return found, written()
}

func names(list string) (out []string) {
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// couldNotRun is the exit code of a configuration that can not be used: nothing was judged.
func couldNotRun(err error) error {
	var exit *factory.ExitError
	if errors.As(err, &exit) && exit.Code == factory.Findings {
		return factory.Exit(factory.CouldNotRun)
	}
	return err
}

// finish shows the findings and gives the exit code: 2 where something kept vet from judging all that it should, 1 where findings are as bad
// as the configuration fails for.
func (o *Options) finish(j *judgement) error {
	if err := o.ReportRun(j.program.Config, report.Run{Found: j.Found, Ignored: j.Ignored, Hindered: j.hindered()}); err != nil {
		return err
	}
	switch {
	case j.hindered():
		return factory.Exit(factory.CouldNotRun)
	case j.policy.Fails(j.Found):
		return factory.Exit(factory.Findings)
	}
	return nil
}

// hindered tells whether something could not be judged.
func (j *judgement) hindered() bool {
	for _, d := range j.Found {
		if d.Severity == diag.Error && (d.Code.OfCompiler() || d.Code == diag.SchemaRefused || d.Code == diag.BaselineInvalid || d.Code == diag.GoUnreadable) {
			return true
		}
	}
	return false
}
