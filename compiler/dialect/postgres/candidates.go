package postgres

import (
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// candidate is an operator or a function with its arguments laid out as the call has them.
type candidate struct {
	args []types.Type
	of   any
}

// choose picks among candidates of the right number of arguments (manual, 10.2 and 10.3 from
// "look for the best match"). A parameter or a bare literal is unknown.
func (s *semantics) choose(all []candidate, input []types.Type) (candidate, dialect.Failure) {
	fits := keepFitting(all, func(c candidate) bool { return s.accepts(c.args, input) })
	switch len(fits) {
	case 0:
		return candidate{}, dialect.NoMatch
	case 1:
		return fits[0], dialect.OK
	}
	bases := make([]types.Type, len(input))
	unknowns := 0
	for i, t := range input {
		bases[i] = s.Base(t)
		if isUnknown(t) {
			unknowns++
		}
	}
	fits = bestOf(fits, func(c candidate) int {
		n := 0
		for i, t := range bases {
			if !isUnknown(t) && c.args[i].Same(t) {
				n++
			}
		}
		return n
	})
	if len(fits) == 1 {
		return fits[0], dialect.OK
	}
	fits = bestOf(fits, func(c candidate) int {
		n := 0
		for i, t := range bases {
			if isUnknown(t) {
				continue
			}
			category, _ := s.category(t)
			if c.args[i].Same(t) || s.preferredIn(c.args[i], category) {
				n++
			}
		}
		return n
	})
	if len(fits) == 1 {
		return fits[0], dialect.OK
	}
	if unknowns == 0 {
		return candidate{}, dialect.Ambiguous
	}
	if left := s.byUnknowns(fits, bases); len(left) > 0 {
		fits = left
		if len(fits) == 1 {
			return fits[0], dialect.OK
		}
	}
	return s.byKnown(fits, bases, unknowns)
}

// accepts tells whether implicit conversions take the input to the arguments.
func (s *semantics) accepts(args, input []types.Type) bool {
	for i, t := range input {
		if !s.coercible(t, args[i], castImplicit) {
			return false
		}
	}
	_, _, ok := s.polymorphic(args, input, types.Type{}, false)
	return ok
}

func (s *semantics) preferredIn(t types.Type, category byte) bool {
	c, p := s.category(t)
	return p && c == category
}

// byUnknowns lets each unknown operand be of the string category where some candidate takes
// that, or of the category that all candidates agree on; of candidates in the category, those
// that take its preferred type go first. No candidates are left where an operand stays open.
func (s *semantics) byUnknowns(fits []candidate, bases []types.Type) []candidate {
	slot := make([]byte, len(bases))
	wantPreferred := make([]bool, len(bases))
	for i, t := range bases {
		if !isUnknown(t) {
			continue
		}
		conflict := false
		for _, c := range fits {
			category, preferred := s.category(c.args[i])
			switch {
			case slot[i] == 0:
				slot[i], wantPreferred[i] = category, preferred
			case category == slot[i]:
				wantPreferred[i] = wantPreferred[i] || preferred
			case category == categoryString:
				slot[i], wantPreferred[i] = category, preferred
			default:
				conflict = true
			}
		}
		if conflict && slot[i] != categoryString {
			return nil
		}
	}
	return keepFitting(fits, func(c candidate) bool {
		for i, t := range bases {
			if !isUnknown(t) {
				continue
			}
			category, preferred := s.category(c.args[i])
			if category != slot[i] || wantPreferred[i] && !preferred {
				return false
			}
		}
		return true
	})
}

// byKnown supposes, where all known operands are of one type, that the unknown ones are too.
func (s *semantics) byKnown(fits []candidate, bases []types.Type, unknowns int) (candidate, dialect.Failure) {
	if unknowns == len(bases) {
		return candidate{}, dialect.Ambiguous
	}
	var known types.Type
	for _, t := range bases {
		switch {
		case isUnknown(t):
		case !known.Known():
			known = t
		case !known.Same(t):
			return candidate{}, dialect.Ambiguous
		}
	}
	supposed := make([]types.Type, len(bases))
	for i := range supposed {
		supposed[i] = known
	}
	fits = keepFitting(fits, func(c candidate) bool { return s.accepts(c.args, supposed) })
	if len(fits) == 1 {
		return fits[0], dialect.OK
	}
	return candidate{}, dialect.Ambiguous
}

func isUnknown(t types.Type) bool { return !t.Known() || t.Kind == types.Unknown }

func keepFitting(all []candidate, ok func(candidate) bool) []candidate {
	var out []candidate
	for _, c := range all {
		if ok(c) {
			out = append(out, c)
		}
	}
	return out
}

// bestOf keeps the candidates of the highest score.
func bestOf(all []candidate, score func(candidate) int) []candidate {
	var out []candidate
	top := -1
	for _, c := range all {
		switch n := score(c); {
		case n > top:
			top, out = n, []candidate{c}
		case n == top:
			out = append(out, c)
		}
	}
	return out
}

// exactMatch finds the candidate that takes exactly the input.
func exactMatch(all []candidate, input []types.Type) (candidate, bool) {
next:
	for _, c := range all {
		for i, t := range input {
			if isUnknown(t) || !c.args[i].Same(t) {
				continue next
			}
		}
		return c, true
	}
	return candidate{}, false
}

// takenAs gives the types under which the operands are taken, once a candidate was chosen: a
// parameter under "any" stays open, a bare literal there is text.
func takenAs(args []types.Type, operands []dialect.Operand) []types.Type {
	out := make([]types.Type, len(args))
	for i, t := range args {
		switch {
		case t.Kind == types.Pseudo && t.Name == "any" && t.Dims == 0:
			switch o := operands[i]; {
			case !o.Untyped():
				out[i] = o.Type
			case !o.Param:
				out[i] = textType
			}
		default:
			out[i] = t
		}
	}
	return out
}
