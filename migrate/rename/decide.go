package rename

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// Decision is what came of the candidates.
type Decision struct {
	// Accepted are the renames to run: those of Options.Accepted, the certain ones and those that were answered with yes.
	Accepted []Rename
	// Refused were answered with no.
	Refused []Rename
	// Open are the candidates that nobody was there to answer.
	Open []Candidate
}

// Decide accepts what is certain and asks for the rest, one candidate at a time: what stands alone before what needs it, the likeliest first.
// Each answer is taken into account for the next question. With a nil ask the candidates are left open. An error of ask ends it.
func Decide(from, to *catalog.Snapshot, o Options, ask func(Candidate) (bool, error)) (Decision, error) {
	d := Decision{Accepted: slices.Clone(o.Accepted), Refused: slices.Clone(o.Refused)}
	for {
		o.Accepted, o.Refused = d.Accepted, d.Refused
		found, err := Find(from, to, o)
		if err != nil {
			return d, err
		}
		certain := false
		for _, c := range found.Candidates {
			if c.Certain {
				d.Accepted = append(d.Accepted, c.Rename)
				certain = true
			}
		}
		if certain {
			continue // what rests on them is found now
		}
		if ask == nil {
			d.Open = found.Candidates
			return d, nil
		}
		next := slices.IndexFunc(found.Candidates, func(c Candidate) bool { return len(c.Needs) == 0 })
		if next < 0 {
			return d, nil
		}
		c := found.Candidates[next]
		yes, err := ask(c)
		if err != nil {
			return d, err
		}
		if yes {
			d.Accepted = append(d.Accepted, c.Rename)
		} else {
			d.Refused = append(d.Refused, c.Rename)
		}
	}
}
