package gowrite

import "github.com/covetsql/covetsql/compiler/codegen/gotype"

const (
	pathContext = "context"
	pathSQL     = "database/sql"
	pathFmt     = "fmt"
)

// pgx is the import path of pgx and of pgconn under the target.
func (g *generator) pgx() (pgx, pgconn string) {
	if g.target == gotype.PGX4 {
		return "github.com/jackc/pgx/v4", "github.com/jackc/pgconn"
	}
	return "github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgconn"
}

func (g *generator) has(test func(*method) bool) bool {
	for _, m := range g.methods {
		if test(m) {
			return true
		}
	}
	return false
}

func (g *generator) writeDB() *goFile {
	f := newGoFile()
	ctx := f.id(pathContext, "Context")
	f.p()
	f.p("type DBTX interface {")
	if g.target.IsPGX() {
		pgx, pgconn := g.pgx()
		f.p("\tExec(", ctx, ", string, ...interface{}) (", f.id(pgconn, "CommandTag"), ", error)")
		f.p("\tQuery(", ctx, ", string, ...interface{}) (", f.id(pgx, "Rows"), ", error)")
		f.p("\tQueryRow(", ctx, ", string, ...interface{}) ", f.id(pgx, "Row"))
		if g.has(func(m *method) bool { return m.query.Command == "copyfrom" }) {
			f.p("\tCopyFrom(ctx ", ctx, ", tableName ", f.id(pgx, "Identifier"), ", columnNames []string, rowSrc ", f.id(pgx, "CopyFromSource"), ") (int64, error)")
		}
		if g.has(func(m *method) bool { return isBatch(m.query.Command) }) {
			f.p("\tSendBatch(", ctx, ", *", f.id(pgx, "Batch"), ") ", f.id(pgx, "BatchResults"))
		}
	} else {
		f.p("\tExecContext(", ctx, ", string, ...interface{}) (", f.id(pathSQL, "Result"), ", error)")
		f.p("\tPrepareContext(", ctx, ", string) (*", f.id(pathSQL, "Stmt"), ", error)")
		f.p("\tQueryContext(", ctx, ", string, ...interface{}) (*", f.id(pathSQL, "Rows"), ", error)")
		f.p("\tQueryRowContext(", ctx, ", string, ...interface{}) *", f.id(pathSQL, "Row"))
	}
	f.p("}")
	f.p()
	if g.opts.EmitMethodsWithDBArgument {
		f.p("func New() *Queries {")
		f.p("\treturn &Queries{}")
	} else {
		f.p("func New(db DBTX) *Queries {")
		if g.opts.Runtime {
			f.p("\tdirect, _ := db.(", f.id(g.adapter(), "Direct"), ")")
			f.p("\treturn &Queries{db: db, direct: direct}")
		} else {
			f.p("\treturn &Queries{db: db}")
		}
	}
	f.p("}")
	prepared := g.prepared()
	if g.prepares {
		g.writePrepare(f, prepared)
	}
	f.p()
	f.p("type Queries struct {")
	if !g.opts.EmitMethodsWithDBArgument {
		rows := []row{{cells: []string{"db", "DBTX"}}}
		if g.opts.Runtime {
			rows = append(rows, row{cells: []string{"direct", f.id(g.adapter(), "Direct")}})
		}
		if g.prepares {
			stmt := "*" + f.id(pathSQL, "Stmt")
			rows = append(rows, row{cells: []string{"tx", "*" + f.id(pathSQL, "Tx")}})
			for _, m := range prepared {
				rows = append(rows, row{cells: []string{m.stmt, stmt}})
			}
		}
		f.block(rows)
	}
	f.p("}")
	if g.has(g.hasLists) {
		defer g.writeNotNil(f)
	}
	if g.has(hasPages) {
		defer g.writeCursors(f)
	}
	if g.opts.EmitMethodsWithDBArgument {
		return f
	}
	f.p()
	if g.target.IsPGX() {
		pgx, _ := g.pgx()
		f.p("func (q *Queries) WithTx(tx ", f.id(pgx, "Tx"), ") *Queries {")
	} else {
		f.p("func (q *Queries) WithTx(tx *", f.id(pathSQL, "Tx"), ") *Queries {")
	}
	f.p("\treturn &Queries{")
	pairs := [][2]string{{"db", "tx"}}
	if g.prepares {
		pairs = append(pairs, [2]string{"tx", "tx"})
		for _, m := range prepared {
			pairs = append(pairs, [2]string{m.stmt, "q." + m.stmt})
		}
	}
	f.keyValues("\t\t", pairs)
	f.p("\t}")
	f.p("}")
	if g.opts.Runtime {
		g.writeInTx(f)
	}
	return f
}

// prepared are the methods that have a prepared statement. The variants of a query are too many to be prepared before
// they are used. A copy sends another text than its query's, and sqlc prepares that all the same.
func (g *generator) prepared() []*method {
	var out []*method
	if g.prepares {
		for _, m := range g.methods {
			many := takesMany(m.query.Command) && (g.strict || m.query.Command != "copyfrom")
			if !many && m.query.Variants == nil {
				out = append(out, m)
			}
		}
	}
	return out
}

func (g *generator) writePrepare(f *goFile, prepared []*method) {
	ctx := f.id(pathContext, "Context")
	f.p()
	f.p("func Prepare(ctx ", ctx, ", db DBTX) (*Queries, error) {")
	f.p("\tq := Queries{db: db}")
	f.p("\tvar err error")
	if len(prepared) == 0 {
		f.p("\t_ = err")
	}
	for _, m := range prepared {
		f.p("\tif q.", m.stmt, ", err = db.PrepareContext(ctx, ", m.constant, "); err != nil {")
		f.p("\t\treturn nil, ", f.id(pathFmt, "Errorf"), `("error preparing query `, m.name, `: %w", err)`)
		f.p("\t}")
	}
	f.p("\treturn &q, nil")
	f.p("}")
	f.p()
	f.p("func (q *Queries) Close() error {")
	f.p("\tvar err error")
	for _, m := range prepared {
		f.p("\tif q.", m.stmt, " != nil {")
		f.p("\t\tif cerr := q.", m.stmt, ".Close(); cerr != nil {")
		f.p("\t\t\terr = ", f.id(pathFmt, "Errorf"), `("error closing `, m.stmt, `: %w", cerr)`)
		f.p("\t\t}")
		f.p("\t}")
	}
	f.p("\treturn err")
	f.p("}")
	stmt := f.id(pathSQL, "Stmt")
	for _, h := range [][3]string{
		{"exec", "ExecContext", "(" + f.id(pathSQL, "Result") + ", error)"},
		{"query", "QueryContext", "(*" + f.id(pathSQL, "Rows") + ", error)"},
		{"queryRow", "QueryRowContext", "*" + f.id(pathSQL, "Row")},
	} {
		f.p()
		f.p("func (q *Queries) ", h[0], "(ctx ", ctx, ", stmt *", stmt, ", query string, args ...interface{}) ", h[2], " {")
		f.p("\tswitch {")
		f.p("\tcase stmt != nil && q.tx != nil:")
		f.p("\t\treturn q.tx.StmtContext(ctx, stmt).", h[1], "(ctx, args...)")
		f.p("\tcase stmt != nil:")
		f.p("\t\treturn stmt.", h[1], "(ctx, args...)")
		f.p("\tdefault:")
		f.p("\t\treturn q.db.", h[1], "(ctx, query, args...)")
		f.p("\t}")
		f.p("}")
	}
}
