package rename

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	historyFile = flag.String("renames", filepath.Join("..", "..", "..", "shared", "acceptance", "migrate", "renames.json"), "what real migrations dropped and added")
	train       = flag.Bool("train", false, "learn the weights anew and write weights.go")
	update      = flag.Bool("update", false, "write docs/renames.md")
)

// step is what one migration of a real project dropped and added in one table.
type step struct {
	Repo, Kind, Migration, Table, Label string
	Dropped, Added, Kept                []historic
	Truth, Intended                     [][2]string
	BeforeIndexes                       []string `json:"before_indexes"`
	AfterIndexes                        []string `json:"after_indexes"`
	BeforeConstraints                   []string `json:"before_constraints"`
	AfterConstraints                    []string `json:"after_constraints"`
	elsewhere                           [][2]string
}

type historic struct {
	Name, Type string
	NotNull    bool
	Default    string
}

// history reads the data set; the test is skipped where it is not here.
func history(t *testing.T) []step {
	t.Helper()
	text, err := os.ReadFile(*historyFile)
	if err != nil {
		t.Skipf("the histories of real projects are not here: %v", err)
	}
	var out []step
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	// What the other tables of the same migration lost and gained.
	count := map[[4]string]int{}
	for _, round := range []bool{false, true} {
		for i := range out {
			s := &out[i]
			for _, o := range s.Dropped {
				for _, n := range s.Added {
					key := [4]string{s.Repo, s.Migration, o.Name, n.Name}
					if !round {
						count[key]++
					} else if count[key] > 1 {
						s.elsewhere = append(s.elsewhere, [2]string{o.Name, n.Name})
					}
				}
			}
		}
	}
	return out
}

// meant are the renames of a step: those that it ran, and those that a reader saw it was meant to.
func (s step) meant() [][2]string { return slices.Concat(s.Truth, s.Intended) }

// table is what the algorithm sees of a step. Positions are left out: a migration that adds a column always adds it behind the last
// one, so they would give the answer away.
func (s step) table() Table {
	t := Table{Name: s.Table, RolesKnown: s.Kind == "pg-replay", Elsewhere: s.elsewhere}
	for _, c := range s.Kept {
		t.Kept = append(t.Kept, c.Name)
	}
	changed := func(list []historic) (names []string) {
		for _, c := range list {
			names = append(names, c.Name)
		}
		return names
	}
	for _, c := range s.Dropped {
		t.Dropped = append(t.Dropped, s.column(c, slices.Concat(s.BeforeIndexes, s.BeforeConstraints), changed(s.Dropped)))
	}
	for _, c := range s.Added {
		t.Added = append(t.Added, s.column(c, slices.Concat(s.AfterIndexes, s.AfterConstraints), changed(s.Added)))
	}
	return t
}

var reference = regexp.MustCompile(`references (\S+)|FOREIGN KEY \("?(\w+)"?\) REFERENCES (\S+)\(`)

func (s step) column(c historic, definitions, changed []string) Column {
	out := Column{Name: c.Name, Type: c.Type, NotNull: c.NotNull || strings.Contains(c.Type, "not null"), Default: c.Default}
	if m := reference.FindStringSubmatch(c.Type); m != nil {
		out.Refers = m[1]
	}
	for _, d := range definitions {
		if m := reference.FindStringSubmatch(d); m != nil && m[2] == c.Name {
			out.Refers = m[3]
		}
		if role, ok := Role(d, c.Name, changed); ok {
			out.Roles = append(out.Roles, role)
		}
	}
	return out
}

// tuned tells whether a project's history was used to find the weights. The others are kept apart: every second project of the
// list by name.
func tuned(repo string, repos []string) bool { return slices.Index(repos, repo)%2 == 0 }

func repositories(steps []step) []string {
	var out []string
	for _, s := range steps {
		if !slices.Contains(out, s.Repo) {
			out = append(out, s.Repo)
		}
	}
	slices.Sort(out)
	return out
}

// unlearned are the weights of evidence that the histories do not have. They are set by hand: places in queries outweigh names.
var unlearned = map[feature]float64{samePlace: 1.5, sameSites: 4, otherSites: -2}

// leftOut says how decisions are over the tuning projects, each decided with weights that the others gave. Features and the penalty are
// chosen by it, and never by the projects kept apart.
func leftOut(used []step) string {
	saved := weights
	defer func() { weights = saved }()
	var all score
	for _, leave := range repositories(used) {
		var others, own []step
		for _, s := range used {
			if s.Repo == leave {
				own = append(own, s)
			} else {
				others = append(others, s)
			}
		}
		weights = learn(decisions(others))
		s := method{decide: byOdds(0.5)}.score(own)
		all.steps, all.exact = all.steps+s.steps, all.exact+s.exact
		all.proposed, all.right, all.meant = all.proposed+s.proposed, all.right+s.right, all.meant+s.meant
	}
	return fmt.Sprintf("left out: exact %s, precision %s, recall %s", percent(all.exact, all.steps), percent(all.right, all.proposed), percent(all.right, all.meant))
}

func TestWeightsAreLearned(t *testing.T) {
	if !*train {
		t.Skip("-train learns them anew")
	}
	steps := history(t)
	repos := repositories(steps)
	var used []step
	for _, s := range steps {
		if tuned(s.Repo, repos) {
			used = append(used, s)
		}
	}
	report := leftOut(used)
	t.Log(report)
	w := learn(decisions(used))
	for f, x := range unlearned {
		w[f] = x
	}
	var b strings.Builder
	b.WriteString("package rename\n\n// Code generated by go test ./migrate/rename -run Learned -train; DO NOT EDIT.\n\n// weights make the decisions of docs/renames.md's tuning projects likeliest; samePlace, sameSites and otherSites,\n// which no history has, are set by hand.\nvar weights = [featureCount]float64{\n")
	for f, x := range w {
		fmt.Fprintf(&b, "\t%.3f, // %d\n", x, f)
	}
	b.WriteString("}\n")
	if err := os.WriteFile("weights.go", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
