// Command pgtree writes what compiler/dialect/postgres/rawtree must know of the trees that PostgreSQL's parser makes: the
// structs of nodes, and under which number of pg_query_go's protobuf form each of their fields stands. It is read from the
// headers that pg_query_go compiles the parser with, which no other package can include.
//
//	go run ./internal/gen/pgtree > compiler/dialect/postgres/rawtree/nodes.h
//
// It is to be run when pg_query_go is another one; a test of rawtree says so.
package main

import (
	"log"
	"os"
	"os/exec"
	"strings"
)

func main() {
	log.SetFlags(0)
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		log.Fatal("where the module's headers are: ", err)
	}
	h, err := readHeaders(strings.TrimSpace(string(dir)))
	if err != nil {
		log.Fatal(err)
	}
	out, err := h.write()
	if err != nil {
		log.Fatal(err)
	}
	if _, err := os.Stdout.WriteString(out); err != nil {
		log.Fatal(err)
	}
}

// module is the parser's.
const module = "github.com/pganalyze/pg_query_go/v5"

// names are the structs that queries and most schemas are made of. A statement with another one is left to the protobuf form.
var names = strings.Fields(`
	RawStmt SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt MergeWhenClause
	WithClause CommonTableExpr IntoClause OnConflictClause InferClause LockingClause
	RangeVar RangeSubselect RangeFunction JoinExpr Alias ResTarget MultiAssignRef SortBy WindowDef GroupingSet
	ColumnRef ParamRef FuncCall NamedArgExpr A_Expr A_Star A_Indices A_Indirection A_ArrayExpr
	BoolExpr NullTest BooleanTest SubLink CaseExpr CaseWhen CoalesceExpr MinMaxExpr SQLValueFunction GroupingFunc RowExpr
	SetToDefault TypeCast TypeName CollateClause
	String Integer Float Boolean BitString
	CreateStmt ColumnDef Constraint DefElem IndexStmt IndexElem AlterTableStmt AlterTableCmd CreateEnumStmt CreateSchemaStmt
	CreateSeqStmt CommentStmt DropStmt ViewStmt ObjectWithArgs
`)
