package random

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/internal/truth"
)

// Options bound a campaign.
type Options struct {
	// Queries is how many statements are tried; Seed makes the campaign another one.
	Queries int
	Seed    uint64
	// PerSchema is how many statements share a schema and its rows.
	PerSchema int
	// Judge is that each so-manieth statement is judged clumsy or not, which takes many runs; 0
	// judges none.
	Judge int
	// Shrink is how many findings of one class are made small; that takes seconds each.
	Shrink     int
	ShrinkTime time.Duration
	// Log takes a line a round; Clumsy takes each answer that looks clumsy. Nil for neither.
	Log, Clumsy io.Writer
}

// Report is what a campaign saw.
type Report struct {
	Language string
	Seed     uint64
	Schemas  int
	// Queries that were made, refused by compiler and server alike, described, run, and run
	// with rows.
	Queries, Refused, Described, Ran, Answered int
	// Columns of the queries that were judged and had enough rows for it, those said never to be NULL,
	// those said so and witnessed by one, those that no row showed to be NULL.
	Columns, Never, Witnessed, Clumsy int
	// Cases are the findings, shrunk as far as Options.Shrink allows, counted by kind in Counts.
	Cases  []*Case
	Counts map[truth.Kind]int
	// classes tells findings of one kind apart.
	classes map[string]int
	// Deaths are statements of which the server died.
	Deaths []string
	// Differ counts what is no finding because servers of one dialect differ, by reason.
	Differ map[string]int
	// Failed counts what servers said to statements that they had described.
	Failed  map[string]int
	Elapsed time.Duration
}

// enoughRows is how many rows a query must have shown for its answers to be judged clumsy.
const enoughRows = 4

// Sound tells whether nothing was found.
func (r *Report) Sound() bool { return len(r.Counts) == 0 }

// String is the report as a person reads it.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, seed %d: %d queries over %d schemas in %s: %d described, %d run, %d with rows; %d refused by both\n",
		r.Language, r.Seed, r.Queries, r.Schemas, r.Elapsed.Round(time.Second), r.Described, r.Ran, r.Answered, r.Refused)
	share := 0.0
	if r.Columns > 0 {
		share = 100 * float64(r.Clumsy) / float64(r.Columns)
	}
	fmt.Fprintf(&b, "  %d columns judged: %d never NULL, %d seen to be NULL, %d clumsy (%.2f %%)\n", r.Columns, r.Never, r.Witnessed, r.Clumsy, share)
	reasons := slices.Sorted(maps.Keys(r.Differ))
	for _, reason := range reasons {
		fmt.Fprintf(&b, "  %d differ: %s\n", r.Differ[reason], reason)
	}
	for _, text := range r.Deaths {
		fmt.Fprintf(&b, "  the server died of: %s\n", text)
	}
	kinds := make([]string, 0, len(r.Counts))
	for k := range r.Counts {
		kinds = append(kinds, string(k))
	}
	sort.Strings(kinds)
	for _, k := range kinds {
		fmt.Fprintf(&b, "  %s: %d\n", k, r.Counts[truth.Kind(k)])
	}
	return b.String()
}

// Run makes statements and holds the compiler's answers against the lab's server. It returns
// an error where the work itself could not go on; findings are in the report.
func Run(ctx context.Context, lab *Lab, o Options) (*Report, error) {
	start := time.Now()
	rep := &Report{Language: lab.Language.Name, Seed: o.Seed, Counts: map[truth.Kind]int{}, classes: map[string]int{}, Failed: map[string]int{}, Differ: map[string]int{}}
	for n := 0; rep.Queries < o.Queries && ctx.Err() == nil; n++ {
		seed := o.Seed*1_000_003 + uint64(n)
		r, err := freshRound(ctx, lab, seed)
		if err != nil {
			return rep, err
		}
		rep.Schemas++
		if o.Clumsy != nil {
			fmt.Fprintf(o.Clumsy, "\n%s\n\n", strings.Join(r.schema.statements(), "\n"))
		}
		for _, f := range r.refusedViews {
			rep.Counts[f.Kind]++
			rep.Cases = append(rep.Cases, &Case{Language: rep.Language, Finding: f, Schema: r.schema.statements(), Query: f.Theirs})
		}
		for i := range min(o.PerSchema, o.Queries-rep.Queries) {
			if err := r.try(ctx, rep, o, int(seed)*1000+i); err != nil {
				return rep, err
			}
			if ctx.Err() != nil || r.lost {
				break
			}
		}
		rep.Elapsed = time.Since(start)
		if o.Log != nil {
			fmt.Fprintf(o.Log, "%s: %d of %d, %d with rows, %v\n", rep.Language, rep.Queries, o.Queries, rep.Answered, rep.Counts)
		}
	}
	return rep, ctx.Err()
}

// freshRound makes schemas from a seed until the server takes one, then views over it.
func freshRound(ctx context.Context, lab *Lab, seed uint64) (*round, error) {
	var last error
	for try := range 20 {
		s := tables(lab.Language).Example(int(seed)*20 + try)
		r, err := begin(ctx, lab, s, seed)
		var refused *schemaError
		if errors.As(err, &refused) {
			last = err
			s.withoutGuesses()
			r, err = begin(ctx, lab, s, seed)
		}
		if errors.As(err, &refused) {
			last = err
			continue
		}
		if err != nil {
			return nil, err
		}
		if try < 15 && r.loosen() {
			if r, err = begin(ctx, lab, s, seed); err != nil {
				return nil, err
			}
		}
		return r, r.addViews(ctx, int(seed))
	}
	return nil, fmt.Errorf("no schema was taken: %w", last)
}

// loosen drops the checks of tables that took no row at all, and tells whether there was one:
// over nothing little is seen.
func (r *round) loosen() (changed bool) {
	_, _, empty := r.sets[1].data.Count()
	for _, t := range r.schema.tables {
		if len(t.constraints) > 0 && slices.Contains(empty, t.name) {
			t.constraints, changed = nil, true
		}
	}
	return changed
}

// withoutGuesses drops what a server may refuse: checks and generated columns are random
// expressions.
func (s *schema) withoutGuesses() {
	for _, t := range s.tables {
		t.constraints, t.indexes = nil, nil
		for i := range t.columns {
			if t.columns[i].name == "gen_a" {
				t.columns[i].clause = ""
			}
		}
	}
}

// addViews gives the schema views that the server takes.
func (r *round) addViews(ctx context.Context, seed int) error {
	for i := range 5 {
		v := rapid.Custom(func(t *rapid.T) *viewText {
			g := &generator{choice: choice{t}, lang: r.lab.Language, schema: r.schema}
			rel, text := g.view()
			return &viewText{rel, text}
		}).Example(seed*5 + i)
		ok := len(v.relation.reads) > 0 // constants are the same everywhere
		for _, d := range r.sets {
			if !ok {
				break
			}
			if err := d.server.Exec(ctx, v.text); err != nil {
				ok = false
				break
			}
			if err := d.server.Exec(ctx, "SELECT * FROM "+v.relation.name+" WHERE 1 = 0"); err != nil { // SQLite reads a view where it is used
				if err := d.server.Exec(ctx, "DROP VIEW "+v.relation.name); err != nil {
					return err
				}
				ok = false
				break
			}
		}
		if !ok {
			continue
		}
		r.schema.views = append(r.schema.views, v.relation)
		r.schema.creates = append(r.schema.creates, v.text)
		err := r.compileSchema()
		if err == nil {
			// What looks clumsy in a view would be counted with each query that reads it.
			r.search = true
			seen := r.hold(ctx, "SELECT * FROM "+v.relation.name)
			if len(seen.found) > 0 || seen.query == nil || seen.rows > 0 && len(seen.clumsy(1)) == 0 {
				continue
			}
		} else if f := (truth.Finding{Kind: Refused, What: "view", Ours: err.Error(), Theirs: v.text}); r.lab.Language.difference(v.text, f) == "" {
			r.refusedViews = append(r.refusedViews, f)
		}
		for _, d := range r.sets {
			if err := d.server.Exec(ctx, "DROP VIEW "+v.relation.name); err != nil {
				return err
			}
		}
		r.schema.views = r.schema.views[:len(r.schema.views)-1]
		r.schema.creates = r.schema.creates[:len(r.schema.creates)-1]
	}
	return r.compileSchema()
}

type viewText struct {
	relation *relation
	text     string
}

func tables(l *Language) *rapid.Generator[*schema] {
	return rapid.Custom(func(t *rapid.T) *schema {
		g := &generator{choice: choice{t}, lang: l}
		g.makeSchema()
		return g.schema
	})
}

func statements(l *Language, s *schema) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		g := &generator{choice: choice{t}, lang: l, schema: s}
		return g.statement()
	})
}

// try makes one statement and holds it.
func (r *round) try(ctx context.Context, rep *Report, o Options, seed int) error {
	text := statements(r.lab.Language, r.schema).Example(seed)
	r.search = o.Judge > 0 && rep.Queries%o.Judge == 0
	v := r.hold(ctx, text)
	rep.Queries++
	if v.lost {
		rep.Deaths = append(rep.Deaths, text)
		return nil
	}
	if v.refused {
		rep.Refused++
		return nil
	}
	if v.differs != "" {
		rep.Differ[v.differs]++
		return nil
	}
	where := rep.Language
	if r.search && len(v.found) == 0 && !v.slow && len(v.clumsy(enoughRows)) > 0 {
		if err := r.askSibling(ctx, v); err != nil {
			return err
		}
		if len(v.found) > 0 {
			where = r.lab.Language.Sibling
		}
	}
	if len(v.found) > 0 {
		kind := v.found[0].Kind
		rep.Counts[kind]++
		rep.classes[class(v.found[0])]++
		c := &Case{Language: where, Finding: v.found[0], Schema: r.schema.statements(), Query: text, Seed: seed}
		if where == rep.Language && rep.classes[class(v.found[0])] <= o.Shrink {
			r.shrink(ctx, c, o, seed)
		}
		if rep.classes[class(v.found[0])] <= max(o.Shrink, 3) {
			rep.Cases = append(rep.Cases, c)
		}
		return nil
	}
	rep.Described++
	if v.lastFail != nil {
		rep.Failed[summary(v.lastFail)]++
	}
	if !v.ran {
		return nil
	}
	rep.Ran++
	if v.rows == 0 {
		return nil
	}
	rep.Answered++
	if !r.search || v.slow || v.rows < enoughRows { // slow: not searched to the end
		return nil
	}
	for i, c := range v.query.Columns {
		rep.Columns++
		switch {
		case c.Null.Null == types.Never:
			rep.Never++
		case v.seen.Null[i]:
			rep.Witnessed++
		}
	}
	for _, i := range v.clumsy(enoughRows) {
		rep.Clumsy++
		if o.Clumsy != nil {
			fmt.Fprintf(o.Clumsy, "%s (%s), %d rows: %s\n", v.query.Columns[i].Name, v.query.Columns[i].Null.Reason.Text, v.rows, text)
		}
	}
	return nil
}

// summary is an error's words without what differs from row to row.
func summary(err error) string {
	text := err.Error()
	if i := strings.IndexAny(text, "\"'`"); i > 0 {
		text = text[:i]
	}
	return text
}

// shrink makes a finding's statement as small as it stays a finding of the same kind, then its
// schema and rows.
func (r *round) shrink(ctx context.Context, c *Case, o Options, seed int) {
	smallest, finding := c.Query, c.Finding
	for name, value := range map[string]string{
		"rapid.checks": "1", "rapid.nofailfile": "true", "rapid.seed": fmt.Sprint(uint64(seed)), "rapid.shrinktime": o.ShrinkTime.String(),
	} {
		if err := flag.Set(name, value); err != nil {
			panic(err) // rapid has these flags
		}
	}
	quiet := &quietTB{}
	func() {
		defer func() {
			if p := recover(); p != nil && p != failNow {
				panic(p)
			}
		}()
		rapid.Check(quiet, func(t *rapid.T) {
			text := statements(r.lab.Language, r.schema).Draw(t, "")
			for _, f := range r.hold(ctx, text).found {
				if class(f) == class(c.Finding) {
					if len(text) <= len(smallest) {
						smallest, finding = text, f
					}
					t.Fatalf("%s", f.Kind)
				}
			}
		})
	}()
	c.Query, c.Finding = smallest, finding
	r.reduce(ctx, c)
}

// quietTB lets rapid run outside a test.
type quietTB struct{ failed bool }

var failNow = errors.New("the check failed")

func (q *quietTB) Helper()               {}
func (q *quietTB) Name() string          { return "truth" }
func (q *quietTB) Logf(string, ...any)   {}
func (q *quietTB) Log(...any)            {}
func (q *quietTB) Skipf(string, ...any)  {}
func (q *quietTB) Skip(...any)           {}
func (q *quietTB) SkipNow()              {}
func (q *quietTB) Errorf(string, ...any) { q.failed = true }
func (q *quietTB) Error(...any)          { q.failed = true }
func (q *quietTB) Fatalf(string, ...any) { q.FailNow() }
func (q *quietTB) Fatal(...any)          { q.FailNow() }
func (q *quietTB) FailNow()              { q.failed = true; panic(failNow) }
func (q *quietTB) Fail()                 { q.failed = true }
func (q *quietTB) Failed() bool          { return q.failed }
