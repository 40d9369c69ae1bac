package draft

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// forth puts the renames in front of the other steps of the way up. MySQL keeps views and triggers as they were written, and with a trigger
// that uses an old name nothing can be written: those that go, or are made anew, are dropped before.
func forth(old *catalog.Snapshot, steps, renames []plan.Step) []plan.Step {
	if old.Engine != catalog.MySQL || len(renames) == 0 {
		return slices.Concat(renames, steps)
	}
	var before, after []plan.Step
	for _, s := range steps {
		if of := codeOf(s); of == dropped && !named(renames, s.About) {
			before = append(before, s)
		} else {
			after = append(after, s)
		}
	}
	return slices.Concat(before, renames, after)
}

// back puts the renames of the way back behind its other steps, but before the views and triggers that it makes again: they use the old names.
func back(old *catalog.Snapshot, steps, renames []plan.Step) []plan.Step {
	if old.Engine != catalog.MySQL || len(renames) == 0 {
		return slices.Concat(steps, renames)
	}
	var before, after []plan.Step
	for i, s := range steps {
		of := codeOf(s)
		if s.About.Kind == "session" { // the sql_mode of what is made between two such steps
			of = codeOf(steps[beside(steps, i)])
		}
		if of == made {
			after = append(after, s)
		} else {
			before = append(before, s)
		}
	}
	return slices.Concat(before, renames, after)
}

// beside is the step that the setting of a session is for: the one behind it, or before it where it is taken back.
func beside(steps []plan.Step, i int) int {
	if strings.HasSuffix(steps[i].SQL, "DEFAULT") {
		return max(i-1, 0)
	}
	return min(i+1, len(steps)-1)
}

// The ways in which a step is about a view or a trigger.
const (
	other = iota
	made
	dropped
)

func codeOf(s plan.Step) int {
	if s.About.Kind != "view" && s.About.Kind != "trigger" {
		return other
	}
	verb, _, _ := strings.Cut(strings.TrimSpace(s.SQL), " ")
	switch {
	case strings.EqualFold(verb, "CREATE"):
		return made
	case strings.EqualFold(verb, "DROP"):
		return dropped
	}
	return other
}

// named tells whether renames are about an object: its name is another one before them.
func named(renames []plan.Step, o plan.Object) bool {
	return slices.ContainsFunc(renames, func(s plan.Step) bool {
		return strings.EqualFold(s.About.Kind, o.Kind) && (strings.EqualFold(s.About.Name, o.Name) || strings.Contains(s.SQL, o.Name))
	})
}
