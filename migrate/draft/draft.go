// Package draft makes a migration out of two schemas: it builds both on scratch databases, plans what turns one into the other and back, and
// tries it with rows before anybody sees it. It asks nobody and writes nothing; it says what has to be asked.
package draft

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/diff"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
	"github.com/covetsql/covetsql/migrate/rename"
)

// Request is what a migration is wanted for.
type Request struct {
	Scratch  proof.Scratch
	From, To Schema
	// Options choose the forms; Quote is set from the dialect.
	Options plan.Options
	// Answers are what is known of the two schemas that they do not say themselves.
	Answers Answers
}

// Answers are what people said of a migration, and what is asked of them.
type Answers struct {
	// Directives are those of the schema files and of the manifest of renames.
	Directives []rename.Directive
	// OldSites and NewSites are where compiled queries use columns, as rename.Options has them.
	OldSites, NewSites map[string][]string
	// Ask is asked whether a candidate was renamed; nil where nobody is there to answer.
	Ask func(rename.Candidate) (bool, error)
	// AskValue is asked for the expression that answers a question, AskLoss whether all that is lost and nobody allowed may be lost; nil where
	// nobody is there to answer.
	AskValue func(plan.Question) (string, error)
	AskLoss  func([]plan.Loss) (bool, error)
	// Named are the things that may be dropped this once, with what is in them. One that is not dropped is an error.
	Named []rename.Named
	// Drop tells whether what is lost may be lost. Nil: only what a directive or Named names.
	Drop func(plan.Loss) bool
}

// Draft is a migration, or what keeps it from being one.
type Draft struct {
	// From and To are the schemas.
	From, To *catalog.Snapshot
	Up, Down plan.Plan
	// Renamed are the renames that Up begins with. Done are directives whose rename the old schema has already.
	Renamed []rename.Rename
	Done    []rename.Directive
	// Refused are losses that nobody allowed, Open renames that may have been meant, Questions what else has to be answered. With any of
	// these the draft is not tried.
	Refused   []plan.Loss
	Open      []rename.Candidate
	Questions []plan.Question
	// Report is what the trial found, nil where there was none.
	Report *proof.Report
	// Unmanaged are differences that stay: nobody plans them.
	Unmanaged []plan.Unmanaged
}

// InSync tells that the two schemas are the same.
func (d *Draft) InSync() bool {
	return len(d.Up.Steps)+len(d.Unmanaged)+len(d.Refused)+len(d.Open)+len(d.Questions) == 0
}

// Ready tells that the draft can be written down.
func (d *Draft) Ready() bool {
	return len(d.Up.Steps) > 0 && len(d.Refused)+len(d.Open)+len(d.Questions) == 0 && (d.Report == nil || d.Report.OK())
}

// Make drafts a migration. The error means that it could not be tried to: a schema that the engine refuses, no scratch server. A migration that
// the trial found wrong is a Draft with a Report that is not OK.
func Make(ctx context.Context, r Request) (*Draft, error) {
	d := &Draft{}
	var from, to *proof.Database
	var err error
	defer func() {
		for _, b := range []*proof.Database{from, to} {
			if b != nil {
				b.Close()
			}
		}
	}()
	sides := []side{{r.From, &from, &d.From}, {r.To, &to, &d.To}}
	if live(r.To) && !live(r.From) {
		slices.Reverse(sides)
	}
	for _, s := range sides {
		if *s.database, err = s.schema.Build(ctx, r.Scratch); err != nil {
			return nil, fmt.Errorf("%v: %w", s.schema, err)
		}
		if *s.snapshot, err = (*s.database).Snapshot(ctx); err != nil {
			return nil, err
		}
		if live(s.schema) {
			r.Scratch.Defaults = defaults(*s.snapshot)
		}
	}
	if r.Options.Version == 0 {
		if r.Options.Version, err = from.Version(ctx); err != nil {
			return nil, err
		}
	}
	want, err := to.Print(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.plan(ctx, r, from); err != nil {
		return nil, err
	}
	if len(d.Refused)+len(d.Open)+len(d.Questions) > 0 {
		return d, nil
	}
	if len(d.Up.Steps) == 0 {
		// What the model does not tell apart, the server may.
		is, err := from.Print(ctx)
		if err != nil {
			return nil, err
		}
		d.unmanaged(fingerprint.Compare(is, want), "it differs, and covetsql has no statement for it")
		return d, nil
	}
	fresh, err := r.From.Build(ctx, r.Scratch)
	if err != nil {
		return nil, err
	}
	defer fresh.Close()
	if d.Report, err = fresh.Prove(ctx, proof.Wanted{Snapshot: d.To, Print: want}, d.Up, d.Down); err != nil {
		return nil, fmt.Errorf("trying the migration on a scratch database: %w", err)
	}
	if d.Report.Failed == nil && len(d.Report.Lost) == 0 {
		// What differs still is what nobody plans. It is told, and the rest can be written down.
		d.unmanaged(d.Report.Different, "after the migration it is still not what is wanted")
		d.unmanaged(d.Report.Behind, "after the way back it is not what it was")
		d.Report.Different, d.Report.Behind = nil, nil
	}
	return d, nil
}

// side is one of the two schemas that are compared.
type side struct {
	schema   Schema
	database **proof.Database
	snapshot **catalog.Snapshot
}

// plan runs the renames on the database of the old schema, reads it anew, and plans the rest there and back.
func (d *Draft) plan(ctx context.Context, r Request, from *proof.Database) error {
	o := r.Options
	o.Quote = r.Scratch.Dialect.Quote
	told, problems := rename.Check(d.From, d.To, r.Answers.Directives)
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	d.Done = told.Done
	decided, err := d.decide(r.Answers, told)
	if err != nil {
		return err
	}
	d.Renamed, d.Open = decided.Accepted, decided.Open
	ahead, behind, err := rename.Statements(d.From, decided.Accepted, o.Quote)
	if err != nil {
		return err
	}
	old := d.From
	if len(ahead) > 0 {
		if err := from.Apply(ctx, plan.Plan{Steps: ahead}); err != nil {
			return fmt.Errorf("renaming: %w", err)
		}
		if old, err = from.Snapshot(ctx); err != nil {
			return err
		}
	}
	o.Backfill, o.Inherits = told.Backfills.Of(d.To), inherits(r.To, r.Scratch)
	up, err := answered(old, d.To, o, r.Answers.AskValue)
	if err != nil {
		return err
	}
	o.Backfill = func(_, _, _, suggested string) string { return suggested } // the way back gives what there is
	o.Inherits = inherits(r.From, r.Scratch)
	down, err := diff.Diff(d.To, old, o)
	if err != nil {
		return err
	}
	up.Steps = forth(old, up.Steps, ahead)
	down.Steps = back(old, down.Steps, behind)
	d.Up, d.Down = up, down
	if problems := rename.Judge(d.From, d.To, r.Answers.Named, up); len(problems) > 0 {
		return errors.Join(problems...)
	}
	d.Questions = append(d.Questions, up.Questions...)
	d.Unmanaged = append(d.Unmanaged, up.Unmanaged...)
	for _, s := range up.Steps {
		for _, l := range s.Losses {
			if l.Rows && !d.allowed(r.Answers, told, l.Object) && (r.Answers.Drop == nil || !r.Answers.Drop(l)) {
				d.Refused = append(d.Refused, l)
			}
		}
	}
	if ask := r.Answers.AskLoss; ask != nil && len(d.Refused) > 0 && len(d.Open)+len(d.Questions) == 0 {
		yes, err := ask(d.Refused)
		if err != nil {
			return err
		}
		if yes {
			d.Refused = nil
		}
	}
	return nil
}

// answered plans, and plans again with the answers to what is asked.
func answered(from, to *catalog.Snapshot, o plan.Options, ask func(plan.Question) (string, error)) (plan.Plan, error) {
	p, err := diff.Diff(from, to, o)
	if err != nil || ask == nil || len(p.Questions) == 0 {
		return p, err
	}
	said, told := map[[2]string]string{}, o.Backfill
	for _, q := range p.Questions {
		text, err := ask(q)
		if err != nil {
			return p, err
		}
		said[[2]string{q.Object.Table, q.Object.Name}] = text
	}
	o.Backfill = func(schema, table, column, suggested string) string {
		if expr := told(schema, table, column, suggested); expr != "" {
			return expr
		}
		return said[[2]string{table, column}]
	}
	return diff.Diff(from, to, o)
}

// allowed tells whether an object was named as one that may go.
func (d *Draft) allowed(a Answers, told rename.Told, o plan.Object) bool {
	return told.Drops.Allow(d.From, o) || slices.ContainsFunc(a.Named, func(n rename.Named) bool { return n.Is(d.From, o) })
}

// decide settles the renames. What a directive drops by name was not renamed.
func (d *Draft) decide(a Answers, told rename.Told) (rename.Decision, error) {
	o := rename.Options{Accepted: told.Renames, OldSites: a.OldSites, NewSites: a.NewSites}
	for {
		found, err := rename.Find(d.From, d.To, o)
		if err != nil {
			return rename.Decision{}, err
		}
		refused := len(o.Refused)
		for _, c := range found.Candidates {
			if d.allowed(a, told, plan.Object{Kind: c.Kind, Schema: c.Schema, Table: c.Table, Name: c.Old}) {
				o.Refused = append(o.Refused, c.Rename)
			}
		}
		if len(o.Refused) == refused {
			return rename.Decide(d.From, d.To, o, a.Ask)
		}
	}
}

// unmanaged notes differences that stay, each object once.
func (d *Draft) unmanaged(left []fingerprint.Difference, why string) {
	for _, x := range left {
		kind, name, _ := strings.Cut(x.Object, " ")
		o := plan.Object{Kind: kind, Name: name}
		if slices.ContainsFunc(d.Unmanaged, func(u plan.Unmanaged) bool { return u.Object == o }) {
			continue
		}
		reason := why
		switch {
		case x.A == "":
			reason += ": it is missing"
		case x.B == "":
			reason += ": it is not wanted"
		}
		d.Unmanaged = append(d.Unmanaged, plan.Unmanaged{Object: o, Why: reason})
	}
}
