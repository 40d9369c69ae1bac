package facts

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
)

// Nested says how the rows of a query become parents that hold what belongs to them. All of it is proved.
type Nested struct {
	// Keys are sets of result columns; each tells parents apart, and is NULL in none of them.
	Keys [][]int
	// Single tells that there is one parent at most, Together that a parent's rows follow each other.
	Single, Together bool
	// Nests are the lines' in order of their paths: what holds others stands before them.
	Nests []Nest
}

// Nest is what one "-- nest:" line describes: a part of the parent, or of another nest.
type Nest struct {
	Span source.Span
	// Path are the fields that lead to it; in SQL's spelling unless Named.
	Path  []string
	Named bool
	// Form is how many there are in what holds them: "many", "maybe" or "one".
	Form string
	// Parent is the index of the nest that holds it, -1 for the rows themselves.
	Parent int
	// Columns are its result columns; Embed tells that they are a sqlc.embed's. Prefix is what the names of
	// others begin with.
	Columns []int
	Embed   bool
	Prefix  string
	// Never tells by Columns which are not NULL where it is there.
	Never []bool
	// Present is a result column that is NULL exactly where it is not there; -1 where it always is.
	Present int
	// Repeats tells that it comes again in other rows of what holds it; each of Keys then tells it from its like
	// there. The empty key tells that there is one only.
	Repeats bool
	Keys    [][]int
}

// nestedCommands are those whose method can put rows together.
var nestedCommands = []string{"one", "maybe", "many", "iter"}

const nestExample = `such a line reads "-- nest: b as Books"; behind it may stand :maybe or :one where there are not several`

// nester proves the nests of a query.
type nester struct {
	r       *sem.Result
	out     *Nested
	diags   diag.List
	cols    []rel.ColID
	items   []rel.Scalar
	leaves  *rel.Leaves
	props   *rel.Props // of the rows before LIMIT
	fds     rel.FDs    // which hold of these
	sort    *rel.Sort
	limit   *rel.Limit
	locks   bool
	nests   []*nest
	parents rel.ColSet // the rows that a parent is made of
	inexact map[string]bool
}

// nest is a Nest with what was found on the way.
type nest struct {
	Nest
	name string // as the line has it
	own  rel.ColSet
	all  rel.ColSet // its own rows and those of what holds it
	head rel.ColID  // where these rows are missing, all of its own are; 0 where it has none
}

// NestedOf proves what the "-- nest:" lines of a query say; nil where there are none, or where something is wrong.
// sortedByPrefix are the engine's types of that name (dialect.Traits).
func NestedOf(r *sem.Result, sortedByPrefix map[string]bool) (*Nested, diag.List) {
	h := r.Source.Header
	if h == nil || len(h.Nests) == 0 {
		return nil, nil
	}
	n := &nester{r: r, out: &Nested{}, inexact: sortedByPrefix}
	n.prove()
	for i := range n.diags {
		n.diags[i].Query = h.Name
	}
	if n.diags.HasErrors() {
		return nil, n.diags
	}
	return n.out, n.diags
}

func (n *nester) add(d diag.Diagnostic) { n.diags.Add(d) }

func (n *nester) prove() {
	h := n.r.Source.Header
	if !slices.Contains(nestedCommands, h.Command) {
		n.add(diag.New(diag.NestLineInvalid, h.CommandSpan, "a query with nested results can not be :%s", h.Command).
			WithHelp("it can be :one, :maybe, :many or :iter").WithLabel(h.Nests[0].Span, "nested here"))
		return
	}
	if n.r.Rel == nil || len(n.r.Columns) == 0 || len(n.r.Rel.Props().Cols) != len(n.r.Columns) {
		n.add(diag.New(diag.NestLineInvalid, h.Nests[0].Span, "the query has no rows to nest"))
		return
	}
	n.read()
	root := n.share()
	if n.diags.HasErrors() {
		return
	}
	n.unfold()
	if n.parent(root); n.diags.HasErrors() {
		return
	}
	for _, c := range n.nests {
		if n.child(c); n.diags.HasErrors() {
			return
		}
		n.out.Nests = append(n.out.Nests, c.Nest)
	}
	n.command()
}

// Join takes in what holds of another variant of the query, whose columns are the same, so that n holds of both. It
// says what does not agree.
func (n *Nested) Join(o *Nested) string {
	if n == nil || o == nil {
		return ""
	}
	n.Keys = commonKeys(n.Keys, o.Keys)
	if len(n.Keys) == 0 {
		return "parents are told apart by other columns"
	}
	n.Single, n.Together = n.Single && o.Single, n.Together && o.Together
	for i := range n.Nests {
		a, b := &n.Nests[i], &o.Nests[i]
		a.Keys = commonKeys(a.Keys, b.Keys)
		if a.Repeats = a.Repeats || b.Repeats; a.Repeats && len(a.Keys) == 0 {
			return "the rows of " + strings.Join(a.Path, ".") + " are told apart by other columns"
		}
		switch {
		case a.Present < 0:
			a.Present = b.Present
		case b.Present >= 0 && a.Present != b.Present:
			return "another column tells whether " + strings.Join(a.Path, ".") + " is there"
		}
		for j := range a.Never {
			a.Never[j] = a.Never[j] && b.Never[j]
		}
	}
	return ""
}

// commonKeys are sets that tell rows apart wherever one of a and one of b do.
func commonKeys(a, b [][]int) (out [][]int) {
	for _, x := range a {
		for _, y := range b {
			k := append(slices.Clone(x), y...)
			slices.Sort(k)
			k = slices.Compact(k)
			if !slices.ContainsFunc(out, func(o []int) bool { return slices.Equal(o, k) }) {
				out = append(out, k)
			}
		}
	}
	slices.SortStableFunc(out, func(x, y []int) int { return len(x) - len(y) })
	return out
}
