package ask

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/hazard/effect"
	"github.com/covetsql/covetsql/migrate/plan"
)

// Differences are what a server of PostgreSQL did other than announced, in words; none where it did the same. Of a statement that it takes
// outside of transactions only, and of one whose effect nobody knew, nothing differs but that.
func Differences(e effect.Effect, a Answer) (out []string) {
	differ := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch {
	case e.Unknown:
		return nil
	case a.Refused != "" && a.Alone:
		if !e.Alone {
			differ("takes it outside of transactions only")
		}
		return out
	case a.Refused != "":
		if e.Refused == "" && e.FailsOnRows == "" {
			differ("refuses it: %s", a.Refused)
		}
		return out
	case e.Refused != "":
		differ("takes it, announced as refused: %s", e.Refused)
		return out
	}
	if e.Alone {
		differ("takes it in a transaction")
	}
	announced := map[effect.Table]effect.Mode{}
	for _, l := range e.Locks {
		if !l.Gone {
			announced[l.Table] = l.Mode
		}
	}
	if !maps.Equal(announced, a.Locks) {
		differ("holds %s, announced %s", Locks(a.Locks), Locks(announced))
	}
	if is, was := Told(a.Work), Told(e.Work); !slices.Equal(is, was) {
		differ("does %s, announced %s", list(is), list(was))
	}
	copied := map[effect.Table]bool{}
	for _, w := range e.Work {
		if w.Kind == effect.Rewrite || w.Kind == effect.Copy {
			copied[w.Table] = true
		}
	}
	for _, t := range sorted(copied) {
		if !a.NewFile[t] && !slices.ContainsFunc(e.Locks, func(l effect.Lock) bool { return l.Table == t && l.New }) {
			differ("does not write %s anew", t)
		}
	}
	for _, t := range sorted(a.NewFile) {
		lost := slices.ContainsFunc(e.Losses, func(l plan.Loss) bool { return l.Object.Name == t.Name })
		queried := slices.ContainsFunc(e.Work, func(w effect.Work) bool { return w.Table == t && w.Kind == effect.Query })
		if !copied[t] && !lost && !queried {
			differ("writes %s anew", t)
		}
	}
	return out
}

// Told are the pieces of work of which PostgreSQL tells in messages, in words and sorted.
func Told(work []effect.Work) (out []string) {
	for _, w := range work {
		switch w.Kind {
		case effect.Proved, effect.Verify, effect.Rewrite, effect.BuildIndex:
			out = append(out, fmt.Sprintf("%s %s %s", w.Kind, w.Table, w.Object))
		case effect.ValidateKey: // which table is not told
			out = append(out, fmt.Sprintf("%s %s", w.Kind, w.Object))
		}
	}
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Locks are locks in words, strongest first.
func Locks(locks map[effect.Table]effect.Mode) string {
	tables := slices.SortedFunc(maps.Keys(locks), func(a, b effect.Table) int {
		if d := int(locks[b]) - int(locks[a]); d != 0 {
			return d
		}
		return strings.Compare(a.String(), b.String())
	})
	var out []string
	for _, t := range tables {
		out = append(out, fmt.Sprintf("%v on %v", locks[t], t))
	}
	return list(out)
}

func list(words []string) string {
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

func sorted(tables map[effect.Table]bool) []effect.Table {
	return slices.SortedFunc(maps.Keys(tables), func(a, b effect.Table) int { return strings.Compare(a.String(), b.String()) })
}
