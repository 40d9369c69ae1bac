package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// form types what the grammar writes like a call and pg_proc does not have. mine is false
// where the call is an ordinary one after all.
type form func(s *semantics, args []dialect.Operand) (sig dialect.Signature, failure dialect.Failure, mine bool)

var specialForms map[string]form

func init() { // the table refers to functions that refer to the table
	specialForms = map[string]form{
		"coalesce": commonForm(catalog.NullCoalesce),
		"greatest": commonForm(catalog.NullCoalesce),
		"least":    commonForm(catalog.NullCoalesce),
		"nullif":   nullIf,

		"grouping":          constantForm("int4", catalog.NullNever),
		"merge_action":      constantForm("text", catalog.NullNever),
		"current_date":      constantForm("date", catalog.NullNever),
		"current_time":      constantForm("timetz", catalog.NullNever),
		"current_timestamp": constantForm("timestamptz", catalog.NullNever),
		"localtime":         constantForm("time", catalog.NullNever),
		"localtimestamp":    constantForm("timestamp", catalog.NullNever),
		"current_user":      constantForm("name", catalog.NullNever),
		"current_role":      constantForm("name", catalog.NullNever),
		"session_user":      constantForm("name", catalog.NullNever),
		"system_user":       constantForm("text", catalog.NullMaybe),
		"user":              constantForm("name", catalog.NullNever),
		"current_catalog":   constantForm("name", catalog.NullNever),
		"current_schema":    constantForm("name", catalog.NullMaybe),

		"xmlelement":   constantForm("xml", catalog.NullNever),
		"xmlforest":    constantForm("xml", catalog.NullCoalesce),
		"xmlconcat":    uniformForm("xml", "xml", catalog.NullCoalesce),
		"xmlparse":     firstForm("text", "xml", catalog.NullFirst),
		"xmlpi":        firstForm("text", "xml", catalog.NullFirst),
		"xmlroot":      firstForm("xml", "xml", catalog.NullFirst),
		"xmlserialize": firstForm("xml", "text", catalog.NullFirst),

		"xmltable": xmlTable,

		"json_object":    jsonConstructor(catalog.NullNever),
		"json_array":     constantForm("json", catalog.NullNever),
		"json_objectagg": aggregateForm("json", catalog.NullAggregateRows),
		"json_arrayagg":  aggregateForm("json", catalog.NullAggregateRows),
		"json_scalar":    constantForm("json", catalog.NullFirst),
		"json":           firstForm("text", "json", catalog.NullFirst),
		"json_serialize": firstForm("json", "text", catalog.NullFirst),
		"json_exists":    firstForm("jsonb", "bool", catalog.NullStrictPartial),
		"json_value":     firstForm("jsonb", "text", catalog.NullMaybe),
		"json_query":     firstForm("jsonb", "jsonb", catalog.NullMaybe),
		"pg_typeof":      typeOnlyForm("regtype"),
	}
}

// repeated marks every operand as taken for one type.
func repeated(t types.Type, n int) []types.Type {
	out := make([]types.Type, n)
	for i := range out {
		out[i] = t
	}
	return out
}

// asIs takes typed operands as they are; a bare literal is text, a parameter stays open.
func asIs(args []dialect.Operand) []types.Type {
	return takenAs(repeated(types.Type{Name: "any", Kind: types.Pseudo}, len(args)), args)
}

func formSignature(t types.Type, args []types.Type, rule catalog.NullRule) dialect.Signature {
	return dialect.Signature{Args: args, Returns: t, Null: rule, Volatility: "stable"}
}

// commonForm is COALESCE, GREATEST and LEAST: one type for all (manual, 10.5).
func commonForm(rule catalog.NullRule) form {
	return func(s *semantics, args []dialect.Operand) (dialect.Signature, dialect.Failure, bool) {
		if len(args) == 0 {
			return dialect.Signature{}, dialect.NoMatch, true
		}
		t, ok := s.Common(args)
		if !ok {
			return dialect.Signature{}, dialect.NoMatch, true
		}
		sig := formSignature(t, repeated(t, len(args)), rule)
		sig.Volatility = "immutable"
		return sig, dialect.OK, true
	}
}

// nullIf compares by "=" and gives the left operand as that took it.
func nullIf(s *semantics, args []dialect.Operand) (dialect.Signature, dialect.Failure, bool) {
	if len(args) != 2 {
		return dialect.Signature{}, dialect.NoMatch, true
	}
	sig, failure := s.operator("=", args)
	if failure != dialect.OK {
		return sig, failure, true
	}
	sig.Returns, sig.Null = sig.Args[0], catalog.NullNullif
	if sig.Returns.Is("record") && !args[0].Untyped() {
		sig.Returns = args[0].Type
	}
	return sig, dialect.OK, true
}

// constantForm is a form of one result type that takes its operands as they come.
func constantForm(of string, rule catalog.NullRule) form {
	return func(_ *semantics, args []dialect.Operand) (dialect.Signature, dialect.Failure, bool) {
		return formSignature(types.Type{Name: of}, asIs(args), rule), dialect.OK, true
	}
}

func aggregateForm(of string, rule catalog.NullRule) form {
	return func(_ *semantics, args []dialect.Operand) (dialect.Signature, dialect.Failure, bool) {
		sig := formSignature(types.Type{Name: of}, asIs(args), rule)
		sig.Kind = catalog.Aggregate
		return sig, dialect.OK, true
	}
}

// uniformForm is a form whose operands are all of one type.
func uniformForm(in, out string, rule catalog.NullRule) form {
	return func(s *semantics, args []dialect.Operand) (dialect.Signature, dialect.Failure, bool) {
		t := types.Type{Name: in}
		for _, a := range args {
			if !s.coercible(a.Type, t, castImplicit) {
				return dialect.Signature{}, dialect.NoMatch, true
			}
		}
		return formSignature(types.Type{Name: out}, repeated(t, len(args)), rule), dialect.OK, true
	}
}

// firstForm is a form whose first operand has a type; what follows are its options.
func firstForm(in, out string, rule catalog.NullRule) form {
	return func(s *semantics, args []dialect.Operand) (dialect.Signature, dialect.Failure, bool) {
		t := types.Type{Name: in}
		if len(args) == 0 {
			return dialect.Signature{}, dialect.NoMatch, true
		}
		if category, _ := s.category(args[0].Type); !s.coercible(args[0].Type, t, castImplicit) && category != categoryString && !args[0].Type.Is("json", "jsonb", "bytea") {
			return dialect.Signature{}, dialect.NoMatch, true
		}
		taken := asIs(args)
		if args[0].Untyped() {
			taken[0] = t
		}
		return formSignature(types.Type{Name: out}, taken, rule), dialect.OK, true
	}
}

// typeOnlyForm is a function that looks at its operand's type alone.
func typeOnlyForm(of string) form {
	return func(_ *semantics, args []dialect.Operand) (dialect.Signature, dialect.Failure, bool) {
		if len(args) != 1 {
			return dialect.Signature{}, dialect.NoMatch, true
		}
		return formSignature(types.Type{Name: of}, asIs(args), catalog.NullNever), dialect.OK, true
	}
}

// jsonConstructor is SQL/JSON's JSON_OBJECT(k: v), which shares its name with the function
// json_object(text[]): it has an even number of operands, and not only arrays or parameters.
func jsonConstructor(rule catalog.NullRule) form {
	return func(_ *semantics, args []dialect.Operand) (dialect.Signature, dialect.Failure, bool) {
		function := len(args) <= 2
		for _, a := range args {
			function = function && (a.Type.IsArray() || a.Param || a.Literal != nil && strings.HasPrefix(a.Literal.Text, "{"))
		}
		if function && len(args) > 0 || len(args)%2 == 1 {
			return dialect.Signature{}, dialect.OK, false
		}
		return formSignature(jsonType, asIs(args), rule), dialect.OK, true
	}
}

// monotonic are the fields of date_part that infinity has; it gives NULL for the others.
var monotonic = map[string]bool{
	"century": true, "centuries": true, "decade": true, "decades": true, "epoch": true, "isoyear": true, "julian": true,
	"millennium": true, "millennia": true, "year": true, "years": true,
}

// refine sharpens a function's null rule by what its operands are.
func refine(sig *dialect.Signature, args []dialect.Operand) {
	switch f := sig.Function; {
	case len(args) > 0 && args[len(args)-1].Variadic && (sig.Null == catalog.NullNever || sig.Null == catalog.NullFirst):
		sig.Null = catalog.NullMaybe // the array itself may be NULL
	case f == nil || f.Schema != "pg_catalog":
	case (f.Name == "extract" || f.Name == "date_part") && len(args) == 2:
		field := args[0].Literal
		if sig.Args[1].Is("time", "timetz") || field != nil && monotonic[strings.ToLower(field.Text)] {
			sig.Null = catalog.NullStrict
		}
	case f.Name == "to_char" && len(args) == 2 && !sig.Args[0].Is("timestamp", "timestamptz"), f.Name == "to_number":
		if format := args[len(args)-1].Literal; format != nil && format.Text != "" {
			sig.Null = catalog.NullStrict
		}
	}
}

// xmlTable is XMLTABLE(row PASSING document COLUMNS …): its columns are those it defines, and
// their paths and defaults are no arguments.
func xmlTable(_ *semantics, args []dialect.Operand) (dialect.Signature, dialect.Failure, bool) {
	taken := make([]types.Type, len(args))
	for i := range taken {
		taken[i] = types.Type{Name: "text"}
		if i == 1 {
			taken[i] = types.Type{Name: "xml"}
		}
	}
	return dialect.Signature{
		Args: taken, Returns: types.Type{Name: "record", Kind: types.Pseudo}, ReturnsSet: true,
		Null: catalog.NullMaybe, Volatility: "immutable",
	}, dialect.OK, true
}
