package migrate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/rename"
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

// renamed tells which renames were taken for certain, and which directives have done their work.
func (s show) renamed(d *draft.Draft) {
	for _, r := range d.Renamed {
		s.line("%v is a rename: what is in it stays", plain(r, d.From.DefaultSchema))
	}
	for _, x := range d.Done {
		if x.Span.File != nil && !x.Once {
			line, _ := x.Span.File.LineColumn(int(x.Span.Start))
			s.line("%s:%d: %s was renamed before; the directive may be taken out", x.Span.File.Path, line, x.Old)
		}
	}
}

// draft tells what keeps a draft from being written, and whether anything does.
func (s show) draft(d *draft.Draft) bool {
	stop := false
	for _, c := range d.Open {
		stop = true
		why := fmt.Sprintf("%.0f %%: %s", 100*c.P, strings.Join(c.Evidence, "; "))
		s.line("%s was %v renamed? (%s)", s.colour("36;1", "question:"), plain(c.Rename, d.From.DefaultSchema), strings.TrimSuffix(why, ": "))
		s.line("  if so, write beside it in the schema file: %s", c.Directive())
		s.line("  or run: covetsql migrate rename %s", arguments(c.Rename, d.From))
		s.line("  if not, and the old one is to go, write into a schema file: -- covet:drop %s %s", c.Kind, rename.Written(d.From, old(c.Rename)))
	}
	// What a rename would keep, or fill, is not asked for twice.
	open := func(o plan.Object, name func(rename.Rename) string) bool {
		return slices.ContainsFunc(d.Open, func(c rename.Candidate) bool {
			return c.Kind == o.Kind && c.Table == o.Table && name(c.Rename) == o.Name
		})
	}
	refused := slices.DeleteFunc(slices.Clone(d.Refused), func(l plan.Loss) bool {
		return open(l.Object, func(r rename.Rename) string { return r.Old })
	})
	questions := slices.DeleteFunc(slices.Clone(d.Questions), func(q plan.Question) bool {
		return open(q.Object, func(r rename.Rename) string { return r.New })
	})
	for _, l := range refused {
		stop = true
		s.line("%s %v: %s would be lost", s.colour("31;1", "refused:"), l.Object, l.What)
	}
	if len(refused) > 0 {
		o := refused[0].Object
		name := rename.Written(d.From, o)
		s.line("  nothing is dropped on a guess. If it is to go, write into a schema file: -- covet:drop %s %s", o.Kind, name)
		s.line("  or allow it this once: --drop %s, or --allow-drop for all of them", argument(o.Kind, name))
	}
	for _, q := range questions {
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

// plain says a rename without the schema that goes without saying.
func plain(r rename.Rename, schema string) rename.Rename {
	if r.Schema == schema {
		r.Schema = ""
	}
	return r
}

// arguments are what covetsql migrate rename takes, which knows columns and tables by their names alone.
func arguments(r rename.Rename, from *catalog.Snapshot) string {
	kind := ""
	if r.Kind != rename.TableKind && r.Kind != rename.ColumnKind {
		kind = r.Kind + " "
	}
	return kind + inShell(rename.Written(from, old(r))) + " " + inShell(rename.Written(from, plan.Object{Name: r.New}))
}

// old is what is renamed, under its old name.
func old(r rename.Rename) plan.Object {
	return plan.Object{Kind: r.Kind, Schema: r.Schema, Table: r.Table, Name: r.Old}
}

// argument is what --drop takes for a thing, in a shell's quotes where it needs them.
func argument(kind, name string) string {
	if kind != rename.TableKind && kind != rename.ColumnKind {
		name = kind + " " + name
	}
	return inShell(name)
}

// inShell is a word of a command line, in quotes where it needs them.
func inShell(name string) string {
	if strings.ContainsAny(name, " \"'`()$\\*?") {
		return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return name
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
