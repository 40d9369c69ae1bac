// Package breaks finds the queries that a migration breaks. It compiles an application's queries against the schema before the
// migration and behind it, those of the version that runs now and those of the version to come, and says what differs and in which
// order schema and application are to change.
package breaks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard"
)

// Options say whose queries are meant.
type Options struct {
	// Deployed is the configuration of the version that runs now, its Dir a tree of that version's files. Coming is that of the version
	// to come. Either may be nil: nothing is said of its queries.
	Deployed, Coming *config.Config
	// Uses tells whether a package of a configuration uses the database that is migrated. Nil: those of its engine do.
	Uses func(config.Package) bool
	// Hazard is what is known of the database.
	Hazard hazard.Options
}

// query is a query as a version of the application has it.
type query struct {
	name  string
	path  string
	at    source.Span
	facts *facts.Query
	// problem is why it does not compile, nil where it does.
	problem *diag.Diagnostic
}

// Find judges a side of a migration against the schema that it meets. Findings stand in the query files: QueryBroken for a query of
// the deployed version that does not work behind the migration, QueryChanged for one that gives other values, QueryTooEarly for one
// of the coming version that does not work before it.
func Find(side file.Side, before *catalog.Snapshot, o Options) diag.List {
	after := hazard.After(side, before, o.Hazard)
	statements := hazard.Statements(side, before, o.Hazard)
	var found diag.List
	broken, early := false, false
	if o.Deployed != nil {
		was, is := o.compile(o.Deployed, before), o.compile(o.Deployed, after)
		for _, old := range was {
			if old.problem != nil {
				continue // it did not work anyhow
			}
			now := find(is, old)
			switch {
			case now == nil:
			case now.problem != nil:
				broken = true
				found.Add(cause(refused(diag.QueryBroken, old, now.problem, "%s can not run once the migration ran: %s"), old, statements))
			case leavesOut(old.facts, before, after) != "":
				broken = true
				d := diag.New(diag.QueryBroken, old.at, "%s can not run once the migration ran: %s", old.name, leavesOut(old.facts, before, after))
				d.Query = old.name
				found.Add(cause(d, old, statements))
			default:
				for _, change := range changes(old.facts, now.facts) {
					d := diag.New(diag.QueryChanged, old.at, "%s gives %s once the migration ran", old.name, change)
					d.Query = old.name
					found.Add(cause(d, old, statements))
				}
			}
		}
	}
	if o.Coming != nil {
		was, is := o.compile(o.Coming, before), o.compile(o.Coming, after)
		for _, q := range is {
			old := find(was, q)
			if q.problem == nil && old != nil && old.problem != nil {
				early = true
				found.Add(refused(diag.QueryTooEarly, q, old.problem, "%s needs the migration: %s"))
			}
		}
	}
	order := Order(statements, broken, early)
	for i := range found {
		if found[i].Code != diag.QueryBroken {
			continue
		}
		for _, line := range order {
			found[i] = found[i].WithHelp("%s", line)
		}
		break
	}
	return found.Sorted()
}

// compile compiles a configuration's packages against a schema.
func (o Options) compile(cfg *config.Config, s *catalog.Snapshot) (out []query) {
	uses := o.Uses
	if uses == nil {
		uses = func(p config.Package) bool { return p.Engine == s.Engine }
	}
	only := *cfg
	only.Packages = nil
	for _, p := range cfg.Packages {
		if uses(p) {
			only.Packages = append(only.Packages, p)
		}
	}
	p := compiler.Compile(&only, compiler.Options{Schema: func(config.Package) (*catalog.Snapshot, diag.List) { return catalog.Clone(s), nil }})
	for _, pkg := range p.Packages {
		for _, f := range pkg.Files {
			bad := map[string]bool{}
			for _, d := range f.Diagnostics {
				if d.Severity == diag.Error && d.Query != "" && !bad[d.Query] {
					bad[d.Query] = true
					out = append(out, query{name: d.Query, path: f.Path, at: d.Span, problem: &d})
				}
			}
			for _, q := range f.Queries {
				if !bad[q.Name] {
					out = append(out, query{name: q.Name, path: f.Path, at: place(pkg, f.Path, q), facts: q})
				}
			}
		}
	}
	return out
}

// place is the line where a query's statement begins.
func place(p *compiler.Package, path string, q *facts.Query) source.Span {
	if q.Source != nil && q.Source.File != nil && q.Source.Span.File == q.Source.File {
		at := q.Source.Span
		text := at.File.Text[at.Start:at.End]
		if i := strings.IndexByte(text, '\n'); i > 0 {
			return at.File.Span(int(at.Start), int(at.Start)+len(strings.TrimRight(text[:i], " \t\r")))
		}
		return at
	}
	if f := p.Source(path); f != nil {
		return f.Span(0, 0)
	}
	return source.NewFile(path, "").Span(0, 0)
}

func find(list []query, q query) *query {
	i := slices.IndexFunc(list, func(o query) bool { return o.name == q.name && o.path == q.path })
	if i < 0 {
		return nil
	}
	return &list[i]
}

func refused(code *diag.Code, q query, problem *diag.Diagnostic, format string) diag.Diagnostic {
	at := problem.Span
	if at.IsZero() {
		at = q.at
	}
	d := diag.New(code, at, format, q.name, problem.Message)
	d.Query = q.name
	return d
}

// changes are what a query gives otherwise than before, in words.
func changes(old, now *facts.Query) (out []string) {
	if len(old.Columns) != len(now.Columns) {
		return []string{fmt.Sprintf("%d columns in place of %d", len(now.Columns), len(old.Columns))}
	}
	for i, c := range old.Columns {
		n := now.Columns[i]
		switch {
		case c.Name != n.Name:
			out = append(out, fmt.Sprintf("%s in place of %s", n.Name, c.Name))
		case !c.Type.Same(n.Type):
			out = append(out, fmt.Sprintf("%s as %s in place of %s", c.Name, n.Type, c.Type))
		case c.Null == types.NotNull && n.Null != types.NotNull:
			out = append(out, c.Name+" as NULL, too, and never did")
		}
	}
	for i, p := range old.Params {
		if i < len(now.Params) && !p.Type.Same(now.Params[i].Type) && p.Type.Known() && now.Params[i].Type.Known() {
			out = append(out, fmt.Sprintf("its argument %d to %s in place of %s", i+1, now.Params[i].Type, p.Type))
		}
	}
	return out
}

// leavesOut says which column an INSERT gives no value that needs one behind the migration and did not before, "" where there is none.
func leavesOut(q *facts.Query, before, after *catalog.Snapshot) string {
	n, ok := q.Tree.(*ir.Insert)
	if !ok || n.Table == nil || len(n.Columns) == 0 {
		return ""
	}
	now, was := after.Table(n.Table.Name.Schema(), n.Table.Name.Last()), before.Table(n.Table.Name.Schema(), n.Table.Name.Last())
	if now == nil || was == nil {
		return ""
	}
	needs := func(c *catalog.Column) bool { return c != nil && c.NotNull && !c.HasDefault() }
	for _, c := range now.Columns {
		given := slices.ContainsFunc(n.Columns, func(t ir.Target) bool {
			return t.Name.Name == c.Name || after.Caseless() && strings.EqualFold(t.Name.Name, c.Name)
		})
		if needs(c) && !given && !needs(was.Column(c.Name, after.Caseless())) {
			return "it gives no value for " + now.Name + "." + c.Name + ", which is NOT NULL and has no default"
		}
	}
	return ""
}

// cause labels the statement of the migration that takes away what the query names.
func cause(d diag.Diagnostic, q query, statements []hazard.Statement) diag.Diagnostic {
	used := map[string]bool{}
	if q.facts != nil && q.facts.Tree != nil {
		ir.Walk(q.facts.Tree, func(n ir.Node) bool {
			switch x := n.(type) {
			case *ir.ColumnRef:
				used[strings.ToLower(x.Parts[len(x.Parts)-1].Name)] = true
			case *ir.TableRef:
				used[strings.ToLower(x.Name.Last())] = true
			case *ir.Insert:
				if x.Table != nil {
					used[strings.ToLower(x.Table.Name.Last())] = true
				}
			case *ir.Target:
				used[strings.ToLower(x.Name.Name)] = true
			}
			return true
		})
	}
	for _, s := range statements {
		for _, name := range touched(s.Tree, d.Code == diag.QueryChanged) {
			if used[strings.ToLower(name)] {
				return d.WithLabel(s.At, "by this statement of the migration")
			}
		}
	}
	return d
}

// touched are the names that a statement takes away or gives another meaning; of columns that are added the table's, where that counts.
func touched(tree ir.Statement, added bool) (out []string) {
	switch n := tree.(type) {
	case *ir.AlterTable:
		for i := range n.Actions {
			switch a := &n.Actions[i]; a.Kind {
			case ir.DropColumn, ir.AlterType, ir.DropNotNull, ir.ModifyColumn, ir.RenameColumn:
				out = append(out, a.Column.Name)
			case ir.RenameTable:
				out = append(out, n.Name.Last())
			case ir.AddColumn:
				if added || needsValue(a.Def) {
					out = append(out, n.Name.Last())
				}
			case ir.SetNotNull, ir.DropDefault:
				out = append(out, n.Name.Last())
			}
		}
	case *ir.Drop:
		for _, name := range n.Names {
			out = append(out, name.Last())
		}
	case *ir.Rename:
		if n.Column != nil {
			return []string{n.Column.Name}
		}
		out = []string{n.Object.Last()}
		for i := range n.Also {
			out = append(out, n.Also[i].Object.Last())
		}
	case *ir.SetSchema:
		return []string{n.Object.Last()}
	case *ir.CreateView:
		return []string{n.Name.Last()}
	}
	return out
}
