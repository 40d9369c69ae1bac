package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/dialect/postgres/rawtree"
	pg "github.com/pganalyze/pg_query_go/v5"
	"github.com/pganalyze/pg_query_go/v5/parser"
	"google.golang.org/protobuf/proto"
)

// texts are texts that the engine's parser takes or refuses: files, and each of their statements.
func texts(t *testing.T) []string {
	list := []string{
		"", "SELECT 1", "SELECT 1; SELECT 'ä', 1.5, NULL, true, false, '', 0, -1, B'1', E'\\x41'", "CREATE TABLE t (a int DEFAULT -1, b text[] CHECK (a > 0))",
		"SELECT * FROM a, LATERAL (SELECT 1) b WHERE (a.x, 2) IN (SELECT 1, 2) ORDER BY 1 FETCH FIRST 3 ROWS WITH TIES",
		"SELECT" + strings.Repeat(" 1 +", 2000) + " 1", "SELECT " + strings.Repeat("(", 100) + "SELECT 1" + strings.Repeat(")", 100),
		"SELECT '" + strings.Repeat("long ", 5000) + "'",
	}
	folders := []string{filepath.Join("..", "..", "..", "testdata"), filepath.Join("..", ".."), filepath.Join("..", "..", "..", "examples")}
	acceptance := os.Getenv("COVETSQL_ACCEPTANCE")
	if acceptance == "" {
		acceptance = filepath.Join("..", "..", "..", "..", "shared", "acceptance")
	}
	for _, folder := range append(folders, acceptance) {
		err := filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(path) != ".sql" {
				return err
			}
			b, err := os.ReadFile(path)
			list = append(append(list, string(b)), strings.SplitAfter(string(b), ";")...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return list
}

func TestATreeIsThatOfTheProtobufForm(t *testing.T) {
	read, left := 0, 0
	for _, text := range texts(t) {
		packed, err := parser.ParseToProtobuf(text)
		if err != nil {
			if rawtree.Parse(text, func([]byte) {}) {
				t.Errorf("%v: a tree of %.200s", err, text)
			}
			continue
		}
		var want pg.ParseResult
		if err := proto.Unmarshal(packed, &want); err != nil {
			t.Fatal(err)
		}
		want.Version = 0
		known := false
		for range 2 { // into fresh memory, and into used
			known = rawtree.Parse(text, func(tree []byte) {
				ok := readTree(tree, func(got *pg.ParseResult) {
					if !proto.Equal(got, &want) {
						t.Errorf("another tree: %.200s", text)
					}
				})
				if !ok {
					t.Errorf("it is no text: %.200s", text)
				}
			})
		}
		if read++; !known {
			left++
		}
	}
	t.Logf("%d trees, %d of them left to the protobuf form", read, left)
	if read == 0 || left > read/5 {
		t.Errorf("%d trees, %d of them left to the protobuf form", read, left)
	}
}

func TestMemoryIsTakenBackWhereATreeWasNotLowered(t *testing.T) {
	func() {
		defer func() { _ = recover() }()
		_ = parseTree("SELECT a, 'text' FROM t WHERE b IN (1, 2.5) ORDER BY c", func(*pg.ParseResult) { panic("lowering") })
	}()
	err := parseTree("SELECT 1", func(tree *pg.ParseResult) {
		target := tree.Stmts[0].Stmt.GetSelectStmt()
		if len(tree.Stmts) != 1 || len(target.TargetList) != 1 || target.WhereClause != nil {
			t.Errorf("memory was not cleared: %v", tree)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestATextThatIsNoTextIsAnError(t *testing.T) {
	if err := parseTree("SELECT '\xff'", func(*pg.ParseResult) { t.Error("it has a tree") }); err == nil {
		t.Error("it is none")
	}
}
