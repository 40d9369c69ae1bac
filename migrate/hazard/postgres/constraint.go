package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

func (a *alteration) addConstraint(k *ir.Constraint, inherited bool) {
	q := a.d.Quote
	table := q(a.t.Name)
	if k.Name != nil && constraint(a.t, k.Name.Name) != nil && !a.dropped[k.Name.Name] && !inherited && a.t.PartitionOf == "" {
		a.refuse("the constraint " + k.Name.Name + " of " + a.t.Name + " exists already")
	}
	switch k.Kind {
	case ir.Check:
		a.lock(effect.AccessExclusive)
		if k.NotValid {
			return
		}
		a.verify = true
		a.FailsOnRows = "rows that do not keep the CHECK"
		a.warn(diag.TableScanned, "all rows of "+a.t.Name+" are read for the CHECK, while nobody reads or writes it",
			"ALTER TABLE "+table+" ADD CONSTRAINT … CHECK (…) NOT VALID;",
			"in a transaction of its own: ALTER TABLE "+table+" VALIDATE CONSTRAINT …; it lets others read and write")
	case ir.ForeignKey:
		var columns []string
		for _, c := range k.Columns {
			columns = append(columns, c.Name)
		}
		a.newForeignKey(k, columns, k.NotValid)
	case ir.PrimaryKey, ir.Unique:
		a.lock(effect.AccessExclusive)
		a.addKey(k)
	case ir.Exclude:
		a.lock(effect.AccessExclusive)
		var columns []string
		for _, p := range k.Parts {
			name := ""
			if p.Column != nil {
				name = p.Column.Name
			}
			columns = append(columns, name)
		}
		a.build(a.keyName(k, columns))
		a.FailsOnRows = "rows that exclude each other"
		a.warn(diag.IndexBlocks, "the index of the exclusion constraint is built while nobody reads or writes "+a.t.Name,
			"there is no form that lets others go on: do it while the table is small, or at a quiet hour")
	default:
		a.lock(effect.AccessExclusive)
	}
}

func (a *alteration) addKey(k *ir.Constraint) {
	var columns []string
	if k.Kind == ir.PrimaryKey {
		if pk := a.t.PrimaryKey(); pk != nil && !a.dropped[pk.Name] {
			a.refuse("the table " + a.t.Name + " has a primary key already")
			return
		}
	}
	if a.t.Partition != "" {
		for _, c := range a.children(a.t) {
			a.Lock(effect.Of(c), effect.Share)
			var parts []string
			for _, p := range k.Parts {
				if p.Column != nil {
					parts = append(parts, p.Column.Name)
				}
			}
			if stored(c) {
				rules := a.d.SchemaRules()
				a.Do(effect.BuildIndex, effect.Of(c), rules.ConstraintName(c, &catalog.Constraint{Kind: k.Kind, Columns: parts}, func(name string) bool { return slices.Contains(indexNames(c), name) }))
			}
		}
	}
	what := "UNIQUE"
	if k.Kind == ir.PrimaryKey {
		what = "PRIMARY KEY"
	}
	if k.UsingIndex != nil {
		i := slices.IndexFunc(a.t.Indexes, func(x *catalog.Index) bool { return x.Name == k.UsingIndex.Name })
		if i < 0 {
			a.refuse("the index " + k.UsingIndex.Name + " of " + a.t.Name + " does not exist")
			return
		}
		x := a.t.Indexes[i]
		if !x.Unique || x.Where != "" || slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return p.Column == "" }) {
			a.refuse("the index " + x.Name + " is partial, over an expression or not unique, and so no " + what)
		}
		for _, p := range x.Parts {
			columns = append(columns, p.Column)
		}
	} else {
		for _, p := range k.Parts {
			if p.Column != nil {
				columns = append(columns, p.Column.Name)
				if a.t.Column(p.Column.Name, false) == nil && a.added[p.Column.Name] == nil {
					a.refuse("column " + p.Column.Name + " of " + a.t.Name + " does not exist")
				}
			}
		}
		a.build(a.keyName(k, columns))
		a.FailsOnRows = "rows that have the same key"
		a.warn(diag.IndexBlocks, "the index of the "+what+" is built while nobody reads or writes "+a.t.Name,
			"CREATE UNIQUE INDEX CONCURRENTLY …; outside of a transaction",
			"ALTER TABLE "+a.d.Quote(a.t.Name)+" ADD CONSTRAINT … "+what+" USING INDEX …;")
	}
	if k.Kind != ir.PrimaryKey {
		return
	}
	for _, name := range columns {
		c := a.t.Column(name, false)
		if c == nil || a.remainsNotNull(c) {
			continue
		}
		if a.provesNotNull(a.t, name, a.dropped) {
			a.passed = append(a.passed, name)
			continue
		}
		a.verify = true
		if a.t.Partition == "" {
			for _, child := range a.children(a.t) { // its column becomes NOT NULL too
				a.Lock(effect.Of(child), effect.AccessExclusive)
				a.Do(effect.Verify, effect.Of(child), "")
			}
		}
		if k.UsingIndex != nil {
			a.warn(diag.TableScanned, "all rows of "+a.t.Name+" are read to see that "+name+" is never NULL, while nobody reads or writes it",
				"make the column NOT NULL first, by a CHECK that is added NOT VALID and validated")
		}
	}
}

// remainsNotNull tells whether a column is NOT NULL by itself. PostgreSQL keeps NOT NULL where the primary key that brought it goes.
func (a *alteration) remainsNotNull(c *catalog.Column) bool { return c.NotNull && !c.NotNullByDomain }

// newForeignKey locks both tables so that nobody writes.
func (a *alteration) newForeignKey(k *ir.Constraint, columns []string, unchecked bool) {
	a.lock(effect.ShareRowExclusive)
	if k.References == nil {
		return
	}
	u := a.Schema.Table(k.References.Schema(), k.References.Last())
	if u == nil {
		a.missing("relation", k.References.String())
		return
	}
	for _, name := range columns {
		if a.t.Column(name, false) == nil && a.added[name] == nil {
			a.refuse("column " + name + " of " + a.t.Name + " does not exist")
		}
	}
	a.Lock(effect.Of(u), effect.ShareRowExclusive)
	name := a.keyName(k, columns)
	if !unchecked {
		if stored(a.t) {
			a.Do(effect.ValidateKey, effect.Of(a.t), name)
		}
		a.FailsOnRows = "rows that refer to nothing"
		table := a.d.Quote(a.t.Name)
		a.warn(diag.KeyValidated, "all rows of "+a.t.Name+" are looked up in "+u.Name+", and nobody writes to either table meanwhile",
			"ALTER TABLE "+table+" ADD CONSTRAINT … FOREIGN KEY … NOT VALID;",
			"in a transaction of its own: ALTER TABLE "+table+" VALIDATE CONSTRAINT …; it lets others read and write")
	}
}

func (a *alteration) validate(x *ir.AlterAction) {
	k := constraint(a.t, x.Column.Name)
	if k == nil {
		a.lock(effect.ShareUpdateExclusive)
		a.refuse("constraint " + x.Column.Name + " of " + a.t.Name + " does not exist")
		return
	}
	a.lock(effect.ShareUpdateExclusive)
	if !k.NotValid || !stored(a.t) {
		return
	}
	if k.Kind == ir.ForeignKey {
		if u := a.target(k); u != nil && u != a.t {
			a.Lock(effect.Of(u), effect.RowShare)
		}
		a.Do(effect.ValidateKey, effect.Of(a.t), k.Name)
		a.FailsOnRows = "rows that refer to nothing"
		return
	}
	a.verify = true
	a.FailsOnRows = "rows that do not keep the constraint"
}

// attach makes a table a partition.
func (a *alteration) attach(x *ir.AlterAction) {
	a.lock(effect.ShareUpdateExclusive)
	if x.Table == nil {
		return
	}
	child := a.Schema.Table(x.Table.Schema(), x.Table.Last())
	if child == nil {
		a.missing("relation", x.Table.String())
		return
	}
	a.Lock(effect.Of(child), effect.AccessExclusive)
	for _, c := range a.children(child) {
		a.Lock(effect.Of(c), effect.AccessExclusive)
	}
	bound := ""
	for _, o := range x.Options {
		if o.Key == "bound" {
			bound = o.Value
		}
	}
	if d := a.defaultPartition(a.t); d != nil && d != child {
		a.lockDefault(d, effect.Verify)
	}
	if !a.impliesBound(child, a.t, bound) && stored(child) && !strings.EqualFold(bound, "DEFAULT") {
		a.Do(effect.Verify, effect.Of(child), "")
		a.FailsOnRows = "rows outside of the partition's bounds"
		a.Warn(effect.Danger{Code: diag.TableScanned, Table: effect.Of(child), Text: "all rows of " + child.Name + " are read, to see that they belong into the partition, while nobody reads or writes it",
			Safe: []string{"ALTER TABLE " + a.d.Quote(child.Name) + " ADD CONSTRAINT … CHECK (the bounds, and that the key is not NULL) NOT VALID, and VALIDATE it, before: ATTACH reads nothing then"}})
	}
	// An index of the parent is made on the partition, where it has none like it.
	for _, i := range a.t.Indexes {
		if stored(child) && !slices.ContainsFunc(child.Indexes, func(own *catalog.Index) bool { return like(own, i) }) {
			a.Do(effect.BuildIndex, effect.Of(child), a.childIndex(child, i))
		}
	}
	for _, k := range a.t.Constraints {
		if (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && stored(child) && !slices.ContainsFunc(child.Constraints, func(own *catalog.Constraint) bool {
			return own.Kind == k.Kind && slices.Equal(own.Columns, k.Columns)
		}) {
			rules := a.d.SchemaRules()
			a.Do(effect.BuildIndex, effect.Of(child), rules.ConstraintName(child, &catalog.Constraint{Kind: k.Kind, Columns: k.Columns}, func(string) bool { return false }))
		}
		if k.Kind == ir.ForeignKey {
			if u := a.target(k); u != nil {
				a.Lock(effect.Of(u), effect.ShareRowExclusive)
			}
		}
	}
}

// childIndex is the name that the server gives an index that a partition gets with its parent's.
func (a *alteration) childIndex(child *catalog.Table, i *catalog.Index) string {
	return partitionIndex(a.d.SchemaRules(), child, i)
}

func partitionIndex(rules catalog.Rules, child *catalog.Table, i *catalog.Index) string {
	var columns []string
	for _, p := range i.Parts {
		columns = append(columns, p.Column)
	}
	return rules.ConstraintName(child, &catalog.Constraint{Kind: ir.PlainIndex, Columns: columns, Include: i.Include}, func(name string) bool {
		return slices.Contains(indexNames(child), name)
	})
}

// like tells whether two indexes of two tables are one thing.
func like(x, y *catalog.Index) bool {
	return x.Unique == y.Unique && x.Method == y.Method && x.Where == y.Where && slices.EqualFunc(x.Parts, y.Parts, func(p, q catalog.IndexPart) bool {
		return p.Column == q.Column && p.Expr == q.Expr && p.Desc == q.Desc && p.OpClass == q.OpClass && p.Collation == q.Collation
	})
}

func (a *alteration) detach(x *ir.AlterAction) {
	concurrently := a.has("CONCURRENTLY")
	mode := effect.AccessExclusive
	if concurrently {
		mode = effect.ShareUpdateExclusive
		a.Alone = true
	}
	a.lock(mode)
	if d := a.defaultPartition(a.t); d != nil && !concurrently {
		a.Lock(effect.Of(d), effect.AccessExclusive)
	}
	if x.Table == nil {
		return
	}
	child := a.Schema.Table(x.Table.Schema(), x.Table.Last())
	if child == nil {
		a.missing("relation", x.Table.String())
		return
	}
	a.Lock(effect.Of(child), mode)
	for _, k := range a.t.Constraints {
		if k.Kind == ir.ForeignKey {
			if u := a.target(k); u != nil {
				a.Lock(effect.Of(u), effect.ShareRowExclusive)
			}
		}
	}
	if !concurrently && !a.has("FINALIZE") {
		a.warn(diag.DropBlocks, "nobody reads or writes "+a.t.Name+", with all its partitions, until the transaction ends",
			"ALTER TABLE "+a.d.Quote(a.t.Name)+" DETACH PARTITION "+a.d.Quote(child.Name)+" CONCURRENTLY, outside of a transaction (PostgreSQL 14)")
	}
}

// defaultPartition is the partition that takes what no other one takes.
func (s *statement) defaultPartition(t *catalog.Table) *catalog.Table {
	for _, c := range s.tables() {
		if refers(c.PartitionOf, c, t) && strings.EqualFold(c.Bound, "DEFAULT") {
			return c
		}
	}
	return nil
}

// lockDefault notes that the default partition is read for rows that belong into a new one.
func (s *statement) lockDefault(d *catalog.Table, k effect.WorkKind) {
	s.Lock(effect.Of(d), effect.AccessExclusive)
	if stored(d) {
		s.Do(k, effect.Of(d), "")
		s.Warn(effect.Danger{Code: diag.TableScanned, Table: effect.Of(d), Text: "all rows of the default partition " + d.Name + " are read, for such as belong into the new one, while nobody reads or writes it",
			Safe: []string{"keep the default partition empty, or give it a validated CHECK that excludes the new bounds"}})
	}
}
