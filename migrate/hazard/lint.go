package hazard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// lint collects the findings of one side.
type lint struct {
	Options
	side          file.Side
	engine        catalog.Engine
	statements    []Statement
	before, after *catalog.Snapshot
	found         diag.List
	// told are statements of which something more exact was said than that they hold locks for long.
	told map[*Statement]bool
	// unsure: something ran of which nobody knows what it changed, so that what looks refused may be right.
	unsure bool
}

func (l *lint) judge() {
	for i := range l.statements {
		s := &l.statements[i]
		for _, p := range s.Problems {
			if p.Severity == diag.Error {
				l.found.Add(p)
			}
		}
		l.statement(s)
		l.unsure = l.unsure || s.Unknown || s.Tree == nil
	}
	l.order()
	l.timeout()
	l.commits()
	l.names()
	l.keys()
	l.indexes()
}

func (l *lint) report(code *diag.Code, at source.Span, safe []string, format string, args ...any) {
	d := diag.New(code, at, format, args...)
	for _, line := range safe {
		d = d.WithHelp("%s", line)
	}
	l.found.Add(d)
}

// statement reports what a statement does by itself.
func (l *lint) statement(s *Statement) {
	if s.Refused != "" && !l.unsure {
		l.report(diag.StatementRefused, s.At, nil, "the database does not take this: %s", s.Refused)
		return
	}
	for _, d := range s.Dangers {
		if !s.quiet(d.Table) && !(d.Code == diag.DataLost && l.moved(s, d.Table)) {
			l.report(d.Code, s.At, d.Safe, "%s", d.Text)
		}
	}
	if s.Final != "" {
		l.report(diag.Irreversible, s.At, nil, "%s", s.Final)
	}
	l.dropsUsedIndex(s)
}

// moved tells whether a statement drops a table whose rows an earlier one put into a table that takes its name later, which is how
// SQLite's tables are made anew.
func (l *lint) moved(drop *Statement, table effect.Table) bool {
	if d, ok := drop.Tree.(*ir.Drop); !ok || d.Kind != ir.ObjTable {
		return false
	}
	if l.setAside(drop, table.Name) {
		return true
	}
	if t := l.before.Table(table.Schema, table.Name); t != nil && t.PartitionOf != "" && l.setAside(drop, t.PartitionOf) {
		return true // with those of the whole
	}
	filled := map[string]bool{}
	after := false
	for i := range l.statements {
		s := &l.statements[i]
		switch n := s.Tree.(type) {
		case *ir.Insert:
			if _, values := n.Source.(*ir.Values); !after && n.Source != nil && !values && n.Table != nil {
				filled[strings.ToLower(n.Table.Name.Last())] = true
			}
		case *ir.Rename:
			if after && n.Column == nil && strings.EqualFold(n.New.Last(), table.Name) && filled[strings.ToLower(n.Object.Last())] {
				return true
			}
		case *ir.AlterTable:
			for _, a := range n.Actions {
				if after && a.Kind == ir.RenameTable && a.NewTable != nil && strings.EqualFold(a.NewTable.Last(), table.Name) && filled[strings.ToLower(n.Name.Last())] {
					return true
				}
			}
		}
		after = after || s == drop
	}
	return false
}

// setAside tells whether a table's rows were put into another one before it is dropped, and from there into a table of its name
// afterwards.
func (l *lint) setAside(drop *Statement, table string) bool {
	aside := map[string]bool{}
	after := false
	for i := range l.statements {
		s := &l.statements[i]
		var into string
		var from ir.Query
		switch n := s.Tree.(type) {
		case *ir.CreateTable:
			into, from = n.Name.Last(), n.AsQuery
		case *ir.Insert:
			if n.Table != nil {
				into, from = n.Table.Name.Last(), n.Source
			}
		}
		if from != nil {
			ir.Walk(from, func(n ir.Node) bool {
				if ref, ok := n.(*ir.TableRef); ok {
					name := ref.Name.Last()
					if !after && strings.EqualFold(name, table) {
						aside[strings.ToLower(into)] = true
					}
					if after && strings.EqualFold(into, table) && aside[strings.ToLower(name)] {
						into = ""
					}
				}
				return true
			})
			if after && into == "" {
				return true
			}
		}
		after = after || s == drop
	}
	return false
}

// transactions are the statements of each transaction; those that run by themselves are one each.
func (l *lint) transactions() (out [][]*Statement) {
	at := map[int]int{}
	for i := range l.statements {
		s := &l.statements[i]
		k, open := at[s.Transaction]
		if s.Transaction == 0 || !open {
			k = len(out)
			out = append(out, nil)
			at[s.Transaction] = k
		}
		out[k] = append(out[k], s)
	}
	return out
}

// order reports what statements do to each other.
func (l *lint) order() {
	for _, group := range l.transactions() {
		l.backfills(group)
		if group[0].Transaction > 0 {
			l.alone(group)
			l.enumValues(group)
			l.validated(group)
			l.together(group)
		}
	}
}

// alone reports statements that do not go into a transaction. A file of nothing else is run without one.
func (l *lint) alone(group []*Statement) {
	if l.side.Transaction == file.Unsaid {
		mixed := false
		for _, s := range group {
			mixed = mixed || !s.Alone
		}
		if !mixed {
			return
		}
	}
	for _, s := range group {
		if s.Alone && s.Refused == "" {
			l.told[s] = true
			l.report(diag.NotInTransaction, s.At, []string{"put it into a migration of its own, or write -- covet:transaction none before the first statement"},
				"the database takes this outside of transactions only, and the file runs in one")
		}
	}
}

// long is work that takes as long as the table is big.
func long(w effect.Work) bool { return w.Kind != effect.Proved && !w.Trivial }

// together reports strong locks on several tables, and long work under a lock that an earlier statement took.
func (l *lint) together(group []*Statement) {
	type holding struct {
		table effect.Table
		mode  effect.Mode
		at    source.Span
	}
	var held []holding
	for _, s := range group {
		if s.Refused != "" {
			continue
		}
		for _, h := range held {
			if l.told[s] {
				break
			}
			told := false
			for _, w := range s.Work {
				if long(w) && !s.quiet(w.Table) && h.mode == effect.AccessExclusive && !(w.Table == h.table && l.alike(s, h.table)) {
					l.found.Add(diag.New(diag.LocksTogether, s.At, "this goes over the rows of %s while nobody reads or writes %s", w.Table, h.table).
						WithLabel(h.at, "%s is locked from here to the end of the transaction", h.table).
						WithHelp("put the two statements into two migrations, or into two transactions"))
					told = true
					break
				}
			}
			if told {
				break
			}
			for _, lock := range s.Held() {
				if lock.Mode == effect.AccessExclusive && lock.Table != h.table && !s.quiet(lock.Table) {
					d := diag.New(diag.LocksTogether, s.At, "this waits for %s while nobody reads or writes %s; two such transactions in another order wait for each other, until the server ends one", lock.Table, h.table).
						WithLabel(h.at, "%s is locked from here to the end of the transaction", h.table).
						WithHelp("put the two statements into two migrations, or into two transactions")
					if l.bounded() { // nobody waits for longer than that, and the transaction is tried again
						d.Severity = diag.Note
					}
					l.found.Add(d)
					told = true
					break
				}
			}
			if told {
				break
			}
		}
		for _, lock := range s.Held() {
			if lock.Mode == effect.AccessExclusive && !s.quiet(lock.Table) && !lock.Gone {
				known := false
				for _, h := range held {
					known = known || h.table == lock.Table
				}
				if !known {
					held = append(held, holding{lock.Table, lock.Mode, s.At})
				}
			}
		}
	}
}

// alike tells whether a statement was reported for its own long work on a table that it keeps everybody from by itself.
func (l *lint) alike(s *Statement, t effect.Table) bool {
	return s.Held() != nil && s.Effect.Held(t) == effect.AccessExclusive && slices.ContainsFunc(s.Dangers, func(d effect.Danger) bool {
		switch d.Code {
		case diag.TableRewritten, diag.TableScanned, diag.IndexBlocks, diag.ViewRefreshBlocks, diag.TimeZoneDecides:
			return d.Table == t
		}
		return false
	})
}

// bounded tells whether statements wait for a lock for a while only.
func (l *lint) bounded() bool {
	if l.LockTimeout || l.side.LockTimeout > 0 {
		return true
	}
	for i := range l.statements {
		if l.setsTimeout(&l.statements[i]) {
			return true
		}
	}
	return false
}

// setsTimeout tells whether a statement is a SET of how long locks are waited for.
func (l *lint) setsTimeout(s *Statement) bool {
	u, ok := s.Tree.(*ir.Utility)
	return ok && strings.HasPrefix(u.Verb, "SET") && strings.Contains(strings.ToLower(s.SQL), timeouts[l.engine])
}

// enumValues reports a value of an enum that is used in the transaction that adds it.
func (l *lint) enumValues(group []*Statement) {
	added := map[string]source.Span{}
	fresh := map[string]bool{}
	for _, s := range group {
		switch n := s.Tree.(type) {
		case *ir.CreateEnum:
			fresh[n.Name.Last()] = true
			continue
		case *ir.AlterEnum:
			if n.Rename == "" && !fresh[n.Name.Last()] {
				added[n.Value] = s.At
			}
			continue
		case nil:
			continue
		}
		if len(added) == 0 {
			continue
		}
		ir.Walk(s.Tree, func(n ir.Node) bool {
			lit, ok := n.(*ir.Literal)
			if !ok || lit.Kind != ir.String {
				return true
			}
			if at, new := added[lit.Text]; new {
				l.found.Add(diag.New(diag.EnumValueTooEarly, s.At, "the value %q is used before the transaction that adds it was committed", lit.Text).
					WithLabel(at, "added here").
					WithHelp("add the value in a migration of its own, before this one"))
				delete(added, lit.Text)
			}
			return true
		})
	}
}

// validated reports a constraint that is added NOT VALID and validated in one transaction, which keeps the lock of the first
// for the time of the second.
func (l *lint) validated(group []*Statement) {
	added := map[string]source.Span{}
	for _, s := range group {
		n, ok := s.Tree.(*ir.AlterTable)
		if !ok {
			continue
		}
		for i := range n.Actions {
			a := &n.Actions[i]
			switch {
			case a.Kind == ir.AddConstraint && a.Constraint.NotValid && a.Constraint.Name != nil:
				added[n.Name.Last()+"."+a.Constraint.Name.Name] = s.At
			case a.Kind == ir.ValidateConstraint:
				at, ok := added[n.Name.Last()+"."+a.Column.Name]
				if !ok || len(s.Held()) == 0 || s.quiet(s.Held()[0].Table) {
					continue
				}
				l.told[s] = true
				l.found.Add(diag.New(diag.ValidatedTogether, s.At, "%s is validated under the lock that its addition took: the same as without NOT VALID", a.Column.Name).
					WithLabel(at, "added here").
					WithHelp("validate it in the next migration"))
			}
		}
	}
}

// backfills reports rows that are changed all at once, or beside changes of the schema.
func (l *lint) backfills(group []*Statement) {
	var ddl *Statement
	for _, s := range group {
		for _, lock := range s.Held() {
			if lock.Mode >= effect.Share && !s.quiet(lock.Table) && ddl == nil {
				ddl = s
			}
		}
	}
	for _, s := range group {
		if s.Batch || s.Refused != "" {
			continue
		}
		t, where, ok := l.changes(s)
		if !ok || s.quiet(effect.Of(t)) || l.few(t, where) {
			continue
		}
		help := []string{"change the rows in batches: a WHERE that finds some thousand rows that are still to be changed, under -- covet:batch, with -- covet:transaction none"}
		switch {
		case ddl != nil && ddl != s:
			d := diag.New(diag.BackfillInside, s.At, "the rows of %s are changed in the transaction that changes the schema: its locks are held for all that time", t.Name).
				WithLabel(ddl.At, "this lock is held until the end")
			l.told[s] = true
			l.found.Add(d.WithHelp("%s", help[0]))
		case where == nil:
			l.report(diag.BackfillInside, s.At, help, "all rows of %s are changed at once: each of them is locked until the end, and as much is written anew", t.Name)
		}
	}
}

// changes is the table whose rows an UPDATE or DELETE changes, with its condition.
func (l *lint) changes(s *Statement) (*catalog.Table, ir.Expr, bool) {
	var ref *ir.TableRef
	var where ir.Expr
	switch n := s.Tree.(type) {
	case *ir.Update:
		if len(n.Tables) == 1 && n.Limit == nil {
			ref, _ = n.Tables[0].(*ir.TableRef)
			where = n.Where
		}
	case *ir.Delete:
		if len(n.Tables) == 1 && n.Limit == nil && !n.Multi {
			ref, where = n.Tables[0], n.Where
		}
	}
	if ref == nil {
		return nil, nil, false
	}
	t := l.before.Table(ref.Name.Schema(), ref.Name.Last())
	if t == nil {
		t = l.after.Table(ref.Name.Schema(), ref.Name.Last())
	}
	return t, where, t != nil
}

// few tells whether a condition names rows by a key.
func (l *lint) few(t *catalog.Table, where ir.Expr) bool {
	for _, x := range conjuncts(where) {
		var c ir.Expr
		switch x := x.(type) {
		case *ir.Binary:
			if _, constant := x.R.(*ir.Literal); x.Op == "=" && constant {
				c = x.L
			}
		case *ir.In:
			if len(x.List) > 0 && !x.Not {
				c = x.X
			}
		}
		ref, ok := c.(*ir.ColumnRef)
		if !ok {
			continue
		}
		name := ref.Parts[len(ref.Parts)-1].Name
		for _, k := range t.Constraints {
			if (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && len(k.Columns) == 1 && strings.EqualFold(k.Columns[0], name) {
				return true
			}
		}
	}
	return false
}

func conjuncts(x ir.Expr) []ir.Expr {
	if and, ok := x.(*ir.Logical); ok && and.Op == "AND" {
		var out []ir.Expr
		for _, a := range and.Args {
			out = append(out, conjuncts(a)...)
		}
		return out
	}
	if x == nil {
		return nil
	}
	return []ir.Expr{x}
}

// timeouts are the words that set how long a statement waits for a lock.
var timeouts = map[catalog.Engine]string{catalog.PostgreSQL: "lock_timeout", catalog.MySQL: "lock_wait_timeout"}

// timeout reports the first statement that waits for a strong lock for ever, with everybody else behind it.
func (l *lint) timeout() {
	word := timeouts[l.engine]
	if word == "" || l.LockTimeout || l.side.LockTimeout > 0 {
		return
	}
	for i := range l.statements {
		s := &l.statements[i]
		if l.setsTimeout(s) {
			return
		}
		if s.Refused != "" {
			continue
		}
		for _, lock := range s.Held() {
			if lock.Mode < effect.ShareRowExclusive || s.quiet(lock.Table) {
				continue
			}
			l.report(diag.NoLockTimeout, s.At, []string{"-- covet:lock_timeout 3s before the first statement; the runner tries again when it was not enough", fmt.Sprintf("or SET %s as the first statement", word)},
				"this waits for %s until all who use it now are done, and all who come later wait behind it", lock.Table)
			return
		}
	}
}

// commits notes that MySQL commits with each statement, so that a migration that fails half way stays there.
func (l *lint) commits() {
	if l.engine != catalog.MySQL {
		return
	}
	var first *Statement
	for i := range l.statements {
		s := &l.statements[i]
		if len(s.Locks) == 0 {
			continue
		}
		if first != nil {
			l.found.Add(diag.New(diag.CommitsBetween, s.At, "the statements before this one stay where this one fails: MySQL commits with each change of the schema").
				WithLabel(first.At, "the first of them").
				WithHelp("a statement a migration, or several clauses in one ALTER TABLE"))
			return
		}
		first = s
	}
}

// longest are how long names may be: PostgreSQL cuts bytes off, MySQL refuses the statement.
var longest = map[catalog.Engine]int{catalog.PostgreSQL: 63, catalog.MySQL: 64}

func (l *lint) names() {
	limit := longest[l.engine]
	if limit == 0 {
		return
	}
	lex := engines[l.engine].dialect.Lex()
	for i := range l.statements {
		s := &l.statements[i]
		switch s.Tree.(type) {
		case *ir.CreateTable, *ir.AlterTable, *ir.CreateIndex, *ir.CreateView, *ir.Rename, *ir.CreateEnum, *ir.CreateDomain, *ir.CreateTrigger, *ir.CreateSequence, *ir.CreatePolicy, *ir.CreateFunction:
		default:
			continue
		}
		tokens, _ := token.Lex(s.SQL, lex)
		for _, t := range tokens {
			if t.Kind != token.Ident && t.Kind != token.QuotedIdent {
				continue
			}
			name := strings.Trim(s.SQL[t.Start:t.End], "\"`")
			long := len(name) > limit
			if l.engine == catalog.MySQL {
				long = len([]rune(name)) > limit
			}
			if !long {
				continue
			}
			at := l.side.File.Span(int(s.Span.Start)+int(t.Start), int(s.Span.Start)+int(t.End))
			if l.engine == catalog.MySQL {
				l.report(diag.NameTooLong, at, []string{"write a shorter name"}, "the name has %d characters, and MySQL takes %d at the most", len([]rune(name)), limit)
			} else {
				l.report(diag.NameTooLong, at, []string{"write a shorter name"}, "the name has %d bytes: PostgreSQL keeps %q of it, and says so in a notice only", len(name), name[:limit])
			}
		}
	}
}
