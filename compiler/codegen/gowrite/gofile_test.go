package gowrite

import (
	"fmt"
	"go/format"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
)

// isFormatted fails where gofmt would change src.
func isFormatted(t *testing.T, src []byte) {
	t.Helper()
	out, err := format.Source(src)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	if string(out) != string(src) {
		t.Errorf("not as gofmt writes it:\n%s\ngofmt:\n%s", src, out)
	}
}

func TestImportsAreWhatIsNamedInTwoSortedGroups(t *testing.T) {
	f := newGoFile()
	f.p()
	f.p("var _ ", f.id("github.com/jackc/pgx/v5", "Rows"), "; ", f.typ(gotype.Type{Text: "time.Time", Imports: []gotype.Import{{Path: "time"}}}))
	f.id("database/sql", "Rows")
	f.typ(gotype.Type{Text: "dbt.X", Imports: []gotype.Import{{Path: "example.com/db/types", Alias: "dbt", Group: 1}}})
	f.typ(gotype.Type{Text: "time.Duration", Imports: []gotype.Import{{Path: "time", Group: 1}}})
	want := `package p

import (
	"database/sql"
	"time"

	dbt "example.com/db/types"
	"github.com/jackc/pgx/v5"
)

var _ pgx.Rows; time.Time
`
	if got := string(f.bytes("package p\n")); got != want {
		t.Errorf("%s", got)
	}
}

func TestAFileWithoutImportsHasNoImportBlock(t *testing.T) {
	if got := string(newGoFile().bytes("package p\n")); got != "package p\n" {
		t.Errorf("%q", got)
	}
}

func name(r *rand.Rand, most int) string {
	return "f" + strings.Repeat("x", r.IntN(most))
}

func TestBlocksAreAlignedAsGofmtDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		f := newGoFile()
		f.p()
		f.p("type T struct {")
		var rows []row
		for i := range 1 + r.IntN(8) {
			if r.IntN(5) == 0 {
				rows = append(rows, row{comment: "// a comment"})
			}
			cells := []string{name(r, 12) + fmt.Sprint(i), "[]" + name(r, 20)}
			if r.IntN(2) == 0 {
				cells = append(cells, "`json:\"x\"`")
			}
			rows = append(rows, row{cells: cells})
		}
		f.block(rows)
		f.p("}")
		isFormatted(t, f.bytes("package p\n"))
	}
}

func TestKeyValuesAreAlignedAsGofmtDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		f := newGoFile()
		f.p()
		f.p("var _ = T{")
		var pairs [][2]string
		for i := range 1 + r.IntN(12) {
			most := 12
			if r.IntN(3) == 0 {
				most = 90
			}
			pairs = append(pairs, [2]string{name(r, most) + fmt.Sprint(i), "1"})
		}
		f.keyValues("\t", pairs)
		f.p("}")
		isFormatted(t, f.bytes("package p\n"))
	}
}

func TestDocCommentsHaveGofmtsForm(t *testing.T) {
	for _, lines := range [][]string{
		{"// Plain words"},
		{"//no space"},
		{"// GetX", "//", "//  SELECT 1", "//    FROM t"},
		{"// - a list", "// - of two"},
		{"// # Heading", "// text"},
		{"// ``quoted''"},
		{"//", "// starts empty"},
		{"// trailing", "//"},
	} {
		f := newGoFile()
		f.p()
		f.doc(lines)
		f.p("func f() {}")
		isFormatted(t, f.bytes("package p\n"))
	}
}

func TestBackquotesAreSplicedIntoRawStrings(t *testing.T) {
	if got, want := quoteSQL("SELECT `a`"), "`SELECT ` + \"`\" + `a` + \"`\" + ``"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
