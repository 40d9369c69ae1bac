package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// address is what pg_depend calls an object: its catalog, its oid, and the number of a column or 0.
type address struct {
	class, oid uint32
	sub        int32
}

// identityQueries are the queries that name objects: oid, number of a column or 0, kind, schema, table and name of all that a
// catalog has. A part that nobody drops by itself has the name of its whole: a view's rule is the view, the index of a
// constraint the constraint, an array its element's type.
var identityQueries = []struct{ class, query string }{
	{"pg_namespace", `SELECT n.oid, 0, 'schema', '', '', n.nspname FROM pg_namespace n WHERE true`},
	{"pg_extension", `SELECT oid, 0, 'extension', '', '', extname FROM pg_extension`},
	{"pg_class", `SELECT c.oid, 0, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'type' ELSE 'table' END, n.nspname, '', c.relname
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
			OR c.relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i')
	UNION ALL SELECT c.oid, 0, 'column', n.nspname, o.relname, a.attname
		FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
			JOIN pg_class o ON o.oid = d.refobjid JOIN pg_namespace n ON n.oid = o.relnamespace JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum = d.refobjsubid
		WHERE c.relkind = 'S'
	UNION ALL SELECT c.oid, 0, CASE WHEN k.oid IS NULL THEN 'index' ELSE 'constraint' END, n.nspname, t.relname, coalesce(k.conname, c.relname)
		FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
			LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
		WHERE t.relkind <> 't'
	UNION ALL SELECT c.oid, a.attnum, 'column', n.nspname, c.relname, a.attname
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relkind IN ('r', 'p', 'f') AND c.oid >= 16384`},
	{"pg_attrdef", `SELECT d.oid, 0, CASE WHEN a.attgenerated <> '' THEN 'column' ELSE 'default' END, n.nspname, c.relname, a.attname
		FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace`},
	{"pg_constraint", `SELECT k.oid, 0, CASE WHEN k.conrelid <> 0 THEN 'constraint' ELSE 'domain constraint' END, n.nspname, coalesce(c.relname, t.typname, ''), k.conname
		FROM pg_constraint k LEFT JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = coalesce(c.relnamespace, t.typnamespace)`},
	{"pg_type", `SELECT t.oid, 0, CASE WHEN c.relkind = 'v' THEN 'view' WHEN c.relkind = 'm' THEN 'materialized view' WHEN c.relkind IN ('r', 'p', 'f') THEN 'table' WHEN w.typtype = 'd' THEN 'domain' ELSE 'type' END,
			n.nspname, '', coalesce(c.relname, w.typname)
		FROM pg_type t LEFT JOIN pg_type e ON e.typarray = t.oid
			LEFT JOIN LATERAL (SELECT coalesce(e.oid, t.oid) AS oid) o ON true
			` + rangeOfMultirange + `
			JOIN pg_type w ON w.oid = coalesce(g.rngtypid, o.oid) LEFT JOIN pg_class c ON c.oid = w.typrelid JOIN pg_namespace n ON n.oid = w.typnamespace`},
	{"pg_proc", `SELECT p.oid, 0, CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END, n.nspname, '', p.proname || '(' || oidvectortypes(p.proargtypes) || ')'
		FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384`},
	{"pg_rewrite", `SELECT w.oid, 0, CASE WHEN w.rulename <> '_RETURN' THEN 'rule' WHEN c.relkind = 'm' THEN 'materialized view' ELSE 'view' END,
			n.nspname, CASE WHEN w.rulename <> '_RETURN' THEN c.relname ELSE '' END, CASE WHEN w.rulename <> '_RETURN' THEN w.rulename ELSE c.relname END
		FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace`},
	{"pg_trigger", `SELECT g.oid, 0, 'trigger', n.nspname, c.relname, g.tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT g.tgisinternal`},
	{"pg_policy", `SELECT p.oid, 0, 'policy', n.nspname, c.relname, p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace`},
	{"pg_statistic_ext", `SELECT s.oid, 0, 'statistics', n.nspname, '', s.stxname FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace`},
	{"pg_collation", `SELECT l.oid, 0, 'collation', n.nspname, '', l.collname FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid >= 16384`},
	{"pg_conversion", `SELECT v.oid, 0, 'conversion', n.nspname, '', v.conname FROM pg_conversion v JOIN pg_namespace n ON n.oid = v.connamespace WHERE v.oid >= 16384`},
	{"pg_operator", `SELECT o.oid, 0, 'operator', n.nspname, '', o.oprname || '(' || CASE o.oprleft WHEN 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', ' || format_type(o.oprright, NULL) || ')'
		FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid >= 16384`},
	{"pg_opclass", `SELECT o.oid, 0, 'operator class', n.nspname, '', o.opcname || ' USING ' || m.amname FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod WHERE o.oid >= 16384`},
	{"pg_opfamily", `SELECT o.oid, 0, 'operator family', n.nspname, '', o.opfname || ' USING ' || m.amname FROM pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace JOIN pg_am m ON m.oid = o.opfmethod WHERE o.oid >= 16384`},
	{"pg_am", `SELECT oid, 0, 'access method', '', '', amname FROM pg_am`},
	{"pg_cast", `SELECT oid, 0, 'cast', '', '', '(' || format_type(castsource, NULL) || ' AS ' || format_type(casttarget, NULL) || ')' FROM pg_cast WHERE oid >= 16384`},
	{"pg_ts_config", `SELECT o.oid, 0, 'text search configuration', n.nspname, '', o.cfgname FROM pg_ts_config o JOIN pg_namespace n ON n.oid = o.cfgnamespace WHERE o.oid >= 16384`},
	{"pg_ts_dict", `SELECT o.oid, 0, 'text search dictionary', n.nspname, '', o.dictname FROM pg_ts_dict o JOIN pg_namespace n ON n.oid = o.dictnamespace WHERE o.oid >= 16384`},
	{"pg_ts_parser", `SELECT o.oid, 0, 'text search parser', n.nspname, '', o.prsname FROM pg_ts_parser o JOIN pg_namespace n ON n.oid = o.prsnamespace WHERE o.oid >= 16384`},
	{"pg_ts_template", `SELECT o.oid, 0, 'text search template', n.nspname, '', o.tmplname FROM pg_ts_template o JOIN pg_namespace n ON n.oid = o.tmplnamespace WHERE o.oid >= 16384`},
	{"pg_foreign_data_wrapper", `SELECT oid, 0, 'foreign data wrapper', '', '', fdwname FROM pg_foreign_data_wrapper`},
	{"pg_foreign_server", `SELECT oid, 0, 'server', '', '', srvname FROM pg_foreign_server`},
	{"pg_user_mapping", `SELECT u.oid, 0, 'user mapping', '', s.srvname, coalesce(pg_get_userbyid(nullif(u.umuser, 0)), 'public') FROM pg_user_mapping u JOIN pg_foreign_server s ON s.oid = u.umserver`},
	{"pg_language", `SELECT oid, 0, 'language', '', '', lanname FROM pg_language WHERE oid >= 16384`},
	{"pg_transform", `SELECT o.oid, 0, 'transform', '', '', 'FOR ' || format_type(o.trftype, NULL) || ' LANGUAGE ' || l.lanname FROM pg_transform o JOIN pg_language l ON l.oid = o.trflang`},
	{"pg_event_trigger", `SELECT oid, 0, 'event trigger', '', '', evtname FROM pg_event_trigger`},
	{"pg_publication", `SELECT oid, 0, 'publication', '', '', pubname FROM pg_publication`},
	{"pg_publication_rel", `SELECT r.oid, 0, 'publication table', n.nspname, c.relname, p.pubname FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
		JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace`},
	{"pg_publication_namespace", `SELECT r.oid, 0, 'publication schema', n.nspname, '', p.pubname FROM pg_publication_namespace r JOIN pg_publication p ON p.oid = r.pnpubid JOIN pg_namespace n ON n.oid = r.pnnspid`},
	{"pg_amop", `SELECT a.oid, 0, 'operator family', n.nspname, '', f.opfname || ' USING ' || m.amname FROM pg_amop a JOIN pg_opfamily f ON f.oid = a.amopfamily JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod WHERE a.oid >= 16384`},
	{"pg_amproc", `SELECT a.oid, 0, 'operator family', n.nspname, '', f.opfname || ' USING ' || m.amname FROM pg_amproc a JOIN pg_opfamily f ON f.oid = a.amprocfamily JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod WHERE a.oid >= 16384`},
}

// rangeOfMultirange finds the range whose multirange the type o is.
const rangeOfMultirange = "LEFT JOIN pg_range g ON g.rngmultitypid = o.oid"

// depends reads what each object rests on. What stands between two tables because one inherits from the other is
// an object by itself, of the kind "inheritance", with the child as its table and the parent as its name; a child that rests on a parent's
// part does not rest on the parent.
func (r *reader) depends() error {
	var (
		a                         address
		kind, schema, table, name string
	)
	text := make([]string, 0, len(identityQueries))
	for _, q := range identityQueries {
		query := q.query
		switch q.class {
		case "pg_type":
			query = strings.Replace(query, rangeOfMultirange, r.since(14, rangeOfMultirange, "LEFT JOIN pg_range g ON false"), 1)
		case "pg_publication_namespace":
			if r.since(15, "yes", "") == "" {
				continue
			}
		}
		text = append(text, "SELECT '"+q.class+"'::regclass::oid, i.* FROM ("+query+") i(oid, sub, kind, nspname, tab, name)")
	}
	ids := map[address]catalog.ObjectID{}
	r.ids = ids
	err := r.each(strings.Join(text, "\nUNION ALL\n"), []any{&a.class, &a.oid, &a.sub, &kind, &schema, &table, &name}, func() error {
		ids[a] = catalog.ObjectID{Kind: kind, Schema: schema, Table: table, Name: name}
		return nil
	})
	if err != nil {
		return err
	}
	// Members of an extension are the extension.
	var on address
	var way string
	edges := `SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype::text FROM pg_catalog.pg_depend WHERE objid >= 16384 AND `
	dest := []any{&a.class, &a.oid, &a.sub, &on.class, &on.oid, &on.sub, &way}
	err = r.each(edges+"deptype = 'e'", dest, func() error {
		ids[a] = ids[on]
		return nil
	})
	if err != nil {
		return err
	}
	seen := map[catalog.Dependency]bool{}
	note := func(x, y catalog.ObjectID, automatic bool) {
		d := catalog.Dependency{Object: x, On: y, Automatic: automatic}
		if x != y && !seen[d] {
			seen[d] = true
			r.out.Depends = append(r.out.Depends, d)
		}
	}
	err = r.each(edges+"deptype NOT IN ('e', 'x')", dest, func() error {
		x, ok := r.find(a)
		y, ok2 := r.find(on)
		switch {
		case !ok || !ok2:
		case x.Kind == "table" && y.Kind == "table":
			if x != y {
				z := catalog.ObjectID{Kind: "inheritance", Schema: x.Schema, Table: x.Name, Name: y.Schema + "." + y.Name}
				note(z, x, true)
				note(z, y, way == "a")
			}
		default:
			note(x, y, way != "n")
		}
		return nil
	})
	slices.SortFunc(r.out.Depends, compareDependencies)
	return err
}

// find is the object of an address, or that which it is a part of.
func (r *reader) find(a address) (catalog.ObjectID, bool) {
	id, ok := r.ids[a]
	if !ok {
		a.sub = 0 // the column of a view, an index, a composite
		id, ok = r.ids[a]
	}
	return id, ok
}

func compareDependencies(a, b catalog.Dependency) int {
	if c := compareIDs(a.Object, b.Object); c != 0 {
		return c
	}
	return compareIDs(a.On, b.On)
}

func compareIDs(a, b catalog.ObjectID) int {
	for _, p := range [...][2]string{{a.Kind, b.Kind}, {a.Schema, b.Schema}, {a.Table, b.Table}, {a.Name, b.Name}} {
		if c := strings.Compare(p[0], p[1]); c != 0 {
			return c
		}
	}
	return 0
}
