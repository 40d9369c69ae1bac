package random

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/internal/truth"
)

// round is one schema, standing in each of a lab's databases.
type round struct {
	lab     *Lab
	schema  *schema
	pkg     *compiler.Package
	session *compiler.Session
	// search asks for the NULLs that a query may give and has not shown.
	search bool
	sets   []*dataset
	random *rand.Rand
	seed   uint64
	// beside is the round on the dialect's other server, once settled; nil where that has not its tables.
	beside  *round
	settled bool
	// refusedViews are views that the server took and the compiler did not.
	refusedViews []truth.Finding
	// lost tells that the databases are gone: the server died.
	lost bool
}

// dataset is a database with rows of its own.
type dataset struct {
	server truth.Server
	data   *truth.Data
	// strays tells that columns hold values of other classes than they are declared for: nothing
	// is learned of types.
	strays bool
}

// Kinds of findings that are not counterexamples.
const (
	// Refused is a statement that we refuse and the server takes.
	Refused truth.Kind = "refused"
	// Accepted is a statement that we take and the server refuses.
	Accepted truth.Kind = "accepted"
	// Broken is a bug of the compiler: it stopped.
	Broken truth.Kind = "broken"
)

// shapes are the rows of a lab's databases: none, hostile ones, then those that bring out a NULL
// that hides: everywhere, nowhere but in tables without a row, here and there.
var shapes = []truth.Shape{
	{},
	{Nulls: 1.0 / 3, First: true},
	{Nulls: 0.9},
	{Nulls: 0, Empty: third(0)},
	{Nulls: 0.5, Empty: third(1)},
	{Nulls: 0.2, Empty: third(2)},
}

// third leaves one table in three empty.
func third(n int) func(*catalog.Table) bool {
	return func(t *catalog.Table) bool { return int(t.Name[len(t.Name)-1])%3 == n }
}

// Databases is how many databases a lab has: one a shape.
var Databases = len(shapes)

// begin makes a schema's databases and fills them: the first stays empty, the others have
// hostile rows, each its own.
func begin(ctx context.Context, lab *Lab, s *schema, seed uint64) (*round, error) {
	r := &round{lab: lab, schema: s, seed: seed, random: rand.New(rand.NewPCG(seed, 2))}
	servers, err := lab.databases(ctx)
	if err != nil {
		return nil, err
	}
	for _, server := range servers {
		d := &dataset{server: server}
		for _, st := range s.statements() {
			if err := server.Exec(ctx, st); err != nil {
				return nil, &schemaError{st, err}
			}
		}
		r.sets = append(r.sets, d)
	}
	if err := r.compileSchema(); err != nil {
		return nil, err
	}
	for i, d := range r.sets {
		d.data = truth.NoData(r.pkg.Catalog)
		if err := d.server.Freeze(ctx, r.pkg.Catalog); err != nil {
			return nil, err
		}
		if i > 0 {
			d.data, _ = truth.FillAs(ctx, d.server, r.pkg.Catalog, r.random, shapes[i%len(shapes)]) // a table that stays empty is a case too
		}
		if i%3 == 2 {
			r.stray(ctx, d)
		}
	}
	return r, nil
}

// stray puts values of other classes than their column's into a database, where the engine
// stores such; what it refuses (a STRICT table, a key) stays as it was.
func (r *round) stray(ctx context.Context, d *dataset) {
	if len(r.lab.Language.Strays) == 0 {
		return
	}
	d.strays = true
	for _, t := range r.schema.tables {
		for _, c := range t.columns {
			if o := r.lab.Language.Strays[r.random.IntN(len(r.lab.Language.Strays))]; o.takes(c.sort) {
				_ = d.server.Exec(ctx, strings.NewReplacer("$table", t.name, "$column", c.name).Replace(o.text))
			}
		}
	}
}

// schemaError is a schema's statement that the server refused.
type schemaError struct {
	statement string
	err       error
}

func (e *schemaError) Error() string { return fmt.Sprintf("%v: %s", e.err, e.statement) }

// compileSchema lets the compiler read the schema.
func (r *round) compileSchema() error {
	dir, err := os.MkdirTemp("", "covetsql-truth-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	text := strings.Join(r.schema.statements(), ";\n") + ";\n"
	if err := os.WriteFile(filepath.Join(dir, "schema.sql"), []byte(text), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "query.sql"), nil, 0o644); err != nil {
		return err
	}
	engine := catalog.Engine(r.lab.Language.Name)
	if engine == "mariadb" {
		engine = catalog.MySQL
	}
	p := compiler.Compile(&config.Config{Dir: dir, Strict: true, Packages: []config.Package{{
		Engine: engine, Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
	}}}, compiler.Options{})
	for _, d := range p.Diagnostics {
		if d.Severity == 0 {
			continue
		}
		return fmt.Errorf("the compiler refuses the schema: %s\n%s", d, text)
	}
	r.pkg = p.Packages[0]
	r.session = compiler.NewSession(r.pkg)
	return nil
}

// verdict is what became of one statement.
type verdict struct {
	query   *facts.Query
	found   []truth.Finding
	refused bool   // by both
	differs string // why a finding is none
	lost    bool   // the server died of it
	slow    bool   // it takes too long
	ran     bool
	rows    int
	seen    truth.Seen
	// richest is the database that gave the most rows, most is their number.
	richest  *dataset
	most     int
	lastFail error
}

// ended tells that a statement is not worth another try.
func (v *verdict) ended() bool { return v.lost || v.slow }

// hold compiles a statement and holds the answer against the server's. What the grammar knows
// as a difference between servers is no finding.
func (r *round) hold(ctx context.Context, text string) *verdict {
	v := r.compare(ctx, text)
	if len(v.found) > 0 {
		if v.differs = r.lab.Language.difference(r.schema.withViews(text), v.found[0]); v.differs != "" {
			v.found = nil
		}
	}
	return v
}

// compare is hold, whatever the servers make of it.
func (r *round) compare(ctx context.Context, text string) *verdict {
	v := &verdict{}
	qs, diags := r.session.Compile(source.NewFile("query.sql", "-- name: Q :many\n"+text+";\n"))
	if slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Code == diag.CommandMismatch }) {
		qs, diags = r.session.Compile(source.NewFile("query.sql", "-- name: Q :exec\n"+text+";\n"))
	}
	for _, d := range diags {
		if d.Code.ID[:3] == "CV9" {
			v.found = append(v.found, truth.Finding{Kind: Broken, What: d.Code.ID, Ours: d.Message, Theirs: "-"})
			return v
		}
	}
	if len(qs) == 0 {
		q := plainQuery(text, r.pkg.Catalog)
		if _, err := r.sets[0].server.Describe(ctx, q); err != nil {
			v.refused = true
			return v
		}
		first := diags[0]
		for _, d := range diags {
			if diags.HasErrors() && d.Severity > first.Severity {
				first = d
			}
		}
		v.found = append(v.found, truth.Finding{Kind: Refused, What: first.Code.ID, Ours: first.Message, Theirs: "taken"})
		return v
	}
	v.query = qs[0]
	d, err := r.sets[0].server.Describe(ctx, v.query)
	if err != nil && r.lab.lost(err) {
		v.lost, r.lost = true, true
		return v
	}
	if err != nil && r.lab.Language.fault(text, err) {
		v.refused = true
		return v
	}
	if err != nil {
		v.found = append(v.found, truth.Finding{Kind: Accepted, What: "statement", Ours: "taken", Theirs: err.Error()})
		return v
	}
	for _, f := range truth.Compare(v.query, d, r.sem()) {
		if len(d.Columns) > 0 || f.What != "columns" || r.pkg.Config.Engine == catalog.PostgreSQL {
			v.found = append(v.found, f)
		}
	}
	// Three databases for all; where it is asked for, the others and more arguments for what no
	// row has shown yet.
	for i := 0; i < min(3, len(r.sets)) && len(v.found) == 0 && !v.ended(); i++ {
		r.run(ctx, v, r.sets[i], 1, i == 0)
	}
	if !r.search || v.ended() {
		return v
	}
	if len(v.found) == 0 && len(v.clumsy(1)) > 0 {
		for _, set := range r.sets[1:] {
			if r.run(ctx, v, set, 3, false); len(v.found) > 0 || v.ended() || len(v.clumsy(1)) == 0 {
				break
			}
		}
	}
	if len(v.found) == 0 && len(v.clumsy(1)) > 0 && !v.ended() {
		r.witness(ctx, v)
	}
	return v
}

func (r *round) sem() dialect.Semantics { return r.pkg.Dialect.Semantics(r.pkg.Catalog) }

// run runs a query over a database, with several arguments where it takes any.
func (r *round) run(ctx context.Context, v *verdict, set *dataset, tries int, first bool) {
	if len(v.query.Params) == 0 {
		tries = 1
	} else if !first {
		tries++
	}
	for try := 0; try < tries && !v.ended(); try++ {
		a := r.attempt(ctx, v, set, truth.Attempt{Args: set.data.Arguments(v.query, try, r.random)})
		if a != nil && r.pkg.Config.Engine != catalog.PostgreSQL && first {
			v.found = append(v.found, truth.CompareColumns(v.query, a, r.sem())...)
		}
	}
}

// attempt runs a query once and holds its rows against what was said of them; nil where it did
// not run.
func (r *round) attempt(ctx context.Context, v *verdict, set *dataset, at truth.Attempt) *truth.Answer {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a, err := set.server.Try(bounded, v.query, at)
	if err != nil && r.lab.lost(err) {
		v.lost, r.lost = true, true
		return nil
	}
	if err != nil {
		if f, ok := truth.CheckError(v.query, err); ok {
			v.found = append(v.found, f)
		}
		v.lastFail, v.slow = err, v.slow || tooLong(err)
		return nil
	}
	v.ran = true
	v.rows += len(a.Rows)
	v.seen.Add(a)
	if len(a.Rows) > v.most && at.State.Before == nil {
		v.most, v.richest = len(a.Rows), set
	}
	for _, f := range truth.CheckRows(v.query, a) {
		if f.Kind != truth.WrongType || !set.strays && at.State.Before == nil {
			v.found = append(v.found, f)
		}
	}
	return a
}

var argument = regexp.MustCompile(`sqlc\.n?arg\(p(\d+)\)`)

// plainQuery is a statement that the compiler refused, as the server would be asked.
func plainQuery(text string, in *catalog.Snapshot) *facts.Query {
	mark := "?"
	if in.Engine == catalog.PostgreSQL {
		mark = "$$$1"
	}
	return &facts.Query{Name: "Q", Command: "many", SQL: argument.ReplaceAllString(text, mark), Catalog: in}
}

// clumsy are the columns that we say may be NULL and that no row of at least least showed so.
func (v *verdict) clumsy(least int) []int {
	if v.rows < least {
		return nil
	}
	var out []int
	for i, c := range v.query.Columns {
		if c.Null.Null == types.Maybe && (i >= len(v.seen.Null) || !v.seen.Null[i]) {
			out = append(out, i)
		}
	}
	return out
}
