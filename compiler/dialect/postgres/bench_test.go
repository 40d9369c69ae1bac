package postgres

import (
	"os"
	"testing"

	"github.com/covetsql/covetsql/compiler/dialect/postgres/rawtree"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	pg "github.com/pganalyze/pg_query_go/v5"
)

const simpleQuery = `SELECT id, name, bio, created_at FROM authors WHERE id = $1 AND name LIKE $2 ORDER BY created_at DESC LIMIT $3`

func BenchmarkParse(b *testing.B) {
	s := benchStatement(simpleQuery)
	b.ReportAllocs()
	for b.Loop() {
		if stmt, _ := New().Parse(s); stmt == nil {
			b.Fatal("no tree")
		}
	}
}

// BenchmarkLower is Parse without the engine's parser.
func BenchmarkLower(b *testing.B) {
	s := benchStatement(simpleQuery)
	tree, err := pg.Parse(s.Text)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		y := newLayout(s)
		l := &lowerer{layout: y, fallback: y.one(0)}
		l.statement(tree.Stmts[0].Stmt, y.whole())
	}
}

// BenchmarkEngine is the engine's parser alone, its tree not read yet.
func BenchmarkEngine(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if !rawtree.Parse(simpleQuery, func([]byte) {}) {
			b.Fatal("the parser refuses it")
		}
	}
}

// BenchmarkCorpus is Parse over the real projects' statements.
func BenchmarkCorpus(b *testing.B) {
	var all []*token.Statement
	for _, path := range realFiles(b) {
		text, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		list, _ := token.Split(source.NewFile(path, string(text)), token.PostgreSQL, token.Schema)
		all = append(all, list...)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range all {
			New().Parse(s)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/statement")
}

func benchStatement(sql string) *token.Statement {
	list, _ := token.Split(source.NewFile("q.sql", "-- name: A :many\n"+sql), token.PostgreSQL, token.Queries)
	return list[0]
}
