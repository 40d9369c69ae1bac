package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

var (
	functionKinds = map[string]catalog.FuncKind{"f": catalog.Scalar, "a": catalog.Aggregate, "w": catalog.WindowFunc, "p": catalog.Procedure}
	argModes      = map[string]string{"i": "IN", "o": "OUT", "b": "INOUT", "v": "VARIADIC", "t": "TABLE"}
	volatilities  = map[string]string{"i": "immutable", "s": "stable", "v": "volatile"}
)

func (r *reader) functions() error {
	var (
		schema, name, kind, volatility, language, body, comment string
		argTypes                                                []uint32
		modes, argNames, defaults                               []string
		returns                                                 uint32
		set, strict                                             bool
		aggregate                                               []string
		oid                                                     uint32
		result, definition                                      string
	)
	return r.each(`SELECT n.nspname, p.proname, p.prokind::text, p.provolatile::text, l.lanname, coalesce(`+r.since(14, "pg_get_function_sqlbody(p.oid)", "NULL")+`, p.prosrc),
			coalesce(obj_description(p.oid, 'pg_proc'), ''), coalesce(p.proallargtypes, p.proargtypes::oid[]),
			coalesce(p.proargmodes::text[], '{}'), coalesce(p.proargnames, '{}'),
			ARRAY(SELECT coalesce(pg_get_function_arg_default(p.oid, i), '') FROM generate_series(1, cardinality(coalesce(p.proallargtypes, p.proargtypes::oid[]))) i ORDER BY i),
			CASE p.prokind WHEN 'a' THEN (SELECT g.aggtranstype FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid) ELSE p.prorettype END, p.proretset, p.proisstrict,
			CASE p.prokind WHEN 'a' THEN (SELECT array_remove(ARRAY['sfunc = ' || g.aggtransfn, CASE WHEN g.aggfinalfn <> 0 THEN 'finalfunc = ' || g.aggfinalfn END,
				CASE WHEN g.agginitval IS NOT NULL THEN 'initcond = ' || g.agginitval END], NULL) FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid)
				ELSE '{}' END,
			p.oid, coalesce(pg_get_function_result(p.oid), ''), CASE p.prokind WHEN 'a' THEN `+aggregateDefinition+` ELSE pg_get_functiondef(p.oid) END
		FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
		WHERE `+userSchema+` AND `+notOfExtension("pg_proc", "p.oid")+`
			AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i') ORDER BY p.oid`,
		[]any{&schema, &name, &kind, &volatility, &language, &body, &comment, &argTypes, &modes, &argNames, &defaults, &returns, &set, &strict, &aggregate, &oid, &result, &definition}, func() error {
			f := &catalog.Function{
				Name: name, Kind: functionKinds[kind], Volatility: volatilities[volatility], Language: language, Body: body, Comment: comment,
				Returns: r.types[returns], ReturnsSet: set, Strict: strict, Result: result, Definition: strings.TrimSpace(definition),
			}
			r.functionsByOID[oid] = f
			if f.Kind == catalog.Aggregate {
				f.Language, f.Volatility = "internal", "immutable"
				parts := slices.Clone(aggregate)
				slices.Sort(parts)
				f.Body = strings.Join(parts, ", ")
			}
			var out []*catalog.Column
			table := false
			for i, t := range argTypes {
				a := catalog.FuncArg{Mode: "IN", Type: r.types[t]}
				if i < len(modes) {
					a.Mode = argModes[modes[i]]
				}
				if i < len(argNames) {
					a.Name = argNames[i]
				}
				if i < len(defaults) && defaults[i] != "" {
					a.HasDefault, a.Default = true, defaults[i]
				}
				if a.Mode == "OUT" || a.Mode == "INOUT" || a.Mode == "TABLE" {
					out = append(out, &catalog.Column{Name: a.Name, Type: a.Type})
				}
				if a.Mode == "TABLE" {
					table = true
					continue
				}
				f.Variadic = f.Variadic || a.Mode == "VARIADIC"
				f.Args = append(f.Args, a)
			}
			switch {
			case table:
				f.Returns, f.Columns = types.Type{Name: "record", Kind: types.Pseudo}, out
			case len(out) > 1:
				f.Columns = out
			}
			if f.Kind == catalog.Procedure && len(out) < 2 {
				f.Returns = types.Type{}
				if len(out) == 1 {
					f.Returns = out[0].Type
				}
			}
			r.out.Add(schema, nil, nil, []*catalog.Function{f})
			return nil
		})
}

// aggregateDefinition writes the statement that makes the aggregate of a row p of pg_proc.
const aggregateDefinition = `(SELECT 'CREATE AGGREGATE ' || p.pronamespace::regnamespace || '.' || quote_ident(p.proname) || '(' || CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END || ') ('
	|| concat_ws(', ', 'SFUNC = ' || g.aggtransfn, 'STYPE = ' || format_type(g.aggtranstype, NULL), 'SSPACE = ' || nullif(g.aggtransspace, 0), 'FINALFUNC = ' || CASE WHEN g.aggfinalfn <> 0 THEN g.aggfinalfn::text END,
		CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END, 'FINALFUNC_MODIFY = ' || CASE WHEN g.aggfinalfn <> 0 THEN CASE g.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
		'COMBINEFUNC = ' || CASE WHEN g.aggcombinefn <> 0 THEN g.aggcombinefn::text END, 'SERIALFUNC = ' || CASE WHEN g.aggserialfn <> 0 THEN g.aggserialfn::text END, 'DESERIALFUNC = ' || CASE WHEN g.aggdeserialfn <> 0 THEN g.aggdeserialfn::text END, 'INITCOND = ' || quote_literal(g.agginitval),
		'MSFUNC = ' || CASE WHEN g.aggmtransfn <> 0 THEN g.aggmtransfn::text END, 'MINVFUNC = ' || CASE WHEN g.aggminvtransfn <> 0 THEN g.aggminvtransfn::text END, 'MSTYPE = ' || CASE WHEN g.aggmtranstype <> 0 THEN format_type(g.aggmtranstype, NULL) END, 'MSSPACE = ' || nullif(g.aggmtransspace, 0),
		'MFINALFUNC = ' || CASE WHEN g.aggmfinalfn <> 0 THEN g.aggmfinalfn::text END, CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
		'MFINALFUNC_MODIFY = ' || CASE WHEN g.aggmfinalfn <> 0 THEN CASE g.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END, 'MINITCOND = ' || quote_literal(g.aggminitval),
		'SORTOP = ' || (SELECT 'OPERATOR(' || o.oprnamespace::regnamespace || '.' || o.oprname || ')' FROM pg_catalog.pg_operator o WHERE o.oid = g.aggsortop),
		'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END, CASE WHEN g.aggkind = 'h' THEN 'HYPOTHETICAL' END) || ')'
	FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid)`

// signatures gives routines the names that depends has found.
func (r *reader) signatures() error {
	var class uint32
	if err := r.tx.QueryRow(r.ctx, "SELECT 'pg_catalog.pg_proc'::regclass::oid").Scan(&class); err != nil {
		return err
	}
	for oid, f := range r.functionsByOID {
		f.Signature = r.ids[address{class, oid, 0}].Name
	}
	return nil
}

// triggers' bits in pg_trigger.tgtype.
const (
	beforeBit  = 1 << 1
	insteadBit = 1 << 6
)

var eventBits = []struct {
	bit  int32
	word string
}{{1 << 2, "INSERT"}, {1 << 3, "DELETE"}, {1 << 4, "UPDATE"}, {1 << 5, "TRUNCATE"}}

func (r *reader) triggers() error {
	var (
		of                  uint32
		name, text, comment string
		bits                int32
	)
	return r.each(`SELECT g.tgrelid, g.tgname, g.tgtype::int4, pg_get_triggerdef(g.oid), coalesce(obj_description(g.oid, 'pg_trigger'), '')
		FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal`+r.since(13, " AND g.tgparentid = 0", "")+` ORDER BY g.oid`,
		[]any{&of, &name, &bits, &text, &comment}, func() error {
			t := r.tables[of]
			if t == nil {
				return nil
			}
			g := &catalog.Trigger{Schema: t.Schema, Name: name, Table: t.Name, Text: text, Definition: text, Comment: comment, Timing: "AFTER"}
			switch {
			case bits&beforeBit != 0:
				g.Timing = "BEFORE"
			case bits&insteadBit != 0:
				g.Timing = "INSTEAD OF"
			}
			for _, e := range eventBits {
				if bits&e.bit != 0 {
					g.Events = append(g.Events, e.word)
				}
			}
			sc := r.out.Schema(t.Schema)
			sc.Triggers = append(sc.Triggers, g)
			return nil
		})
}
