package proof

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

// Report is what a trial found.
type Report struct {
	// Failed is the step that the engine refused, nil where all ran; Back tells whether it is one of the way back.
	Failed *Failed
	Back   bool
	// Different are the objects in which the migrated schema is not the wanted one, Behind those in which it is not what it was
	// after the way back.
	Different, Behind []fingerprint.Difference
	// Lost are rows and values that the plan took without saying so.
	Lost []string
	// Migrated is the schema after the way up, nil where that failed.
	Migrated *catalog.Snapshot
	// Bare are tables that took no row, of which nothing is known about data.
	Bare []string
}

// OK tells whether the migration did what it is for.
func (r *Report) OK() bool {
	return r.Failed == nil && len(r.Different) == 0 && len(r.Behind) == 0 && len(r.Lost) == 0
}

// String tells what is wrong, a line a thing.
func (r *Report) String() string {
	var b strings.Builder
	way := map[bool]string{false: "up", true: "down"}[r.Back]
	if r.Failed != nil {
		fmt.Fprintf(&b, "the way %s fails: %v\n", way, r.Failed)
	}
	for _, d := range r.Different {
		fmt.Fprintf(&b, "after the way up, %v\n", d)
	}
	for _, l := range r.Lost {
		fmt.Fprintf(&b, "after the way up, %s\n", l)
	}
	for _, d := range r.Behind {
		fmt.Fprintf(&b, "after the way down, %v\n", d)
	}
	return b.String()
}

// Wanted is the schema that a migration shall give.
type Wanted struct {
	Snapshot *catalog.Snapshot
	Print    fingerprint.Print
}

// Prove seeds a database that has the old schema and runs a plan there and back.
func (d *Database) Prove(ctx context.Context, to Wanted, up, down plan.Plan) (*Report, error) {
	r := &Report{}
	was, err := d.Print(ctx)
	if err != nil {
		return nil, err
	}
	old, err := d.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	r.Bare = d.Seed(ctx, old, to.Snapshot)
	before, err := d.Rows(ctx, old)
	if err != nil {
		return nil, err
	}
	if done, err := r.ran(d.Apply(ctx, up), false); !done {
		return r, err
	}
	now, err := d.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	r.Migrated = now
	is, err := d.Print(ctx)
	if err != nil {
		return nil, err
	}
	r.Different = fingerprint.Compare(is, to.Print)
	after, err := d.Rows(ctx, now)
	if err != nil {
		return nil, err
	}
	r.Lost = before.Lost(after)
	if done, err := r.ran(d.Apply(ctx, down), true); !done {
		return r, err
	}
	if is, err = d.Print(ctx); err != nil {
		return nil, err
	}
	r.Behind = fingerprint.Compare(is, was)
	return r, nil
}

// ran tells whether a plan ran to its end, and notes the step at which it did not.
func (r *Report) ran(err error, back bool) (bool, error) {
	if err == nil {
		return true, nil
	}
	r.Back = back
	if errors.As(err, &r.Failed) {
		return false, nil
	}
	return false, err
}
