package gowrite

import (
	"go/token"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// checkCommands reports commands that the target can not run.
func (g *generator) checkCommands() {
	for _, m := range g.methods {
		q := m.query
		at := q.Span
		if at.IsZero() {
			at = g.at
		}
		add := func(format string, args ...any) {
			d := diag.New(diag.OptionConflict, at, format, args...)
			d.Query = q.Name
			g.diags.Add(d)
		}
		switch c := q.Command; {
		case isBatch(c) && !g.target.IsPGX():
			add(":%s needs sql_package pgx/v4 or pgx/v5", c)
		case c == "copyfrom" && g.engine == "mysql":
			if g.opts.SQLDriver != "github.com/go-sql-driver/mysql" {
				add(":copyfrom on MySQL needs sql_driver github.com/go-sql-driver/mysql")
			}
			for i := range q.Params {
				if g.goType(&q.Params[i].Column).JSON {
					add(":copyfrom on MySQL can not write %s: it is of a Go type that is written as JSON", q.Params[i].Name)
				}
				if t := g.goType(&q.Params[i].Column).Text; t == "time.Time" || t == "sql.NullTime" {
					add(":copyfrom on MySQL can not write %s: LOAD DATA has no time zone", q.Params[i].Name)
				}
			}
		case c == "copyfrom" && !g.target.IsPGX():
			add(":copyfrom needs sql_package pgx/v4 or pgx/v5, or MySQL")
		case m.notBulk != "":
			add(":bulkinsert %s", m.notBulk)
		case c == "execlastid" && g.target.IsPGX():
			add(":execlastid is not known to pgx; use RETURNING with :one")
		}
	}
}

// checkNames reports names of the package that would be declared twice.
func (g *generator) checkNames() {
	seen := make(map[string]declared, 2*len(g.methods)+4*len(g.models)+16)
	declare := func(name, what, subject string, at source.Span) {
		if at.IsZero() {
			at = g.at
		}
		if old, ok := seen[name]; ok {
			d := diag.New(diag.GoNameClash, at, "%s%s and %s%s would both be called %s in Go", old.what, old.subject, what, subject, name).
				WithHelp("give one of them another name, in SQL or with the option rename")
			if old.at != at {
				d = d.WithLabel(old.at, "the first is here")
			}
			g.diags.Add(d)
			return
		}
		seen[name] = declared{what, subject, at}
	}
	declare("DBTX", "the interface of the database handle", "", source.Span{})
	declare("New", "the constructor of Queries", "", source.Span{})
	declare("Queries", "the struct of all queries", "", source.Span{})
	if g.opts.EmitInterface {
		declare("Querier", "the interface of all queries", "", source.Span{})
	}
	if g.prepares {
		declare("Prepare", "the function that prepares all queries", "", source.Span{})
	}
	if g.has(g.hasLists) {
		declare("notNil", "the function that makes empty lists of nil", "", source.Span{})
	}
	if g.has(hasPages) {
		declare("writeCursor", "the function that writes cursors", "", source.Span{})
		declare("readCursor", "the function that reads cursors", "", source.Span{})
	}
	for _, e := range g.enums {
		if !g.emitted(e.name) && !g.emitted("Null"+e.name) {
			continue
		}
		declare(e.name, "enum ", e.name, e.at)
		declare("Null"+e.name, "the nullable form of enum ", e.name, e.at)
		for i, c := range e.constants {
			declare(c, "a value of enum ", e.name+": "+e.values[i], e.at)
		}
	}
	for _, d := range g.domains {
		if g.emitted(d.name) {
			declare(d.name, "domain ", d.sql, d.at)
		}
	}
	for _, s := range g.models {
		if g.emitted(s.name) {
			declare(s.name, "table ", s.table.Name, s.at)
		}
	}
	for _, s := range g.shared {
		if s.of != nil {
			declare(s.name, "the rows of query ", s.of.query.Name, s.of.query.Span)
		}
	}
	g.declareJSON(declare)
	g.declareComposites(declare)
	methods := make(map[string]declared, len(g.methods)+8)
	if !g.opts.EmitMethodsWithDBArgument {
		methods["WithTx"] = declared{what: "the method that binds a transaction", at: g.at}
	}
	if g.opts.Runtime {
		for _, n := range []string{"InTx", "Tx"} {
			methods[n] = declared{what: "a method of Queries", at: g.at}
		}
		for _, m := range g.methods {
			declare(g.planName(m), "the plan of query ", m.query.Name, m.query.Span)
			if m.fresh > 0 {
				methods[readMethod(m)] = declared{"what reads the rows of query ", m.query.Name, m.query.Span}
			}
		}
	}
	if g.prepares {
		for _, n := range []string{"Close", "exec", "query", "queryRow"} {
			methods[n] = declared{what: "a method of Queries", at: g.at}
		}
	}
	for _, m := range g.methods {
		q := m.query
		at := q.Span
		if at.IsZero() {
			at = g.at
		}
		if !token.IsIdentifier(m.name) {
			g.diags.Add(diag.New(diag.GoNameClash, at, "a query called %q can not become a Go method", m.name).
				WithHelp("use letters, digits and underscores"))
			continue
		}
		if old, ok := methods[m.name]; ok {
			g.diags.Add(diag.New(diag.GoNameClash, at, "query %s and %s%s would both be the method %s", q.Name, old.what, old.subject, m.name).
				WithLabel(old.at, "the other is here"))
		}
		methods[m.name] = declared{"query ", q.Name, at}
		if q.Command != "copyfrom" && q.Command != "bulkinsert" {
			declare(m.constant, "the text of query ", q.Name, at)
		}
		if q.Variants != nil {
			for _, i := range q.Variants.Orders {
				o := q.Params[i].Order
				declare(g.orderType(o), "what sorts query ", q.Name, at)
				for j, name := range g.orderNames(o) {
					declare(name, "the order by "+o.Choices[j].Words+" of query ", q.Name, at)
				}
			}
		}
		if q.Page != nil {
			declare(cursorType(q.Name), "the cursor of query ", q.Name, at)
			declare("Parse"+cursorType(q.Name), "what reads the cursor of query ", q.Name, at)
			declare(pageType(q.Name), "the page of query ", q.Name, at)
		}
		if m.arg.emit {
			declare(m.arg.fields.name, "the parameters of query ", q.Name, at)
		}
		if m.ret.emit {
			declare(m.ret.fields.name, "the row of query ", q.Name, at)
		}
		for _, s := range m.rows() {
			declare(s.name, "a part of the rows of query ", q.Name, at)
		}
		if isBatch(q.Command) {
			declare(m.name+"BatchResults", "the batch of query ", q.Name, at)
		}
	}
}

// declared says of a name what it is for: what and subject together.
type declared struct {
	what, subject string
	at            source.Span
}
