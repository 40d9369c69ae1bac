package codegen

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
)

// requestOf writes gen.json of the one block of a configuration.
func requestOf(t *testing.T, path string) any {
	t.Helper()
	cfg, ds := config.Load(path)
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	p := compiler.Compile(cfg, compiler.Options{})
	if p.Diagnostics.HasErrors() {
		t.Fatal(p.Diagnostics)
	}
	files, ds := GenerateAll(p, nil)
	if ds.HasErrors() || len(files) != 1 {
		t.Fatal(len(files), ds)
	}
	return parsed(t, files[0].Content)
}

func parsed(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// unequal lists where two requests differ, by path.
func unequal(at string, want, got any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			break
		}
		var out []string
		for _, k := range slices.Sorted(maps.Keys(w)) {
			out = append(out, unequal(at+"."+k, w[k], g[k])...)
		}
		return out
	case []any:
		g, ok := got.([]any)
		if !ok {
			break
		}
		var out []string
		if len(w) != len(g) {
			out = append(out, fmt.Sprintf("%s has %d items, not %d", at, len(g), len(w)))
		}
		for i := range min(len(w), len(g)) {
			name := fmt.Sprint(i)
			if m, ok := w[i].(map[string]any); ok && m["name"] != nil {
				name = fmt.Sprint(m["name"])
			}
			out = append(out, unequal(at+"["+name+"]", w[i], g[i])...)
		}
		return out
	default:
		if want == got {
			return nil
		}
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	return []string{fmt.Sprintf("%s is %.200s, not %.200s", at, b, a)}
}

// With COVETSQL_SQLC naming the binary of sqlc 1.31.1, what it would tell a plugin of the queries
// of real projects is compared with what covetsql tells. Text differs where that of sqlc could not run.
func TestRequestsAreSQLCs(t *testing.T) {
	sqlc := os.Getenv("COVETSQL_SQLC")
	if sqlc == "" {
		t.Skip("COVETSQL_SQLC does not name a binary of sqlc 1.31.1")
	}
	root, names := corpus(t)
	same, other := 0, 0
	for _, name := range names {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, name))); err != nil {
			t.Fatal(err)
		}
		_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error { return os.Chmod(path, 0o755) })
		var c struct{ Config string }
		b, err := os.ReadFile(filepath.Join(dir, "case.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &c); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "tree", c.Config)
		cfg, ds := config.Load(path)
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		for i, p := range cfg.Packages {
			block := map[string]any{
				"engine": string(p.Engine), "schema": p.Schema, "queries": p.Queries,
				"gen": map[string]any{"json": map[string]any{"out": "request-of-block"}},
			}
			for key, v := range map[string]*bool{"strict_function_checks": p.StrictFunctionChecks, "strict_order_by": p.StrictOrderBy} {
				if v != nil {
					block[key] = *v
				}
			}
			b, err := yaml.Marshal(map[string]any{"version": "2", "sql": []any{block}})
			if err != nil {
				t.Fatal(err)
			}
			folder := filepath.Dir(path)
			if err := os.WriteFile(filepath.Join(folder, "one-block.yaml"), b, 0o644); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(sqlc, "generate", "-f", "one-block.yaml")
			cmd.Dir = folder
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Logf("sqlc refuses block %d of %s: %.200s", i, name, out)
				continue
			}
			want, err := os.ReadFile(filepath.Join(folder, "request-of-block", "codegen_request.json"))
			if err != nil {
				t.Fatal(err)
			}
			got := requestOf(t, filepath.Join(folder, "one-block.yaml"))
			list := slices.DeleteFunc(unequal(name, parsed(t, want), got), func(s string) bool {
				return strings.Contains(s, ".schemas[pg_catalog]") || strings.Contains(s, ".schemas[information_schema]")
			})
			if len(list) == 0 {
				same++
				continue
			}
			other++
			for _, d := range list[:min(len(list), 40)] {
				t.Log(d)
			}
		}
	}
	t.Logf("%d requests are the same, %d differ", same, other)
	if same < 29 {
		t.Errorf("only %d requests are the same", same)
	}
}
