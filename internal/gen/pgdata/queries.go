package main

// typeName spells a type as the data does: pg_type.typname, [] behind an array's element,
// information_schema's types with their schema.
func typeName(oid string) string {
	return `(SELECT CASE WHEN EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
		THEN (SELECT CASE WHEN en.nspname = 'information_schema' THEN en.nspname || '.' ELSE '' END || e.typname FROM pg_type e JOIN pg_namespace en ON en.oid = e.typnamespace WHERE e.oid = t.typelem) || '[]'
		ELSE CASE WHEN n.nspname = 'information_schema' THEN n.nspname || '.' ELSE '' END || t.typname END
		FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = ` + oid + `)`
}

// notCallable are types of arguments and results that SQL has no values of.
const notCallable = `'internal'::regtype, 'cstring'::regtype, 'trigger'::regtype, 'event_trigger'::regtype, 'language_handler'::regtype,
	'fdw_handler'::regtype, 'index_am_handler'::regtype, 'tsm_handler'::regtype, 'table_am_handler'::regtype, 'pg_ddl_command'::regtype, 'unknown'::regtype`

// queries give one line an object; $WHERE$ chooses the objects x.
var queries = map[string]string{
	// name category[!] kind [detail]: "!" marks a category's preferred type
	"type": `SELECT ` + typeName("x.oid") + ` || ' ' || x.typcategory::text || CASE WHEN x.typispreferred THEN '!' ELSE '' END || ' ' ||
		CASE x.typtype
			WHEN 'b' THEN 'base' || CASE WHEN x.typelem <> 0 THEN ' ' || ` + typeName("x.typelem") + ` ELSE '' END
			WHEN 'd' THEN 'domain ' || ` + typeName("x.typbasetype") + `
			WHEN 'c' THEN 'composite' || (SELECT coalesce(string_agg(' ' || a.attname || ':' || ` + typeName("a.atttypid") + `, '' ORDER BY a.attnum), '')
				FROM pg_attribute a WHERE a.attrelid = x.typrelid AND a.attnum > 0)
			WHEN 'r' THEN 'range ' || (SELECT ` + typeName("r.rngsubtype") + ` || ' ' || ` + typeName("r.rngmultitypid") + ` FROM pg_range r WHERE r.rngtypid = x.oid)
			WHEN 'm' THEN 'multirange ' || (SELECT ` + typeName("r.rngsubtype") + ` || ' ' || ` + typeName("r.rngtypid") + ` FROM pg_range r WHERE r.rngmultitypid = x.oid)
			WHEN 'p' THEN 'pseudo'
			WHEN 'e' THEN 'enum'
		END
		FROM pg_type x
		WHERE (x.typrelid = 0 OR (SELECT c.relkind FROM pg_class c WHERE c.oid = x.typrelid) = 'c')
		AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = x.typelem AND e.typarray = x.oid) AND x.typname <> '_record'
		AND $WHERE$`,

	// name(arg, …) result [flags]; an argument is [variadic ][name:]type[=], "=" marking a default
	"function": `SELECT x.proname || '(' || coalesce((
			SELECT string_agg(CASE WHEN a.mode = 'v' THEN 'variadic ' ELSE '' END || CASE WHEN coalesce(a.name, '') <> '' THEN a.name || ':' ELSE '' END
				|| ` + typeName("a.type") + ` || CASE WHEN a.nth > x.pronargs - x.pronargdefaults THEN '=' ELSE '' END, ', ' ORDER BY a.n)
			FROM (SELECT *, row_number() OVER (ORDER BY n) AS nth FROM
				unnest(coalesce(x.proallargtypes, x.proargtypes::oid[]), x.proargmodes, x.proargnames) WITH ORDINALITY AS a(type, mode, name, n)
				WHERE coalesce(mode, 'i') IN ('i', 'b', 'v')) a), '') || ') ' ||
		CASE WHEN x.proretset THEN 'setof ' ELSE '' END || coalesce((
			SELECT CASE WHEN count(*) > 1 OR bool_or(a.mode = 't') OR x.proretset THEN '(' || string_agg(a.name || ':' || ` + typeName("a.type") + `, ', ' ORDER BY a.n) || ')' END
			FROM unnest(x.proallargtypes, x.proargmodes, x.proargnames) WITH ORDINALITY AS a(type, mode, name, n)
			WHERE mode IN ('o', 'b', 't')), ` + typeName("x.prorettype") + `) ||
		CASE x.prokind WHEN 'a' THEN (SELECT CASE g.aggkind WHEN 'n' THEN ' aggregate' WHEN 'o' THEN ' ordered ' || g.aggnumdirectargs ELSE ' hypothetical ' || g.aggnumdirectargs END
				FROM pg_aggregate g WHERE g.aggfnoid = x.oid)
			WHEN 'w' THEN ' window' WHEN 'p' THEN ' procedure' ELSE '' END ||
		CASE x.provolatile WHEN 's' THEN ' stable' WHEN 'v' THEN ' volatile' ELSE '' END ||
		CASE WHEN x.proisstrict OR x.prokind = 'a' THEN '' ELSE ' nonstrict' END
		FROM pg_proc x
		WHERE NOT (x.prorettype IN (` + notCallable + `) OR x.proargtypes::oid[] && ARRAY[` + notCallable + `]::oid[])
		AND x.pronamespace <> 'information_schema'::regnamespace
		AND $WHERE$`,

	// operator left right result [flags]; the left of a prefix operator is "."
	"operator": `SELECT x.oprname || ' ' || coalesce(` + typeName("nullif(x.oprleft, 0)") + `, '.') || ' ' || ` + typeName("x.oprright") + ` || ' ' || ` + typeName("x.oprresult") + ` ||
		CASE p.provolatile WHEN 's' THEN ' stable' WHEN 'v' THEN ' volatile' ELSE '' END ||
		CASE WHEN p.proisstrict THEN '' ELSE ' nonstrict' END
		FROM pg_operator x JOIN pg_proc p ON p.oid = x.oprcode WHERE x.oprresult <> 0 AND $WHERE$`,

	// source target context [binary|io]
	"cast": `SELECT ` + typeName("x.castsource") + ` || ' ' || ` + typeName("x.casttarget") + ` || ' ' ||
		CASE x.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END ||
		CASE x.castmethod WHEN 'b' THEN ' binary' WHEN 'i' THEN ' io' ELSE '' END
		FROM pg_cast x WHERE x.castsource <> x.casttarget AND $WHERE$`,

	// schema.name kind column:type[!] …; "!" marks NOT NULL
	"relation": `SELECT n.nspname || '.' || x.relname || ' ' || CASE x.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' ELSE 'table' END ||
		(SELECT coalesce(string_agg(' ' || a.attname || ':' || ` + typeName("a.atttypid") + ` || CASE WHEN a.attnotnull THEN '!' ELSE '' END, '' ORDER BY a.attnum), '')
			FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attnum > 0 AND NOT a.attisdropped)
		FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace
		WHERE x.relkind IN ('r', 'v', 'm') AND n.nspname <> 'pg_toast' AND $WHERE$`,
}
