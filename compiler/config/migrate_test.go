package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/source"
)

// What is migrated means what it meant, but for being strict.
func TestMigratedConfigurationsMeanTheSame(t *testing.T) {
	root := os.Getenv("COVETSQL_ACCEPTANCE")
	if root == "" {
		root = "../../../shared/acceptance"
	}
	found := 0
	err := filepath.WalkDir(filepath.Join(root, "corpus"), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ext := filepath.Ext(path); !strings.HasPrefix(e.Name(), "sqlc") || ext != ".yaml" && ext != ".yml" && ext != ".json" {
			return nil
		}
		found++
		before, list := Load(path)
		if list.HasErrors() {
			t.Fatalf("%s: %v", path, list)
		}
		text, _, list := Migrate(before.File)
		if list.HasErrors() {
			t.Errorf("%s: %v", path, list)
			return nil
		}
		own := filepath.Join(filepath.Dir(path), "covetsql.yaml")
		after, list := Parse(source.NewFile(own, string(text)), own)
		if len(list) > 0 {
			t.Errorf("%s becomes\n%s\n%v", path, text, list)
			return nil
		}
		if !after.Strict {
			t.Errorf("%s: what it becomes is not strict", path)
		}
		if a, b := meaning(before), meaning(after); !reflect.DeepEqual(a, b) {
			t.Errorf("%s becomes\n%s\nbefore %+v\n after %+v", path, text, a, b)
		}
		return nil
	})
	if err != nil || found == 0 {
		t.Skipf("no real projects at %s (%v)", root, err)
	}
}

// meaning is a configuration without what may differ: version, places and strictness. A block's
// name, which only version 1 derives from its package, does not count either.
func meaning(c *Config) []Package {
	out := make([]Package, len(c.Packages))
	for i, p := range c.Packages {
		out[i] = withoutSpans(reflect.ValueOf(p)).Interface().(Package)
		if c.Version == "1" || p.Go != nil && p.Name == p.Go.Package {
			out[i].Name = ""
		}
	}
	return out
}

var spanType = reflect.TypeFor[source.Span]()

// withoutSpans copies a value and leaves its spans empty.
func withoutSpans(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch {
	case v.Type() == spanType:
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(withoutSpans(v.Field(i)))
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		out.Set(reflect.New(v.Type().Elem()))
		out.Elem().Set(withoutSpans(v.Elem()))
	case v.Kind() == reflect.Slice && !v.IsNil():
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(withoutSpans(v.Index(i)))
		}
	default:
		out.Set(v)
	}
	return out
}

// A block without gen was a nil dereference.
func TestABlockOfPluginsAloneIsMigrated(t *testing.T) {
	const text = `version: "2"
plugins:
- name: kt
  process: {cmd: sqlc-gen-kotlin}
sql:
- engine: sqlite
  schema: schema.sql
  queries: query.sql
  codegen:
  - {plugin: kt, out: gen, options: {package: com.example}}
`
	out, _, list := Migrate(source.NewFile("sqlc.yaml", text))
	if len(list) > 0 {
		t.Fatal(list)
	}
	c, list := Parse(source.NewFile("covetsql.yaml", string(out)), "covetsql.yaml")
	if len(list) > 0 || len(c.Plugins) != 1 || len(c.Packages[0].Codegen) != 1 || string(c.Packages[0].Codegen[0].Options) != `{"package":"com.example"}` {
		t.Errorf("%v\n%s", list, out)
	}
}
