package postgres

import "github.com/covetsql/covetsql/compiler/types"

// polymorphicNames are the pseudo-types that stand for a type which the operands decide.
// Those of one family must fit each other (manual, 38.2.5).
var polymorphicNames = map[string]bool{
	"anyelement": true, "anyarray": true, "anynonarray": true, "anyenum": true, "anyrange": true, "anymultirange": true,
	"anycompatible": true, "anycompatiblearray": true, "anycompatiblenonarray": true,
	"anycompatiblerange": true, "anycompatiblemultirange": true,
}

func isPolymorphic(t types.Type) bool {
	return t.Kind == types.Pseudo && t.Dims == 0 && polymorphicNames[t.Name]
}

// polyFamily is what one family of polymorphic types was found to stand for; the zero Type
// where nothing told it. arr differs from an array of elem for int2vector and oidvector.
type polyFamily struct {
	elem, arr, rang, multi types.Type
	used, open             bool // declared at all; some operand was untyped
	nonArray, enum         bool
}

// polymorphic decides what the polymorphic ones of declared stand for. It returns the
// arguments and the result with their places filled. Where every operand of the first family is
// untyped, the call can not be typed: settled asks for that to be a failure.
func (s *semantics) polymorphic(declared, actual []types.Type, result types.Type, settled bool) ([]types.Type, types.Type, bool) {
	any := isPolymorphic(result)
	for _, d := range declared {
		any = any || isPolymorphic(d)
	}
	if !any {
		return declared, result, true
	}
	var one, two polyFamily
	var common []types.Type
	for i, d := range declared {
		if !isPolymorphic(d) {
			continue
		}
		a := actual[i]
		f := &one
		if len(d.Name) > 13 || d.Name == "anycompatible" {
			f = &two
		}
		f.used = true
		switch d.Name {
		case "anynonarray", "anycompatiblenonarray":
			f.nonArray = true
		case "anyenum":
			f.enum = true
		}
		if !a.Known() || a.Kind == types.Unknown {
			f.open = true
			continue
		}
		ok := true
		switch d.Name {
		case "anyelement", "anynonarray", "anyenum":
			ok = one.take(&one.elem, a)
		case "anyarray":
			var elem types.Type
			if elem, ok = elementType(s.Base(a)); ok {
				ok = one.take(&one.elem, elem) && one.take(&one.arr, s.Base(a))
			}
		case "anycompatible", "anycompatiblenonarray":
			common = append(common, a)
		case "anycompatiblearray":
			var elem types.Type
			elem, ok = elementType(s.Base(a))
			common = append(common, elem)
		default:
			ok = s.takeRange(f, d, a)
		}
		if !ok {
			return nil, types.Type{}, false
		}
	}
	if !s.settle(&one, settled) || !s.settleCommon(&two, common) {
		return nil, types.Type{}, false
	}
	out := make([]types.Type, len(declared))
	for i, d := range declared {
		t, ok := fillPolymorphic(d, one, two)
		if !ok && settled {
			return nil, types.Type{}, false
		}
		out[i] = t
	}
	r, ok := fillPolymorphic(result, one, two)
	return out, r, ok || !settled
}

// take sets *have to t, or tells whether it is t already.
func (*polyFamily) take(have *types.Type, t types.Type) bool {
	if have.Known() {
		return have.Same(t)
	}
	*have = t.Plain()
	return true
}

func (s *semantics) takeRange(f *polyFamily, declared, a types.Type) bool {
	a = s.Base(a)
	_, other, multi, ok := s.rangeOf(a)
	if !ok || multi != (declared.Name == "anymultirange" || declared.Name == "anycompatiblemultirange") {
		return false
	}
	if multi {
		return f.take(&f.multi, a) && (!other.Known() || f.take(&f.rang, other))
	}
	return f.take(&f.rang, a) && (!other.Known() || f.take(&f.multi, other))
}

func (s *semantics) settle(f *polyFamily, settled bool) bool {
	if !f.used {
		return true
	}
	if f.rang.Known() {
		sub, _, _, _ := s.rangeOf(f.rang)
		if !f.take(&f.elem, sub) {
			return false
		}
	}
	if !f.elem.Known() {
		return !settled
	}
	base := s.Base(f.elem)
	_, isArray := elementType(base)
	return !(f.nonArray && isArray) && !(f.enum && (base.IsArray() || base.Kind != types.Enum))
}

func (s *semantics) settleCommon(f *polyFamily, common []types.Type) bool {
	if !f.used {
		return true
	}
	if f.rang.Known() {
		sub, _, _, _ := s.rangeOf(f.rang)
		common = append(common, sub)
	}
	if len(common) == 0 {
		if !f.open {
			return false
		}
		f.elem = textType
		return true
	}
	t, ok := s.commonType(common)
	if !ok {
		return false
	}
	f.elem = t
	if f.rang.Known() {
		if sub, _, _, _ := s.rangeOf(f.rang); !sub.Same(t) {
			return false
		}
	}
	_, isArray := elementType(s.Base(t))
	return !(f.nonArray && isArray)
}

// fillPolymorphic puts what a family stands for in the place of a polymorphic type.
func fillPolymorphic(d types.Type, one, two polyFamily) (types.Type, bool) {
	if !isPolymorphic(d) {
		return d, true
	}
	var t types.Type
	switch d.Name {
	case "anyelement", "anynonarray", "anyenum":
		t = one.elem
	case "anyarray":
		if t = one.arr; !t.Known() {
			t = arrayOf(one.elem)
		}
	case "anyrange":
		t = one.rang
	case "anymultirange":
		t = one.multi
	case "anycompatible", "anycompatiblenonarray":
		t = two.elem
	case "anycompatiblearray":
		t = arrayOf(two.elem)
	case "anycompatiblerange":
		t = two.rang
	case "anycompatiblemultirange":
		t = two.multi
	}
	return t, t.Known()
}

// arrayOf is the array of t; an array of arrays is an array.
func arrayOf(t types.Type) types.Type {
	if !t.Known() {
		return t
	}
	return t.Array()
}
