package postgres

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// words are how statements name what pg_identify_object calls by that type: COMMENT ON FOREIGN DATA WRAPPER.
var words = map[string]string{
	"foreign-data wrapper": "FOREIGN DATA WRAPPER", "statistics object": "STATISTICS", "composite type": "TYPE", "table column": "COLUMN", "view column": "COLUMN",
	"materialized view column": "COLUMN", "foreign table column": "COLUMN", "composite type column": "COLUMN", "table constraint": "CONSTRAINT", "transform": "TRANSFORM",
	"aggregate": "ROUTINE", // AGGREGATE wants its arguments told apart
}

func wordsOf(kind string) string {
	if w := words[kind]; w != "" {
		return w
	}
	return strings.ToUpper(kind)
}

// comments reads the comments on all objects, each an object that goes with the one it is on.
func (r *reader) comments() error {
	var (
		a                    address
		kind, identity, text string
		domain               *string
	)
	return r.each(`SELECT c.classoid, c.objoid, c.objsubid, i.type, i.identity, quote_literal(c.description),
			(SELECT quote_ident(k.conname) || ' ON DOMAIN ' || format_type(k.contypid, NULL) FROM pg_constraint k WHERE c.classoid = 'pg_constraint'::regclass AND k.oid = c.objoid AND k.contypid <> 0)
		FROM pg_description c, LATERAL pg_identify_object(c.classoid, c.objoid, c.objsubid) i
		WHERE (c.objoid >= 16384 OR c.classoid = 'pg_namespace'::regclass) AND i.identity IS NOT NULL
			AND NOT (c.classoid = 'pg_namespace'::regclass AND i.name = 'public' AND c.description = 'standard public schema')
			AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = c.classoid AND e.objid = c.objoid AND e.deptype = 'e') ORDER BY 1, 2, 3`,
		[]any{&a.class, &a.oid, &a.sub, &kind, &identity, &text, &domain}, func() error {
			of, ok := r.find(a)
			if !ok || !ofUser(of) && kind != "extension" {
				return nil
			}
			if domain != nil {
				kind, identity = "constraint", *domain
			}
			if kind == "transform" {
				identity = strings.Replace(identity, " on language ", " language ", 1)
			}
			on := "COMMENT ON " + wordsOf(kind) + " " + identity + " IS "
			o := &catalog.Object{Kind: "comment on " + of.Kind, Schema: of.Schema, Table: of.Table, Name: of.Name, Definition: on + text, Change: on + text, Drop: on + "NULL"}
			if kind == "index" && of.Kind == "constraint" {
				return nil // the one on the constraint's index is read with the index
			}
			if _, exact := r.ids[a]; !exact { // a part: the column of a view
				o.Kind, o.Name = "comment on "+kind, identity
			}
			r.hang(o, of)
			r.out.Others = append(r.out.Others, o)
			return nil
		})
}

// owned lists the objects that have owners and rights: catalog, oid, column, acldefault's letter ("" where there are no rights), how GRANT
// and ALTER name the object, its owner, its ACL. Sequences of columns and indexes have their table's owner.
const owned = `
	SELECT 'pg_class'::regclass::oid AS class, c.oid, 0 AS sub, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END AS letter, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS granted,
		CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS altered, c.oid::regclass::text AS name, c.relowner AS owner, c.relacl AS acl,
		c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')) AS follows
		FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
	UNION ALL SELECT 'pg_class'::regclass, c.oid, a.attnum, 'c', '(' || quote_ident(a.attname) || ') ON TABLE', '', c.oid::regclass::text, c.relowner, a.attacl, true
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
	UNION ALL SELECT 'pg_proc'::regclass, p.oid, 0, 'f', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'ROUTINE' ELSE 'FUNCTION' END,
		p.oid::regprocedure::text, p.proowner, p.proacl, EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i') FROM pg_proc p WHERE p.oid >= 16384
	UNION ALL SELECT 'pg_namespace'::regclass, n.oid, 0, 'n', 'SCHEMA', 'SCHEMA', quote_ident(n.nspname), n.nspowner, n.nspacl, n.nspname = 'public' AND pg_get_userbyid(n.nspowner) = 'pg_database_owner' FROM pg_namespace n
	UNION ALL SELECT 'pg_type'::regclass, t.oid, 0, 'T', 'TYPE', 'TYPE', format_type(t.oid, NULL), t.typowner, t.typacl, false FROM pg_type t
		WHERE t.oid >= 16384 AND t.typtype <> 'm' AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class r WHERE r.oid = t.typrelid AND r.relkind = 'c')) AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
	UNION ALL SELECT 'pg_language'::regclass, o.oid, 0, 'l', 'LANGUAGE', 'LANGUAGE', quote_ident(o.lanname), o.lanowner, o.lanacl, false FROM pg_language o WHERE o.oid >= 16384
	UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, o.oid, 0, 'F', 'FOREIGN DATA WRAPPER', 'FOREIGN DATA WRAPPER', quote_ident(o.fdwname), o.fdwowner, o.fdwacl, false FROM pg_foreign_data_wrapper o
	UNION ALL SELECT 'pg_foreign_server'::regclass, o.oid, 0, 'S', 'FOREIGN SERVER', 'SERVER', quote_ident(o.srvname), o.srvowner, o.srvacl, false FROM pg_foreign_server o
	UNION ALL SELECT 'pg_collation'::regclass, o.oid, 0, '', '', 'COLLATION', i.identity, o.collowner, NULL, false FROM pg_collation o, pg_identify_object('pg_collation'::regclass, o.oid, 0) i WHERE o.oid >= 16384
	UNION ALL SELECT 'pg_conversion'::regclass, o.oid, 0, '', '', 'CONVERSION', i.identity, o.conowner, NULL, false FROM pg_conversion o, pg_identify_object('pg_conversion'::regclass, o.oid, 0) i WHERE o.oid >= 16384
	UNION ALL SELECT 'pg_operator'::regclass, o.oid, 0, '', '', 'OPERATOR', i.identity, o.oprowner, NULL, false FROM pg_operator o, pg_identify_object('pg_operator'::regclass, o.oid, 0) i WHERE o.oid >= 16384
	UNION ALL SELECT 'pg_opclass'::regclass, o.oid, 0, '', '', 'OPERATOR CLASS', i.identity, o.opcowner, NULL, false FROM pg_opclass o, pg_identify_object('pg_opclass'::regclass, o.oid, 0) i WHERE o.oid >= 16384
	UNION ALL SELECT 'pg_opfamily'::regclass, o.oid, 0, '', '', 'OPERATOR FAMILY', i.identity, o.opfowner, NULL, false FROM pg_opfamily o, pg_identify_object('pg_opfamily'::regclass, o.oid, 0) i WHERE o.oid >= 16384
	UNION ALL SELECT 'pg_ts_dict'::regclass, o.oid, 0, '', '', 'TEXT SEARCH DICTIONARY', i.identity, o.dictowner, NULL, false FROM pg_ts_dict o, pg_identify_object('pg_ts_dict'::regclass, o.oid, 0) i WHERE o.oid >= 16384
	UNION ALL SELECT 'pg_ts_config'::regclass, o.oid, 0, '', '', 'TEXT SEARCH CONFIGURATION', i.identity, o.cfgowner, NULL, false FROM pg_ts_config o, pg_identify_object('pg_ts_config'::regclass, o.oid, 0) i WHERE o.oid >= 16384
	UNION ALL SELECT 'pg_statistic_ext'::regclass, o.oid, 0, '', '', 'STATISTICS', i.identity, o.stxowner, NULL, false FROM pg_statistic_ext o, pg_identify_object('pg_statistic_ext'::regclass, o.oid, 0) i
	UNION ALL SELECT 'pg_publication'::regclass, o.oid, 0, '', '', 'PUBLICATION', quote_ident(o.pubname), o.pubowner, NULL, false FROM pg_publication o
	UNION ALL SELECT 'pg_event_trigger'::regclass, o.oid, 0, '', '', 'EVENT TRIGGER', quote_ident(o.evtname), o.evtowner, NULL, false FROM pg_event_trigger o`

// usual is the condition that a role owns what nobody gave to another: the connection's user, or the database's owner.
const usual = `IN (current_user::regrole::oid, (SELECT d.datdba FROM pg_database d WHERE d.datname = current_database()))`

// roleOf writes a role for GRANT: an owner who is the usual one is CURRENT_USER.
func roleOf(oid, owner string) string {
	return fmt.Sprintf("CASE WHEN %s = 0 THEN 'PUBLIC' WHEN %s = %s AND %s %s THEN 'CURRENT_USER' ELSE quote_ident(pg_get_userbyid(%s)) END", oid, oid, owner, owner, usual, oid)
}

// rights reads who owns what, where it is not the usual owner, and what was granted and revoked, each an object that goes with the one
// it is about.
func (r *reader) rights() error {
	var (
		a                    address
		altered, name, owner string
	)
	note := func(kind, who, definition, drop, change string) {
		of, ok := r.find(a)
		if !ok || !ofUser(of) {
			return
		}
		o := &catalog.Object{Kind: kind + " " + of.Kind, Schema: of.Schema, Table: of.Table, Name: of.Name + who, Definition: definition, Drop: drop, Change: change}
		r.hang(o, of)
		r.out.Others = append(r.out.Others, o)
	}
	err := r.each(`SELECT o.class, o.oid, o.sub, o.altered, o.name, quote_ident(pg_get_userbyid(o.owner)) FROM (`+owned+`) o WHERE NOT o.follows AND o.altered <> '' AND o.owner NOT `+usual,
		[]any{&a.class, &a.oid, &a.sub, &altered, &name, &owner}, func() error {
			change := "ALTER " + altered + " " + name + " OWNER TO "
			note("owner of", "", change+owner, change+"CURRENT_USER", change+owner)
			return nil
		})
	if err != nil {
		return err
	}
	var (
		granted, grantee, privileges string
		revoked, grantable           bool
	)
	return r.each(`WITH owned AS (`+owned+`), stored AS (SELECT o.*, g.grantee, g.privilege_type, g.is_grantable FROM owned o, aclexplode(o.acl) g WHERE o.acl IS NOT NULL AND g.grantor = o.owner),
			usual AS (SELECT o.*, g.grantee, g.privilege_type, g.is_grantable FROM owned o, aclexplode(acldefault(o.letter::"char", o.owner)) g WHERE o.acl IS NOT NULL AND o.letter <> ''),
			differing AS (
				SELECT false AS revoked, s.* FROM stored s WHERE NOT EXISTS (SELECT FROM usual u WHERE (u.class, u.oid, u.sub, u.grantee, u.privilege_type, u.is_grantable) = (s.class, s.oid, s.sub, s.grantee, s.privilege_type, s.is_grantable))
				UNION ALL
				SELECT true, u.* FROM usual u WHERE NOT EXISTS (SELECT FROM stored s WHERE (u.class, u.oid, u.sub, u.grantee, u.privilege_type) = (s.class, s.oid, s.sub, s.grantee, s.privilege_type)))
		SELECT d.class, d.oid, d.sub, d.revoked, d.is_grantable, d.granted, d.name, `+roleOf("d.grantee", "d.owner")+`, string_agg(d.privilege_type, ', ' ORDER BY d.privilege_type)
		FROM differing d GROUP BY d.class, d.oid, d.sub, d.revoked, d.is_grantable, d.granted, d.name, d.grantee, d.owner ORDER BY d.class, d.oid, d.sub, d.revoked DESC, 8, d.is_grantable`,
		[]any{&a.class, &a.oid, &a.sub, &revoked, &grantable, &granted, &name, &grantee, &privileges}, func() error {
			list := privileges + " ON " + granted
			if a.sub != 0 { // SELECT (a), UPDATE (a) ON TABLE
				column, on, _ := strings.Cut(granted, " ON ")
				list = strings.ReplaceAll(privileges, ",", " "+column+",") + " " + column + " ON " + on
			}
			grant, revoke := "GRANT "+list+" "+name+" TO "+grantee, "REVOKE "+list+" "+name+" FROM "+grantee
			who := " to " + grantee
			switch {
			case revoked:
				note("revoked from", " of "+grantee, revoke, grant, "")
			case grantable:
				note("right on", who+" with grant option", grant+" WITH GRANT OPTION", revoke, "")
			default:
				note("right on", who, grant, revoke, "")
			}
			return nil
		})
}

var defaultRightsOn = map[string]string{"r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES", "n": "SCHEMAS", "L": "LARGE OBJECTS"}

// defaultRights reads what ALTER DEFAULT PRIVILEGES said. Without a schema the rights are all that a new object has, with one they
// are more of them.
func (r *reader) defaultRights() error {
	var (
		class, oid                     uint32
		letter, role, schema, grantee  string
		privileges                     string
		revoked, grantable, usualOwner bool
	)
	return r.each(`WITH stored AS (SELECT a.oid, a.defaclobjtype, a.defaclrole, a.defaclnamespace, g.grantee, g.privilege_type, g.is_grantable FROM pg_default_acl a, aclexplode(a.defaclacl) g),
			usual AS (SELECT a.oid, a.defaclobjtype, a.defaclrole, a.defaclnamespace, g.grantee, g.privilege_type, g.is_grantable
				FROM pg_default_acl a, aclexplode(acldefault(CASE a.defaclobjtype WHEN 'S' THEN 's' ELSE a.defaclobjtype END::"char", a.defaclrole)) g WHERE a.defaclnamespace = 0),
			differing AS (
				SELECT false AS revoked, s.* FROM stored s WHERE NOT EXISTS (SELECT FROM usual u WHERE (u.oid, u.grantee, u.privilege_type, u.is_grantable) = (s.oid, s.grantee, s.privilege_type, s.is_grantable))
				UNION ALL SELECT true, u.* FROM usual u WHERE NOT EXISTS (SELECT FROM stored s WHERE (u.oid, u.grantee, u.privilege_type) = (s.oid, s.grantee, s.privilege_type)))
		SELECT 'pg_namespace'::regclass::oid, d.defaclnamespace, d.revoked, d.is_grantable, d.defaclobjtype::text, quote_ident(pg_get_userbyid(d.defaclrole)), d.defaclrole `+usual+`,
			CASE WHEN d.defaclnamespace <> 0 THEN d.defaclnamespace::regnamespace::text ELSE '' END, `+roleOf("d.grantee", "d.defaclrole")+`, string_agg(d.privilege_type, ', ' ORDER BY d.privilege_type)
		FROM differing d GROUP BY d.oid, d.defaclnamespace, d.revoked, d.is_grantable, d.defaclobjtype, d.defaclrole, d.grantee ORDER BY 6, 8, 5, 3 DESC, 9, 4`,
		[]any{&class, &oid, &revoked, &grantable, &letter, &role, &usualOwner, &schema, &grantee, &privileges}, func() error {
			of := r.ids[address{class, oid, 0}]
			if oid != 0 && !ofUser(of) {
				return nil
			}
			head, on := "ALTER DEFAULT PRIVILEGES", privileges+" ON "+defaultRightsOn[letter]
			if !usualOwner {
				head += " FOR ROLE " + role
			}
			if schema != "" {
				head += " IN SCHEMA " + schema
			}
			grant, revoke := head+" GRANT "+on+" TO "+grantee, head+" REVOKE "+on+" FROM "+grantee
			o := &catalog.Object{Kind: "default privileges", Schema: of.Name, Name: strings.TrimPrefix(head, "ALTER DEFAULT PRIVILEGES ") + " on " + defaultRightsOn[letter] + " to " + grantee, Definition: grant, Drop: revoke}
			switch {
			case revoked:
				o.Name, o.Definition, o.Drop = o.Name+", revoked", revoke, grant
			case grantable:
				o.Name, o.Definition = o.Name+" with grant option", grant+" WITH GRANT OPTION"
			}
			if oid != 0 {
				r.hang(o, of)
			}
			r.out.Others = append(r.out.Others, o)
			return nil
		})
}
