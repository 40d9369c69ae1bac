package postgres

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"unsafe"

	pg "github.com/pganalyze/pg_query_go/v5"
	"github.com/pganalyze/pg_query_go/v5/parser"
	"google.golang.org/protobuf/proto"
)

// statements are texts that the engine's parser takes or refuses, whole files among them.
func statements(t *testing.T) []string {
	texts := []string{
		"", "SELECT 1", "SELECT 1; SELECT 'ä', 1.5, NULL, true, B'1'", "CREATE TABLE t (a int DEFAULT -1, b text[] CHECK (a > 0))",
		"SELECT * FROM a, LATERAL (SELECT 1) b WHERE (a.x, 2) IN (SELECT 1, 2) ORDER BY 1 FETCH FIRST 3 ROWS WITH TIES",
	}
	root := os.Getenv("COVETSQL_ACCEPTANCE")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "acceptance")
	}
	err := filepath.WalkDir(filepath.Join(root, "corpus"), func(path string, e os.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".sql" {
			b, err := os.ReadFile(path)
			texts = append(texts, string(b))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestATreeIsUnpackedAsTheLibraryWould(t *testing.T) {
	read := 0
	for _, text := range statements(t) {
		packed, err := parser.ParseToProtobuf(text)
		if err != nil {
			continue
		}
		read++
		var want pg.ParseResult
		if err := proto.Unmarshal(packed, &want); err != nil {
			t.Fatal(err)
		}
		u, tree := unpackers.Get().(*unpacker), new(pg.ParseResult)
		if !u.message(messageOf(reflect.TypeFor[pg.ParseResult]()), unsafe.Pointer(tree), packed) {
			t.Errorf("left to the library: %.200s", text)
		}
		u.reset()
		unpackers.Put(u)
		for range 2 { // into fresh memory, and into used
			err := unpack(packed, func(got *pg.ParseResult) {
				if !proto.Equal(got, &want) {
					t.Errorf("another tree: %.200s", text)
				}
			})
			if err != nil {
				t.Errorf("%v: %.200s", err, text)
			}
		}
	}
	t.Logf("%d trees", read)
}

func TestDamagedTreesAreErrors(t *testing.T) {
	packed, err := parser.ParseToProtobuf("SELECT a, 'text' FROM t WHERE b IN (1, 2.5) ORDER BY c")
	if err != nil {
		t.Fatal(err)
	}
	for i := range packed {
		damaged := append([]byte(nil), packed...)
		damaged[i] ^= 1 << (i % 8)
		_ = unpack(damaged, func(*pg.ParseResult) {})
		_ = unpack(packed[:i], func(*pg.ParseResult) {})
	}
	if err := unpack(packed, func(got *pg.ParseResult) {
		if len(got.Stmts) != 1 {
			t.Error("memory was not taken back")
		}
	}); err != nil {
		t.Error(err)
	}
}
