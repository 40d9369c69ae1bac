package random

import (
	"testing"

	"pgregory.net/rapid"
)

func TestEveryRuleOfAGrammarCanBeFilled(t *testing.T) {
	for _, name := range []string{"postgresql", "mysql", "mariadb", "sqlite"} {
		l, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		in := &scope{free: true}
		tables := tables(l).Example(1)
		for kind, bySort := range l.byResult {
			for s, rules := range bySort {
				for _, b := range rules {
					text := rapid.Custom(func(t *rapid.T) string {
						g := &generator{choice: choice{t}, lang: l, schema: tables, budget: 5}
						g.in(2) // rapid wants at least one choice
						return g.apply(b, in, 1)
					}).Example(1)
					if text == "" {
						t.Errorf("%s: %s of %s is empty", name, kind, s.Name)
					}
				}
			}
		}
	}
}

func TestTheSameSeedMakesTheSameStatements(t *testing.T) {
	l, err := Read("postgresql")
	if err != nil {
		t.Fatal(err)
	}
	for seed := range 50 {
		s, again := tables(l).Example(seed), tables(l).Example(seed)
		if a, b := statements(l, s).Example(seed), statements(l, again).Example(seed); a != b {
			t.Errorf("seed %d:\n%s\n%s", seed, a, b)
		}
	}
}
