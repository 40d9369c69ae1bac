package codegen

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/plugin/protocol"
	"github.com/covetsql/covetsql/compiler/source"
)

func TestAGeneratorWritesBelowItsFolderOnly(t *testing.T) {
	for name, want := range map[string]string{
		"a.py": "out/a.py", "sub/a.py": "out/sub/a.py", "/a.py": "out/a.py", "./a.py": "out/a.py", "sub/../a.py": "out/a.py", "a..py": "out/a..py",
		"../a.py": "", "sub/../../a.py": "", "/../a.py": "", "..": "", ".": "", "": "", "/": "", "sub/": "", `..\a.py`: "", "a\x00b": "",
	} {
		got, ok := below("out", name)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q %t, want %q", name, got, ok, want)
		}
	}
	if got, _ := below("../elsewhere", "a.py"); got != "../elsewhere/a.py" {
		t.Error("the user's own folder may be anywhere:", got)
	}
}

// run is a runner in the test's own process.
type run func(p config.Plugin, r *protocol.GenerateRequest) (*protocol.GenerateResponse, error)

func (f run) Run(_ context.Context, p config.Plugin, r *protocol.GenerateRequest) (*protocol.GenerateResponse, error) {
	return f(p, r)
}

type spoken struct{ error }

func (spoken) Said() string { return "what it said\n" }

// program compiles a configuration with plugins over a table.
func program(t *testing.T, name, codegen string) *compiler.Program {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "schema.sql", "CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint NOT NULL);\nCREATE TABLE b (id bigint PRIMARY KEY, name text NOT NULL);\n")
	put(t, dir, "query.sql", "-- name: Get :many\nSELECT a.id, b.name, (SELECT b.id FROM b WHERE b.id = a.b_id) AS x, coalesce(b.name, b.name) AS y, count(*) OVER () AS n FROM a LEFT JOIN b ON b.id = a.b_id;\n")
	put(t, dir, name, "version: \"2\"\nplugins:\n- {name: one, process: {cmd: one}, env: [A]}\n- {name: two, wasm: {url: \"file://two.wasm\"}}\noptions: {two: {all: true}}\n"+
		"sql:\n- engine: postgresql\n  schema: schema.sql\n  queries: query.sql\n"+codegen)
	cfg, ds := config.Load(dir + "/" + name)
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	p := compiler.Compile(cfg, compiler.Options{})
	if p.Diagnostics.HasErrors() {
		t.Fatal(p.Diagnostics)
	}
	return p
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if _, ds := Write(dir, []File{{Path: name, Content: []byte(text)}}); len(ds) > 0 {
		t.Fatal(ds)
	}
}

const both = "  gen: {go: {package: db, out: db}, json: {out: json}}\n  codegen:\n  - {plugin: one, out: one, options: {k: [1, x, 2020-01-02]}}\n  - {plugin: two, out: two}\n"

func TestPluginsRunBesideGoAndAreToldTheirOptions(t *testing.T) {
	r := run(func(p config.Plugin, q *protocol.GenerateRequest) (*protocol.GenerateResponse, error) {
		c := q.Settings.Codegen
		text := fmt.Sprintf("%s %s %s %q %q %v %v %v", p.Name, c.Out, c.Plugin, q.PluginOptions, q.GlobalOptions, c.Env, c.Process.GetCmd(), c.Wasm.GetUrl())
		return &protocol.GenerateResponse{Files: []*protocol.File{{Name: "x.txt", Contents: []byte(text)}}}, nil
	})
	files, ds := GenerateWith(t.Context(), program(t, "sqlc.yaml", both), nil, r)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	got := map[string]string{}
	var paths []string
	for _, f := range files {
		got[f.Path] = string(f.Content)
		paths = append(paths, f.Path)
	}
	if want := []string{"db/db.go", "db/models.go", "db/query.sql.go", "json/codegen_request.json", "one/x.txt", "two/x.txt"}; !slices.Equal(paths, want) {
		t.Errorf("%v, want %v", paths, want)
	}
	if want := `one one one "{\"k\":[1,\"x\",\"2020-01-02\"]}" "" [A] one `; got["one/x.txt"] != want {
		t.Errorf("%s, want %s", got["one/x.txt"], want)
	}
	if want := `two two two "" "{\"all\":true}" []  file://two.wasm`; got["two/x.txt"] != want {
		t.Errorf("%s, want %s", got["two/x.txt"], want)
	}
	files, ds = GenerateAll(program(t, "sqlc.yaml", both), nil)
	if len(ds) > 0 || len(files) != 4 {
		t.Error("without a runner plugins are left out:", len(files), ds)
	}
}

func TestPluginsAreToldTheTruthWhereItIsAskedFor(t *testing.T) {
	for under, want := range map[string]string{"sqlc.yaml": "id:true name:false x:false y:true n:true ", "covetsql.yaml": "id:true name:false x:false y:false n:true "} {
		_, ds := GenerateWith(t.Context(), program(t, under, "  codegen:\n  - {plugin: one, out: one}\n"), nil, told(t, under, want))
		if ds.HasErrors() {
			t.Error(ds)
		}
	}
}

func told(t *testing.T, under, want string) Runner {
	return run(func(_ config.Plugin, q *protocol.GenerateRequest) (*protocol.GenerateResponse, error) {
		var b strings.Builder
		for _, c := range q.Queries[0].Columns {
			fmt.Fprintf(&b, "%s:%t ", c.Name, c.NotNull)
		}
		if b.String() != want {
			t.Errorf("%s: %s, want %s", under, b.String(), want)
		}
		return &protocol.GenerateResponse{}, nil
	})
}

func TestAFailingPluginStopsAllOutput(t *testing.T) {
	for name, c := range map[string]struct {
		answer *protocol.GenerateResponse
		err    error
		want   string
	}{
		"error":   {nil, spoken{errors.New("it broke")}, `the plugin "one" failed: it broke`},
		"escape":  {&protocol.GenerateResponse{Files: []*protocol.File{{Name: "../x"}}}, nil, `the plugin "one" names a file that can not be: "../x"`},
		"nothing": {&protocol.GenerateResponse{}, nil, `the plugin "one" gave no files`},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(func(config.Plugin, *protocol.GenerateRequest) (*protocol.GenerateResponse, error) {
				return c.answer, c.err
			})
			files, ds := GenerateWith(t.Context(), program(t, "sqlc.yaml", "  gen: {go: {package: db, out: db}}\n  codegen:\n  - {plugin: one, out: one}\n"), nil, r)
			if len(ds) != 1 || ds[0].Code != diag.PluginFailed || ds[0].Message != c.want || ds[0].Span.Position().Line != 12 {
				t.Fatal(ds)
			}
			if name == "nothing" {
				if ds.HasErrors() || len(files) != 3 {
					t.Error("a plugin may have nothing to write:", len(files), ds)
				}
				return
			}
			if len(files) != 0 {
				t.Error("files in spite of an error")
			}
			if c.err != nil && !slices.Equal(ds[0].Help, []string{"it wrote: what it said"}) {
				t.Error(ds[0].Help)
			}
		})
	}
}

func TestTwoGeneratorsOfOneFileAreSaid(t *testing.T) {
	at := source.NewFile("sqlc.yaml", "").Span(0, 0)
	file := func(text string) []File { return []File{{Path: "gen/x", Content: []byte(text)}} }
	files, ds := merge([]output{{files: file("a"), by: "the plugin one", at: at}, {files: file("b"), by: "the plugin two", at: at}})
	if len(ds) != 1 || ds[0].Code != diag.OutputClash || len(files) != 1 || string(files[0].Content) != "b" {
		t.Error(files, ds)
	}
	for _, same := range [][]output{
		{{files: file("a"), by: "the plugin one", at: at}, {files: file("a"), by: "the plugin two", at: at}},
		{{files: file("a"), at: at}, {files: file("b"), at: at}}, // Go packages in one folder
	} {
		if files, ds := merge(same); len(ds) > 0 || len(files) != 1 {
			t.Error(files, ds)
		}
	}
}

func TestPluginsAreNotToldOfOptionalParts(t *testing.T) {
	p := program(t, "covetsql.yaml", "  codegen:\n  - {plugin: one, out: out}\n")
	p.Packages[0].Files[0].Queries[0].Variants = &facts.Variants{Texts: []string{"SELECT 1"}}
	_, ds := GenerateWith(t.Context(), p, nil, run(func(config.Plugin, *protocol.GenerateRequest) (*protocol.GenerateResponse, error) {
		t.Error("the plugin ran")
		return &protocol.GenerateResponse{}, nil
	}))
	if len(ds) != 1 || ds[0].Code != diag.OptionConflict {
		t.Errorf("%v", ds)
	}
}
