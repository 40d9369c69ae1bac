package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	runner "github.com/covetsql/covetsql/migrate"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// foreseen is what a run does to the database, known before it begins.
type foreseen struct {
	steps []foreseenStep
	// where finds a statement's effect by the version and its number, which counts from 1.
	where map[string]map[int]*hazard.Statement
}

// foreseenStep is what one migration does.
type foreseenStep struct {
	runner.Step
	effects []hazard.Statement
	found   diag.List
	// first is the number of the first statement that is still to run.
	first int
}

// foresee judges the migrations of a report, which nobody ran so far, against the schema that the database has now.
func (r *running) foresee(ctx context.Context, e *events, report *runner.Report) {
	out := &foreseen{where: map[string]map[int]*hazard.Statement{}}
	e.foreseen = out
	var sides []file.Side
	for _, s := range report.Steps {
		step := foreseenStep{Step: s, first: 1}
		var side file.Side
		if m := e.folder.Find(s.Version); m != nil {
			if side = m.Up; s.Down {
				side = m.Down
			}
			step.first += max(0, len(side.Statements)-len(s.Statements))
			side.Statements = side.Statements[step.first-1:]
		}
		out.steps = append(out.steps, step)
		sides = append(sides, side)
	}
	if len(sides) == 0 {
		return
	}
	options := hazard.Options{LockTimeout: r.LockTimeout > 0}
	l, err := r.openLive(ctx)
	var before *catalog.Snapshot
	if err == nil {
		defer l.close()
		before, options.Version, options.TimeZone, options.Empty = l.schema, l.version, l.timeZone, l.empty
	} else {
		e.note("the database's schema can't be read (%v): what the statements do is told by the text of the migrations", err)
		if before, err = r.applied(e.folder, report); err != nil {
			e.note("what the statements do can't be told: %v", err)
			return
		}
	}
	for i, j := range hazard.Run(sides, before, options) {
		s := &out.steps[i]
		set := &ignores{dialect: r.known.Lex()}
		set.read(sides[i])
		s.effects = j.Statements
		s.found, _ = set.Apply(j.Found)
		numbers := map[int]*hazard.Statement{}
		for k := range s.effects {
			numbers[s.first+k] = &s.effects[k]
		}
		out.where[s.Version] = numbers
	}
}

// applied is the schema that the migrations make which are no steps of a report, or all up to the one that is taken back first.
func (r *running) applied(folder *file.Folder, report *runner.Report) (*catalog.Snapshot, error) {
	var list []*file.Migration
	for _, m := range folder.Migrations {
		at := slices.IndexFunc(report.Steps, func(s runner.Step) bool { return folder.Find(s.Version) == m })
		if at < 0 || report.Steps[at].Down {
			list = append(list, m)
		}
		if at == 0 && report.Steps[at].Down {
			break
		}
	}
	return r.schema(list)
}

// effect is what a statement does, in a line; "" where nothing is known of it.
func (f *foreseen) effect(version string, number int) string {
	if f == nil || f.where[version][number] == nil {
		return ""
	}
	return strings.Join(holds(*f.where[version][number]), "; ")
}

// shortly is effect where others would notice something, else "".
func (f *foreseen) shortly(version string, number int) string {
	if what := f.effect(version, number); what != unnoticed && what != unseen {
		return what
	}
	return ""
}

// What is said of statements that nobody has to know about.
const (
	unnoticed = "nothing that others would notice"
	unseen    = "only tables that are new, or have no rows"
)

// holds says in words what a statement locks and does. Tables that the migrations make, and those without rows, are left out.
func holds(s hazard.Statement) []string {
	var out []string
	left := false
	say := func(t effect.Table, format string, args ...any) {
		if s.Quiet[t] {
			left = true
			return
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
	for _, l := range s.Held() {
		say(l.Table, "%v on %v", l.Mode, l.Table)
	}
	if s.Class != effect.Unclassed && !left {
		out = append(out, s.Class.String())
	}
	for _, w := range s.Work {
		if !w.Trivial && w.Kind != effect.Proved {
			say(w.Table, "%v %v %s", w.Kind, w.Table, w.Object)
		}
	}
	for _, l := range s.Losses {
		name := l.Object.Table
		if name == "" {
			name = l.Object.Name
		}
		if l.Rows {
			say(effect.Table{Schema: l.Object.Schema, Name: name}, "loses %v (%s)", l.Object, l.What)
		} else {
			out = append(out, fmt.Sprintf("loses %v (%s)", l.Object, l.What))
		}
	}
	if s.Unknown {
		out = append(out, "what it does is not known")
	}
	switch {
	case s.Refused != "":
		return []string{"the database does not take it: " + s.Refused}
	case len(out) > 0:
	case left:
		out = append(out, unseen)
	default:
		out = append(out, unnoticed)
	}
	return out
}

// note tells something beside the findings.
func (e *events) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if e.json {
		e.encode(struct {
			Event string `json:"event"`
			Text  string `json:"text"`
		}{"note", text})
		return
	}
	e.line("%s %s", e.colour("36;1", "note:"), text)
}

// warn shows what is dangerous before the run begins; notes only where nothing is to run.
func (e *events) warn(notes bool) {
	for _, s := range e.foreseen.steps {
		if e.json {
			for k := range s.effects {
				e.encode(effectEvent(&s, k))
			}
		}
		for _, d := range s.found {
			if d.Severity == diag.Note && !notes {
				continue
			}
			line := 0
			if d.Span.File != nil {
				line, _ = d.Span.File.LineColumn(int(d.Span.Start))
			}
			if e.json {
				e.encode(struct {
					Event    string   `json:"event"`
					Version  string   `json:"version"`
					Path     string   `json:"path,omitempty"`
					Line     int      `json:"line,omitempty"`
					Severity string   `json:"severity"`
					Code     string   `json:"code"`
					Slug     string   `json:"slug"`
					Text     string   `json:"text"`
					Help     []string `json:"help,omitempty"`
				}{"finding", s.Version, s.Path, line, d.Severity.String(), d.Code.ID, d.Code.Slug, d.Message, d.Help})
				continue
			}
			colour := map[diag.Severity]string{diag.Error: "31;1", diag.Warning: "33;1", diag.Note: "36;1"}[d.Severity]
			e.line("%s %s:%d: %s", e.colour(colour, fmt.Sprintf("%v[%s]", d.Severity, d.Code.ID)), s.Path, line, d.Message)
			for _, h := range d.Help {
				e.line("  help: %s", h)
			}
		}
	}
}

// The effect of a statement as tools read it.
type (
	lockJSON struct {
		Table        string `json:"table"`
		Mode         string `json:"mode"`
		BlocksReads  bool   `json:"blocks_reads,omitempty"`
		BlocksWrites bool   `json:"blocks_writes,omitempty"`
		Quiet        bool   `json:"new_or_empty,omitempty"`
	}
	workJSON struct {
		Kind   string `json:"kind"`
		Table  string `json:"table"`
		Object string `json:"object,omitempty"`
		Quiet  bool   `json:"new_or_empty,omitempty"`
	}
	lossJSON struct {
		Object string `json:"object"`
		What   string `json:"what"`
		Rows   bool   `json:"rows,omitempty"`
	}
	effectJSON struct {
		Event        string     `json:"event"`
		Version      string     `json:"version"`
		Path         string     `json:"path,omitempty"`
		Down         bool       `json:"down,omitempty"`
		Statement    int        `json:"statement"`
		Line         int        `json:"line"`
		Locks        []lockJSON `json:"locks"`
		Work         []workJSON `json:"work"`
		Losses       []lossJSON `json:"losses"`
		Class        string     `json:"class,omitempty"`
		Irreversible string     `json:"irreversible,omitempty"`
		Refused      string     `json:"refused,omitempty"`
		Unknown      bool       `json:"unknown,omitempty"`
	}
)

// effectEvent is statement k of those of a step that are to run. Its text is not in it: it may hold what no log should.
func effectEvent(s *foreseenStep, k int) effectJSON {
	st := &s.effects[k]
	out := effectJSON{Event: "effect", Version: s.Version, Path: s.Path, Down: s.Down, Statement: s.first + k, Line: st.Line(),
		Locks: []lockJSON{}, Work: []workJSON{}, Losses: []lossJSON{}, Class: st.Class.String(), Irreversible: st.Final, Refused: st.Refused, Unknown: st.Unknown || st.Tree == nil}
	for _, l := range st.Held() {
		out.Locks = append(out.Locks, lockJSON{l.Table.String(), l.Mode.String(), l.Mode.BlocksReads(), l.Mode.BlocksWrites(), st.Quiet[l.Table]})
	}
	for _, w := range st.Work {
		if !w.Trivial && w.Kind != effect.Proved {
			out.Work = append(out.Work, workJSON{w.Kind.String(), w.Table.String(), w.Object, st.Quiet[w.Table]})
		}
	}
	for _, l := range st.Losses {
		out.Losses = append(out.Losses, lossJSON{l.Object.String(), l.What, l.Rows})
	}
	return out
}
