package fingerprint

// postgresCatalog tells which rows of a system catalog are objects of a schema, and which columns of them are no part of
// it. Columns that are not named here are told as they stand (oids as names), so that what a newer server adds is seen.
type postgresCatalog struct {
	class string
	// object is the SQL of the object's name, where pg_identify_object over the row's own oid does not give it. Rows of
	// one name are told under it together.
	object string
	// relation is a column that holds a relation, namespace one that holds a schema, which decide whose the object is; made:
	// what the server came with has low oids. where is a further condition.
	relation, namespace string
	made                bool
	where               string
	// omit are columns that differ between equal schemas, or that stand in an expression; "*" all.
	omit string
	// as tells columns by expressions; also are expressions over no column.
	as   map[string]string
	also []facet
}

type facet struct {
	name, expr string
	// needs is a function that older servers lack, and the facet with it.
	needs string
}

// identity is the name of an object of a class by its oid.
func identity(class, oid string) string {
	return "(SELECT i.type || ' ' || i.identity FROM pg_identify_object('pg_catalog." + class + "'::regclass, " + oid + ", 0) i)"
}

// notOfExtension is the condition that the object of a class is no extension's.
func notOfExtension(class, oid string) string {
	return "NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog." + class + "'::regclass AND e.objid = " + oid + " AND e.deptype = 'e')"
}

// cloned is the condition that a foreign key is the server's own copy for a partition of the table that is referred to.
const cloned = `EXISTS (SELECT FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_constraint p ON p.oid = o.conparentid AND p.conrelid = o.conrelid WHERE o.oid = `

// described is the condition on a row of pg_description and its like that its object is neither the system's nor an extension's.
const described = `(c.objoid >= 16384 OR c.classoid = 'pg_catalog.pg_namespace'::regclass AND EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.oid = c.objoid AND ` + userSchema + `)
		OR c.classoid = 'pg_catalog.pg_extension'::regclass)
	AND (c.classoid <> 'pg_catalog.pg_class'::regclass OR c.objoid IN (SELECT oid FROM relation))
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = c.classoid AND e.objid = c.objoid AND e.deptype = 'e')`

const describedObject = `(SELECT i.type || ' ' || i.identity FROM pg_identify_object(c.classoid, c.objoid, c.objsubid) i)`

var catalogs = []postgresCatalog{
	{class: "pg_namespace", where: userSchemaOf("c"), as: map[string]string{"nspacl": rights("c.nspacl", "'n'", "c.nspowner")}},
	{class: "pg_extension", omit: "extconfig extcondition"},
	{
		class: "pg_class", where: "c.oid IN (SELECT oid FROM relation)",
		omit: `reltype relfilenode relpages reltuples relallvisible relallfrozen reltoastrelid relhasindex relnatts relchecks relhasrules relhastriggers relhassubclass
			relispopulated relrewrite relfrozenxid relminmxid`,
		as: map[string]string{
			"relacl":       rights("c.relacl", "CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END", "c.relowner"),
			"relpartbound": "pg_get_expr(c.relpartbound, c.oid)",
		},
	},
	{
		class: "pg_attribute", relation: "attrelid", where: "c.attnum > 0 AND NOT c.attisdropped AND EXISTS (SELECT FROM pg_catalog.pg_class r WHERE r.oid = c.attrelid AND r.relkind IN ('r', 'p', 'f', 'v', 'm', 'c'))",
		object: "(SELECT i.type || ' ' || i.identity FROM pg_identify_object('pg_catalog.pg_class'::regclass, c.attrelid, c.attnum) i)",
		omit:   "attrelid attlen attnum attndims attcacheoff atttypmod attbyval attalign atthasdef atthasmissing attisdropped attmissingval",
		as: map[string]string{
			"atttypid": "format_type(c.atttypid, c.atttypmod)",
			"attacl":   rights("c.attacl", "'c'", "(SELECT r.relowner FROM pg_catalog.pg_class r WHERE r.oid = c.attrelid)"),
		},
		also: []facet{
			{name: "default", expr: "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = c.attrelid AND d.adnum = c.attnum"},
			{name: "position in the type", expr: `SELECT count(*) FROM pg_catalog.pg_attribute o JOIN pg_catalog.pg_class r ON r.oid = o.attrelid AND r.relkind = 'c'
				WHERE o.attrelid = c.attrelid AND o.attnum <= c.attnum AND NOT o.attisdropped HAVING count(*) > 0`},
		},
	},
	{ // columns of indexes have names of their own that nobody sees; expressions may have a statistics target
		class: "pg_attribute", relation: "attrelid", where: "c.attstattarget >= 0 AND EXISTS (SELECT FROM pg_catalog.pg_class r WHERE r.oid = c.attrelid AND r.relkind IN ('i', 'I'))",
		object: identity("pg_class", "c.attrelid"), omit: "*", also: []facet{{name: "statistics target", expr: "c.attnum || ' ' || c.attstattarget"}},
	},
	{
		class: "pg_index", relation: "indexrelid", object: identity("pg_class", "c.indexrelid"), omit: "indexrelid indcheckxmin indkey indoption",
		also: []facet{{name: "definition", expr: "pg_get_indexdef(c.indexrelid)"}},
	},
	{class: "pg_inherits", relation: "inhrelid", object: identity("pg_class", "c.inhrelid"), omit: "inhrelid inhseqno",
		also: []facet{{name: "order", expr: "SELECT count(*) FROM pg_catalog.pg_inherits o WHERE o.inhrelid = c.inhrelid AND o.inhseqno <= c.inhseqno"}}},
	{
		class: "pg_partitioned_table", relation: "partrelid", object: identity("pg_class", "c.partrelid"), omit: "partrelid partattrs partexprs partclass partcollation",
		also: []facet{{name: "partition by", expr: "pg_get_partkeydef(c.partrelid)"}},
	},
	{class: "pg_sequence", relation: "seqrelid", object: identity("pg_class", "c.seqrelid"), omit: "seqrelid"},
	{
		class: "pg_depend", object: identity("pg_class", "c.objid"), omit: "*",
		where: `c.classid = 'pg_catalog.pg_class'::regclass AND c.objid IN (SELECT oid FROM relation) AND c.deptype IN ('a', 'i') AND c.refobjsubid > 0
			AND EXISTS (SELECT FROM pg_catalog.pg_sequence s WHERE s.seqrelid = c.objid)`,
		also: []facet{{name: "owned by", expr: "SELECT i.identity FROM pg_identify_object(c.refclassid, c.refobjid, c.refobjsubid) i"}},
	},
	{
		class: "pg_depend", object: "(SELECT i.type || ' ' || i.identity FROM pg_identify_object(c.classid, c.objid, c.objsubid) i)", omit: "*", where: "c.deptype = 'x'",
		also: []facet{{name: "depends on", expr: "SELECT i.type || ' ' || i.identity FROM pg_identify_object(c.refclassid, c.refobjid, 0) i"}},
	},
	{
		class: "pg_constraint", where: "(c.conrelid IN (SELECT oid FROM relation) OR c.contypid <> 0 AND " + notOfExtension("pg_type", "c.contypid") + ") AND c.oid >= 16384 AND NOT " + cloned + "c.oid)",
		omit: "conkey confkey confdelsetcols conbin connoinherit", // of a check the definition has it, of a key it tells only how a partition came by it
		also: []facet{{name: "definition", expr: "pg_get_constraintdef(c.oid)"}},
	},
	{
		class: "pg_trigger", relation: "tgrelid", where: "NOT c.tgisinternal", omit: "tgtype tgnargs tgattr tgargs tgqual tgconstraint",
		also: []facet{{name: "definition", expr: "pg_get_triggerdef(c.oid)"}},
	},
	{ // those of foreign keys have oids in their names, and are an object only where someone disabled them
		class: "pg_trigger", relation: "tgrelid", where: "c.tgisinternal AND c.tgconstraint <> 0 AND c.tgenabled <> 'O' AND NOT " + cloned + "c.tgconstraint)",
		object: identity("pg_constraint", "c.tgconstraint"), omit: "*",
		also: []facet{{name: "trigger", expr: "c.tgfoid::regproc || ' on ' || c.tgrelid::regclass || ': ' || c.tgenabled::text"}},
	},
	{class: "pg_rewrite", relation: "ev_class", omit: "ev_qual ev_action", also: []facet{{name: "definition", expr: "pg_get_ruledef(c.oid)"}}},
	{
		class: "pg_policy", relation: "polrelid", as: map[string]string{
			"polqual": "pg_get_expr(c.polqual, c.polrelid)", "polwithcheck": "pg_get_expr(c.polwithcheck, c.polrelid)",
			"polroles": "SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END, ', ' ORDER BY r::regrole::text) FROM unnest(c.polroles) r",
		},
	},
	{
		class: "pg_type", namespace: "typnamespace",
		where: `(c.typrelid = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class r WHERE r.oid = c.typrelid AND r.relkind = 'c')) AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = c.oid)`,
		omit:  "typrelid typarray typtypmod typndims typdefault",
		as: map[string]string{
			"typbasetype": "CASE WHEN c.typbasetype <> 0 THEN format_type(c.typbasetype, c.typtypmod) END", "typacl": rights("c.typacl", "'T'", "c.typowner"),
			"typdefaultbin": "coalesce(pg_get_expr(c.typdefaultbin, 0), c.typdefault)",
		},
		also: []facet{{name: "values", expr: "SELECT string_agg(quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder) FROM pg_catalog.pg_enum v WHERE v.enumtypid = c.oid"}},
	},
	{class: "pg_range", object: identity("pg_type", "c.rngtypid"), omit: "rngtypid", where: "c.rngtypid >= 16384 AND " + notOfExtension("pg_type", "c.rngtypid")},
	{
		class: "pg_proc", namespace: "pronamespace", where: "NOT EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_proc'::regclass AND i.objid = c.oid AND i.deptype = 'i')",
		omit: "prosrc probin prosqlbody proargdefaults", as: map[string]string{"proacl": rights("c.proacl", "'f'", "c.proowner")},
		also: []facet{{name: "definition", expr: "CASE WHEN c.prokind <> 'a' THEN pg_get_functiondef(c.oid) END"}},
	},
	{class: "pg_aggregate", object: identity("pg_proc", "c.aggfnoid::oid"), omit: "aggfnoid", where: "c.aggfnoid::oid >= 16384 AND " + notOfExtension("pg_proc", "c.aggfnoid::oid")},
	{class: "pg_operator", namespace: "oprnamespace"},
	{class: "pg_opfamily", namespace: "opfnamespace"},
	{class: "pg_opclass", namespace: "opcnamespace"},
	{class: "pg_amop", made: true, where: notOfExtension("pg_opfamily", "c.amopfamily")},
	{class: "pg_amproc", made: true, where: notOfExtension("pg_opfamily", "c.amprocfamily")},
	{class: "pg_am", made: true},
	{class: "pg_cast", made: true},
	{class: "pg_collation", namespace: "collnamespace", omit: "collversion collencoding"},
	{class: "pg_conversion", namespace: "connamespace"},
	{class: "pg_language", made: true, as: map[string]string{"lanacl": rights("c.lanacl", "'l'", "c.lanowner")}},
	{class: "pg_transform", made: true},
	{class: "pg_ts_parser", namespace: "prsnamespace"},
	{class: "pg_ts_template", namespace: "tmplnamespace"},
	{class: "pg_ts_dict", namespace: "dictnamespace"},
	{class: "pg_ts_config", namespace: "cfgnamespace"},
	{class: "pg_ts_config_map", object: identity("pg_ts_config", "c.mapcfg"), omit: "mapcfg", where: "c.mapcfg >= 16384 AND " + notOfExtension("pg_ts_config", "c.mapcfg")},
	{ // its definition has the columns in the table's order
		class: "pg_statistic_ext", namespace: "stxnamespace", omit: "stxexprs", as: map[string]string{"stxkeys": columnsOf("c.stxrelid", "c.stxkeys")},
		also: []facet{{name: "expressions", expr: "pg_get_statisticsobjdef_expressions(c.oid)", needs: "pg_get_statisticsobjdef_expressions"}},
	},
	{class: "pg_foreign_data_wrapper", made: true, as: map[string]string{"fdwacl": rights("c.fdwacl", "'F'", "c.fdwowner")}},
	{class: "pg_foreign_server", made: true, as: map[string]string{"srvacl": rights("c.srvacl", "'S'", "c.srvowner")}},
	{ // options may be passwords, of which a print tells no more than whether they are the same
		class: "pg_user_mapping", made: true, as: map[string]string{
			"umoptions": "SELECT string_agg(split_part(o, '=', 1) || '=' || left(md5(o), 8), ', ' ORDER BY o) FROM unnest(c.umoptions) o",
		},
	},
	{class: "pg_foreign_table", relation: "ftrelid", object: identity("pg_class", "c.ftrelid"), omit: "ftrelid"},
	{class: "pg_publication", made: true},
	{
		class: "pg_publication_rel", made: true, as: map[string]string{
			"prqual":  "pg_get_expr(c.prqual, c.prrelid)",
			"prattrs": columnsOf("c.prrelid", "c.prattrs"),
		},
	},
	{class: "pg_publication_namespace", made: true},
	{
		class: "pg_subscription", where: "c.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())",
		omit: "subdbid subconninfo subskiplsn subtwophasestate",
	},
	{class: "pg_event_trigger", made: true},
	{
		class: "pg_default_acl", made: true, omit: "*", also: []facet{{name: "rights", expr: rights("c.defaclacl", "'r'", "c.defaclrole")}},
		object: `'default privileges of ' || ` + ownerName("c.defaclrole") + ` || CASE WHEN c.defaclnamespace <> 0 THEN ' in schema ' || c.defaclnamespace::regnamespace ELSE '' END
			|| ' on ' || CASE c.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE c.defaclobjtype::text END`,
	},
	{class: "pg_description", object: describedObject, where: described, omit: "*", also: []facet{{name: "comment", expr: "c.description"}}},
	{class: "pg_seclabel", object: describedObject, where: described, omit: "*", also: []facet{{name: "label", expr: "c.provider || ' ' || c.label"}}},
	// What the system and extensions bring is told only where its rights were changed.
	{
		class: "pg_namespace", omit: "*", where: "NOT (" + userSchemaOf("c") + ") AND c.nspname !~ '^pg_(temp|toast)' AND " + changedRights("pg_namespace", "c.nspacl"),
		also: []facet{{name: "rights", expr: rights("c.nspacl", "'n'", "c.nspowner")}},
	},
	{
		class: "pg_class", omit: "*", where: "c.oid NOT IN (SELECT oid FROM relation) AND c.relnamespace::regnamespace::text !~ '^pg_(temp|toast)' AND " + changedRights("pg_class", "c.relacl"),
		also: []facet{{name: "rights", expr: rights("c.relacl", "CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END", "c.relowner")}},
	},
	{
		class: "pg_proc", omit: "*", where: foreign("pg_proc", "pronamespace") + " AND " + changedRights("pg_proc", "c.proacl"),
		also: []facet{{name: "rights", expr: rights("c.proacl", "'f'", "c.proowner")}},
	},
	{
		class: "pg_type", omit: "*", where: foreign("pg_type", "typnamespace") + " AND " + changedRights("pg_type", "c.typacl"),
		also: []facet{{name: "rights", expr: rights("c.typacl", "'T'", "c.typowner")}},
	},
	{
		class: "pg_language", omit: "*", where: "c.oid < 16384 AND " + changedRights("pg_language", "c.lanacl"),
		also: []facet{{name: "rights", expr: rights("c.lanacl", "'l'", "c.lanowner")}},
	},
}

// postgresNoSchema are the catalogs that hold no object of one database's schema, or none that is not told elsewhere.
var postgresNoSchema = map[string]string{
	"pg_attrdef": "told with the column", "pg_enum": "told with the type",
	"pg_init_privs": "rights that differ from them are told", "pg_shdepend": "follows from owners and rights",
	"pg_authid": "the cluster's", "pg_auth_members": "the cluster's", "pg_database": "the cluster's", "pg_tablespace": "the cluster's", "pg_db_role_setting": "the database's settings",
	"pg_parameter_acl": "the cluster's", "pg_shdescription": "the cluster's", "pg_shseclabel": "the cluster's", "pg_replication_origin": "the cluster's",
	"pg_largeobject": "data", "pg_largeobject_metadata": "data", "pg_statistic": "data", "pg_statistic_ext_data": "data", "pg_subscription_rel": "data",
}

func userSchemaOf(alias string) string {
	return alias + ".nspname !~ '^pg_' AND " + alias + ".nspname <> 'information_schema'"
}

// columnsOf are the names of a relation's columns that an int2vector lists, in no order.
func columnsOf(relation, attributes string) string {
	return "SELECT string_agg(a.attname, ', ' ORDER BY a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = " + relation + " AND a.attnum = ANY (" + attributes + "::int2[])"
}

// changedRights is the condition that an object's ACL is not the one that initdb or the extension gave it.
func changedRights(class, acl string) string {
	return acl + " IS DISTINCT FROM (SELECT p.initprivs FROM pg_catalog.pg_init_privs p WHERE p.classoid = 'pg_catalog." + class + "'::regclass AND p.objoid = c.oid AND p.objsubid = 0)"
}

// foreign is the condition that an object of a schema is the system's or an extension's.
func foreign(class, namespace string) string {
	return "(c.oid < 16384 AND c." + namespace + "::regnamespace::text ~ '^(pg_|information_schema$)' OR NOT " + notOfExtension(class, "c.oid") + ")"
}
