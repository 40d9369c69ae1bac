package postgres

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

var relationKinds = map[string]catalog.TableKind{
	"r": catalog.BaseTable, "p": catalog.BaseTable, "f": catalog.BaseTable, "v": catalog.View, "m": catalog.MaterializedView,
}

// relations reads tables and views: tables in order of creation, then views so that each
// comes after those it reads.
func (r *reader) relations() error {
	type relation struct {
		oid    uint32
		schema string
		table  *catalog.Table
	}
	var (
		oid                                                  uint32
		schema, name, kind, comment, partition, bound, query string
		isPartition, hasChildren, rowSecurity, populated     bool
		options, parents                                     []string
		tables, views                                        []relation
	)
	err := r.each(`SELECT c.oid, n.nspname, c.relname, c.relkind::text, coalesce(obj_description(c.oid, 'pg_class'), ''),
			coalesce(c.reloptions, '{}'), c.relispartition, coalesce(pg_get_partkeydef(c.oid), ''), coalesce(pg_get_expr(c.relpartbound, c.oid), ''),
			coalesce((SELECT array_agg(p.relname::text ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid), '{}'),
			CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) ELSE '' END,
			c.relkind <> 'p' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid), c.relrowsecurity, c.relispopulated
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relpersistence <> 't' AND `+userSchema+` AND `+notOfExtension("pg_class", "c.oid")+` ORDER BY c.oid`,
		[]any{&oid, &schema, &name, &kind, &comment, &options, &isPartition, &partition, &bound, &parents, &query, &hasChildren, &rowSecurity, &populated}, func() error {
			t := &catalog.Table{
				Name: name, Kind: relationKinds[kind], Comment: comment, Options: settings(options),
				HasChildren: hasChildren, RowSecurity: rowSecurity, Unpopulated: !populated,
				Partition: partition, Bound: bound, Text: strings.TrimSuffix(strings.TrimSpace(query), ";"),
			}
			if isPartition && len(parents) > 0 {
				t.PartitionOf = parents[0]
			} else {
				t.Inherits = append(t.Inherits, parents...)
			}
			r.tables[oid] = t
			if t.Kind == catalog.BaseTable {
				tables = append(tables, relation{oid, schema, t})
			} else {
				views = append(views, relation{oid, schema, t})
			}
			return nil
		})
	if err != nil {
		return err
	}
	for _, t := range tables {
		r.out.Add(t.schema, []*catalog.Table{t.table}, nil, nil)
	}
	for _, t := range tables {
		for _, parent := range t.table.Inherits {
			for _, p := range tables {
				p.table.HasChildren = p.table.HasChildren || p.table.Name == parent
			}
		}
	}
	reads := map[uint32][]uint32{}
	var view, read uint32
	err = r.each(`SELECT DISTINCT w.ev_class, d.refobjid FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
		WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> w.ev_class ORDER BY 1, 2`, []any{&view, &read}, func() error {
		reads[view] = append(reads[view], read)
		return nil
	})
	if err != nil {
		return err
	}
	done := map[uint32]bool{}
	byOID := map[uint32]relation{}
	for _, v := range views {
		byOID[v.oid] = v
	}
	var add func(v relation)
	add = func(v relation) {
		if done[v.oid] {
			return
		}
		done[v.oid] = true
		for _, on := range reads[v.oid] {
			if w, ok := byOID[on]; ok {
				add(w)
			}
		}
		r.out.Add(v.schema, []*catalog.Table{v.table}, nil, nil)
	}
	for _, v := range views {
		add(v)
	}
	return nil
}

// settings reads reloptions: "fillfactor=70".
func settings(list []string) map[string]string {
	if len(list) == 0 {
		return nil
	}
	out := make(map[string]string, len(list))
	for _, o := range list {
		k, v, _ := strings.Cut(o, "=")
		out[strings.ToLower(k)] = v
	}
	return out
}

var identities = map[string]string{"a": "always", "d": "by default"}

func (r *reader) columns() error {
	var (
		of, typ                                             uint32
		name, comment, expr, identity, generated, collation string
		modifier, dims                                      int32
		notNull                                             bool
	)
	return r.each(`SELECT a.attrelid, a.attname, a.atttypid, a.atttypmod, a.attndims::int4, a.attnotnull, a.attidentity::text, a.attgenerated::text,
			coalesce(pg_get_expr(d.adbin, d.adrelid), ''), coalesce(col_description(a.attrelid, a.attnum), ''),
			CASE WHEN a.attcollation <> t.typcollation THEN (SELECT CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE n.nspname || '.' END || l.collname
				FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) ELSE '' END
		FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
			LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`,
		[]any{&of, &name, &typ, &modifier, &dims, &notNull, &identity, &generated, &expr, &comment, &collation}, func() error {
			t := r.tables[of]
			if t == nil {
				return nil
			}
			c := &catalog.Column{
				Name: name, Type: r.typed(typ, modifier, dims), Table: t, Collation: collation, Comment: comment,
				NotNull: notNull || r.refusesNull(typ), Identity: identities[identity],
			}
			if generated != "" {
				c.Generated, c.Stored = expr, generated == "s"
			} else {
				c.Default = expr
			}
			t.Columns = append(t.Columns, c)
			return nil
		})
}

// refusesNull tells whether a type is a NOT NULL domain.
func (r *reader) refusesNull(oid uint32) bool {
	d := r.definitions[oid]
	return d != nil && d.Kind == types.Domain && d.NotNull
}

var constraintKinds = map[string]ir.ConstraintKind{
	"p": ir.PrimaryKey, "u": ir.Unique, "c": ir.Check, "f": ir.ForeignKey, "x": ir.Exclude,
}

var (
	actions = map[string]string{"a": "", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", " ": ""}
	matches = map[string]string{"f": "FULL", "p": "PARTIAL"}
)

func (r *reader) constraints() error {
	var (
		of, refers                                                     uint32
		name, kind, expr, definition, onUpdate, onDelete, match, using string
		columns, refColumns, include                                   []string
		deferrable, deferred, valid, noInherit, nullsNotDistinct       bool
	)
	names := func(keys, of string) string {
		return `coalesce((SELECT array_agg(a.attname::text ORDER BY key.n) FROM unnest(` + keys + `) WITH ORDINALITY key(attnum, n)
			JOIN pg_catalog.pg_attribute a ON a.attrelid = ` + of + ` AND a.attnum = key.attnum), '{}')`
	}
	return r.each(`SELECT k.conrelid, k.conname, k.contype::text, coalesce(pg_get_expr(k.conbin, k.conrelid), ''),
			CASE k.contype WHEN 'x' THEN pg_get_constraintdef(k.oid) ELSE '' END,
			CASE k.contype WHEN 'x' THEN (SELECT m.amname FROM pg_catalog.pg_class x JOIN pg_catalog.pg_am m ON m.oid = x.relam WHERE x.oid = k.conindid) ELSE '' END,
			`+names("k.conkey", "k.conrelid")+`, k.confrelid, `+names("k.confkey", "k.confrelid")+`,
			CASE WHEN k.contype IN ('p', 'u') THEN coalesce((SELECT array_agg(a.attname::text ORDER BY n) FROM pg_catalog.pg_index x, unnest(x.indkey) WITH ORDINALITY i(attnum, n)
				JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.attnum WHERE x.indexrelid = k.conindid AND n > x.indnkeyatts), '{}') ELSE '{}' END,
			k.confupdtype::text, k.confdeltype::text, k.confmatchtype::text, k.condeferrable, k.condeferred, k.convalidated, k.connoinherit AND k.contype = 'c',
			`+r.since(15, `coalesce((SELECT x.indnullsnotdistinct FROM pg_catalog.pg_index x WHERE x.indexrelid = k.conindid AND k.contype = 'u'), false)`, "false")+`
		FROM pg_catalog.pg_constraint k WHERE k.conrelid <> 0 AND k.contype IN ('p', 'u', 'c', 'f', 'x') ORDER BY k.conrelid, k.oid`,
		[]any{&of, &name, &kind, &expr, &definition, &using, &columns, &refers, &refColumns, &include, &onUpdate, &onDelete, &match,
			&deferrable, &deferred, &valid, &noInherit, &nullsNotDistinct}, func() error {
			t := r.tables[of]
			if t == nil {
				return nil
			}
			c := &catalog.Constraint{
				Name: name, Kind: constraintKinds[kind], Expr: expr, Using: using,
				OnUpdate: actions[onUpdate], OnDelete: actions[onDelete], Match: matches[match],
				Deferrable: deferrable, InitiallyDeferred: deferred, NotValid: !valid, NoInherit: noInherit, NullsNotDistinct: nullsNotDistinct,
			}
			if len(include) > 0 {
				c.Include = append([]string(nil), include...)
			}
			if c.Kind != ir.Check {
				c.Columns = append([]string(nil), columns...)
			}
			if c.Kind == ir.Exclude {
				c.Expr = definition
			}
			if ref := r.tables[refers]; ref != nil {
				c.RefSchema, c.RefTable, c.RefColumns = ref.Schema, ref.Name, append([]string(nil), refColumns...)
			}
			t.Constraints = append(t.Constraints, c)
			return nil
		})
}

// since is an expression that a server of that major version knows, and what stands for it
// on an older one.
func (r *reader) since(major uint32, expr, otherwise string) string {
	version := r.tx.Conn().PgConn().ParameterStatus("server_version")
	var n uint32
	for i := 0; i < len(version) && version[i] >= '0' && version[i] <= '9'; i++ {
		n = n*10 + uint32(version[i]-'0')
	}
	if n >= major {
		return expr
	}
	return otherwise
}

// indexes reads the indexes that no constraint made, and no index of a partitioned table.
func (r *reader) indexes() error {
	var (
		oid, of                          uint32
		name, method, where, comment     string
		unique, nullsNotDistinct, isKey  bool
		options                          []string
		column, expr, collation, opclass string
		option                           int32
		last                             uint32
		x                                *catalog.Index
	)
	// An index that is not valid, left by a CREATE INDEX CONCURRENTLY that failed, keeps nothing unique.
	return r.each(`SELECT i.indexrelid, i.indrelid, c.relname, m.amname, i.indisunique, coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
			coalesce(c.reloptions, '{}'), coalesce(obj_description(c.oid, 'pg_class'), ''), `+r.since(15, "i.indnullsnotdistinct", "false")+`,
			k.n <= i.indnkeyatts, coalesce(a.attname, ''), CASE WHEN k.attnum = 0 THEN pg_get_indexdef(i.indexrelid, k.n::int4, false) ELSE '' END,
			coalesce(o.option, 0)::int4,
			CASE WHEN l.oid <> 0 AND l.oid <> CASE WHEN k.attnum = 0 THEN (SELECT y.typcollation FROM pg_catalog.pg_attribute z JOIN pg_catalog.pg_type y ON y.oid = z.atttypid
					WHERE z.attrelid = i.indexrelid AND z.attnum = k.n) ELSE a.attcollation END
				THEN (SELECT CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE n.nspname || '.' END || l2.collname FROM pg_catalog.pg_collation l2
					JOIN pg_catalog.pg_namespace n ON n.oid = l2.collnamespace WHERE l2.oid = l.oid) ELSE '' END,
			CASE WHEN p.opcdefault IS NOT FALSE THEN '' ELSE p.opcname::text END
		FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam
			CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, n)
			LEFT JOIN LATERAL unnest(i.indoption) WITH ORDINALITY o(option, n) ON o.n = k.n
			LEFT JOIN LATERAL unnest(i.indcollation) WITH ORDINALITY l(oid, n) ON l.n = k.n
			LEFT JOIN LATERAL unnest(i.indclass) WITH ORDINALITY s(opclass, n) ON s.n = k.n
			LEFT JOIN pg_catalog.pg_opclass p ON p.oid = s.opclass
			LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
		WHERE i.indisvalid AND NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint t WHERE t.conindid = i.indexrelid AND t.contype IN ('p', 'u', 'x'))
		ORDER BY i.indrelid, i.indexrelid, k.n`,
		[]any{&oid, &of, &name, &method, &unique, &where, &options, &comment, &nullsNotDistinct, &isKey, &column, &expr, &option, &collation, &opclass}, func() error {
			t := r.tables[of]
			if t == nil {
				return nil
			}
			if oid != last {
				last = oid
				x = &catalog.Index{Name: name, Method: method, Unique: unique, Where: where, Options: settings(options), Comment: comment, NullsNotDistinct: nullsNotDistinct}
				t.Indexes = append(t.Indexes, x)
			}
			if !isKey {
				x.Include = append(x.Include, column)
				return nil
			}
			p := catalog.IndexPart{Column: column, Expr: expr, Desc: option&1 != 0, Collation: collation, OpClass: opclass}
			if first := option&2 != 0; first != p.Desc {
				p.Nulls = map[bool]string{true: "FIRST", false: "LAST"}[first]
			}
			x.Parts = append(x.Parts, p)
			return nil
		})
}

func (r *reader) sequences() error {
	var (
		schema, name, owner, comment       string
		typ                                uint32
		start, increment, low, high, cache string
		cycle, unlogged                    bool
	)
	return r.each(`SELECT n.nspname, c.relname, c.relpersistence = 'u', s.seqtypid, s.seqstart::text, s.seqincrement::text, s.seqmin::text, s.seqmax::text, s.seqcache::text, s.seqcycle,
			coalesce((SELECT o.relname || '.' || a.attname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class o ON o.oid = d.refobjid
				JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
				WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')), ''),
			coalesce(obj_description(c.oid, 'pg_class'), '')
		FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relpersistence <> 't' AND `+userSchema+` AND `+notOfExtension("pg_class", "c.oid")+` ORDER BY c.oid`,
		[]any{&schema, &name, &unlogged, &typ, &start, &increment, &low, &high, &cache, &cycle, &owner, &comment}, func() error {
			t := r.types[typ]
			q := &catalog.Sequence{Schema: schema, Name: name, Type: t, OwnedBy: owner, Comment: comment, Unlogged: unlogged}
			q.Definition = fmt.Sprintf("AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s", t.Name, increment, low, high, start, cache, map[bool]string{true: "CYCLE", false: "NO CYCLE"}[cycle])
			set := func(key, value, usual string) {
				if value == usual {
					return
				}
				if q.Options == nil {
					q.Options = map[string]string{}
				}
				q.Options[key] = value
			}
			limits := map[string][2]string{
				"int2": {"-32768", "32767"}, "int4": {"-2147483648", "2147483647"}, "int8": {"-9223372036854775808", "9223372036854775807"},
			}[t.Name]
			usualLow, usualHigh, usualStart := "1", limits[1], low
			if strings.HasPrefix(increment, "-") {
				usualLow, usualHigh, usualStart = limits[0], "-1", high
			}
			set("increment", increment, "1")
			set("minvalue", low, usualLow)
			set("maxvalue", high, usualHigh)
			set("start", start, usualStart)
			set("cache", cache, "1")
			if cycle {
				set("cycle", "true", "")
			}
			sc := r.out.Schema(schema)
			sc.Sequences = append(sc.Sequences, q)
			return nil
		})
}
