package rename

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/migrate/plan"
)

// Named is what somebody calls a thing on a command line: its name alone, or with what it belongs to, or with its kind in front.
type Named struct {
	// Text is as it was written.
	Text  string
	kind  string
	parts []string
}

// ParseNamed reads "users", "users.email", "app.users.email", "index users.users_email", "enum value mood.sad", "function f(int)". ok is
// false where it is no name.
func ParseNamed(text string) (n Named, ok bool) {
	n.Text = text
	rest := strings.TrimSpace(text)
	for _, kind := range kinds {
		if after, found := strings.CutPrefix(rest, kind+" "); found {
			n.kind, rest = kind, strings.TrimSpace(after)
			break
		}
	}
	rest, _, _ = strings.Cut(rest, "(")
	n.parts, ok = path(strings.TrimSpace(rest), manifestLex)
	if ok && len(n.parts) <= 3 {
		return n, true
	}
	// A value of an enum may be any text.
	if typ, value, found := strings.Cut(rest, "."); found && n.kind == ValueKind {
		n.parts = []string{typ, value}
		return n, true
	}
	return n, false
}

// Is tells whether an object of a schema is meant.
func (n Named) Is(s *catalog.Snapshot, o plan.Object) bool {
	names := newNames(s, nil)
	if n.kind != "" && names.place(n.kind, "", "", "").kind != names.place(o.Kind, "", "", "").kind {
		return false
	}
	same := func(a, b string) bool { return names.fold(a) == names.fold(b) }
	name, _, _ := strings.Cut(o.Name, "(")
	last := len(n.parts) - 1
	if !same(n.parts[last], o.Name) && !same(n.parts[last], name) {
		return false
	}
	schema := o.Schema
	if schema == "" {
		schema = s.DefaultSchema
	}
	before := n.parts[:last]
	switch {
	case o.Table == "" || len(before) == 0 && n.kind == o.Kind && o.Kind != ColumnKind && o.Kind != ValueKind:
	case len(before) == 0 || !same(before[len(before)-1], o.Table):
		// The indexes of a schema have names that are theirs alone.
		return o.Kind == IndexKind && (len(before) == 0 || len(before) == 1 && same(before[0], schema))
	default:
		before = before[:len(before)-1]
	}
	switch len(before) {
	case 0:
		return same(schema, s.DefaultSchema) || n.kind != ""
	case 1:
		return same(before[0], schema)
	}
	return false
}

// Judge tells what is wrong with the names of things that are to be dropped: nil where each is dropped by the plan.
func Judge(from, to *catalog.Snapshot, named []Named, up plan.Plan) (problems []error) {
	old, still := Things(from), Things(to)
	for _, n := range named {
		is := func(s *catalog.Snapshot) func(plan.Object) bool {
			return func(o plan.Object) bool { return n.Is(s, o) }
		}
		used := slices.ContainsFunc(up.Steps, func(s plan.Step) bool {
			return slices.ContainsFunc(s.Losses, func(l plan.Loss) bool { return n.Is(from, l.Object) }) ||
				n.Is(from, s.About) && strings.Contains(strings.ToUpper(s.SQL), "DROP ")
		})
		had := slices.IndexFunc(old, is(from))
		if used || had >= 0 && !slices.ContainsFunc(still, is(to)) {
			continue
		}
		if had >= 0 {
			problems = append(problems, &Error{Text: "--drop " + n.Text + ": the new schema has the " + old[had].Kind + " " + nameIn(from, old[had]) + " still", Do: "take it out of the schema files"})
			continue
		}
		p := &Error{Text: "--drop " + n.Text + ": the old schema has nothing of that name"}
		var lost, gone []plan.Object
		for _, s := range up.Steps {
			for _, l := range s.Losses {
				lost = append(lost, l.Object)
			}
		}
		for _, o := range old {
			if !slices.Contains(still, o) {
				gone = append(gone, o)
			}
		}
		for _, list := range [][]plan.Object{lost, gone, old} {
			if near := n.near(from, list); near != "" {
				p.Do = "did you mean " + near + "?"
				break
			}
		}
		problems = append(problems, p)
	}
	return problems
}

// near is the name among those of some objects that is most like the one that was written, "" where none is.
func (n Named) near(s *catalog.Snapshot, among []plan.Object) string {
	var names []string
	for _, o := range among {
		if n.kind == "" || n.kind == o.Kind {
			names = append(names, nameIn(s, o))
		}
	}
	if near := diag.Nearest(strings.Join(n.parts, "."), names, 1); len(near) > 0 {
		return near[0]
	}
	return ""
}

// nameIn is an object's name with what it belongs to, without the schema that goes without saying.
func nameIn(s *catalog.Snapshot, o plan.Object) string {
	out := o.Name
	if o.Table != "" {
		out = o.Table + "." + out
	}
	if o.Schema != "" && o.Schema != s.DefaultSchema {
		out = o.Schema + "." + out
	}
	return out
}

// Written is how an object is named behind covet:drop and --drop, with quotes where it needs them and without the schema that goes
// without saying.
func Written(s *catalog.Snapshot, o plan.Object) string {
	out := plain(o.Name)
	if base, args, ok := strings.Cut(o.Name, "("); ok && (o.Kind == "function" || o.Kind == "procedure") {
		out = plain(base) + "(" + args
	}
	if o.Table != "" {
		out = plain(o.Table) + "." + out
	}
	if o.Schema != "" && o.Schema != s.DefaultSchema {
		out = plain(o.Schema) + "." + out
	}
	return out
}

// Things are the objects of a schema that can be named.
func Things(s *catalog.Snapshot) (out []plan.Object) {
	add := func(kind, schema, table, name string) {
		if name != "" {
			out = append(out, plan.Object{Kind: kind, Schema: schema, Table: table, Name: name})
		}
	}
	for _, sc := range s.Schemas {
		if slices.Contains(s.Implicit, sc.Name) {
			continue
		}
		if sc.Name != s.DefaultSchema {
			add("schema", "", "", sc.Name)
		}
		for _, t := range sc.Tables {
			add(kindOf[t.Kind], sc.Name, "", t.Name)
			for _, c := range t.Columns {
				if !c.Hidden {
					add(ColumnKind, sc.Name, t.Name, c.Name)
				}
			}
			for _, x := range t.Indexes {
				add(IndexKind, sc.Name, t.Name, x.Name)
			}
			for _, k := range t.Constraints {
				add(ConstraintKind, sc.Name, t.Name, k.Name)
			}
			for _, p := range t.Policies {
				add("policy", sc.Name, t.Name, p.Name)
			}
		}
		for _, d := range sc.Types {
			if d.Extension != "" {
				continue
			}
			add(TypeKind, sc.Name, "", d.Name)
			for _, v := range d.Values {
				add(ValueKind, sc.Name, d.Name, v)
			}
		}
		for _, q := range sc.Sequences {
			add(SequenceKind, sc.Name, "", q.Name)
		}
		for _, f := range sc.Functions {
			add("function", sc.Name, "", f.Name)
		}
		for _, g := range sc.Triggers {
			add("trigger", sc.Name, g.Table, g.Name)
		}
	}
	for _, e := range s.Extensions {
		add("extension", "", "", e)
	}
	for _, o := range s.Others {
		add(o.Kind, o.Schema, o.Table, o.Name)
	}
	return out
}

// Missing says why a rename can't be of a schema, whose renames that are told already are known: nothing has its old name. Nil: it can.
func Missing(from *catalog.Snapshot, told []Directive, r Rename) error {
	n, old := newNames(from, nil), objects(from)
	table := r.Table
	holder := TableKind
	if r.Kind == ValueKind {
		holder = TypeKind
	}
	for _, d := range told { // a table that is renamed is called by its new name
		if d.Word == "renamed_from" && !inner(d.Kind) && table != "" && n.place(d.Kind, d.Schema, "", d.New) == n.place(holder, r.Schema, "", table) {
			table = d.Old
		}
	}
	if old[n.place(r.Kind, r.Schema, table, r.Old)] {
		return nil
	}
	p := &Error{Text: "the old schema has no " + r.Kind + " " + r.path(r.Old)}
	var words []string
	listed := Things(from)
	if inner(r.Kind) && !old[n.place(holder, r.Schema, "", table)] {
		p.Text = "the old schema has no " + holder + " " + strings.TrimSuffix(strings.TrimPrefix(Rename{Schema: r.Schema}.path(r.Table), "."), ".")
		for _, o := range listed {
			if n.place(o.Kind, "", "", "").kind == n.place(holder, "", "", "").kind {
				words = append(words, nameIn(from, o))
			}
		}
		if near := diag.Nearest(r.Table, words, 3); len(near) > 0 {
			p.Do = "did you mean " + strings.Join(near, " or ") + "?"
		}
		return p
	}
	for _, o := range listed {
		if n.place(o.Kind, o.Schema, o.Table, "") == n.place(r.Kind, r.Schema, table, "") {
			words = append(words, o.Name)
		}
	}
	switch near := diag.Nearest(r.Old, words, 3); {
	case len(near) > 0:
		p.Do = "did you mean " + strings.Join(near, " or ") + "?"
	case len(words) > 0 && len(words) <= 12:
		p.Do = "there are " + strings.Join(words, ", ")
	}
	return p
}
