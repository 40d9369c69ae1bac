package postgres

import (
	"github.com/covetsql/covetsql/compiler/catalog"
)

// What follows reads what a server keeps beyond what the compiler needs: see catalog.PostgresTable.

var replicaIdentities = map[string]string{"d": "", "n": "nothing", "f": "full", "i": "index"}

func (r *reader) storage() error {
	var (
		oid                                                                   uint32
		persistence, replica, replicaIndex, cluster, method, space, typ, serv string
		force                                                                 bool
		toast, foreign, parentSchemas, parents                                []string
	)
	return r.each(`SELECT c.oid, c.relpersistence::text, c.relforcerowsecurity, c.relreplident::text,
			coalesce((SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident), ''),
			coalesce((SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisclustered), ''),
			coalesce((SELECT amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'), ''),
			coalesce((SELECT spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace), ''),
			CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) ELSE '' END,
			coalesce((SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid), '{}'),
			coalesce(s.srvname, ''), coalesce((SELECT array_agg(quote_ident(option_name) || ' ' || quote_literal(option_value)) FROM pg_options_to_table(f.ftoptions)), '{}'),
			ARRAY(SELECT n.nspname::text FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
			ARRAY(SELECT p.relname::text FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid ORDER BY i.inhseqno)
		FROM pg_class c LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver
		WHERE c.relkind IN ('r', 'p', 'f', 'm')`,
		[]any{&oid, &persistence, &force, &replica, &replicaIndex, &cluster, &method, &space, &typ, &toast, &serv, &foreign, &parentSchemas, &parents}, func() error {
			t := r.tables[oid]
			if t == nil {
				return nil
			}
			p := &catalog.PostgresTable{
				Unlogged: persistence == "u", ForceRowSecurity: force, ReplicaIdentity: replicaIdentities[replica], ReplicaIndex: replicaIndex,
				ClusterOn: cluster, AccessMethod: method, Tablespace: space, OfType: typ, Server: serv, Options: copied(foreign),
			}
			for i := range parents {
				p.Parents = append(p.Parents, catalog.ObjectID{Kind: "table", Schema: parentSchemas[i], Name: parents[i]})
			}
			for k, v := range settings(toast) {
				if t.Options == nil {
					t.Options = map[string]string{}
				}
				t.Options["toast."+k] = v
			}
			t.Postgres = p
			return nil
		})
}

// copied is a list that stays when the next row is read, nil where it is empty.
func copied(list []string) []string { return append([]string(nil), list...) }

func (r *reader) columnStorage() error {
	var (
		of                                             uint32
		name, typ, collation, storage, comp, nullsName string
		statistics, inherited                          int32
		local, notNull                                 bool
		options, foreign                               []string
	)
	return r.each(`SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod),
			CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname)
				FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) ELSE '' END,
			CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END ELSE '' END,
			`+r.since(14, "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE '' END", "''")+`, coalesce(a.attstattarget, -1)::int4, a.attinhcount::int4, a.attislocal, a.attnotnull,
			`+r.since(18, "coalesce((SELECT k.conname FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]), '')", "''")+`,
			coalesce(a.attoptions, '{}'), coalesce((SELECT array_agg(quote_ident(option_name) || ' ' || quote_literal(option_value)) FROM pg_options_to_table(a.attfdwoptions)), '{}')
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
		WHERE c.relkind IN ('r', 'p', 'f', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND c.oid >= 16384`,
		[]any{&of, &name, &typ, &collation, &storage, &comp, &statistics, &inherited, &local, &notNull, &nullsName, &options, &foreign}, func() error {
			t := r.tables[of]
			if t == nil {
				return nil
			}
			if c := t.Column(name, false); c != nil {
				c.Postgres = &catalog.PostgresColumn{
					Type: typ, Collation: collation, Storage: storage, Compression: comp, Statistics: statistics, Inherited: inherited > 0, Local: local,
					NotNull: notNull, NotNullName: nullsName, Options: copied(options), ForeignOptions: copied(foreign),
				}
			}
			return nil
		})
}

func (r *reader) constraintStorage() error {
	var (
		of                               uint32
		name, definition, comment, space string
		schema, table, parent            string
		inherited, local                 bool
		options                          []string
	)
	return r.each(`SELECT k.conrelid, k.conname, pg_get_constraintdef(k.oid), coalesce(obj_description(k.oid, 'pg_constraint'), ''),
			k.coninhcount > 0 OR k.conparentid <> 0, k.conislocal AND k.conparentid = 0,
			CASE WHEN k.contype IN ('p', 'u', 'x') THEN coalesce(x.reloptions, '{}') ELSE '{}' END,
			CASE WHEN k.contype IN ('p', 'u', 'x') THEN coalesce((SELECT spcname FROM pg_tablespace s WHERE s.oid = x.reltablespace), '') ELSE '' END,
			coalesce(pn.nspname, ''), coalesce(pt.relname, ''), coalesce(p.conname, '')
		FROM pg_constraint k LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_constraint p ON p.oid = k.conparentid
			LEFT JOIN pg_class pt ON pt.oid = p.conrelid LEFT JOIN pg_namespace pn ON pn.oid = pt.relnamespace
		WHERE k.conrelid <> 0 AND k.contype IN ('p', 'u', 'c', 'f', 'x')`,
		[]any{&of, &name, &definition, &comment, &inherited, &local, &options, &space, &schema, &table, &parent}, func() error {
			t := r.tables[of]
			if t == nil {
				return nil
			}
			for _, k := range t.Constraints {
				if k.Name == name {
					k.Postgres = &catalog.PostgresConstraint{
						Definition: definition, Comment: comment, Inherited: inherited, Local: local, Options: copied(options), Tablespace: space,
					}
					if parent != "" {
						k.Postgres.Parent = catalog.ObjectID{Kind: "constraint", Schema: schema, Table: table, Name: parent}
					}
				}
			}
			return nil
		})
}

func (r *reader) indexStorage() error {
	var (
		of                                                         uint32
		name, definition, constraint, comment, schema, table, part string
		unique, valid                                              bool
		statistics                                                 []string
	)
	return r.each(`SELECT i.indrelid, c.relname, i.indisunique, substr(pg_get_indexdef(i.indexrelid),
				length('CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' || quote_ident(c.relname) || ' ON '
					|| CASE WHEN c.relkind = 'I' THEN 'ONLY ' ELSE '' END || quote_ident(n.nspname) || '.' || quote_ident(t.relname) || ' ') + 1),
			coalesce(k.conname, ''), i.indisvalid, coalesce(obj_description(c.oid, 'pg_class'), ''), coalesce(pn.nspname, ''), coalesce(pt.relname, ''), coalesce(p.relname, ''),
			ARRAY(SELECT a.attnum || ' ' || a.attstattarget FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0 ORDER BY a.attnum)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
			LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
			LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid LEFT JOIN pg_class p ON p.oid = h.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
			LEFT JOIN pg_index pi ON pi.indexrelid = p.oid LEFT JOIN pg_class pt ON pt.oid = pi.indrelid
		WHERE t.relkind IN ('r', 'p', 'm') AND i.indrelid >= 16384 ORDER BY i.indrelid, i.indexrelid`,
		[]any{&of, &name, &unique, &definition, &constraint, &valid, &comment, &schema, &table, &part, &statistics}, func() error {
			t := r.tables[of]
			if t == nil || t.Postgres == nil {
				return nil
			}
			x := &catalog.PostgresIndex{
				Name: name, Unique: unique, Definition: definition, Constraint: constraint, Valid: valid, Comment: comment, Statistics: copied(statistics),
			}
			if part != "" {
				x.Parent = catalog.ObjectID{Kind: "index", Schema: schema, Table: table, Name: part}
			}
			t.Postgres.Indexes = append(t.Postgres.Indexes, x)
			return nil
		})
}
