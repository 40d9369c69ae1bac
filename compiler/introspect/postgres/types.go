package postgres

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// kinds are pg_type.typtype.
var kinds = map[string]types.Kind{
	"b": types.Base, "c": types.Composite, "d": types.Domain, "e": types.Enum, "r": types.Range, "m": types.Range, "p": types.Pseudo,
}

// typeNames reads how every type is called: the user's with their schema, what is built in
// or an extension's without; information_schema's domains by their base.
func (r *reader) typeNames() error {
	var (
		oid, elem          uint32
		schema, name, kind string
		system             bool
	)
	elems := map[uint32]uint32{}
	err := r.each(`SELECT t.oid, coalesce((SELECT e.oid FROM pg_catalog.pg_type e WHERE e.typarray = t.oid), 0), n.nspname,
			CASE WHEN n.nspname = 'information_schema' THEN coalesce((SELECT b.typname FROM pg_catalog.pg_type b WHERE b.oid = t.typbasetype), t.typname) ELSE t.typname END,
			t.typtype::text, n.nspname IN ('pg_catalog', 'information_schema') OR NOT (`+notOfExtension("pg_type", "t.oid")+`)
		FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace`,
		[]any{&oid, &elem, &schema, &name, &kind, &system}, func() error {
			if elem != 0 {
				elems[oid] = elem
				return nil
			}
			t := types.Type{Schema: schema, Name: name, Kind: kinds[kind]}
			if system {
				t.Schema = ""
				if schema == "information_schema" {
					t.Kind = types.Base
				}
			}
			r.types[oid] = t
			return nil
		})
	for array, elem := range elems {
		r.types[array] = r.types[elem].Array()
	}
	return err
}

// typed is a type with its modifier and declared dimensions.
func (r *reader) typed(oid uint32, modifier, dims int32) types.Type {
	t := r.types[oid]
	if t.IsArray() && dims > 1 {
		t.Dims = uint8(dims)
	}
	if modifier < 0 || t.Schema != "" {
		return t
	}
	switch t.Name {
	case "bpchar", "varchar":
		t.Length = modifier - 4
	case "numeric":
		t.Length = (modifier - 4) >> 16 & 0xffff
		t.Scale = ((modifier-4)&0x7ff ^ 1024) - 1024
	case "bit", "varbit", "time", "timetz", "timestamp", "timestamptz", "vector", "halfvec", "sparsevec":
		t.Length = modifier
	}
	return t
}

func (r *reader) typeDefs() error {
	var (
		oid, base, subtype                       uint32
		schema, name, kind, defaultText, comment string
		modifier, dims                           int32
		notNull                                  bool
		values                                   []string
		definition                               string
	)
	err := r.each(`SELECT t.oid, n.nspname, t.typname, t.typtype::text, t.typbasetype, t.typtypmod, t.typndims, t.typnotnull,
			coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault, ''), coalesce(obj_description(t.oid, 'pg_type'), ''),
			coalesce((SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), '{}'),
			coalesce((SELECT g.rngsubtype FROM pg_catalog.pg_range g WHERE t.oid IN (g.rngtypid, g.rngmultitypid)), 0),
			CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) || coalesce((SELECT ' COLLATE ' || quote_ident(ln.nspname) || '.' || quote_ident(l.collname)
					FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype WHERE l.oid = t.typcollation AND l.oid <> b.typcollation), '')
				WHEN 'r' THEN (SELECT concat_ws(', ', 'SUBTYPE = ' || format_type(g.rngsubtype, NULL),
						'SUBTYPE_OPCLASS = ' || (SELECT o.opcnamespace::regnamespace || '.' || quote_ident(o.opcname) FROM pg_catalog.pg_opclass o WHERE o.oid = g.rngsubopc AND NOT o.opcdefault),
						'COLLATION = ' || (SELECT l.collnamespace::regnamespace || '.' || quote_ident(l.collname) FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_type b ON b.oid = g.rngsubtype WHERE l.oid = g.rngcollation AND l.oid <> b.typcollation),
						'CANONICAL = ' || CASE WHEN g.rngcanonical <> 0 THEN g.rngcanonical::text END, 'SUBTYPE_DIFF = ' || CASE WHEN g.rngsubdiff <> 0 THEN g.rngsubdiff::text END
						`+r.since(14, `, 'MULTIRANGE_TYPE_NAME = ' || (SELECT m.typnamespace::regnamespace || '.' || quote_ident(m.typname) FROM pg_catalog.pg_type m WHERE m.oid = g.rngmultitypid)`, "")+`)
					FROM pg_catalog.pg_range g WHERE g.rngtypid = t.oid)
				ELSE '' END
		FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
		WHERE `+userSchema+` AND NOT EXISTS (SELECT FROM pg_catalog.pg_type a WHERE a.typarray = t.oid)
			AND (t.typrelid = 0 OR (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid) = 'c')
			AND `+notOfExtension("pg_type", "t.oid")+` ORDER BY t.oid`,
		[]any{&oid, &schema, &name, &kind, &base, &modifier, &dims, &notNull, &defaultText, &comment, &values, &subtype, &definition}, func() error {
			d := &catalog.TypeDef{Name: name, Kind: kinds[kind], Comment: comment, Definition: definition}
			switch kind {
			case "e":
				d.Values = append([]string(nil), values...)
			case "d":
				d.Base, d.NotNull, d.Default = r.typed(base, modifier, dims), notNull, defaultText
			case "r", "m":
				d.Subtype, d.Multirange = r.types[subtype], kind == "m"
			case "p": // a shell
				d.Kind = types.Base
			}
			r.definitions[oid] = d
			r.out.Add(schema, nil, []*catalog.TypeDef{d}, nil)
			return nil
		})
	if err != nil {
		return err
	}
	if err := r.attributes(); err != nil {
		return err
	}
	return r.domainChecks()
}

// attributes reads the columns of composite types.
func (r *reader) attributes() error {
	var (
		of, typ        uint32
		name, comment  string
		modifier, dims int32
		definition     string
	)
	return r.each(`SELECT c.reltype, a.attname, a.atttypid, a.atttypmod, a.attndims::int4, coalesce(col_description(c.oid, a.attnum), ''),
			format_type(a.atttypid, a.atttypmod) || coalesce((SELECT ' COLLATE ' || quote_ident(n.nspname) || '.' || quote_ident(l.collname) FROM pg_catalog.pg_collation l
				JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE l.oid = a.attcollation AND l.oid <> t.typcollation), '')
		FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
		WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.oid, a.attnum`,
		[]any{&of, &name, &typ, &modifier, &dims, &comment, &definition}, func() error {
			if d := r.definitions[of]; d != nil {
				d.Columns = append(d.Columns, &catalog.Column{Name: name, Type: r.typed(typ, modifier, dims), Comment: comment, Definition: definition})
			}
			return nil
		})
}

func (r *reader) domainChecks() error {
	var (
		of         uint32
		name, expr string
		valid      bool
	)
	return r.each(`SELECT contypid, conname, pg_get_expr(conbin, 0), convalidated FROM pg_catalog.pg_constraint WHERE contypid <> 0 AND contype = 'c' ORDER BY oid`,
		[]any{&of, &name, &expr, &valid}, func() error {
			if d := r.definitions[of]; d != nil {
				d.Checks = append(d.Checks, &catalog.Constraint{Kind: ir.Check, Name: name, Expr: expr, NotValid: !valid})
			}
			return nil
		})
}
