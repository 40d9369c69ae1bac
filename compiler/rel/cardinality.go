package rel

import (
	"fmt"
	"math"
)

// Cardinality bounds a number of rows. Max is Unbounded where there is no bound.
type Cardinality struct{ Min, Max int64 }

// Unbounded is the Max of a relation of any size.
const Unbounded = math.MaxInt64

// The usual bounds.
var (
	AnyRows   = Cardinality{0, Unbounded}
	OneRow    = Cardinality{1, 1}
	ZeroOrOne = Cardinality{0, 1}
)

// AtMost tells whether there are never more than n rows.
func (c Cardinality) AtMost(n int64) bool { return c.Max <= n }

// Limit is c cut to at most n rows.
func (c Cardinality) Limit(n int64) Cardinality {
	return Cardinality{min(c.Min, n), min(c.Max, n)}
}

// Offset is c without its first n rows.
func (c Cardinality) Offset(n int64) Cardinality {
	c.Min = max(0, c.Min-n)
	if c.Max != Unbounded {
		c.Max = max(0, c.Max-n)
	}
	return c
}

// AtLeast is c with a lower bound.
func (c Cardinality) AtLeast(n int64) Cardinality {
	return Cardinality{max(c.Min, n), max(c.Max, n)}
}

// Times is the size of a product.
func (c Cardinality) Times(d Cardinality) Cardinality {
	return Cardinality{times(c.Min, d.Min), times(c.Max, d.Max)}
}

// Plus is the size of a concatenation.
func (c Cardinality) Plus(d Cardinality) Cardinality {
	return Cardinality{plus(c.Min, d.Min), plus(c.Max, d.Max)}
}

// Filtered is c with any number of rows taken out.
func (c Cardinality) Filtered() Cardinality { return Cardinality{0, c.Max} }

func (c Cardinality) String() string {
	if c.Max == Unbounded {
		return fmt.Sprintf("%d+", c.Min)
	}
	if c.Min == c.Max {
		return fmt.Sprint(c.Min)
	}
	return fmt.Sprintf("%d-%d", c.Min, c.Max)
}

func times(a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	if a == Unbounded || b == Unbounded || a > Unbounded/b {
		return Unbounded
	}
	return a * b
}

func plus(a, b int64) int64 {
	if a > Unbounded-b {
		return Unbounded
	}
	return a + b
}
