package compiler

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler/cache"
	"github.com/covetsql/covetsql/compiler/dialect"
)

// Each schema of the real projects is kept, and read back as it was.
func TestSchemasAreReadBackAsTheyWere(t *testing.T) {
	projects, _ := filepath.Glob(filepath.Join(acceptance(t, "corpus"), "*", "tree"))
	for _, dir := range projects {
		t.Run(filepath.Base(filepath.Dir(dir)), func(t *testing.T) {
			for _, cfg := range configs(t, dir) {
				var kept [2][][]byte
				store := cache.Open(t.TempDir(), "", "")
				for round := range kept {
					for _, p := range Compile(cfg, Options{Cache: store}).Packages {
						if len(p.Config.Schema) == 0 {
							continue
						}
						if p.Key == nil {
							t.Fatal("the package has no key")
						}
						b, err := cache.Encode(trees, &p.Catalog, p.Source)
						if err != nil {
							t.Fatal(err)
						}
						kept[round] = append(kept[round], b)
						for _, name := range fresh(p.Dialect) {
							if p.Catalog.Schema(name).Load == nil {
								t.Errorf("round %d: schema %s finds no tables of the system", round, name)
							}
						}
					}
				}
				for i := range kept[0] {
					if !bytes.Equal(kept[0][i], kept[1][i]) {
						t.Errorf("package %d: the schema is another one", i)
					}
				}
			}
		})
	}
}

// fresh are the schemas of an empty database that find tables when they are asked.
func fresh(d dialect.Dialect) (names []string) {
	for _, s := range d.NewSnapshot().Schemas {
		if s.Load != nil {
			names = append(names, s.Name)
		}
	}
	return names
}
