package rename

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/adrg/strutil"
)

// method decides of a table which dropped columns were renamed into which added ones.
type method struct {
	name   string
	decide func(Table) [][2]string
}

// methods are ours at several thresholds beside those of the field.
var methods = []method{
	{"never a rename (alembic, pg-schema-diff, Skeema, Atlas' public code)", func(Table) [][2]string { return nil }},
	{"Levenshtein ≥ 0.3", byDistance(0.3, false)},
	{"Levenshtein ≥ 0.5", byDistance(0.5, false)},
	{"Levenshtein ≥ 0.6", byDistance(0.6, false)},
	{"Levenshtein ≥ 0.8", byDistance(0.8, false)},
	{"Levenshtein ≥ 0.3, same type", byDistance(0.3, true)},
	{"Levenshtein ≥ 0.6, same type", byDistance(0.6, true)},
	{"one dropped, one added, same type", oneForOne},
	{"Django's rule, each question answered yes", django},
	{"covetsql's candidates (p ≥ 0.2)", byOdds(Least)},
	{"covetsql's candidates, p ≥ 0.5", byOdds(0.5)},
	{"covetsql's candidates, p ≥ 0.8", byOdds(0.8)},
	{"covetsql's candidates, p ≥ 0.95", byOdds(0.95)},
}

func byOdds(least float64) func(Table) [][2]string {
	return func(t Table) (out [][2]string) {
		for _, c := range Columns(t) {
			if c.P >= least {
				out = append(out, [2]string{c.Old, c.New})
			}
		}
		return out
	}
}

// byDistance takes the most alike pair of names again and again.
func byDistance(least float64, typed bool) func(Table) [][2]string {
	return func(t Table) (out [][2]string) {
		type pair struct {
			old, new string
			like     float64
		}
		var pairs []pair
		for _, o := range t.Dropped {
			for _, n := range t.Added {
				if like := strutil.Similarity(o.Name, n.Name, distance); like >= least && (!typed || family(o.Type) == family(n.Type)) {
					pairs = append(pairs, pair{o.Name, n.Name, like})
				}
			}
		}
		sort.SliceStable(pairs, func(i, j int) bool { return pairs[i].like > pairs[j].like })
		used := map[string]bool{}
		for _, p := range pairs {
			if !used["-"+p.old] && !used["+"+p.new] {
				used["-"+p.old], used["+"+p.new] = true, true
				out = append(out, [2]string{p.old, p.new})
			}
		}
		return out
	}
}

func oneForOne(t Table) [][2]string {
	if len(t.Dropped) == 1 && len(t.Added) == 1 && t.Dropped[0].Type == t.Added[0].Type {
		return [][2]string{{t.Dropped[0].Name, t.Added[0].Name}}
	}
	return nil
}

// django goes through the added columns by name and takes the first dropped one of an identical definition.
func django(t Table) (out [][2]string) {
	byName := func(list []Column) []Column {
		list = slices.Clone(list)
		sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
		return list
	}
	used := map[string]bool{}
	for _, n := range byName(t.Added) {
		for _, o := range byName(t.Dropped) {
			if !used[o.Name] && o.Type == n.Type && o.NotNull == n.NotNull && o.Default == n.Default {
				used[o.Name] = true
				out = append(out, [2]string{o.Name, n.Name})
				break
			}
		}
	}
	return out
}

// score is how a method did over some steps.
type score struct {
	steps, exact, proposed, right, meant int
	clean, cleanFalse                    int // true drops and adds, and those with a false rename
	copied, copiedFalse                  int // drops and adds whose migration copies data
	lost                                 int // renames that would have been run as a drop
	migrations                           map[string]bool
}

func (m method) score(steps []step) score {
	s := score{migrations: map[string]bool{}}
	for _, st := range steps {
		got, want := m.decide(st.table()), st.meant()
		right := 0
		for _, p := range got {
			if slices.Contains(want, p) {
				right++
			}
		}
		s.steps++
		s.migrations[st.Repo+st.Migration] = true
		s.proposed, s.right, s.meant = s.proposed+len(got), s.right+right, s.meant+len(want)
		s.lost += len(want) - right
		if right == len(want) && len(got) == right {
			s.exact++
		}
		switch st.Label {
		case "drop+add":
			s.clean++
			s.cleanFalse += int(truth(len(got) > right))
		case "transform-with-copy":
			s.copied++
			s.copiedFalse += int(truth(len(got) > right))
		}
	}
	return s
}

func percent(a, b int) string {
	if b == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", 100*float64(a)/float64(b))
}

func (s score) row(name string) string {
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %d | %.2f |\n", name, percent(s.exact, s.steps), percent(s.right, s.proposed), percent(s.right, s.meant),
		percent(s.cleanFalse, s.clean), percent(s.copiedFalse, s.copied), s.lost, float64(s.proposed)/float64(len(s.migrations)))
}

const head = "| method | exact | precision | recall | false on drop and add | false on drop and add with a copy | renames lost where nobody looks | proposals a migration |\n|---|---|---|---|---|---|---|---|\n"

// TestMethodsOverRealHistories holds docs/renames.md: what the methods decide of real migrations.
func TestMethodsOverRealHistories(t *testing.T) {
	steps := history(t)
	repos := repositories(steps)
	var b strings.Builder
	b.WriteString(introduction)
	groups := []struct {
		title string
		tuned bool
	}{{"Projects kept apart", false}, {"Projects that the weights were learned from", true}}
	for _, g := range groups {
		var in []step
		for _, s := range steps {
			if tuned(s.Repo, repos) == g.tuned {
				in = append(in, s)
			}
		}
		fmt.Fprintf(&b, "## %s\n\n%d tables in %d migrations.\n\n%s", g.title, len(in), len(methods[0].score(in).migrations), head)
		for _, m := range methods {
			s := m.score(in)
			b.WriteString(s.row(m.name))
			if m.name == "covetsql's candidates, p ≥ 0.5" && s.exact*100 < 75*s.steps {
				t.Errorf("%s: %s %% of decisions are exact", g.title, percent(s.exact, s.steps))
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("## By project\n\nAt p ≥ 0.5. Exact decisions of all, beside Django's rule.\n\n| project | weights learned from it | tables | covetsql | Django's rule | renames | found | false |\n|---|---|---|---|---|---|---|---|\n")
	for _, repo := range repos {
		var in []step
		for _, s := range steps {
			if s.Repo == repo {
				in = append(in, s)
			}
		}
		ours, theirs := method{decide: byOdds(0.5)}.score(in), method{decide: django}.score(in)
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d | %d |\n", repo, map[bool]string{true: "yes", false: "no"}[tuned(repo, repos)], ours.steps, ours.exact, theirs.exact, ours.meant, ours.right, ours.proposed-ours.right)
	}
	page := filepath.Join("..", "..", "docs", "renames.md")
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if text, _ := os.ReadFile(page); string(text) != b.String() {
		t.Errorf("docs/renames.md is not what the methods decide; go test ./migrate/rename -update writes it")
	}
}

const introduction = `# Renames: what a migration meant

A schema lost a column and gained one. Was it renamed, or is one gone and another new? Nothing in two schemas says so for certain, and to take a rename
for a drop loses data. covetsql never does: a directive in the schema file decides (` + "`-- covet:renamed_from old`" + `), or an answer to its
question, or the compiled queries prove it (each place that used the old name uses the new one, the definitions are the same, and nothing else could be meant).
Without any of these nothing is written: the run ends with the candidates and the directive to add. Decisions that lose data: 0, because none is taken.

The candidates, with the likeliest first, are what this page measures: how well methods see what was meant by names, types, keys and indexes alone, without
queries and without the place in the schema file, which histories of migrations do not have. The data are migrations of real projects that dropped
and added columns in one table in one step; what was meant was read from the migration (a RENAME, or an attribute that kept its
number) or by a reader. A decision is *exact* where all renames of the table were found and none else was proposed. *Lost* counts renames that the method, run
without anybody looking, would have executed as a drop. Of covetsql a proposal is a question, not a decision.

`
