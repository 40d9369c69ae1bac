package rel

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

func TestColSetsAreValues(t *testing.T) {
	small, large := MakeColSet(1, 5, 63), MakeColSet(5, 64, 200)
	both := small.Union(large)
	for _, id := range []ColID{1, 5, 63, 64, 200} {
		if !both.Has(id) {
			t.Errorf("the union lacks %d", id)
		}
	}
	if small.Has(64) || small.Has(200) || large.Has(1) {
		t.Error("the union changed its operands")
	}
	if more := large.With(201); !more.Has(201) || large.Has(201) {
		t.Error("With changed its operand")
	}
	if got := both.Intersect(large).String(); got != "(5,64,200)" {
		t.Errorf("intersection is %s", got)
	}
	if got := both.Minus(large).String(); got != "(1,63)" {
		t.Errorf("difference is %s", got)
	}
	if both.Len() != 5 || both.Empty() || !(ColSet{}).Empty() || !both.Minus(both).Empty() {
		t.Error("sizes are wrong")
	}
	if !large.SubsetOf(both) || both.SubsetOf(large) || small.Intersects(MakeColSet(64, 200)) || !both.Intersects(MakeColSet(200)) {
		t.Error("comparisons are wrong")
	}
}

func TestClosureFollowsDependencies(t *testing.T) {
	var f FDs
	f = f.Add(MakeColSet(1), MakeColSet(2, 3)).Add(MakeColSet(3), MakeColSet(4)).AddEqual(4, 5).Add(ColSet{}, MakeColSet(9))
	if got := f.Closure(MakeColSet(1)).String(); got != "(1,2,3,4,5,9)" {
		t.Errorf("closure is %s", got)
	}
	if got := f.Closure(ColSet{}).String(); got != "(9)" {
		t.Errorf("constants are %s", got)
	}
	if got := f.Reduce(MakeColSet(1, 2, 5)).String(); got != "(1)" {
		t.Errorf("reduced to %s", got)
	}
}

func TestCardinalityArithmeticDoesNotOverflow(t *testing.T) {
	big := Cardinality{0, 1 << 40}
	for name, c := range map[string]struct {
		got  Cardinality
		want string
	}{
		"product":           {big.Times(big), "0+"},
		"product with none": {AnyRows.Times(Cardinality{0, 0}), "0"},
		"sum":               {AnyRows.Plus(OneRow), "1+"},
		"limit":             {AnyRows.Limit(3), "0-3"},
		"limit of more":     {Cardinality{5, 9}.Limit(3), "3"},
		"offset":            {Cardinality{2, 5}.Offset(3), "0-2"},
		"filter":            {Cardinality{2, 5}.Filtered(), "0-5"},
		"at least":          {ZeroOrOne.AtLeast(1), "1"},
	} {
		if c.got.String() != c.want {
			t.Errorf("%s: %s, want %s", name, c.got, c.want)
		}
	}
}

// table makes a scan of a table with the columns id (its key) and ref.
func table(m *Metadata, name string) *Scan {
	t := &catalog.Table{Name: name, Columns: []*catalog.Column{{Name: "id", NotNull: true}, {Name: "ref"}},
		Constraints: []*catalog.Constraint{{Kind: ir.PrimaryKey, Columns: []string{"id"}}}}
	id, ref, row := m.Add(Column{Name: "id"}), m.Add(Column{Name: "ref"}), m.Add(Column{})
	return NewScan(m, t, name, []ColID{id, ref}, row, MakeColSet(id), false, false)
}

func TestAKeyBoundsTheRows(t *testing.T) {
	m := &Metadata{}
	a := table(m, "a")
	if got := NewFilter(a, nil, a.props.NotNull, []Equality{{A: a.props.Cols[0]}}).Props().Card; got != ZeroOrOne {
		t.Errorf("id = constant gives %s rows", got)
	}
	if got := NewFilter(a, nil, a.props.NotNull, []Equality{{A: a.props.Cols[1]}}).Props().Card; got != AnyRows {
		t.Errorf("ref = constant gives %s rows", got)
	}
}

func TestALeftJoinOnAKeyKeepsTheRowCount(t *testing.T) {
	m := &Metadata{}
	a, b := table(m, "a"), table(m, "b")
	one := NewLimit(a, &ir.Literal{}, nil, 1, -1, false)
	byKey := NewJoin(Left, one, b, nil, false, ColSet{}, []Equality{{A: a.props.Cols[1], B: b.props.Cols[0]}}, false)
	if got := byKey.Props().Card; got != ZeroOrOne {
		t.Errorf("joined by key: %s rows", got)
	}
	byRef := NewJoin(Left, one, b, nil, false, ColSet{}, []Equality{{A: a.props.Cols[0], B: b.props.Cols[1]}}, false)
	if got := byRef.Props().Card; got != AnyRows {
		t.Errorf("joined by a column that is no key: %s rows", got)
	}
}

// What is constant on the side that a join may pad is not constant in the result: NULL is a
// second value.
func TestConstantsOfAPaddedSideAreNone(t *testing.T) {
	m := &Metadata{}
	a, b := table(m, "a"), table(m, "b")
	fixed := NewFilter(b, nil, b.props.NotNull, []Equality{{A: b.props.Cols[0]}})
	j := NewJoin(Left, a, fixed, nil, false, ColSet{}, nil, false)
	if j.Props().FDs.Closure(ColSet{}).Has(b.props.Cols[0]) {
		t.Error("b.id is still constant")
	}
}

// SELECT * FROM (SELECT a, 1 FROM t GROUP BY a) AS g RIGHT JOIN u: the group of NULL and the padding agree on a.
func TestPaddingIsNoGroupOfNull(t *testing.T) {
	for _, never := range []bool{false, true} {
		m := &Metadata{}
		a, one, row, other, padded := m.Add(Column{}), m.Add(Column{}), m.Add(Column{}), m.Add(Column{}), m.Add(Column{})
		notNull := MakeColSet(one)
		if never {
			notNull = notNull.With(a)
		}
		groups := NewDistinct(NewRows(m, []ColID{a, one}, row, notNull, 9), []Scalar{{ID: a}})
		users := NewRows(m, []ColID{other}, padded, MakeColSet(other), 9)
		for name, j := range map[string]*Join{
			"left":  NewJoin(Left, users, groups, nil, false, MakeColSet(other), nil, false),
			"right": NewJoin(Right, groups, users, nil, false, MakeColSet(other), nil, false),
			"full":  NewJoin(Full, groups, users, nil, false, ColSet{}, nil, false),
		} {
			if got := j.Props().FDs.Closure(MakeColSet(a)).Has(one); got != never {
				t.Errorf("%s join, a never NULL %v: a determines the rest: %v", name, never, got)
			}
			kept := NewFilter(j, nil, MakeColSet(a), nil)
			if !kept.Props().FDs.Closure(MakeColSet(a)).Has(one) {
				t.Errorf("%s join: once a is not NULL it determines the rest", name)
			}
		}
	}
}

// Of a LEFT JOIN's padded rows the partner does not determine the row that stays; where there is one, it does.
func TestMatchedRowsOfAnOuterJoin(t *testing.T) {
	m := &Metadata{}
	a, b := table(m, "a"), table(m, "b")
	ref := b.Props().Cols[1]
	j := NewJoin(Left, a, b, nil, false, a.Props().NotNull, []Equality{{A: ref, B: a.Props().Cols[0]}}, false)
	j.Proves = MakeColSet(ref)
	one := b.Props().Rows
	if a.Props().Rows.SubsetOf(j.Props().FDs.Closure(one)) {
		t.Error("a padded row determines the row that stays")
	}
	if !a.Props().Rows.SubsetOf(Matched(j).Closure(one)) {
		t.Error("a partner does not determine the row that stays")
	}
	if one.SubsetOf(Matched(j).Closure(a.Props().Rows)) {
		t.Error("a row that stays determines its partners")
	}
}
