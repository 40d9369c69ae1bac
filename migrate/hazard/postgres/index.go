package postgres

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

func (s *statement) createIndex(n *ir.CreateIndex) {
	t := s.Schema.Table(n.Table.Schema(), n.Table.Last())
	if t == nil {
		s.missing("relation", n.Table.String())
		return
	}
	s.about = effect.Of(t)
	mode := effect.Share
	if n.Concurrently {
		mode = effect.ShareUpdateExclusive
		s.Alone = true
	}
	s.Lock(effect.Of(t), mode)
	if n.Name.Name != "" {
		if owner, _, _ := s.indexOf(ir.Name{Parts: idents(t.Schema, n.Name.Name)}); owner != nil {
			if !n.IfNotExists {
				if t.PartitionOf != "" {
					return // the index may have gone with the one of which it was a part
				}
				s.refuse("the relation " + n.Name.Name + " exists already")
				return
			}
			s.warn(diag.ExistsAlready, "the index "+n.Name.Name+" of "+owner.Name+" is there already: nothing is made, and yet nobody writes to "+t.Name+" until the transaction ends",
				"leave the statement out, or look into pg_class before")
			return
		}
	}
	for _, p := range n.Parts {
		if p.Column != nil && t.Column(p.Column.Name, false) == nil && p.Column.Name != "ctid" {
			s.refuse("column " + p.Column.Name + " of " + t.Name + " does not exist")
			return
		}
	}
	index := &catalog.Index{Name: n.Name.Name, Unique: n.Unique}
	for _, p := range n.Parts {
		name := ""
		if p.Column != nil {
			name = p.Column.Name
		}
		index.Parts = append(index.Parts, catalog.IndexPart{Column: name})
	}
	for _, c := range n.Include {
		index.Include = append(index.Include, c.Name)
	}
	if index.Name == "" {
		rules := s.d.SchemaRules()
		var columns []string
		for _, p := range index.Parts {
			columns = append(columns, p.Column)
		}
		index.Name = rules.ConstraintName(t, &catalog.Constraint{Kind: ir.PlainIndex, Columns: columns, Include: index.Include}, func(name string) bool {
			owner, _, _ := s.indexOf(ir.Name{Parts: idents(t.Schema, name)})
			return owner != nil
		})
	}
	if stored(t) {
		s.Do(effect.BuildIndex, effect.Of(t), index.Name)
	}
	if t.Partition != "" && !n.Only {
		if n.Concurrently {
			s.refuse("an index of a partitioned table is not made CONCURRENTLY: make it ON ONLY the table, CONCURRENTLY on each partition, and attach those")
		}
		for _, c := range s.children(t) {
			s.Lock(effect.Of(c), effect.Share)
			if stored(c) {
				s.Do(effect.BuildIndex, effect.Of(c), partitionIndex(s.d.SchemaRules(), c, index))
			}
		}
	}
	if n.Unique {
		s.FailsOnRows = "rows that have the same key"
	}
	if !n.Concurrently && (stored(t) || len(s.children(t)) > 0 && !n.Only) {
		safe := []string{"CREATE INDEX CONCURRENTLY, outside of a transaction; when it fails it leaves an INVALID index, which is dropped before another try"}
		if t.Partition != "" {
			safe = []string{"CREATE INDEX … ON ONLY " + s.d.Quote(t.Name) + "; CREATE INDEX CONCURRENTLY on each partition; ALTER INDEX … ATTACH PARTITION …"}
		}
		s.warn(diag.IndexBlocks, "nobody writes to "+t.Name+" while the index "+index.Name+" is built", safe...)
	}
}

// dropIndex takes the lock on the index's table.
func (s *statement) dropIndex(name ir.Name, n *ir.Drop) {
	t, x, k := s.indexOf(name)
	if t == nil {
		if !n.IfExists && !s.partitions() { // the server names those of partitions by itself
			s.missing("index", name.String())
		}
		return
	}
	s.about = effect.Of(t)
	if k != nil {
		s.Lock(effect.Of(t), effect.AccessExclusive)
		s.refuse("the constraint " + k.Name + " of " + t.Name + " needs the index: drop the constraint")
		return
	}
	if s.has("CONCURRENTLY") {
		s.Alone = true
		s.Lock(effect.Of(t), effect.ShareUpdateExclusive)
		if t.Partition != "" {
			s.refuse("an index of a partitioned table is not dropped CONCURRENTLY")
		}
		return
	}
	s.Lock(effect.Of(t), effect.AccessExclusive)
	if t.Partition != "" {
		for _, c := range s.children(t) {
			s.Lock(effect.Of(c), effect.AccessExclusive)
		}
	}
	if !n.Cascade && x.Unique {
		for _, r := range s.referencing(t) {
			if !slices.ContainsFunc(t.Constraints, func(k *catalog.Constraint) bool {
				return (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && sameColumns(k.Columns, r.key.RefColumns)
			}) && sameColumns(columnsOf(x), r.key.RefColumns) {
				s.refuse("the foreign key " + r.key.Name + " of " + r.table.Name + " needs the index " + x.Name)
			}
		}
	}
	if t.Partition != "" {
		return // there is no weaker form
	}
	s.warn(diag.DropBlocks, "nobody reads or writes "+t.Name+" until the transaction ends, which begins to wait for all that runs on it",
		"DROP INDEX CONCURRENTLY "+s.d.Quote(x.Name)+", outside of a transaction")
}

// partitions tells whether the schema has partitioned tables.
func (s *statement) partitions() bool {
	return slices.ContainsFunc(s.Schema.Schemas, func(sc *catalog.Schema) bool {
		return slices.ContainsFunc(sc.Tables, func(t *catalog.Table) bool { return t.Partition != "" || t.PartitionOf != "" })
	})
}

func columnsOf(x *catalog.Index) (out []string) {
	for _, p := range x.Parts {
		out = append(out, p.Column)
	}
	return out
}

func sameColumns(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// alterIndex locks the index alone, but to attach one to a partitioned table's.
func (s *statement) alterIndex(n *ir.AlterTable) {
	t, _, _ := s.indexOf(n.Name)
	if t == nil {
		return
	}
	for i := range n.Actions {
		switch a := &n.Actions[i]; {
		case a.Kind == ir.SetOption && s.has("SET", "TABLESPACE"):
			s.about = effect.Of(t)
		}
	}
}

// reindex makes indexes anew.
func (s *statement) reindex(n *ir.Utility) {
	concurrently := s.has("CONCURRENTLY")
	mode := effect.Share
	if concurrently {
		mode, s.Alone = effect.ShareUpdateExclusive, true
	}
	var t *catalog.Table
	var names []string
	if len(n.Tables) == 0 {
		s.Alone = s.Alone || s.has("SCHEMA") || s.has("DATABASE") || s.has("SYSTEM")
		s.Unknown = true
		return
	}
	name := n.Tables[0].Name
	if s.has("REINDEX", "INDEX") || s.word(1) != "TABLE" && s.has("INDEX") {
		owner, _, _ := s.indexOf(name)
		if owner == nil {
			s.missing("index", name.String())
			return
		}
		t, names = owner, []string{name.Last()}
	} else {
		if t = s.Schema.Table(name.Schema(), name.Last()); t == nil {
			s.missing("relation", name.String())
			return
		}
		names = indexNames(t)
	}
	if t.Partition != "" {
		s.Alone = true // each partition's is committed by itself
	}
	s.about = effect.Of(t)
	s.Lock(effect.Of(t), mode)
	for _, index := range names {
		s.Do(effect.BuildIndex, effect.Of(t), index)
	}
	if !concurrently {
		s.warn(diag.IndexBlocks, "nobody writes to "+t.Name+" while its indexes are built anew, and nobody reads by them", "REINDEX … CONCURRENTLY, outside of a transaction")
	}
}
