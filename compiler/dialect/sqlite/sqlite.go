// Package sqlite is the SQLite dialect: it reads statements with SQLite's grammar and
// lowers them into the neutral tree, and it knows SQLite's affinities, functions,
// operators, virtual tables and pragmas as data. It alone imports the parser, and it does
// not bind names or walk bound trees.
package sqlite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// engine is the dialect. It has no state.
type engine struct{}

// New is the SQLite dialect.
func New() dialect.Dialect { return engine{} }

func (engine) Engine() catalog.Engine { return catalog.SQLite }

func (engine) Lex() token.Dialect { return token.SQLite }

// Type is the affinity of a declared type, which is never unknown: see Affinity.
func (engine) Type(t ir.TypeName, _ *catalog.Snapshot) types.Type { return Affinity(declared(t)) }

// declared is a type as the user spelled it, also where the tree was made by hand.
func declared(t ir.TypeName) string {
	if t.Raw != "" {
		return t.Raw
	}
	return t.Name.String()
}

func (engine) Semantics(in *catalog.Snapshot) dialect.Semantics { return semantics{in} }

// Extension knows none: SQLite's extensions are loaded by the application.
func (engine) Extension(string) ([]*catalog.TypeDef, []*catalog.Function, bool) {
	return nil, nil, false
}

func (engine) Traits() dialect.Traits {
	return dialect.Traits{
		PageKeys:              pageKeys,
		RowRanges:             true,
		CaselessNames:         true,
		SetsTwice:             true,
		AllColumnsNamed:       true,
		AliasInGroupBy:        true,
		AliasInHaving:         true,
		AliasInWhere:          true,
		LooseGroupBy:          true,
		RowIDs:                true,
		DoubleQuotedStrings:   true,
		LimitType:             integer,
		Classes:               classes,
		BoolType:              integer,
		UntypedSetOps:         true,
		DivisionByZeroIsNull:  true,
		ImplicitRecursion:     true,
		SeveralRecursiveTerms: true,
		DuplicateAliases:      true,
		FromToParams:          true,
		UpperFuncParams:       true,
		TextColumnNames:       true,
		SkipsGenerated:        true,
		AggregatesSelected:    true,
		ReturningTargetOnly:   true,
		StarThrough:           map[string]string{"jsonb": "json"},
		Families:              families,
		DeclaredTypes:         true,
		JSONIsText:            true,
		JSON: dialect.MakeJSON(`
			object: json_object
			list: json_group_array
			map: json_group_object
			itself: json
			empty: json_array`),
	}
}

// families: drivers make moments of what is declared as one alone, so nothing computed is one.
var families = dialect.MakeFamilies(`
	number: integer real bool boolean > any
	text: text > bytes any
	bytes: blob > text any
	any: numeric > number text bytes
	moment: date datetime timestamp > text any
`)

// Quote writes an identifier, in double quotes where it is not a plain word or is one that
// the grammar reserves.
func (engine) Quote(name string) string {
	if plainWord(name) && !reserved[strings.ToUpper(name)] {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func plainWord(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80
		if !letter && (i == 0 || r != '$' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}
