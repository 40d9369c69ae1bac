package gowrite

import (
	"fmt"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
)

var authors = &surface.Relation{Name: "authors"}

func sample() *surface.Package {
	id := surface.Column{Name: "id", Original: "id", Type: "bigserial", NotNull: true, Length: -1, Table: authors}
	text := surface.Column{Name: "name", Original: "name", Type: "text", NotNull: true, Length: -1, Table: authors}
	bio := surface.Column{Name: "bio", Original: "bio", Type: "text", Length: -1, Table: authors, Comment: "what to\nsay"}
	mood := surface.Column{Name: "mood", Original: "mood", Type: "mood", Length: -1, Table: authors}
	tags := surface.Column{Name: "tags", Original: "tags", Type: "text", Dims: 1, Length: -1, Table: authors}
	all := []surface.Column{id, text, bio, mood, tags}
	q := func(name, command string, columns []surface.Column, params ...surface.Column) *surface.Query {
		out := &surface.Query{Name: name, Command: command, File: "query.sql", SQL: "SELECT " + name, Columns: columns, InsertInto: authors}
		for i, p := range params {
			out.Params = append(out.Params, surface.Param{Number: i + 1, Column: p})
		}
		return out
	}
	return &surface.Package{
		DefaultSchema: "public",
		Tables:        []*surface.Table{{Relation: *authors, Comment: "who writes", Columns: all}},
		Enums:         []*surface.Enum{{Relation: surface.Relation{Name: "mood"}, Values: []string{"sad", "happy"}}},
		Queries: []*surface.Query{
			q("GetAuthor", "one", all, id), q("ListNames", "many", []surface.Column{text}), q("ListPairs", "many", []surface.Column{id, id, mood}, text, bio),
			q("Rename", "exec", nil, text, id), q("Remove", "execrows", nil, id), q("Result", "execresult", nil, id, tags),
		},
	}
}

func bools(o *config.Go) []*bool {
	o.EmitPointersForNullEnums = new(bool)
	return []*bool{&o.EmitInterface, &o.EmitJSONTags, &o.EmitDBTags, &o.EmitPreparedQueries, &o.EmitExactTableNames, &o.EmitEmptySlices,
		&o.EmitExportedQueries, &o.EmitResultStructPointers, &o.EmitParamsStructPointers, &o.EmitMethodsWithDBArgument, &o.EmitPointersForNullTypes,
		o.EmitPointersForNullEnums, &o.EmitEnumValidMethod, &o.EmitAllEnumValues, &o.EmitSQLAsComment, &o.WrapErrors, &o.OmitSQLCVersion, &o.OmitUnusedStructs}
}

func TestEveryOptionGivesFormattedGo(t *testing.T) {
	limit := 3
	for _, target := range []string{"database/sql", "pgx/v4", "pgx/v5"} {
		for i := range bools(&config.Go{}) {
			for _, qpl := range []*int{nil, &limit, new(int)} {
				o := config.Go{Package: "db", Out: "db", SQLPackage: target, QueryParameterLimit: qpl, BuildTags: "x"}
				*bools(&o)[i] = true
				files, ds := Generate(sample(), catalog.PostgreSQL, o, false, Parts{})
				if ds.HasErrors() {
					t.Fatal(ds)
				}
				for _, f := range files {
					isFormatted(t, f.Content)
				}
			}
		}
	}
}

func TestBatchesAndCopiesAreFormattedGo(t *testing.T) {
	p := sample()
	for i, c := range []string{"batchone", "batchmany", "batchmany", "batchexec", "copyfrom", "copyfrom"} {
		p.Queries[i].Command = c
	}
	p.Queries = p.Queries[:6]
	for _, target := range []string{"pgx/v4", "pgx/v5"} {
		for i := range bools(&config.Go{}) {
			o := config.Go{Package: "db", SQLPackage: target}
			*bools(&o)[i] = true
			files, ds := Generate(p, catalog.PostgreSQL, o, false, Parts{})
			if ds.HasErrors() {
				t.Fatal(ds)
			}
			for _, f := range files {
				isFormatted(t, f.Content)
			}
		}
	}
}

// generated joins the files that a package's queries give, or fails.
func generated(t *testing.T, p *surface.Package, engine catalog.Engine, o config.Go) string {
	t.Helper()
	files, ds := Generate(p, engine, o, false, Parts{})
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	var b strings.Builder
	for _, f := range files {
		isFormatted(t, f.Content)
		fmt.Fprintf(&b, "== %s\n%s", f.Path, f.Content)
	}
	return b.String()
}

func TestAConstantNeverHidesWhatItsMethodUses(t *testing.T) {
	for query, want := range map[string]string{"Range": "const range_ =", "Len": "const len_ =", "Sql": "const sql_ =", "Name": "const name_ =", "Ctx": "const ctx_ ="} {
		p := sample()
		p.Queries = p.Queries[:1]
		p.Queries[0].Name = query
		p.Queries[0].Params[0].Name = "name"
		if out := generated(t, p, catalog.PostgreSQL, config.Go{Package: "db"}); !strings.Contains(out, want) {
			t.Errorf("query %s: no %q in\n%s", query, want, out)
		}
	}
}

func TestArgumentsKeepOutOfTheBodysWay(t *testing.T) {
	limit := 5
	p := sample()
	p.Queries = p.Queries[2:3]
	p.Queries[0].Params[0].Name, p.Queries[0].Params[1].Name = "err", "ctx"
	out := generated(t, p, catalog.PostgreSQL, config.Go{Package: "db", QueryParameterLimit: &limit})
	if want := "ListPairs(ctx context.Context, err_ string, ctx_ sql.NullString)"; !strings.Contains(out, want) {
		t.Errorf("no %q in\n%s", want, out)
	}
}

func TestASliceIsAppendedWhereverItsPlaceholderStands(t *testing.T) {
	ids := surface.Column{Name: "ids", Type: "INTEGER", NotNull: true, Length: -1, Given: true, Slice: true}
	year := surface.Column{Name: "year", Type: "INTEGER", NotNull: true, Length: -1, Given: true}
	p := &surface.Package{DefaultSchema: "main", Queries: []*surface.Query{{
		Name: "Pick", Command: "exec", File: "q.sql", SQL: "DELETE FROM t WHERE y > ? AND a IN (/*SLICE:ids*/?) OR b IN (/*SLICE:ids*/?) AND y < ?",
		Params: []surface.Param{{Number: 1, Column: year}, {Number: 2, Column: ids}}, Placeholders: []int{0, 1, 1, 0},
	}}}
	out := generated(t, p, catalog.SQLite, config.Go{Package: "db"})
	for part, n := range map[string]int{"append(queryParams, arg.Year)": 2, "range arg.Ids": 2, `"/*SLICE:ids*/?", "NULL", 1)`: 2} {
		if got := strings.Count(out, part); got != n {
			t.Errorf("%q stands %d times, not %d", part, got, n)
		}
	}
}

func TestRepeatedParametersPassTheirArgumentAgain(t *testing.T) {
	x := surface.Column{Name: "x", Type: "int", NotNull: true, Length: -1, Given: true}
	p := &surface.Package{DefaultSchema: "", Queries: []*surface.Query{{
		Name: "Twice", Command: "exec", File: "q.sql", SQL: "DELETE FROM t WHERE a = ? OR b = ?",
		Params: []surface.Param{{Number: 1, Column: x}}, Placeholders: []int{0, 0},
	}}}
	if out := generated(t, p, catalog.MySQL, config.Go{Package: "db"}); !strings.Contains(out, "twice, x, x)") {
		t.Error(out)
	}
}

func TestClashesOfGoNamesAreErrors(t *testing.T) {
	for what, change := range map[string]func(*surface.Package){
		"two tables, one model": func(p *surface.Package) {
			p.Tables = append(p.Tables, &surface.Table{Relation: surface.Relation{Name: "author"}})
		},
		"enum and table": func(p *surface.Package) { p.Enums[0].Name = "author" },
		"query text and another": func(p *surface.Package) {
			p.Queries[0].Name, p.Queries[1].Name = "getX", "GetX"
		},
		"row and table": func(p *surface.Package) {
			p.Tables = append(p.Tables, &surface.Table{Relation: surface.Relation{Name: "list_pairs_row"}})
		},
		"method WithTx": func(p *surface.Package) { p.Queries[0].Name = "WithTx" },
	} {
		p := sample()
		change(p)
		files, ds := Generate(p, catalog.PostgreSQL, config.Go{Package: "db"}, false, Parts{})
		found := false
		for _, d := range ds {
			found = found || d.Code == diag.GoNameClash
		}
		if !found || files != nil {
			t.Errorf("%s: %v", what, ds)
		}
	}
}

func TestCommandsThatTheTargetCanNotRunAreErrors(t *testing.T) {
	for _, c := range []struct {
		engine  catalog.Engine
		target  string
		command string
	}{
		{catalog.PostgreSQL, "database/sql", "batchexec"}, {catalog.PostgreSQL, "database/sql", "copyfrom"},
		{catalog.PostgreSQL, "pgx/v5", "execlastid"}, {catalog.SQLite, "", "copyfrom"}, {catalog.MySQL, "", "copyfrom"},
	} {
		p := sample()
		p.Queries[3].Command = c.command
		if _, ds := Generate(p, c.engine, config.Go{Package: "db", SQLPackage: c.target}, false, Parts{}); !ds.HasErrors() {
			t.Errorf("%+v is generated", c)
		}
	}
}

func TestTheHeadNamesTheToolOfTheConfiguration(t *testing.T) {
	out := generated(t, sample(), catalog.PostgreSQL, config.Go{Package: "db"})
	if want := "// Code generated by sqlc. DO NOT EDIT.\n// versions:\n//   sqlc v1.31.1\n// source: query.sql\n\npackage db\n"; !strings.Contains(out, want) {
		t.Error(out[:200])
	}
}

func TestAnEmbeddedRowThatMayBeMissingIsAPointer(t *testing.T) {
	p := sample()
	e := surface.Column{Name: "authors", Embed: authors, EmbedColumns: []string{"id", "name", "bio", "mood", "tags"}, EmbedMissing: true, Length: -1}
	for i, c := range []string{"one", "many", "many"} {
		p.Queries[i].Command, p.Queries[i].Columns = c, []surface.Column{p.Tables[0].Columns[0], e}
	}
	out := generated(t, p, catalog.PostgreSQL, config.Go{Package: "db"})
	for _, want := range []string{
		"\tAuthor *Author\n", "\tvar maybeAuthor struct {\n", "\t\tID   sql.NullInt64\n", "\t\tTags []string\n", "&maybeAuthor.ID,", "pq.Array(&maybeAuthor.Tags),",
		"\tif maybeAuthor.ID.Valid {\n\t\ti.Author = &Author{\n\t\t\tID:   maybeAuthor.ID.Int64,\n", "\t\t\tBio:  maybeAuthor.Bio,\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for i, c := range []string{"batchone", "batchmany"} {
		p.Queries[i].Command = c
	}
	generated(t, p, catalog.PostgreSQL, config.Go{Package: "db", SQLPackage: "pgx/v5"})
}

// sqlc 1.31: emit_pointers_for_null_enum_types counts for enums where it is given, else what counts for all types.
func TestEnumsHaveAnOptionOfTheirOwnForNULL(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		all    bool
		enums  *bool
		target string
		want   string
	}{
		{true, nil, "pgx/v5", "*Mood"}, {true, &no, "pgx/v5", "NullMood"}, {false, &yes, "pgx/v5", "*Mood"}, {false, nil, "pgx/v5", "NullMood"},
		{true, &yes, "database/sql", "NullMood"}, {true, nil, "database/sql", "NullMood"},
	} {
		o := config.Go{Package: "db", Out: "db", SQLPackage: c.target, EmitPointersForNullTypes: c.all, EmitPointersForNullEnums: c.enums}
		files, ds := Generate(sample(), catalog.PostgreSQL, o, false, Parts{})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		var models string
		for _, f := range files {
			if strings.HasSuffix(f.Path, "models.go") {
				models = string(f.Content)
			}
		}
		_, author, _ := strings.Cut(models, "type Author struct {")
		if mood := strings.Fields(author[strings.Index(author, "Mood"):])[1]; mood != c.want {
			t.Errorf("%+v: %s", c, mood)
		}
	}
}
