package ir

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/source"
)

func sample() *Select {
	f := source.NewFile("q.sql", "SELECT a.id, 1 FROM author a WHERE a.id = $1")
	at := func(s, e int) At { return At{f.Span(s, e)} }
	id := func(s, e int) Ident { return Ident{At: at(s, e), Name: f.Text[s:e]} }
	alias := &Alias{At: at(27, 28), Name: id(27, 28)}
	return &Select{
		At: at(0, 44),
		Items: []SelectItem{
			{At: at(7, 11), X: &ColumnRef{At: at(7, 11), Parts: []Ident{id(7, 8), id(9, 11)}}},
			{At: at(13, 14), X: &Literal{At: at(13, 14), Kind: Integer, Text: "1"}},
		},
		From:  []TableExpr{&TableRef{At: at(20, 28), Name: Name{At: at(20, 26), Parts: []Ident{id(20, 26)}}, Alias: alias}},
		Where: &Binary{At: at(35, 44), Op: "=", L: &ColumnRef{At: at(35, 39), Parts: []Ident{id(35, 36), id(37, 39)}}, R: &Param{At: at(42, 44)}},
	}
}

func TestDumpLeavesEmptyFieldsOut(t *testing.T) {
	want := `(Select
 :Items [(SelectItem :X (Column a.id)) (SelectItem :X (Integer "1"))]
 :From [(TableRef :Name author :Alias (Alias :Name a))]
 :Where (Binary :Op "=" :L (Column a.id) :R (Param 0)))
`
	if got := Dump(sample()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDumpSpansShowsByteRanges(t *testing.T) {
	want := "(Binary@35:44 :Op \"=\" :L (Column a.id@35:39) :R (Param 0@42:44))\n"
	if got := DumpSpans(sample().Where); got != want {
		t.Errorf("got %swant %s", got, want)
	}
}

func TestWalkReachesEveryNodeAndCanStop(t *testing.T) {
	var names []string
	Walk(sample(), func(n Node) bool {
		if i, ok := n.(*Ident); ok {
			names = append(names, i.Name)
		}
		_, isAlias := n.(*Alias)
		return !isAlias
	})
	want := []string{"a", "id", "author", "a", "id"}
	if len(names) != len(want) {
		t.Fatalf("got %v, want %v", names, want)
	}
	for i := range want {
		if names[i] != want[i] {
			t.Fatalf("got %v, want %v", names, want)
		}
	}
}

func TestWalkGivesPointersIntoTheTree(t *testing.T) {
	s := sample()
	Walk(s, func(n Node) bool {
		if i, ok := n.(*Ident); ok {
			i.Name = "x"
		}
		return true
	})
	if got := s.From[0].(*TableRef).Name.Last(); got != "x" {
		t.Errorf("the tree still says %q", got)
	}
}

func TestChildrenAreDirectOnly(t *testing.T) {
	if got := len(Children(sample())); got != 4 {
		t.Errorf("got %d children, want 4", got)
	}
}

func TestWalkAndDumpTakeNothing(t *testing.T) {
	Walk(nil, func(Node) bool { t.Error("visited"); return true })
	Walk((*Select)(nil), func(Node) bool { t.Error("visited"); return true })
	if got := Dump(nil); got != "nil\n" {
		t.Errorf("got %q", got)
	}
}
