package gowrite

import (
	"strconv"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
)

// With the option runtime each query is made known to covetsql's runtime, and has a second way beside the driver's: the direct one,
// which the runtime's handles take.

const pathRuntime = "github.com/covetsql/covetsql/runtime/"

// adapter is the import path of the runtime's package for the engine.
func (g *generator) adapter() string {
	if g.engine == "postgresql" {
		return pathRuntime + "postgres"
	}
	return pathRuntime + g.engine
}

// checkRuntime reports options that the runtime does not go with.
func (g *generator) checkRuntime() {
	o := g.opts
	if !o.Runtime {
		return
	}
	switch {
	case g.engine == "postgresql" && g.target != gotype.PGX5:
		g.conflict("runtime runs PostgreSQL over pgx: set sql_package: pgx/v5")
	case o.EmitMethodsWithDBArgument:
		g.conflict("runtime and emit_methods_with_db_argument exclude each other: the runtime's handle is given to New")
	case o.EmitPreparedQueries:
		g.conflict("runtime and emit_prepared_queries exclude each other: the runtime prepares statements itself, in each connection")
	}
}

// planName is the variable of a query's plan.
func (g *generator) planName(m *method) string { return "plan" + m.name }

// writePlans writes what is known of each query.
func (g *generator) writePlans() *goFile {
	f := newGoFile()
	f.p()
	f.p("// What the compiler knows of each query.")
	f.p("var (")
	kind := map[string]string{"read": "Read", "write": "Write", "ddl": "Schema", "utility": "Utility"}
	pkg := strconv.Quote(g.packageName())
	for _, m := range g.methods {
		q, k := m.query, m.query.Facts
		f.p("\t", g.planName(m), " = ", f.id(pathRuntime+"plan", "New"), "(plan.Query{")
		pairs := [][2]string{{"Name", strconv.Quote(q.Name)}, {"Package", pkg}, {"Command", strconv.Quote(q.Command)}}
		if g.constantText(m) {
			pairs = append(pairs, [2]string{"SQL", m.constant})
		}
		pairs = append(pairs, [2]string{"Kind", "plan." + kind[k.Kind]})
		if len(k.Reads) > 0 {
			pairs = append(pairs, [2]string{"Reads", quoted(k.Reads)})
		}
		if len(k.Writes) > 0 {
			pairs = append(pairs, [2]string{"Writes", quoted(k.Writes)})
		}
		rows := strconv.FormatInt(k.MaxRows, 10)
		if k.MaxRows < 0 {
			rows = "plan.Unbounded"
		}
		pairs = append(pairs, [2]string{"MaxRows", rows})
		for _, b := range []struct {
			name string
			is   bool
		}{{"Locks", k.Locks}, {"Deterministic", k.Deterministic}, {"Idempotent", k.Idempotent}} {
			if b.is {
				pairs = append(pairs, [2]string{b.name, "true"})
			}
		}
		if len(k.Touches) > 0 {
			pairs = append(pairs, [2]string{"Touches", quoted(k.Touches)})
		}
		if m.fresh > 0 {
			pairs = append(pairs, [2]string{"Cache", cachePlan(m)})
		}
		if k.Class != "" {
			pairs = append(pairs, [2]string{"Class", strconv.Quote(k.Class)})
		}
		f.keyValues("\t\t", pairs)
		f.p("\t})")
	}
	f.p(")")
	return f
}

// constantText tells of a query whose text is a constant that goes to the server as it is.
func (g *generator) constantText(m *method) bool {
	return m.query.Variants == nil && !m.slices && !takesMany(m.query.Command)
}

// writeInTx writes what Queries has for transactions of the runtime.
func (g *generator) writeInTx(f *goFile) {
	ctx, direct := f.id(pathContext, "Context"), f.id(g.adapter(), "Tx")
	options := f.id(pathRuntime+"tx", "Options")
	f.p()
	f.p("// InTx runs fn in a transaction of the runtime's handle that q was made with; on the Queries of a transaction, in a savepoint. It is")
	f.p("// committed where fn gives no error, and taken back where it gives one or panics. A transaction that the server took back for others'")
	f.p("// sake is run again, where all queries that fn ran may be run twice, or o.Repeatable says so.")
	f.p("func (q *Queries) InTx(ctx ", ctx, ", o ", options, ", fn func(*Queries) error) error {")
	f.p("\tif q.direct == nil {")
	f.p("\t\treturn ", f.id(pathFmt, "Errorf"), `("%w; these have a %T", `, "tx.ErrNone, q.db)")
	f.p("\t}")
	f.p("\treturn q.direct.InTx(ctx, o, func(t *", direct, ") error {")
	f.p("\t\treturn fn(&Queries{db: t, direct: t})")
	f.p("\t})")
	f.p("}")
	f.p()
	f.p("// Tx is the runtime's transaction that q runs in: its hooks, its savepoints. It is nil outside of one.")
	f.p("func (q *Queries) Tx() *", direct, " {")
	f.p("\tt, _ := q.direct.(*", direct, ")")
	f.p("\treturn t")
	f.p("}")
}
