package catalog

import (
	"reflect"
	"testing"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// sample is a schema in which every kind of object occurs once, and pointers to each.
func sample() (*Snapshot, map[string]any) {
	column := &Column{Name: "c", Type: types.Type{Name: "int4"}, Default: "1", Generated: "a + 1"}
	constraint := &Constraint{Name: "k", Kind: ir.ForeignKey, Columns: []string{"c"}, RefTable: "o", RefColumns: []string{"id"}}
	check := &Constraint{Name: "ck", Kind: ir.Check, Expr: "c > 0"}
	index := &Index{Name: "i", Parts: []IndexPart{{Column: "c"}}}
	table := &Table{Name: "t", Columns: []*Column{column}, Constraints: []*Constraint{constraint, check}, Indexes: []*Index{index}}
	def := &TypeDef{Name: "d", Kind: types.Domain, Base: types.Type{Name: "text"}, Columns: []*Column{{Name: "x"}}}
	function := &Function{Name: "f", Args: []FuncArg{{Name: "a", Type: types.Type{Name: "int4"}, Mode: "IN"}}, Returns: types.Type{Name: "text"}}
	sequence := &Sequence{Schema: "public", Name: "s", Type: types.Type{Name: "int8"}}
	trigger := &Trigger{Schema: "public", Name: "g", Table: "t", Timing: "AFTER", Text: "CREATE TRIGGER g"}
	s := &Snapshot{Engine: PostgreSQL, DefaultSchema: "public", SearchPath: []string{"public"}, Extensions: []string{"fillfactor"}}
	sc := s.Add("public", []*Table{table}, []*TypeDef{def}, []*Function{function})
	sc.Sequences, sc.Triggers = []*Sequence{sequence}, []*Trigger{trigger}
	return s, map[string]any{
		"Table": table, "Column": column, "Constraint": constraint, "Index": index, "IndexPart": &index.Parts[0], "TypeDef": def,
		"Function": function, "FuncArg": &function.Args[0], "Sequence": sequence, "Trigger": trigger, "Schema": sc, "Snapshot": s,
	}
}

// exempt are the fields that do not make two schemas differ, each with the reason.
var exempt = map[string]string{
	"Snapshot.Engine": "two engines are not compared", "Snapshot.Flavor": "as Engine", "Snapshot.DefaultSchema": "as Engine",
	"Snapshot.SearchPath": "a session's, not the schema's", "Snapshot.Implicit": "as SearchPath", "Snapshot.Schemas": "their contents are compared",
	"Schema.Name": "", "Schema.Load": "finds the system's own", "Schema.Tables": "", "Schema.Types": "", "Schema.Functions": "", "Schema.Sequences": "", "Schema.Triggers": "",
	"Table.Schema": "the schema holds it", "Table.Columns": "compared one by one", "Table.Constraints": "", "Table.Indexes": "",
	"Table.Temp": "no server keeps temporary tables", "Table.Query": "a view's text is the server's", "Table.Text": "as Query",
	"Column.Declared": "a spelling of the type; compared in SQLite, where it decides the affinity", "Column.NullReason": "of views", "Column.Constant": "of views; it follows from the query", "Column.DefaultExpr": "the text is compared",
	"Column.GeneratedExpr": "the text is compared", "Column.NotNullByDomain": "follows from the type", "Column.WroteNotNull": "how a file writes it", "Column.WroteNull": "how a file writes it", "Column.Added": "how a file makes it", "Table.HasChildren": "follows from the children", "Column.Table": "", "Column.Charset": "a file leaves it to the server; see below",
	"Constraint.Expr": "of checks; see below", "Constraint.X": "the text is compared", "Constraint.Using": "part of Expr, or the default",
	"Index.WhereExpr": "the text is compared", "Index.Alone": "follows from the indexes of the partitions", "IndexPart.X": "the text is compared", "Index.Parts": "compared one by one",
	"TypeDef.Schema": "the schema holds it", "TypeDef.Extension": "members of extensions are not compared", "TypeDef.Checks": "compared one by one", "TypeDef.Columns": "compared one by one",
	"TypeDef.InBlock": "how a file makes it",
	"Snapshot.Rights": "who may do what is not compared", "Table.Policies": "as Snapshot.Rights", "Function.Definer": "as Snapshot.Rights", "Function.SetsPath": "as Snapshot.Rights",
	"Function.Schema": "the schema holds it", "Function.Null": "follows from the rest", "Function.Variadic": "the argument's mode says it", "Function.BodyQuery": "the text is compared",
	"Function.Extension": "as of types", "Function.Args": "compared one by one", "Function.Columns": "compared one by one",
	"Snapshot.Ruled": "of files alone; a server tells the rules themselves", "Snapshot.Others": "a server's alone; files have none", "Schema.Definition": "as Snapshot.Others",
	"Column.Definition": "as Snapshot.Others", "Function.Definition": "as Snapshot.Others", "Function.SQLMode": "as Snapshot.Others", "Sequence.Definition": "as Snapshot.Others",
	"Trigger.SQLMode":            "as Snapshot.Others",
	"Snapshot.ExtensionVersions": "as Snapshot.Others", "Function.Signature": "as Snapshot.Others", "Function.Result": "as Snapshot.Others",
	"TypeDef.Definition": "as Snapshot.Others", "Table.Unpopulated": "data, not schema",
	"Sequence.Schema": "the schema holds it", "Trigger.Schema": "the schema holds it", "Trigger.Table": "",
	"Snapshot.Depends": "only a server knows", "Table.Postgres": "only a server knows", "Column.Postgres": "only a server knows", "Constraint.Postgres": "only a server knows",
	"Sequence.Unlogged": "only a server knows",
	"Table.Definition":  "only a server has it, and the same schema in words of its own", "Index.Definition": "as of tables", "Trigger.Definition": "as of tables",
}

func TestEveryFieldThatASchemaHasCounts(t *testing.T) {
	_, objects := sample()
	for kind, object := range objects {
		typ := reflect.TypeOf(object).Elem()
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := kind + "." + f.Name
			if _, ok := exempt[name]; ok || !f.IsExported() || f.Name == "Span" {
				continue
			}
			a, _ := sample()
			b, others := sample()
			v := reflect.ValueOf(others[kind]).Elem().Field(i)
			switch v.Kind() {
			case reflect.String:
				v.SetString(v.String() + "other")
			case reflect.Bool:
				v.SetBool(!v.Bool())
			case reflect.Uint8, reflect.Uint16:
				v.SetUint(v.Uint() + 1)
			case reflect.Int32:
				v.SetInt(v.Int() + 1)
			case reflect.Slice:
				v.Set(reflect.Append(v, reflect.ValueOf("other")))
			case reflect.Map:
				v.Set(reflect.ValueOf(map[string]string{"fillfactor": "70"}))
			case reflect.Struct:
				v.Set(reflect.ValueOf(types.Type{Name: "other"}))
			default:
				t.Errorf("%s: a field of kind %s; compare it and change it here, or say why it is exempt", name, v.Kind())
				continue
			}
			if len(Equal(a, b)) == 0 {
				t.Errorf("%s makes no difference", name)
			}
		}
	}
	a, _ := sample()
	b, _ := sample()
	if d := Equal(a, b); len(d) != 0 {
		t.Errorf("a schema differs from itself: %q", d)
	}
}

func TestWhatAServerKeepsOtherwiseIsTheSame(t *testing.T) {
	for _, c := range []struct{ file, server string }{
		{"price > 0", "((price > (0)::numeric))"},
		{"status IN ('new', 'paid')", "((status = ANY (ARRAY['new'::text, 'paid'::text])))"},
		{"age BETWEEN 0 AND 150", "(((age >= 0) AND (age <= 150)))"},
		{"lower(name) = 'x'", "(lower((name)::text) = 'x'::text)"},
		{"name LIKE 'a%' AND NOT gone", "(((name)::text ~~ 'a%'::text) AND (NOT gone))"},
		{"a != b", "(a <> b)"},
		{"-1", "'-1'::integer"},
		{"CAST(x AS varchar(10)) <> ''", "((x)::character varying(10))::text <> ''::text"},
		{"interval '1 day'", "'1 day'::interval"},
		{"now() + interval '15 minutes'", "(now() + '00:15:00'::interval)"},
		{"FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')", "FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00')"},
		{"current_timestamp", "CURRENT_TIMESTAMP"},
		{"public.f(x)", "f(x)"},
		{`"user" = 'a'`, "(`user` = _utf8mb4'a')"},
		{"TRUE", "'1'"},
		{"upper(name)", "ucase(`name`)"},
		{"EXECUTE PROCEDURE touch()", "EXECUTE FUNCTION public.touch()"},
	} {
		if !Same(c.file, c.server, "public") {
			t.Errorf("%s and %s: %q and %q", c.file, c.server, canonical(c.file, "public"), canonical(c.server, "public"))
		}
	}
	for _, c := range [][2]string{
		{"a > 0", "a >= 0"}, {"a > 0", "b > 0"}, {"'a'", "'A'"}, {"a AND b", "a OR b"}, {"x IN ('a')", "x IN ('a', 'b')"},
		{"x IN ('a')", "x NOT IN ('a')"}, {"a BETWEEN 1 AND 2", "a BETWEEN 1 AND 3"}, {"lower(a)", "upper(a)"}, {"1", "-1"}, {"other.f()", "f()"},
		{`"User"`, `"user_"`}, {"a LIKE 'x'", "a NOT LIKE 'x'"}, {"interval '15 minutes'", "'00:16:00'::interval"},
	} {
		if Same(c[0], c[1], "public") {
			t.Errorf("%s and %s are taken for the same", c[0], c[1])
		}
	}
}

// FuzzSame: any two texts are compared without a panic, and a text is the same as itself.
func FuzzSame(f *testing.F) {
	for _, s := range []string{"a::int[", "cast(", "((x", "a between", "x::", "'", "$$", "a new table as b old table", "engine ="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !Same(s, s, "public") {
			t.Errorf("%q differs from itself", s)
		}
		canonical(s, "public")
	})
}
