package analyzer

import (
	"slices"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/diag"
)

// builtin judges a package by the rules that are built in.
func builtin(p *compiler.Package, rules []*rule.Rule) (diags diag.List) {
	if len(rules) == 0 {
		return nil
	}
	judged := rule.Of(p)
	queries := slices.Concat(judged.List, judged.Views)
	found := make([]diag.List, len(queries))
	parallel(len(found), func(i int) { found[i] = judged.JudgeQuery(queries[i], rules) })
	for _, ds := range found {
		diags.Add(ds...)
	}
	return append(diags, judged.JudgePackage(rules)...)
}
