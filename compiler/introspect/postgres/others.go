package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// othersQuery reads objects that the compiler has no use for as statements: catalog and oid, the statement that makes the
// object, those that follow it, what drops it, and what changes another of its name into it, "" where nothing can.
type othersQuery struct {
	since uint32 // the first major version that knows the catalog
	// kind is of what hangs on another object: "state of trigger"; "" elsewhere, where identityQueries have it.
	kind, class, query string
}

// options writes the options of a foreign object, those of an array of "name=value".
func options(column string) string {
	return "(SELECT ' OPTIONS (' || string_agg(quote_ident(x.option_name) || ' ' || quote_literal(x.option_value), ', ' ORDER BY x.option_name) || ')' FROM pg_options_to_table(" + column + ") x)"
}

// enabled writes what sets apart from the usual the state of a rule or a trigger.
func enabled(column, what string) string {
	return "CASE " + column + " WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END || ' " + what + " '"
}

// columnNames are a relation's columns of an int2vector, in no order.
func columnNames(relation, list string) string {
	return "(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = " + relation + " AND a.attnum = ANY (" + list + "::int2[]))"
}

const qualified = "quote_ident(n.nspname) || '.' || quote_ident("

var othersQueries = []othersQuery{
	{class: "pg_rewrite", query: `SELECT o.oid, rtrim(pg_get_ruledef(o.oid), ';'), ARRAY(SELECT 'ALTER TABLE ' || o.ev_class::regclass || ' ' || ` + enabled("o.ev_enabled", "RULE") + ` || quote_ident(o.rulename) WHERE o.ev_enabled <> 'O'),
			'DROP RULE ' || quote_ident(o.rulename) || ' ON ' || o.ev_class::regclass, ''
		FROM pg_rewrite o WHERE o.rulename <> '_RETURN'`},
	{class: "pg_policy", query: `SELECT o.oid, 'CREATE POLICY ' || quote_ident(o.polname) || ' ON ' || o.polrelid::regclass || CASE WHEN o.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
				|| ' FOR ' || CASE o.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
				|| ' TO ' || (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', ' ORDER BY pg_get_userbyid(r)) FROM unnest(o.polroles) r)
				|| coalesce(' USING (' || pg_get_expr(o.polqual, o.polrelid) || ')', '') || coalesce(' WITH CHECK (' || pg_get_expr(o.polwithcheck, o.polrelid) || ')', ''),
			'{}'::text[], 'DROP POLICY ' || quote_ident(o.polname) || ' ON ' || o.polrelid::regclass, ''
		FROM pg_policy o`},
	{class: "pg_trigger", kind: "state of trigger", query: `SELECT o.oid, 'ALTER TABLE ' || o.tgrelid::regclass || ' ' || ` + enabled("o.tgenabled", "TRIGGER") + ` || quote_ident(o.tgname), '{}'::text[],
			'ALTER TABLE ' || o.tgrelid::regclass || ' ENABLE TRIGGER ' || quote_ident(o.tgname), 'ALTER TABLE ' || o.tgrelid::regclass || ' ' || ` + enabled("o.tgenabled", "TRIGGER") + ` || quote_ident(o.tgname)
		FROM pg_trigger o WHERE NOT o.tgisinternal AND o.tgenabled <> 'O'`},
	{class: "pg_statistic_ext", query: `SELECT o.oid, 'CREATE STATISTICS ' || ` + qualified + `o.stxname)
				|| CASE WHEN cardinality(o.stxkeys::int2[]) = 0 AND cardinality(x.list) = 1 THEN '' ELSE
					(SELECT ' (' || string_agg(CASE k WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' ELSE 'mcv' END, ', ' ORDER BY k) || ')' FROM unnest(o.stxkind) k WHERE k IN ('d', 'f', 'm')) END
				|| ' ON ' || concat_ws(', ', ` + columnNames("o.stxrelid", "o.stxkeys") + `, array_to_string(x.list, ', ')) || ' FROM ' || o.stxrelid::regclass,
			ARRAY(SELECT 'ALTER STATISTICS ' || ` + qualified + `o.stxname) || ' SET STATISTICS ' || o.stxstattarget WHERE o.stxstattarget >= 0), 'DROP STATISTICS ' || ` + qualified + `o.stxname), ''
		FROM pg_statistic_ext o JOIN pg_namespace n ON n.oid = o.stxnamespace, LATERAL (SELECT EXPRESSIONS AS list) x`},
	{class: "pg_event_trigger", query: `SELECT o.oid, 'CREATE EVENT TRIGGER ' || quote_ident(o.evtname) || ' ON ' || o.evtevent
				|| coalesce(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(t), ', ' ORDER BY t) FROM unnest(o.evttags) t) || ')', '') || ' EXECUTE FUNCTION ' || o.evtfoid::regproc || '()',
			ARRAY(SELECT 'ALTER EVENT TRIGGER ' || quote_ident(o.evtname) || ' ' || CASE o.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END WHERE o.evtenabled <> 'O'),
			'DROP EVENT TRIGGER ' || quote_ident(o.evtname), ''
		FROM pg_event_trigger o`},
	{class: "pg_collation", query: `SELECT o.oid, 'CREATE COLLATION ' || ` + qualified + `o.collname) || ' (PROVIDER = ' || CASE o.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END
				|| coalesce(', LOCALE = ' || quote_literal(coalesce(j->>'colllocale', j->>'colliculocale', CASE WHEN o.collprovider = 'i' THEN j->>'collcollate' END)), '')
				|| CASE WHEN o.collprovider <> 'c' THEN '' ELSE ', LC_COLLATE = ' || quote_literal(j->>'collcollate') || ', LC_CTYPE = ' || quote_literal(j->>'collctype') END
				|| CASE WHEN o.collisdeterministic THEN '' ELSE ', DETERMINISTIC = false' END || coalesce(', RULES = ' || quote_literal(j->>'collicurules'), '') || ')',
			'{}'::text[], 'DROP COLLATION ' || ` + qualified + `o.collname), ''
		FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace, LATERAL to_jsonb(o) j`},
	{class: "pg_conversion", query: `SELECT o.oid, 'CREATE ' || CASE WHEN o.condefault THEN 'DEFAULT ' ELSE '' END || 'CONVERSION ' || ` + qualified + `o.conname) || ' FOR ' || quote_literal(pg_encoding_to_char(o.conforencoding))
				|| ' TO ' || quote_literal(pg_encoding_to_char(o.contoencoding)) || ' FROM ' || o.conproc, '{}'::text[], 'DROP CONVERSION ' || ` + qualified + `o.conname), ''
		FROM pg_conversion o JOIN pg_namespace n ON n.oid = o.connamespace`},
	{class: "pg_cast", query: `SELECT o.oid, 'CREATE CAST (' || format_type(o.castsource, NULL) || ' AS ' || format_type(o.casttarget, NULL) || ') '
				|| CASE o.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || o.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END
				|| CASE o.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END,
			'{}'::text[], 'DROP CAST (' || format_type(o.castsource, NULL) || ' AS ' || format_type(o.casttarget, NULL) || ')', ''
		FROM pg_cast o WHERE o.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = o.oid AND d.deptype = 'i')`},
	{class: "pg_operator", query: `SELECT o.oid, 'CREATE OPERATOR ' || quote_ident(n.nspname) || '.' || o.oprname || ' (' || concat_ws(', ', 'FUNCTION = ' || o.oprcode,
				'LEFTARG = ' || CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END, 'RIGHTARG = ' || CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END,
				'COMMUTATOR = ' || (SELECT 'OPERATOR(' || quote_ident(m.nspname) || '.' || c.oprname || ')' FROM pg_operator c JOIN pg_namespace m ON m.oid = c.oprnamespace WHERE c.oid = o.oprcom),
				'NEGATOR = ' || (SELECT 'OPERATOR(' || quote_ident(m.nspname) || '.' || c.oprname || ')' FROM pg_operator c JOIN pg_namespace m ON m.oid = c.oprnamespace WHERE c.oid = o.oprnegate),
				'RESTRICT = ' || CASE WHEN o.oprrest <> 0 THEN o.oprrest::text END, 'JOIN = ' || CASE WHEN o.oprjoin <> 0 THEN o.oprjoin::text END,
				CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END) || ')',
			'{}'::text[], 'DROP OPERATOR ' || quote_ident(n.nspname) || '.' || o.oprname || ' (' || CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) ELSE 'NONE' END
				|| ', ' || CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) ELSE 'NONE' END || ')', ''
		FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0`},
	{class: "pg_opfamily", query: `SELECT o.oid, 'CREATE OPERATOR FAMILY ' || ` + qualified + `o.opfname) || ' USING ' || quote_ident(m.amname),
			ARRAY(SELECT 'ALTER OPERATOR FAMILY ' || ` + qualified + `o.opfname) || ' USING ' || quote_ident(m.amname) || ' ADD ' || x.member FROM (` + members("o.oid", "pg_opfamily", "a") + `) x ORDER BY 1),
			'DROP OPERATOR FAMILY ' || ` + qualified + `o.opfname) || ' USING ' || quote_ident(m.amname), ''
		FROM pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace JOIN pg_am m ON m.oid = o.opfmethod`},
	{class: "pg_opclass", query: `SELECT o.oid, 'CREATE OPERATOR CLASS ' || ` + qualified + `o.opcname) || CASE WHEN o.opcdefault THEN ' DEFAULT' ELSE '' END || ' FOR TYPE ' || format_type(o.opcintype, NULL)
				|| ' USING ' || quote_ident(m.amname) || ' FAMILY ' || (SELECT quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) FROM pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = o.opcfamily)
				|| ' AS ' || concat_ws(', ', (SELECT string_agg(x.member, ', ' ORDER BY x.member) FROM (` + members("o.opcfamily", "pg_opclass", "i") + `) x),
					CASE WHEN o.opckeytype <> 0 THEN 'STORAGE ' || format_type(o.opckeytype, NULL) END),
			'{}'::text[], 'DROP OPERATOR CLASS ' || ` + qualified + `o.opcname) || ' USING ' || quote_ident(m.amname), ''
		FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod`},
	{class: "pg_ts_parser", query: `SELECT o.oid, 'CREATE TEXT SEARCH PARSER ' || ` + qualified + `o.prsname) || ' (START = ' || o.prsstart || ', GETTOKEN = ' || o.prstoken || ', END = ' || o.prsend || ', LEXTYPES = ' || o.prslextype
				|| CASE WHEN o.prsheadline <> 0 THEN ', HEADLINE = ' || o.prsheadline ELSE '' END || ')', '{}'::text[], 'DROP TEXT SEARCH PARSER ' || ` + qualified + `o.prsname), ''
		FROM pg_ts_parser o JOIN pg_namespace n ON n.oid = o.prsnamespace`},
	{class: "pg_ts_template", query: `SELECT o.oid, 'CREATE TEXT SEARCH TEMPLATE ' || ` + qualified + `o.tmplname) || ' (' || CASE WHEN o.tmplinit <> 0 THEN 'INIT = ' || o.tmplinit || ', ' ELSE '' END || 'LEXIZE = ' || o.tmpllexize || ')',
			'{}'::text[], 'DROP TEXT SEARCH TEMPLATE ' || ` + qualified + `o.tmplname), ''
		FROM pg_ts_template o JOIN pg_namespace n ON n.oid = o.tmplnamespace`},
	{class: "pg_ts_dict", query: `SELECT o.oid, 'CREATE TEXT SEARCH DICTIONARY ' || ` + qualified + `o.dictname) || ' (TEMPLATE = ' || (SELECT quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname)
				FROM pg_ts_template t JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = o.dicttemplate) || coalesce(', ' || o.dictinitoption, '') || ')',
			'{}'::text[], 'DROP TEXT SEARCH DICTIONARY ' || ` + qualified + `o.dictname), ''
		FROM pg_ts_dict o JOIN pg_namespace n ON n.oid = o.dictnamespace`},
	{class: "pg_ts_config", query: `SELECT o.oid, 'CREATE TEXT SEARCH CONFIGURATION ' || ` + qualified + `o.cfgname) || ' (PARSER = ' || (SELECT quote_ident(pn.nspname) || '.' || quote_ident(p.prsname)
				FROM pg_ts_parser p JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = o.cfgparser) || ')',
			ARRAY(SELECT 'ALTER TEXT SEARCH CONFIGURATION ' || ` + qualified + `o.cfgname) || ' ADD MAPPING FOR ' || quote_ident(t.alias) || ' WITH ' || string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno)
				FROM pg_ts_config_map m JOIN ts_token_type(o.cfgparser) t ON t.tokid = m.maptokentype WHERE m.mapcfg = o.oid GROUP BY t.alias ORDER BY t.alias),
			'DROP TEXT SEARCH CONFIGURATION ' || ` + qualified + `o.cfgname), ''
		FROM pg_ts_config o JOIN pg_namespace n ON n.oid = o.cfgnamespace`},
	{class: "pg_foreign_data_wrapper", query: `SELECT o.oid, 'CREATE FOREIGN DATA WRAPPER ' || quote_ident(o.fdwname) || CASE WHEN o.fdwhandler <> 0 THEN ' HANDLER ' || o.fdwhandler::regproc ELSE '' END
				|| CASE WHEN o.fdwvalidator <> 0 THEN ' VALIDATOR ' || o.fdwvalidator::regproc ELSE '' END || coalesce(` + options("o.fdwoptions") + `, ''),
			'{}'::text[], 'DROP FOREIGN DATA WRAPPER ' || quote_ident(o.fdwname), '' FROM pg_foreign_data_wrapper o WHERE o.oid >= 16384`},
	{class: "pg_foreign_server", query: `SELECT o.oid, 'CREATE SERVER ' || quote_ident(o.srvname) || coalesce(' TYPE ' || quote_literal(o.srvtype), '') || coalesce(' VERSION ' || quote_literal(o.srvversion), '')
				|| ' FOREIGN DATA WRAPPER ' || (SELECT quote_ident(w.fdwname) FROM pg_foreign_data_wrapper w WHERE w.oid = o.srvfdw) || coalesce(` + options("o.srvoptions") + `, ''),
			'{}'::text[], 'DROP SERVER ' || quote_ident(o.srvname), '' FROM pg_foreign_server o WHERE o.oid >= 16384`},
	// A mapping's options are passwords, mostly, and are left out.
	{class: "pg_user_mapping", query: `SELECT o.umid, 'CREATE USER MAPPING FOR ' || CASE o.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(o.usename) END || ' SERVER ' || quote_ident(o.srvname),
			'{}'::text[], 'DROP USER MAPPING FOR ' || CASE o.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(o.usename) END || ' SERVER ' || quote_ident(o.srvname), '' FROM pg_user_mappings o`},
	{class: "pg_language", query: `SELECT o.oid, 'CREATE ' || CASE WHEN o.lanpltrusted THEN 'TRUSTED ' ELSE '' END || 'LANGUAGE ' || quote_ident(o.lanname) || ' HANDLER ' || o.lanplcallfoid::regproc
				|| CASE WHEN o.laninline <> 0 THEN ' INLINE ' || o.laninline::regproc ELSE '' END || CASE WHEN o.lanvalidator <> 0 THEN ' VALIDATOR ' || o.lanvalidator::regproc ELSE '' END,
			'{}'::text[], 'DROP LANGUAGE ' || quote_ident(o.lanname), '' FROM pg_language o WHERE o.oid >= 16384 AND o.lanplcallfoid <> 0`},
	{class: "pg_transform", query: `SELECT o.oid, 'CREATE TRANSFORM FOR ' || format_type(o.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname) || ' ('
				|| concat_ws(', ', CASE WHEN o.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || o.trffromsql::oid::regprocedure END, CASE WHEN o.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || o.trftosql::oid::regprocedure END) || ')',
			'{}'::text[], 'DROP TRANSFORM FOR ' || format_type(o.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname), '' FROM pg_transform o JOIN pg_language l ON l.oid = o.trflang`},
	{class: "pg_am", query: `SELECT o.oid, 'CREATE ACCESS METHOD ' || quote_ident(o.amname) || ' TYPE ' || CASE o.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END || ' HANDLER ' || o.amhandler,
			'{}'::text[], 'DROP ACCESS METHOD ' || quote_ident(o.amname), '' FROM pg_am o WHERE o.oid >= 16384`},
	{class: "pg_publication", query: `SELECT o.oid, 'CREATE PUBLICATION ' || quote_ident(o.pubname) || CASE WHEN o.puballtables THEN ' FOR ALL TABLES' ELSE '' END || ' WITH (' || p.settings || ')', '{}'::text[], 'DROP PUBLICATION ' || quote_ident(o.pubname),
			CASE WHEN o.puballtables THEN '' ELSE 'ALTER PUBLICATION ' || quote_ident(o.pubname) || ' SET (' || p.settings || ')' END
		FROM pg_publication o, LATERAL to_jsonb(o) j, LATERAL (SELECT 'publish = ' || quote_literal(concat_ws(', ', CASE WHEN o.pubinsert THEN 'insert' END, CASE WHEN o.pubupdate THEN 'update' END,
			CASE WHEN o.pubdelete THEN 'delete' END, CASE WHEN o.pubtruncate THEN 'truncate' END)) || coalesce(', publish_via_partition_root = ' || (j->>'pubviaroot'), '') AS settings) p`},
	{class: "pg_publication_rel", query: `SELECT o.oid, 'ALTER PUBLICATION ' || quote_ident(p.pubname) || ' ADD TABLE ONLY ' || o.prrelid::regclass
				|| coalesce(' (' || COLUMNLIST || ')', '')
				|| coalesce(ROWFILTER, ''),
			'{}'::text[], 'ALTER PUBLICATION ' || quote_ident(p.pubname) || ' DROP TABLE ONLY ' || o.prrelid::regclass, ''
		FROM pg_publication_rel o JOIN pg_publication p ON p.oid = o.prpubid`},
	{since: 15, class: "pg_publication_namespace", query: `SELECT o.oid, 'ALTER PUBLICATION ' || quote_ident(p.pubname) || ' ADD TABLES IN SCHEMA ' || o.pnnspid::regnamespace,
			'{}'::text[], 'ALTER PUBLICATION ' || quote_ident(p.pubname) || ' DROP TABLES IN SCHEMA ' || o.pnnspid::regnamespace, ''
		FROM pg_publication_namespace o JOIN pg_publication p ON p.oid = o.pnpubid`},
}

// members are the operators and functions of a family that belong to a class, or to the family alone.
func members(family, class, way string) string {
	of := fmt.Sprintf("EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'CATALOG'::regclass AND d.objid = x.oid AND d.refclassid = '%s'::regclass AND d.refobjid = o.oid AND d.deptype = '%s')", class, way)
	return `SELECT 'OPERATOR ' || x.amopstrategy || ' ' || x.amopopr::regoperator || CASE WHEN x.amopsortfamily <> 0 THEN ' FOR ORDER BY '
				|| (SELECT quote_ident(sn.nspname) || '.' || quote_ident(s.opfname) FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = x.amopsortfamily) ELSE '' END AS member
			FROM pg_amop x WHERE x.amopfamily = ` + family + ` AND ` + strings.Replace(of, "CATALOG", "pg_amop", 1) + `
		UNION ALL SELECT 'FUNCTION ' || x.amprocnum || ' (' || format_type(x.amproclefttype, NULL) || ', ' || format_type(x.amprocrighttype, NULL) || ') ' || x.amproc::regprocedure
			FROM pg_amproc x WHERE x.amprocfamily = ` + family + ` AND ` + strings.Replace(of, "CATALOG", "pg_amproc", 1)
}

// others reads what the compiler has no use for. It stands behind depends, which names objects.
func (r *reader) others() error {
	for _, q := range othersQueries {
		if q.since > 0 && r.since(q.since, "yes", "") == "" {
			continue
		}
		query := strings.Replace(q.query, "EXPRESSIONS", r.since(14, "pg_get_statisticsobjdef_expressions(o.oid)", "'{}'::text[]"), 1)
		query = strings.Replace(query, "COLUMNLIST", r.since(15, columnNames("o.prrelid", "o.prattrs"), "NULL"), 1)
		query = strings.Replace(query, "ROWFILTER", r.since(15, "' WHERE (' || pg_get_expr(o.prqual, o.prrelid) || ')'", "NULL"), 1)
		var (
			class, oid               uint32
			definition, drop, change *string
			then                     []string
		)
		err := r.each("SELECT 'pg_catalog."+q.class+"'::regclass::oid, x.* FROM ("+query+") x", []any{&class, &oid, &definition, &then, &drop, &change}, func() error {
			of, ok := r.ids[address{class, oid, 0}]
			if !ok || !ofUser(of) || definition == nil || drop == nil {
				return nil
			}
			o := &catalog.Object{Kind: of.Kind, Schema: of.Schema, Table: of.Table, Name: of.Name, Definition: *definition, Drop: *drop, Then: append([]string(nil), then...)}
			if change != nil {
				o.Change = *change
			}
			if q.kind != "" {
				o.Kind = q.kind
				r.hang(o, of)
			}
			r.out.Others = append(r.out.Others, o)
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w", q.class, err)
		}
	}
	return nil
}

// hang notes that an object goes when another does.
func (r *reader) hang(o *catalog.Object, on catalog.ObjectID) {
	r.out.Depends = append(r.out.Depends, catalog.Dependency{
		Object: catalog.ObjectID{Kind: o.Kind, Schema: o.Schema, Table: o.Table, Name: o.Name}, On: on, Automatic: true,
	})
}

// ofUser tells whether an object is neither the system's nor an extension's.
func ofUser(x catalog.ObjectID) bool {
	schema := x.Schema
	if x.Kind == "schema" {
		schema = x.Name
	}
	return x.Kind != "extension" && !strings.HasPrefix(schema, "pg_") && schema != "information_schema"
}

func (r *reader) sortDependencies() error {
	slices.SortFunc(r.out.Depends, compareDependencies)
	return nil
}

// viewColumns reads the types of views' columns as the server writes them: whether one view may replace another depends on them.
func (r *reader) viewColumns() error {
	var (
		of               uint32
		name, definition string
	)
	return r.each(`SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || (SELECT l.collnamespace::regnamespace || '.' || quote_ident(l.collname)
				FROM pg_collation l WHERE l.oid = a.attcollation) ELSE '' END
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid WHERE c.relkind = 'v' AND a.attnum > 0 AND c.oid >= 16384`,
		[]any{&of, &name, &definition}, func() error {
			if t := r.tables[of]; t != nil {
				if c := t.Column(name, false); c != nil {
					c.Definition = definition
				}
			}
			return nil
		})
}
