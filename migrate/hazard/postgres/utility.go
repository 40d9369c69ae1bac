package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	"github.com/covetsql/covetsql/migrate/plan"
)

func serialOf(s *statement, d *ir.ColumnDef) (types.Type, bool) {
	rules := s.d.SchemaRules()
	if len(d.Type.Name.Parts) != 1 {
		return types.Type{}, false
	}
	return rules.Serial(d.Type.Name.Last())
}

// lockModes are the words of LOCK TABLE … IN … MODE.
var lockModes = map[string]effect.Mode{
	"ACCESS SHARE": effect.AccessShare, "ROW SHARE": effect.RowShare, "ROW EXCLUSIVE": effect.RowExclusive, "SHARE UPDATE EXCLUSIVE": effect.ShareUpdateExclusive,
	"SHARE": effect.Share, "SHARE ROW EXCLUSIVE": effect.ShareRowExclusive, "EXCLUSIVE": effect.Exclusive, "ACCESS EXCLUSIVE": effect.AccessExclusive,
}

func (s *statement) utility(n *ir.Utility) {
	switch n.Verb {
	case "TRUNCATE", "TRUNCATE TABLE":
		s.truncate(n)
	case "LOCK", "LOCK TABLE":
		mode := effect.AccessExclusive
		if i := s.index("IN"); i > 0 {
			if m, ok := lockModes[strings.Join(s.words[i+1:max(i+1, slices.Index(s.words, "MODE"))], " ")]; ok {
				mode = m
			}
		}
		for _, ref := range n.Tables {
			if t := s.lockName(ref.Name, mode); t != nil && !ref.Only {
				for _, c := range s.children(t) {
					s.Lock(effect.Of(c), mode)
				}
			}
		}
	case "REFRESH MATERIALIZED VIEW":
		s.refresh(n)
	case "CLUSTER":
		s.cluster(n)
	case "VACUUM":
		s.vacuum(n)
	case "ANALYZE", "ANALYSE":
		for _, ref := range n.Tables {
			if t := s.lockName(ref.Name, effect.ShareUpdateExclusive); t != nil && s.Refused == "" {
				s.Do(effect.Scan, effect.Of(t), "")
			}
		}
	case "REINDEX":
		s.reindex(n)
	case "COPY":
		mode := effect.RowExclusive
		if s.has("TO") && !s.has("FROM") {
			mode = effect.AccessShare
		}
		for _, ref := range n.Tables {
			if t := s.lockName(ref.Name, mode); t != nil && mode == effect.RowExclusive {
				s.Do(effect.Write, effect.Of(t), "")
			}
		}
	}
}

func (s *statement) truncate(n *ir.Utility) {
	var all []*catalog.Table
	var add func(t *catalog.Table)
	cascade := s.has("CASCADE")
	only := false
	add = func(t *catalog.Table) {
		if slices.Contains(all, t) {
			return
		}
		all = append(all, t)
		if !only {
			for _, c := range s.children(t) {
				add(c)
			}
		}
		if cascade {
			for _, r := range s.referencing(t) {
				add(r.table)
			}
		}
	}
	for _, ref := range n.Tables {
		t := s.Schema.Table(ref.Name.Schema(), ref.Name.Last())
		if t == nil {
			s.missing("relation", ref.Name.String())
			continue
		}
		only = ref.Only
		add(t)
	}
	for _, t := range all {
		for _, r := range s.referencing(t) {
			if !slices.Contains(all, r.table) {
				s.refuse("the foreign key " + r.key.Name + " of " + r.table.Name + " refers to " + t.Name)
			}
		}
		s.about = effect.Of(t)
		s.Lock(effect.Of(t), effect.AccessExclusive)
		if stored(t) {
			for _, name := range s.indexes(t) {
				s.Work = append(s.Work, effect.Work{Kind: effect.BuildIndex, Table: effect.Of(t), Object: name, Trivial: true})
			}
		}
		s.Losses = append(s.Losses, plan.Loss{Object: plan.Object{Kind: "table", Schema: t.Schema, Name: t.Name}, What: "the rows of the table", Rows: true})
		s.warn(diag.DataLost, "all rows of "+t.Name+" are gone", "keep a copy, or DELETE in batches what is meant")
	}
}

func (s *statement) refresh(n *ir.Utility) {
	for _, ref := range n.Tables {
		t := s.Schema.Table(ref.Name.Schema(), ref.Name.Last())
		if t == nil {
			s.missing("relation", ref.Name.String())
			return
		}
		s.about = effect.Of(t)
		mode := effect.AccessExclusive
		if s.has("CONCURRENTLY") {
			mode = effect.Exclusive
			if !slices.ContainsFunc(t.Indexes, func(x *catalog.Index) bool {
				return x.Unique && x.Where == "" && !slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return p.Column == "" })
			}) {
				s.refuse(t.Name + " has no unique index over columns and all rows, without which it is not refreshed CONCURRENTLY")
			}
		}
		s.Lock(effect.Of(t), mode)
		if !s.has("WITH", "NO", "DATA") {
			s.viewReads(t, 0)
			s.Do(effect.Query, effect.Of(t), "")
		} else {
			s.Work = append(s.Work, effect.Work{Kind: effect.Query, Table: effect.Of(t), Trivial: true})
		}
		if mode == effect.AccessExclusive {
			for _, name := range indexNames(t) {
				s.Do(effect.BuildIndex, effect.Of(t), name)
			}
			s.warn(diag.ViewRefreshBlocks, "nobody reads "+t.Name+" while its query runs", "REFRESH MATERIALIZED VIEW CONCURRENTLY; it needs a unique index over columns")
		}
	}
}

// viewReads locks what a view reads, through other views down to tables.
func (s *statement) viewReads(v *catalog.Table, depth int) {
	if depth > 32 {
		return
	}
	q := v.Query
	if q == nil {
		q = s.parseQuery(v.Text)
	}
	if q == nil {
		return
	}
	for _, t := range s.reads(q) {
		if system(t) {
			continue
		}
		s.Lock(effect.Of(t), effect.AccessShare)
		if t.Kind == catalog.View {
			s.viewReads(t, depth+1)
		}
	}
}

// lockAll locks what a query reads when it runs: the tables behind views too.
func (s *statement) lockAll(n ir.Node) {
	for _, t := range s.reads(n) {
		if system(t) {
			continue
		}
		s.Lock(effect.Of(t), effect.AccessShare)
		if t.Kind == catalog.View {
			s.viewReads(t, 0)
		}
		for _, c := range s.children(t) {
			s.Lock(effect.Of(c), effect.AccessShare)
		}
	}
}

func (s *statement) cluster(n *ir.Utility) {
	if len(n.Tables) == 0 {
		s.Alone, s.Unknown = true, true
		return
	}
	t := s.lockName(n.Tables[0].Name, effect.AccessExclusive)
	if t == nil {
		return
	}
	s.Do(effect.Copy, effect.Of(t), "")
	for _, name := range indexNames(t) {
		s.Do(effect.BuildIndex, effect.Of(t), name)
	}
	s.warn(diag.TableRewritten, "all rows of "+t.Name+" are written anew in the order of an index, while nobody reads or writes it", "pg_repack does it beside readers and writers")
}

func (s *statement) vacuum(n *ir.Utility) {
	s.Alone = true
	full := s.has("FULL")
	for _, ref := range n.Tables {
		if !full {
			s.lockName(ref.Name, effect.ShareUpdateExclusive)
			continue
		}
		t := s.lockName(ref.Name, effect.AccessExclusive)
		if t == nil {
			return
		}
		s.Do(effect.Copy, effect.Of(t), "")
		for _, name := range indexNames(t) {
			s.Do(effect.BuildIndex, effect.Of(t), name)
		}
		s.warn(diag.TableRewritten, "all rows of "+t.Name+" are written anew, while nobody reads or writes it", "pg_repack does it beside readers and writers; a plain VACUUM blocks nobody")
	}
}

// query is a statement over rows.
func (s *statement) query(n ir.Query) {
	write := func(ref *ir.TableRef) *catalog.Table {
		if ref == nil {
			return nil
		}
		t := s.lockName(ref.Name, effect.RowExclusive)
		if t == nil {
			return nil
		}
		s.Do(effect.Write, effect.Of(t), "")
		return t
	}
	ir.Walk(n, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.Insert:
			write(x.Table)
		case *ir.Update:
			for _, e := range x.Tables {
				if ref, ok := e.(*ir.TableRef); ok {
					s.inherited(write(ref), ref.Only)
				}
			}
		case *ir.Delete:
			for _, ref := range x.Tables {
				t := write(ref)
				s.inherited(t, ref.Only)
				if t != nil && x.Where == nil && len(x.From) == 0 {
					s.Losses = append(s.Losses, plan.Loss{Object: plan.Object{Kind: "table", Schema: t.Schema, Name: t.Name}, What: "the rows of the table", Rows: true})
					s.warn(diag.DataLost, "all rows of "+t.Name+" are gone", "say which rows are meant in a WHERE")
				}
			}
		case *ir.Merge:
			write(x.Table)
		case *ir.Select:
			if len(x.Locking) > 0 {
				for _, t := range s.reads(x) {
					s.Lock(effect.Of(t), effect.RowShare)
				}
			}
		}
		return true
	})
	s.lockAll(n)
}

func (s *statement) inherited(t *catalog.Table, only bool) {
	if t == nil || only {
		return
	}
	for _, c := range s.children(t) {
		s.Lock(effect.Of(c), effect.RowExclusive)
		s.Do(effect.Write, effect.Of(c), "")
	}
}
