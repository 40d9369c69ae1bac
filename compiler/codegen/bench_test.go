package codegen_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/internal/bigproject"
)

// BenchmarkLarge is a project of 1,000 tables and 10,000 queries: compiling alone, and with
// the Go written in memory. docs/performance.md has the figures against sqlc.
func BenchmarkLarge(b *testing.B) {
	dir := b.TempDir()
	if err := bigproject.Write(dir, 1000, 10000, 50); err != nil {
		b.Fatal(err)
	}
	run(b, filepath.Join(dir, "sqlc.yaml"))
}

// BenchmarkCorpus is every real project of the acceptance data.
func BenchmarkCorpus(b *testing.B) {
	root := os.Getenv("COVETSQL_ACCEPTANCE")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "acceptance")
	}
	var configs []string
	for _, name := range []string{"sqlc.yaml", "sqlc.yml", "sqlc.json"} {
		for _, depth := range []string{"", "*", "*/*", "*/*/*", "*/*/*/*"} {
			found, _ := filepath.Glob(filepath.Join(root, "corpus", "*", "tree", depth, name))
			configs = append(configs, found...)
		}
	}
	if len(configs) == 0 {
		b.Skip("the acceptance data is not beside the repository; set COVETSQL_ACCEPTANCE to its folder")
	}
	run(b, configs...)
}

func run(b *testing.B, configs ...string) {
	for _, kind := range []struct {
		name     string
		generate bool
	}{{"compile", false}, {"generate", true}} {
		b.Run(kind.name, func(b *testing.B) {
			b.ReportAllocs()
			queries := 0
			for b.Loop() {
				queries = 0
				for _, path := range configs {
					cfg, diags := config.Load(path)
					if diags.HasErrors() {
						b.Fatal(diags)
					}
					p := compiler.Compile(cfg, compiler.Options{})
					for _, pkg := range p.Packages {
						queries += len(pkg.Queries())
					}
					if kind.generate {
						codegen.GenerateAll(p, nil)
					}
				}
			}
			b.ReportMetric(float64(queries), "queries")
		})
	}
}
