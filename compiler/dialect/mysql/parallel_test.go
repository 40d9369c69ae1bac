package mysql

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Statements are parsed in parallel, and a parser is used again for another statement: what
// it says of one must not change another. With -race this shows a node that is still in use.
func TestParallelStatementsDoNotMix(t *testing.T) {
	dump := func(n int) string {
		var columns []string
		for i := range n%7 + 1 {
			columns = append(columns, fmt.Sprintf("sum(c%d + %d) AS s%d", i, n, i))
		}
		f := source.NewFile("q.sql", fmt.Sprintf("SELECT %s FROM t%d WHERE a > %d;", strings.Join(columns, ", "), n, n))
		statements, _ := token.Split(f, token.MySQL, token.Schema)
		tree, diags := New().Parse(statements[0])
		if len(diags) > 0 {
			return fmt.Sprint(diags)
		}
		return ir.Dump(tree)
	}
	want := make([]string, 200)
	for n := range want {
		want[n] = dump(n)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for n := range want {
				if got := dump(n); got != want[n] {
					t.Errorf("statement %d: %s, alone %s", n, got, want[n])
				}
			}
		})
	}
	wait.Wait()
}
