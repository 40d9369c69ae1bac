package mysql

import (
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// Common is the type that the operands of CASE, COALESCE, UNION and the like take: MySQL
// merges any two types.
func (s *semantics) Common(operands []dialect.Operand) (types.Type, bool) { return merge(operands) }

func merge(operands []dialect.Operand) (types.Type, bool) {
	ts := make([]types.Type, len(operands))
	for i, o := range operands {
		if !o.Untyped() {
			ts[i] = withFraction(o.Type.Plain(), o.Type)
		}
	}
	var out types.Type
	for _, t := range converted(operands, ts) {
		switch {
		case !t.Known():
		case !out.Known():
			out = t
		default:
			out = merged(out, t)
		}
	}
	return out, out.Known()
}

// ranks order the types of a class by size.
var ranks = map[string]int{
	"bool": 0, "tinyint": 1, "smallint": 2, "mediumint": 3, "int": 4, "bigint": 5,
	"float": 0, "double": 1, "char": 0, "varchar": 1, "binary": 0, "varbinary": 1,
	"tinytext": 0, "text": 1, "mediumtext": 2, "longtext": 3, "tinyblob": 0, "blob": 1, "mediumblob": 2, "longblob": 3,
}

func larger(a, b types.Type) types.Type {
	if ranks[b.Name] > ranks[a.Name] {
		return b
	}
	return a
}

// withFraction is t with as many digits of a second as the longest of others, where t has a
// time of day.
func withFraction(t types.Type, others ...types.Type) types.Type {
	if c := classOf(t); c == datetimeClass || c == timeClass {
		for _, o := range others {
			if isTemporal(classOf(o)) {
				t.Length = max(t.Length, o.Length)
			}
		}
	}
	return t
}

// merged is the type of a value that is a or b.
func merged(a, b types.Type) types.Type { return withFraction(mergedPlain(a, b), a, b) }

func mergedPlain(a, b types.Type) types.Type {
	if a.Same(b) {
		if classOf(a) == enumClass {
			return varchar
		}
		return a
	}
	ca, cb := classOf(a), classOf(b)
	if ca == cb {
		switch ca {
		case intClass:
			return mergedIntegers(a, b)
		case decimalClass:
			return decimal
		case floatClass:
			return types.Type{Name: larger(a, b).Name}
		case datetimeClass:
			return datetime
		case geoClass:
			return geometry
		case enumClass:
			return varchar
		}
		return larger(a, b)
	}
	if isNumeric(a) && isNumeric(b) {
		switch {
		case ca == floatClass || cb == floatClass:
			return double
		default:
			return decimal
		}
	}
	if isTemporal(ca) && isTemporal(cb) {
		return datetime
	}
	if ca == bitClass && isNumeric(b) {
		return merged(ubigint, b)
	}
	if cb == bitClass && isNumeric(a) {
		return merged(a, ubigint)
	}
	return mergedStrings(a, b)
}

func isTemporal(c class) bool { return c == dateClass || c == timeClass || c == datetimeClass }

func mergedIntegers(a, b types.Type) types.Type {
	switch {
	case a.Name == "year":
		return mergedIntegers(types.Type{Name: "smallint", Unsigned: true}, b)
	case b.Name == "year":
		return mergedIntegers(a, types.Type{Name: "smallint", Unsigned: true})
	}
	big := larger(a, b)
	if a.Unsigned == b.Unsigned {
		return big
	}
	signed, unsigned := a, b
	if a.Unsigned {
		signed, unsigned = b, a
	}
	if ranks[signed.Name] > ranks[unsigned.Name] {
		return signed
	}
	for _, n := range []string{"smallint", "mediumint", "int", "bigint"} {
		if ranks[n] > ranks[unsigned.Name] {
			return types.Type{Name: n}
		}
	}
	return decimal // no integer holds both ranges
}

// mergedStrings is the string type that holds a and b, at least one of which is no number.
func mergedStrings(a, b types.Type) types.Type {
	var out types.Type
	binary := false
	for _, t := range []types.Type{a, b} {
		switch classOf(t) {
		case blobClass:
			binary = true
			out = longest(out, types.Type{Name: "blob"}, t)
		case bytesClass, geoClass:
			binary = true
		case textClass:
			out = longest(out, types.Type{Name: "text"}, t)
		case jsonClass:
			out = types.Type{Name: "longtext"}
		}
	}
	switch {
	case out.Known() && binary:
		return types.Type{Name: binaryOf(out.Name)}
	case out.Known():
		return out
	case binary:
		return varbinary
	}
	return varchar
}

func longest(out, least, t types.Type) types.Type {
	if ranks[t.Name] < ranks[least.Name] {
		t = least
	}
	if !out.Known() || ranks[t.Name] > ranks[out.Name] {
		return t
	}
	return out
}

// Comparable tells what the sides of a comparison are taken as. MySQL compares everything
// with everything: strings with numbers as doubles, dates with strings as dates.
func (s *semantics) Comparable(l, r dialect.Operand) (lt, rt types.Type, ok bool) {
	switch {
	case l.Untyped() && r.Untyped():
		if l.Param || r.Param {
			return varchar, varchar, true
		}
		return types.Type{}, types.Type{}, true
	case l.Untyped():
		return beside(r.Type), r.Type, true
	case r.Untyped():
		return l.Type, beside(l.Type), true
	}
	a, b := classOf(l.Type), classOf(r.Type)
	if a == b || isNumeric(l.Type) && isNumeric(r.Type) && a != floatClass && b != floatClass {
		return l.Type, r.Type, true
	}
	isString := func(c class) bool { return c == stringClass || c == textClass || c == bytesClass || c == blobClass }
	switch {
	case isString(a) && isString(b):
		return l.Type, r.Type, true
	case isTemporal(a) && (isString(b) || isTemporal(b)), a == enumClass && isString(b), a == jsonClass:
		return l.Type, l.Type, true
	case isTemporal(b) && isString(a), b == enumClass && isString(a), b == jsonClass:
		return r.Type, r.Type, true
	case a == geoClass || b == geoClass || a == otherClass || b == otherClass:
		return l.Type, r.Type, true
	}
	return double, double, true
}

// beside is what a parameter beside a value of type t is.
func beside(t types.Type) types.Type { return t.Plain() }
