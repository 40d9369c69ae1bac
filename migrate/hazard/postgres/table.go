package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	"github.com/covetsql/covetsql/migrate/plan"
)

func (s *statement) createTable(n *ir.CreateTable) {
	schema := n.Name.Schema()
	if schema == "" {
		schema = s.Schema.DefaultSchema
		for _, name := range s.Schema.SearchPath {
			if s.Schema.Schema(name) != nil {
				schema = name
				break
			}
		}
	}
	own := effect.Table{Schema: schema, Name: n.Name.Last()}
	if old := s.Schema.Table(n.Name.Schema(), n.Name.Last()); old != nil && !n.Temp && old.Schema == schema {
		if !n.IfNotExists {
			s.refuse("the relation " + n.Name.String() + " exists already")
		}
		return
	}
	if !n.Temp { // which no other session sees
		s.Locks = append(s.Locks, effect.Lock{Table: own, Mode: effect.AccessExclusive, New: true})
	}
	s.about = own
	made := &catalog.Table{Schema: schema, Name: n.Name.Last()}
	build := func(k *ir.Constraint, columns []string) {
		name := ""
		if k.Name != nil {
			name = k.Name.Name
		} else {
			rules := s.d.SchemaRules()
			name = rules.ConstraintName(made, &catalog.Constraint{Kind: k.Kind, Columns: columns}, func(string) bool { return false })
		}
		if n.Partition == "" {
			s.Work = append(s.Work, effect.Work{Kind: effect.BuildIndex, Table: own, Object: name, Trivial: true})
		}
	}
	each := func(k *ir.Constraint, columns []string) {
		switch k.Kind {
		case ir.PrimaryKey, ir.Unique, ir.Exclude:
			for _, p := range k.Parts {
				if p.Column != nil {
					columns = append(columns, p.Column.Name)
				}
			}
			build(k, columns)
		case ir.ForeignKey:
			s.foreignKeyOfNew(n, own, k)
		}
	}
	for i := range n.Columns {
		for j := range n.Columns[i].Constraints {
			k := &n.Columns[i].Constraints[j]
			var columns []string
			if len(k.Parts) == 0 {
				columns = []string{n.Columns[i].Name.Name}
			}
			each(k, columns)
		}
		s.columnOfNew(&n.Columns[i], n.Name.Last())
	}
	for i := range n.Constraints {
		each(&n.Constraints[i], nil)
	}
	if n.PartitionOf != nil {
		s.partitionOf(n, own, made)
	}
	for _, parent := range n.Inherits {
		s.lockName(parent, effect.ShareUpdateExclusive)
	}
	for i := range n.Like {
		s.like(&n.Like[i], own, made)
	}
	s.about = own
	if n.AsQuery != nil {
		s.lockAll(n.AsQuery)
		s.Do(effect.Query, own, "")
	}
}

// like reads the table that a new one is made like, and builds the same indexes.
func (s *statement) like(n *ir.LikeClause, own effect.Table, made *catalog.Table) {
	t := s.lockName(n.Table, effect.AccessShare)
	if t == nil || !slices.Contains(n.Including, "ALL") && !slices.Contains(n.Including, "INDEXES") || slices.Contains(n.Excluding, "INDEXES") {
		return
	}
	rules := s.d.SchemaRules()
	build := func(name string) {
		s.Work = append(s.Work, effect.Work{Kind: effect.BuildIndex, Table: own, Object: name, Trivial: true})
	}
	for _, k := range t.Constraints {
		switch k.Kind {
		case ir.PrimaryKey, ir.Unique, ir.Exclude:
			build(rules.ConstraintName(made, &catalog.Constraint{Kind: k.Kind, Columns: k.Columns}, func(string) bool { return false }))
		}
	}
	for _, i := range t.Indexes {
		build(partitionIndex(rules, made, i))
	}
}

// foreignKeyOfNew locks the table that a new one refers to, which runs even where "only a new table" is made.
func (s *statement) foreignKeyOfNew(n *ir.CreateTable, own effect.Table, k *ir.Constraint) {
	if k.References == nil || k.References.Last() == own.Name && (k.References.Schema() == "" || k.References.Schema() == own.Schema) {
		return
	}
	u := s.Schema.Table(k.References.Schema(), k.References.Last())
	if u == nil {
		s.missing("relation", k.References.String())
		return
	}
	s.Lock(effect.Of(u), effect.ShareRowExclusive)
	s.Warn(effect.Danger{Code: diag.OtherTableLocked, Table: effect.Of(u), Text: "nobody writes to " + u.Name + " until the transaction ends, because the new table " + own.Name + " refers to it",
		Safe: []string{"SET lock_timeout, and commit soon: the lock is waited for behind every transaction that wrote to " + u.Name}})
}

// columnOfNew judges a column of a new table: what is cheap to choose now and dear to change later.
func (s *statement) columnOfNew(d *ir.ColumnDef, table string) {
	if d.Type == nil {
		return
	}
	name := table + "." + d.Name.Name
	t := s.typed(*d.Type)
	key, numbered := false, false
	for _, k := range d.Constraints {
		key = key || k.Kind == ir.PrimaryKey
		numbered = numbered || k.Kind == ir.Identity
	}
	if of, ok := serialOf(s, d); ok {
		t, numbered = of, true
	}
	if key && numbered && (t.Name == "int4" || t.Name == "int2") {
		s.Warn(effect.Danger{Code: diag.KeyTooSmall, Text: name + " is " + t.Name + " and is counted up with every row, those that fail too", Safe: []string{"bigint: it costs four bytes a row now, and a rewrite of the table later"}})
	}
	if t.Name == "json" && t.Schema == "" {
		s.Warn(effect.Danger{Code: diag.JSONNotComparable, Text: name + " is json: SELECT DISTINCT, GROUP BY and = over it fail", Safe: []string{"jsonb"}})
	}
}

// partitionOf locks the parent, against which ATTACH is gentler.
func (s *statement) partitionOf(n *ir.CreateTable, own effect.Table, made *catalog.Table) {
	parent := s.Schema.Table(n.PartitionOf.Schema(), n.PartitionOf.Last())
	if parent == nil {
		s.missing("relation", n.PartitionOf.String())
		return
	}
	s.Lock(effect.Of(parent), effect.AccessExclusive)
	if d := s.defaultPartition(parent); d != nil {
		s.lockDefault(d, effect.Scan)
	}
	for _, i := range parent.Indexes {
		if n.Partition == "" {
			s.Work = append(s.Work, effect.Work{Kind: effect.BuildIndex, Table: own, Object: partitionIndex(s.d.SchemaRules(), made, i), Trivial: true})
		}
	}
	rules := s.d.SchemaRules()
	for _, k := range parent.Constraints {
		switch k.Kind {
		case ir.PrimaryKey, ir.Unique:
			if n.Partition == "" {
				name := rules.ConstraintName(made, &catalog.Constraint{Kind: k.Kind, Columns: k.Columns}, func(string) bool { return false })
				s.Work = append(s.Work, effect.Work{Kind: effect.BuildIndex, Table: own, Object: name, Trivial: true})
			}
		case ir.ForeignKey:
			if u := s.target(k); u != nil {
				s.Lock(effect.Of(u), effect.ShareRowExclusive)
			}
		}
	}
	s.Warn(effect.Danger{Code: diag.OtherTableLocked, Table: effect.Of(parent), Text: "nobody reads or writes " + parent.Name + ", with all its partitions, until the transaction ends",
		Safe: []string{"CREATE TABLE " + s.d.Quote(own.Name) + " (LIKE " + s.d.Quote(parent.Name) + " INCLUDING ALL); ALTER TABLE " + s.d.Quote(parent.Name) + " ATTACH PARTITION " + s.d.Quote(own.Name) + " …, which lets others read and write"}})
}

func (s *statement) createView(n *ir.CreateView) {
	old := s.Schema.Table(n.Name.Schema(), n.Name.Last())
	if old != nil && !n.OrReplace {
		if !n.IfNotExists {
			s.refuse("the relation " + n.Name.String() + " exists already")
		}
		return
	}
	if n.Query != nil {
		s.lockReads(n.Query)
		if n.Materialized && !s.has("WITH", "NO", "DATA") {
			s.lockAll(n.Query)
		}
	}
	own := effect.Table{Schema: n.Name.Schema(), Name: n.Name.Last()}
	if own.Schema == "" {
		own.Schema = s.Schema.DefaultSchema
	}
	if old == nil {
		s.Locks = append(s.Locks, effect.Lock{Table: own, Mode: effect.AccessExclusive, New: true})
	}
	if n.Materialized && !s.has("WITH", "NO", "DATA") {
		s.Do(effect.Query, own, "")
	}
	if old != nil {
		s.about = effect.Of(old)
		if old.Kind != catalog.View {
			s.refuse(old.Name + " is no view")
		}
		s.Lock(effect.Of(old), effect.AccessExclusive)
	}
}

func (s *statement) drop(n *ir.Drop) {
	for _, name := range n.Names {
		switch n.Kind {
		case ir.ObjTable, ir.ObjView, ir.ObjMatView:
			t := s.Schema.Table(name.Schema(), name.Last())
			if t == nil {
				if !n.IfExists {
					s.missing(string(n.Kind), name.String())
				}
				continue
			}
			s.dropTable(t, n)
		case ir.ObjIndex:
			s.dropIndex(name, n)
		case ir.ObjTrigger:
			if n.Table != nil {
				s.lockDropOf(*n.Table, n)
			}
		case ir.ObjOther: // policies, rules, statistics
			if s.word(1) == "STATISTICS" {
				s.dropStatistics(name)
			}
			if n.Table != nil {
				s.lockDropOf(*n.Table, n)
			}
		case ir.ObjType, ir.ObjDomain:
			d := s.Schema.Type(name.Schema(), name.Last())
			if d == nil {
				if !n.IfExists {
					s.missing(string(n.Kind), name.String())
				}
				continue
			}
			s.dropType(d, n)
		case ir.ObjSchema:
			s.dropSchema(name, n)
		case ir.ObjSequence:
			s.dropSequence(name, n)
		case ir.ObjExtension, ir.ObjFunction, ir.ObjProcedure, ir.ObjAggregate:
			if n.Cascade {
				s.Unknown = true
			}
		}
	}
}

// dropStatistics locks the table that the statistics are of.
func (s *statement) dropStatistics(name ir.Name) {
	for _, o := range s.Schema.Others {
		if o.Kind != "statistics" || o.Name != name.Last() {
			continue
		}
		table := o.Table
		if i := strings.LastIndex(o.Definition, " FROM "); table == "" && i > 0 {
			table = strings.Trim(o.Definition[i+len(" FROM "):], "; ")
			table = table[strings.LastIndexByte(table, '.')+1:]
		}
		if t := s.Schema.Table(o.Schema, table); t != nil {
			s.Lock(effect.Of(t), effect.ShareUpdateExclusive)
		}
	}
}

func (s *statement) lockDropOf(table ir.Name, n *ir.Drop) {
	if s.Schema.Table(table.Schema(), table.Last()) == nil {
		if !n.IfExists {
			s.missing("relation", table.String())
		}
		return
	}
	s.lockName(table, effect.AccessExclusive)
}

func (s *statement) dropTable(t *catalog.Table, n *ir.Drop) {
	s.about = effect.Of(t)
	s.gone(t)
	inSame := func(u *catalog.Table) bool {
		return slices.ContainsFunc(n.Names, func(name ir.Name) bool { return s.Schema.Table(name.Schema(), name.Last()) == u })
	}
	for _, k := range t.Constraints {
		if k.Kind != ir.ForeignKey {
			continue
		}
		if u := s.target(k); u != nil && u != t {
			s.Lock(effect.Of(u), effect.AccessExclusive)
			if !inSame(u) {
				s.Warn(effect.Danger{Code: diag.OtherTableLocked, Table: effect.Of(u), Text: "nobody reads or writes " + u.Name + " either until the transaction ends, because " + t.Name + " refers to it",
					Safe: []string{"drop the foreign key " + k.Name + " before, in a transaction of its own with a lock_timeout"}})
			}
		}
	}
	for _, r := range s.referencing(t) {
		if !n.Cascade && !inSame(r.table) {
			s.refuse("the foreign key " + r.key.Name + " of " + r.table.Name + " refers to " + t.Name)
		}
		s.Lock(effect.Of(r.table), effect.AccessExclusive)
	}
	views := s.readers(t, "")
	for _, v := range views {
		if u := s.Schema.Table(t.Schema, v); u != nil && !n.Cascade && !inSame(u) {
			s.refuse("the view " + v + " needs " + t.Name)
		}
	}
	for _, c := range s.children(t) {
		if t.Partition == "" && !n.Cascade && !inSame(c) {
			s.refuse("the table " + c.Name + " inherits from " + t.Name)
		}
		s.gone(c)
	}
	if parent := s.parent(t); parent != nil {
		s.Lock(effect.Of(parent), effect.AccessExclusive)
		if d := s.defaultPartition(parent); d != nil && d != t {
			s.Lock(effect.Of(d), effect.AccessExclusive)
		}
	}
	if t.Kind == catalog.BaseTable {
		s.Losses = append(s.Losses, plan.Loss{Object: plan.Object{Kind: "table", Schema: t.Schema, Name: t.Name}, What: "the rows of the table", Rows: true})
		s.warn(diag.DataLost, "the rows of "+t.Name+" are gone, and can't be had back but from a backup",
			"deploy code that does not name the table first; rename it out of the way for a release, then drop it")
	}
}

// gone locks a relation that the statement drops.
func (s *statement) gone(t *catalog.Table) {
	s.Lock(effect.Of(t), effect.AccessExclusive)
	for i := range s.Locks {
		if s.Locks[i].Table == effect.Of(t) {
			s.Locks[i].Gone = true
		}
	}
}

// parent is the table of which t is a partition.
func (s *statement) parent(t *catalog.Table) *catalog.Table {
	if t.PartitionOf == "" {
		return nil
	}
	for _, p := range s.tables() {
		if refers(t.PartitionOf, t, p) {
			return p
		}
	}
	return nil
}

func (s *statement) dropType(d *catalog.TypeDef, n *ir.Drop) {
	used := s.usingType(d)
	for _, t := range used {
		if !n.Cascade {
			s.refuse("a column of " + t.Name + " is of the type " + d.Name)
		}
		if t.Kind != catalog.BaseTable {
			continue
		}
		s.Lock(effect.Of(t), effect.AccessExclusive)
		s.Losses = append(s.Losses, plan.Loss{Object: plan.Object{Kind: "column", Schema: t.Schema, Table: t.Name, Name: "of the type " + d.Name}, What: "the values of the columns of the type", Rows: true})
		s.Warn(effect.Danger{Code: diag.DataLost, Table: effect.Of(t), Text: "the columns of " + t.Name + " of the type " + d.Name + " are dropped with it, and their values are gone", Safe: []string{"give the columns another type first"}})
	}
}

func (s *statement) dropSchema(name ir.Name, n *ir.Drop) {
	sc := s.Schema.Schema(name.Last())
	if sc == nil {
		if !n.IfExists {
			s.missing("schema", name.String())
		}
		return
	}
	if len(sc.Tables)+len(sc.Types)+len(sc.Functions)+len(sc.Sequences) > 0 && !n.Cascade {
		s.refuse("the schema " + sc.Name + " is not empty")
	}
	cascade := &ir.Drop{Kind: ir.ObjTable, Cascade: true}
	for _, t := range sc.Tables {
		s.dropTable(t, cascade)
	}
}

func (s *statement) dropSequence(name ir.Name, n *ir.Drop) {
	for _, t := range s.tables() {
		for _, c := range t.Columns {
			if c.Default != "" && word(c.Default, name.Last()) {
				if !n.Cascade {
					s.refuse("the default of " + t.Name + "." + c.Name + " needs the sequence " + name.Last())
				}
				s.Lock(effect.Of(t), effect.AccessExclusive)
			}
		}
	}
}
