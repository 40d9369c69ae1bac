package postgres

import (
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// nullRules are nulls.txt: a rule by name(types), by name, or by operator. What a test proves
// on a server is that no function called total gives NULL for what is not NULL.
type nullRules struct {
	functions map[string]catalog.NullRule
	operators map[string]catalog.NullRule
	casts     map[string]catalog.NullRule
	columns   map[string]bool // function.column that is never NULL
}

// ruleNames are the words of nulls.txt.
var ruleNames = map[string]catalog.NullRule{
	"maybe": catalog.NullMaybe, "total": catalog.NullStrict, "partial": catalog.NullStrictPartial, "never": catalog.NullNever,
	"coalesce": catalog.NullCoalesce, "first": catalog.NullFirst, "aggregate": catalog.NullAggregate, "joined": catalog.NullAggregateFirst,
	"rows": catalog.NullAggregateRows, "lag": catalog.NullLag, "frame": catalog.NullFrameValue, "always": catalog.NullAlways,
}

var nulls = sync.OnceValue(func() *nullRules {
	r := &nullRules{functions: map[string]catalog.NullRule{}, operators: map[string]catalog.NullRule{}, casts: map[string]catalog.NullRule{}, columns: map[string]bool{}}
	for line := range strings.Lines(dataFile("nulls.txt")) {
		line = strings.TrimSpace(line)
		word, what, _ := strings.Cut(line, " ")
		if word == "" || word == "#" {
			continue
		}
		if word == "column" {
			for _, c := range strings.Fields(what) {
				r.columns[c] = true
			}
			continue
		}
		rule := ruleNames[word]
		if op, ok := strings.CutPrefix(what, "operator "); ok {
			r.operators[op] = rule
			continue
		}
		if pair, ok := strings.CutPrefix(what, "cast "); ok {
			r.casts[pair] = rule
			continue
		}
		if strings.Contains(what, "(") {
			r.functions[what] = rule
			continue
		}
		for _, name := range strings.Fields(what) {
			r.functions[name] = rule
		}
	}
	return r
})

// function is the rule of a function: as written for its signature or its name; else a
// strict one may still give NULL by itself, and of any other nothing is known.
func (r *nullRules) function(f *catalog.Function) catalog.NullRule {
	for _, c := range f.Columns {
		c.NotNull = r.columns[f.Name+"."+c.Name]
	}
	if rule, ok := r.functions[signatureText(f.Name, f.Args)]; ok {
		return rule
	}
	if rule, ok := r.functions[f.Name]; ok {
		if rule == catalog.NullStrict && !f.Strict || f.Kind != catalog.Scalar && rule == catalog.NullStrict {
			return catalog.NullMaybe
		}
		return rule
	}
	if f.Strict && f.Kind == catalog.Scalar && !f.ReturnsSet {
		return catalog.NullStrictPartial
	}
	return catalog.NullMaybe
}

// operator is the rule of an operator. A strict operator is total unless nulls.txt says otherwise.
func (r *nullRules) operator(name, left, right string, strict bool) catalog.NullRule {
	if rule, ok := r.operators[name+" "+left+" "+right]; ok {
		return rule
	}
	if rule, ok := r.operators[name]; ok {
		return rule
	}
	if strict {
		return catalog.NullStrict
	}
	return catalog.NullMaybe
}
