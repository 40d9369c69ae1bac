package sem

import (
	"math"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// arm is one of the values that CASE, IF, COALESCE and their like may hand out, with what is
// proved where they do.
type arm struct {
	value  *value
	proved rel.ColSet
}

// chosen gives v, which is one of arms, what all of them prove: where v is true one of them is,
// so those that are never true do not count; alike for false, and for not NULL.
func (v *value) chosen(arms []arm) {
	meet := func(possible func(*value) bool, proves func(*value) rel.ColSet) (all rel.ColSet) {
		first := true
		for _, a := range arms {
			if !possible(a.value) {
				continue
			}
			set := a.proved.Union(a.value.strict).Union(proves(a.value))
			if !first {
				set = set.Intersect(all)
			}
			all, first = set, false
		}
		return all
	}
	v.ifTrue = meet(func(a *value) bool { return a.canBe(true) }, func(a *value) rel.ColSet { return a.ifTrue })
	v.ifFalse = meet(func(a *value) bool { return a.canBe(false) }, func(a *value) rel.ColSet { return a.ifFalse })
	v.strict = meet(func(a *value) bool { return a.null.Null != types.Always }, func(*value) rel.ColSet { return rel.ColSet{} })
}

// choices are the values that CASE and its like may hand out, as far as they can be NULL: a
// condition that is never true picks nothing, and one that always is leaves nothing to the rest.
type choices struct {
	null  types.Nullability
	some  bool // null is of at least one value
	ended bool
}

// when takes the value behind a condition in.
func (c *choices) when(cond *value, null types.Nullability) {
	if c.ended || !cond.canBe(true) {
		return
	}
	c.take(null)
	c.ended = cond.null.IsNever() && !cond.canBe(false)
}

// otherwise takes the value of ELSE in and gives the whole's nullability.
func (c *choices) otherwise(null types.Nullability) types.Nullability {
	if !c.ended {
		c.take(null)
	}
	return c.null
}

func (c *choices) take(null types.Nullability) {
	if c.some {
		null = c.null.Either(null)
	}
	c.null, c.some = null, true
}

// canBe tells whether a condition can have that truth; a constant has one or, NULL, none.
func (v *value) canBe(truth bool) bool {
	if v.null.Null == types.Always || truth && v.notTrue || !truth && v.notFalse {
		return false
	}
	is, constant := constantTruth(v.lit)
	return !constant || is == truth
}

// constantTruth is the truth of a literal that is a condition.
func constantTruth(l *ir.Literal) (truth, constant bool) {
	switch {
	case l == nil:
	case l.Kind == ir.Bool:
		return strings.EqualFold(l.Text, "true"), true
	case numeric[l.Kind]: // of fractions the engines think differently
		f, err := strconv.ParseFloat(l.Text, 64)
		return f != 0, err == nil && (f == 0 || math.Abs(f) >= 1)
	}
	return false, false
}

// asTruth gives v, which is l = constant (or <> where not), what l proves where it has that truth.
func (v *value) asTruth(op string, l *value, constant *ir.Literal) {
	truth, ok := constantTruth(constant)
	if !ok {
		return
	}
	switch {
	case op == "<>":
		if !truth {
			v.ifTrue = v.ifTrue.Union(l.ifTrue) // neither NULL nor zero
		}
	case op != "=" && op != "IS NOT DISTINCT FROM" && op != "<=>":
	case truth:
		v.ifTrue = v.ifTrue.Union(l.ifTrue)
	default:
		v.ifTrue = v.ifTrue.Union(l.ifFalse)
	}
}
