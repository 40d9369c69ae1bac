package migrate

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/plan"
)

// show writes for people.
type show struct{ io *iostreams.Streams }

// colour wraps a text in a terminal's colour where the terminal takes any.
func (s show) colour(code, text string) string {
	if !s.io.ErrColor {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s show) line(format string, args ...any) { fmt.Fprintf(s.io.Err, format+"\n", args...) }

// draft tells what keeps a draft from being written, and whether anything does.
func (s show) draft(d *draft.Draft) bool {
	stop := false
	for _, l := range d.Refused {
		stop = true
		s.line("%s %v: %s would be lost", s.colour("31;1", "refused:"), l.Object, l.What)
	}
	if len(d.Refused) > 0 {
		s.line("  nothing is dropped on a guess. If it was renamed, write -- covet:renamed_from old beside the new name in the schema file.")
		s.line("  If it is to go: --drop %s, or --allow-drop for all of them", dropped(d.Refused[0].Object))
	}
	for _, q := range d.Questions {
		stop = true
		s.line("%s %s", s.colour("36;1", "question:"), q.Text)
		if q.Directive != "" {
			s.line("  to answer, write into the schema file: %s", q.Directive)
		}
	}
	for _, u := range d.Unmanaged {
		s.line("%s %v: %s", s.colour("33;1", "not managed:"), u.Object, u.Why)
	}
	if d.Report != nil && !d.Report.OK() {
		stop = true
		s.line("%s the migration was tried on a scratch database and is wrong; nothing is written", s.colour("31;1", "error:"))
		for _, l := range strings.Split(strings.TrimSpace(d.Report.String()), "\n") {
			s.line("  %s", l)
		}
	}
	return stop || len(d.Up.Steps) == 0
}

// dropped names a thing for --drop.
func dropped(o plan.Object) string {
	if o.Table != "" {
		return o.Table + "." + o.Name
	}
	return o.Name
}

// plan lists the statements of the way up.
func (s show) plan(p plan.Plan) {
	for _, step := range p.Steps {
		s.line("  %s", oneLine(step.SQL))
		for _, l := range step.Losses {
			s.line("    %s %v: %s", s.colour("31", "lost:"), l.Object, l.What)
		}
	}
}

// script prints both ways as SQL.
func (s show) script(d *draft.Draft) {
	for i, way := range []plan.Plan{d.Up, d.Down} {
		fmt.Fprintf(s.io.Out, "-- %s\n", []string{"up", "down"}[i])
		for _, statement := range statements(way) {
			fmt.Fprintf(s.io.Out, "%s;\n", statement)
		}
		fmt.Fprintln(s.io.Out)
	}
}

// tried says what the trial did.
func (s show) tried(d *draft.Draft) {
	if d.Report == nil {
		return
	}
	s.line("tried on a scratch database with rows, there and back")
	if len(d.Report.Bare) > 0 {
		s.line("  without rows in %s, whose conditions no value that was tried meets", strings.Join(d.Report.Bare, ", "))
	}
}
