package postgres

import (
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// Common is the type that the operands of CASE, UNION, VALUES, ARRAY and their like take
// (manual, 10.5): text where nothing is typed.
func (s *semantics) Common(operands []dialect.Operand) (types.Type, bool) {
	all := make([]types.Type, len(operands))
	for i, o := range operands {
		all[i] = o.Type
	}
	return s.covering(all...).commonType(all)
}

func (s *semantics) commonType(all []types.Type) (types.Type, bool) {
	if len(all) == 0 {
		return textType, true
	}
	if t := all[0]; t.Known() && t.Kind != types.Unknown {
		same := true
		for _, u := range all[1:] {
			same = same && u.Same(t)
			if u != t { // numeric(10,2) and numeric(5,1) are both numeric, and neither's
				t = t.Plain()
			}
		}
		if same {
			return t, true
		}
	}
	chosen := unknownType
	var category byte
	var preferred bool
	for _, t := range all {
		t = s.Base(t).Plain()
		if !t.Known() || t.Kind == types.Unknown || t.Same(chosen) {
			continue
		}
		c, p := s.category(t)
		switch {
		case chosen.Kind == types.Unknown:
			chosen, category, preferred = t, c, p
		case c != category:
			return types.Type{}, false
		case !preferred && s.coercible(chosen, t, castImplicit) && !s.coercible(t, chosen, castImplicit):
			chosen, preferred = t, p
		}
	}
	if chosen.Kind == types.Unknown {
		return textType, true
	}
	for _, t := range all {
		if !s.coercible(t, chosen, castImplicit) {
			return types.Type{}, false
		}
	}
	return chosen, true
}
