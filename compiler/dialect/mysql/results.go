package mysql

import (
	gojson "encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// resultRule is a function's result type by its arguments. taken are the arguments' types
// with the untyped ones filled in; a rule may fill in more.
type resultRule func(args []dialect.Operand, taken []types.Type) types.Type

// resultRules are the rules that functions.txt names.
var resultRules map[string]resultRule

func init() {
	resultRules = map[string]resultRule{
		"common":    func(args []dialect.Operand, taken []types.Type) types.Type { return common(args, taken, 0) },
		"common2":   func(args []dialect.Operand, taken []types.Type) types.Type { return common(args[1:], taken[1:], 0) },
		"branches":  func(args []dialect.Operand, taken []types.Type) types.Type { return common(args[1:], taken[1:], 0) },
		"nullif":    nullifResult,
		"same":      sameResult,
		"same2":     func(_ []dialect.Operand, taken []types.Type) types.Type { return taken[1] },
		"extreme":   extremeResult,
		"charcodes": charResult,
		"converted": func(_ []dialect.Operand, taken []types.Type) types.Type { return characters(taken[0]) },
		"joined":    joinedResult,
		"strings": func(args []dialect.Operand, taken []types.Type) types.Type {
			return stringOf(converted(args, taken)...)
		},
		"string1":   func(_ []dialect.Operand, taken []types.Type) types.Type { return stringOf(taken[0]) },
		"bytes":     func(_ []dialect.Operand, taken []types.Type) types.Type { return bytesOf(taken[0]) },
		"number":    func(_ []dialect.Operand, taken []types.Type) types.Type { return widened(taken[0]) },
		"whole":     wholeResult,
		"remainder": func(_ []dialect.Operand, taken []types.Type) types.Type { return arithmetic("%", taken[0], taken[1]) },
		"sum":       sumResult,
		"average":   sumResult,
		"lag":       lagResult,
		"moved":     func(_ []dialect.Operand, taken []types.Type) types.Type { return moved(taken[0], taken[1]) },
		"movedback": func(args []dialect.Operand, taken []types.Type) types.Type { return movedBy(args, taken) },
		"timesum":   timeSum,
		"parsed":    parsedDate,
		"epoch":     epochResult,
		"clock":     clockResult(datetime),
		"timeclock": clockResult(timeOfDay),
		"moment":    secondsResult(datetime),
		"zoned":     zonedResult,
		"timespan":  secondsResult(timeOfDay),
		"lasttime": func(args []dialect.Operand, _ []types.Type) types.Type {
			return withDigits(timeOfDay, args[len(args)-1])
		},
		"seconds": wholeSeconds,
	}
}

// common fills the untyped arguments with the type that the others have in common.
func common(args []dialect.Operand, taken []types.Type, _ int) types.Type {
	t, ok := merge(args)
	if !ok {
		return types.Type{}
	}
	for i, a := range args {
		if a.Untyped() {
			taken[i] = t
		}
	}
	return t
}

func nullifResult(args []dialect.Operand, taken []types.Type) types.Type {
	if args[0].Untyped() {
		taken[0] = args[1].Type
	}
	if args[1].Untyped() {
		taken[1] = taken[0]
	}
	if classOf(taken[0]) == enumClass {
		return varchar
	}
	return taken[0]
}

func sameResult(_ []dialect.Operand, taken []types.Type) types.Type { return taken[0] }

// extremeResult is MIN's and MAX's: members of ENUM and SET are compared as strings.
func extremeResult(_ []dialect.Operand, taken []types.Type) types.Type {
	if classOf(taken[0]) == enumClass {
		return varchar
	}
	return taken[0]
}

// lagResult is LAG's and LEAD's: the value's type, merged with the default's.
func lagResult(args []dialect.Operand, taken []types.Type) types.Type {
	if len(args) < 3 {
		return taken[0]
	}
	pair := []dialect.Operand{args[0], args[2]}
	t, ok := merge(pair)
	if !ok {
		return taken[0]
	}
	if args[2].Untyped() {
		taken[2] = t
	}
	if t.Same(taken[0]) {
		return taken[0]
	}
	return t
}

// stringOf is the type of a string made of ts: text where one of them is text, bytes where
// one of them is binary.
func stringOf(ts ...types.Type) types.Type {
	long, binary := false, false
	for _, t := range ts {
		switch classOf(t) {
		case textClass, jsonClass:
			long = true
		case blobClass:
			long, binary = true, true
		case bytesClass, bitClass, geoClass:
			binary = true
		}
	}
	switch {
	case long && binary:
		return blob
	case binary:
		return varbinary
	case long:
		return text
	}
	return varchar
}

// converted are the types without those of binary literals where characters that are no literal
// stand beside them: the literal is converted to their character set (MySQL 9.7 Reference Manual,
// 12.8.4 Collation Coercibility in Expressions).
func converted(args []dialect.Operand, ts []types.Type) []types.Type {
	chars := func(o dialect.Operand) bool {
		c := classOf(o.Type)
		return o.Literal == nil && !o.Untyped() && (c == stringClass || c == textClass || c == enumClass)
	}
	bytes := func(o dialect.Operand) bool {
		return o.Literal != nil && (o.Literal.Kind == ir.Blob || o.Literal.Kind == ir.Bit)
	}
	if !slices.ContainsFunc(args, chars) || !slices.ContainsFunc(args, bytes) {
		return ts
	}
	var out []types.Type
	for i, o := range args {
		if !bytes(o) {
			out = append(out, ts[i])
		}
	}
	return out
}

// characters is the string of characters that t, binary or not, is converted to.
func characters(t types.Type) types.Type {
	switch classOf(t) {
	case textClass, blobClass, jsonClass:
		return text
	}
	return varchar
}

// charResult is CHAR's: bytes, or characters where USING names a character set.
func charResult(args []dialect.Operand, _ []types.Type) types.Type {
	if l := args[len(args)-1].Literal; len(args) > 1 && l != nil && l.Kind == ir.String {
		return varchar
	}
	return varbinary
}

// joinedResult is GROUP_CONCAT's.
func joinedResult(_ []dialect.Operand, taken []types.Type) types.Type {
	if t := stringOf(taken...); t == blob || t == varbinary {
		return blob
	}
	return text
}

func bytesOf(t types.Type) types.Type {
	switch classOf(t) {
	case textClass, blobClass:
		return blob
	}
	return varbinary
}

// numberOf is what t counts as in arithmetic.
func numberOf(t types.Type) types.Type {
	switch classOf(t) {
	case intClass:
		if t.Unsigned || t.Name == "year" {
			return ubigint
		}
		return bigint
	case decimalClass:
		return decimal
	case bitClass:
		return ubigint
	case dateClass, timeClass, datetimeClass:
		if t.Length > 0 {
			return decimal
		}
		return bigint
	}
	return double
}

// widened is the type of ABS, ROUND and their like over t.
func widened(t types.Type) types.Type {
	if isTemporal(classOf(t)) {
		return double
	}
	return numberOf(t)
}

func wholeResult(_ []dialect.Operand, taken []types.Type) types.Type {
	switch t := widened(taken[0]); t.Name {
	case "decimal":
		return bigint
	default:
		return t
	}
}

func sumResult(_ []dialect.Operand, taken []types.Type) types.Type {
	if numberOf(taken[0]) == double {
		return double
	}
	return decimal
}

// interval units that make a DATE a DATETIME.
var timeUnits = []string{"hour", "minute", "second", "microsecond"}

// isInterval tells whether t is INTERVAL x unit.
func isInterval(t types.Type) bool { return strings.HasPrefix(t.Name, "interval") }

// moved is the type of a date plus an interval.
func moved(d, interval types.Type) types.Type {
	digits := max(d.Length, interval.Length)
	switch classOf(d) {
	case dateClass:
		for _, u := range timeUnits {
			if strings.Contains(interval.Name, u) {
				return types.Type{Name: "datetime", Length: interval.Length}
			}
		}
		return date
	case datetimeClass:
		return types.Type{Name: "datetime", Length: digits}
	case timeClass:
		for _, u := range []string{"day", "week", "month", "quarter", "year"} {
			if strings.HasPrefix(interval.Name, "interval "+u) && !strings.Contains(interval.Name, "day_") {
				return types.Type{Name: "datetime", Length: digits}
			}
		}
		return types.Type{Name: "time", Length: digits}
	}
	return varchar
}

// movedBy is TIMESTAMPADD's type: the unit, the amount and the moment are its arguments.
func movedBy(args []dialect.Operand, taken []types.Type) types.Type {
	interval := types.Type{Name: "interval"}
	if l := args[0].Literal; l != nil {
		interval = (&semantics{}).Interval(args[1], l.Text)
	}
	return moved(taken[2], interval)
}

// timeSum is ADDTIME's and SUBTIME's type.
func timeSum(args []dialect.Operand, taken []types.Type) types.Type {
	switch classOf(taken[0]) {
	case dateClass, datetimeClass:
		return withDigits(datetime, args...)
	case timeClass:
		return withDigits(timeOfDay, args...)
	}
	return varchar
}

// parsedDate is STR_TO_DATE's type: by what the format, where it is a literal, reads.
func parsedDate(args []dialect.Operand, _ []types.Type) types.Type {
	l := args[1].Literal
	if l == nil {
		return types.Type{Name: "datetime", Length: mostDigits}
	}
	days := strings.Contains(l.Text, "%")
	hasDate, hasTime := false, false
	for i := 0; days && i+1 < len(l.Text); i++ {
		if l.Text[i] != '%' {
			continue
		}
		i++
		if strings.IndexByte("HhIiklprSsTf", l.Text[i]) >= 0 {
			hasTime = true
		} else if l.Text[i] != '%' {
			hasDate = true
		}
	}
	out := datetime
	switch {
	case hasTime && !hasDate:
		out = timeOfDay
	case hasDate && !hasTime:
		return date
	}
	if strings.Contains(l.Text, "%f") {
		out.Length = mostDigits
	}
	return out
}

// epochResult is UNIX_TIMESTAMP's: whole seconds where the argument has no fraction.
func epochResult(_ []dialect.Operand, taken []types.Type) types.Type {
	switch classOf(taken[0]) {
	case dateClass:
		return bigint
	case datetimeClass:
		if taken[0].Length == 0 {
			return bigint
		}
	case intClass:
		return bigint
	}
	return decimal
}

// nullRules give the null rule of a call.
var nullRules = map[string]func(f *builtinFunc, args []dialect.Operand) catalog.NullRule{
	"strict":    fixed(catalog.NullStrict),
	"partial":   fixed(catalog.NullStrictPartial),
	"never":     fixed(catalog.NullNever),
	"coalesce":  fixed(catalog.NullCoalesce),
	"first":     fixed(catalog.NullFirst),
	"maybe":     fixed(catalog.NullMaybe),
	"always":    fixed(catalog.NullAlways),
	"ifelse":    fixed(catalog.NullIfThenElse),
	"either":    eitherNull,
	"nullif":    fixed(catalog.NullNullif),
	"lag":       fixed(catalog.NullLag),
	"frame":     fixed(catalog.NullFrameValue),
	"aggregate": fixed(catalog.NullAggregate),
	"rows":      fixed(catalog.NullAggregateRows),
	"dates":     datesNull,
	"calendar":  calendarNull,
	"charcodes": charNull,
	"lenient":   lenientNull,
	"hashed":    hashedNull,
	"epoch":     epochNull,
	"shift":     shiftNull,
	"hours":     hoursNull,
	"hex":       hexNull,
	"literal":   literalNull,
	"digits":    digitsNull,

	"json":       jsonNull,
	"quantified": quantifiedNull,
	"removed":    removedNull,
}

// eitherNull: NVL2 asks whether its first argument is NULL, not whether it is true.
func eitherNull(_ *builtinFunc, args []dialect.Operand) catalog.NullRule {
	if args[1].Null.IsNever() && args[2].Null.IsNever() {
		return catalog.NullNever
	}
	return catalog.NullMaybe
}

// lenientNull is of functions whose last argument may be NULL without the result being so: a
// locale, a mode, a flag. With a constant there it is the rule of the others.
func lenientNull(f *builtinFunc, args []dialect.Operand) catalog.NullRule {
	last := args[len(args)-1]
	if last.Literal == nil || last.Literal.Kind == ir.Null {
		return catalog.NullMaybe
	}
	if f.arg(0).kind == 'd' {
		return calendarNull(f, args)
	}
	return catalog.NullStrict
}

// malformed tells whether an argument that is taken for JSON may be none, of which MariaDB makes
// NULL where MySQL raises. What is of type JSON is well-formed, a parameter of it too.
func malformed(f *builtinFunc, args []dialect.Operand) bool {
	for i, a := range args {
		switch {
		case f.arg(i).kind != 'j' || a.Param || classOf(a.Type) == jsonClass:
		case a.Literal != nil && (a.Literal.Kind != ir.String || gojson.Valid([]byte(a.Literal.Text))):
		default:
			return true
		}
	}
	return false
}

// hashedNull: MariaDB hashes for a length of NULL too.
func hashedNull(f *builtinFunc, args []dialect.Operand) catalog.NullRule {
	if within(args[1], domains[f.name]) {
		return catalog.NullStrict
	}
	return catalog.NullMaybe
}

func fixed(r catalog.NullRule) func(*builtinFunc, []dialect.Operand) catalog.NullRule {
	return func(*builtinFunc, []dialect.Operand) catalog.NullRule { return r }
}

// calendarNull: a DATE or DATETIME, NOT NULL as it may be, can hold 0000-00-00 and 2020-00-00,
// from other settings of sql_mode, from INSERT IGNORE, and in MariaDB by default. Its parts are 0,
// but it is no day: it has no name, no number, no distance to another and no month that ends. An
// argument is trusted to be a day.
func calendarNull(f *builtinFunc, args []dialect.Operand) catalog.NullRule {
	for i, a := range args {
		if f.arg(i).kind == 'd' && !a.Param && isDay(a.Type) && a.Class < dialect.RealDay {
			return catalog.NullStrictPartial
		}
	}
	return datesNull(f, args)
}

// namesDay tells whether a format asks for what only a day of the calendar has: names of days and
// months, the day of the week or the year.
func namesDay(format string) bool {
	for i := 0; i+1 < len(format); i++ {
		if format[i] == '%' {
			i++
			if strings.IndexByte("MbWawj", format[i]) >= 0 {
				return true
			}
		}
	}
	return false
}

// datesNull: a string may be no date, a format may be empty, or ask what not all dates have.
func datesNull(f *builtinFunc, args []dialect.Operand) catalog.NullRule {
	for i, a := range args {
		switch f.arg(i).kind {
		case 'd':
			switch classOf(a.Type) {
			case dateClass, timeClass, datetimeClass:
			default:
				if !a.Param {
					return catalog.NullStrictPartial
				}
			}
		case 'f':
			if !filled(a) || isDay(args[0].Type) && args[0].Class < dialect.RealDay && namesDay(a.Literal.Text) {
				return catalog.NullStrictPartial
			}
		}
	}
	return catalog.NullStrict
}

// charNull: bytes that are no characters of the set that USING names are NULL; NULLs among
// the codes are left out.
func charNull(_ *builtinFunc, args []dialect.Operand) catalog.NullRule {
	if charResult(args, nil) == varchar {
		return catalog.NullMaybe
	}
	return catalog.NullNever
}

// epochNull: MariaDB has no seconds for moments that a TIMESTAMP can not hold.
func epochNull(_ *builtinFunc, args []dialect.Operand) catalog.NullRule {
	if args[0].Type.Name == "timestamp" || args[0].Class == dialect.StampDay {
		return catalog.NullStrict
	}
	return catalog.NullStrictPartial
}

// shiftNull is a date's and an interval's: NULL where the date leaves the calendar.
func shiftNull(f *builtinFunc, args []dialect.Operand) catalog.NullRule {
	d, reach := args[0], args[1].Type
	if f.name == "timestampadd" {
		d, reach = args[2], types.Type{}
		if args[0].Literal != nil {
			reach = types.Type{Name: "interval " + strings.ToLower(args[0].Literal.Text)}
		}
	}
	if d.Class >= dialect.ClockDay && isDay(d.Type) && near(reach, max(args[1].Digits, (&semantics{}).Digits(args[1]))) {
		return catalog.NullStrict
	}
	return catalog.NullStrictPartial
}

// hoursNull: a format of a TIME that asks for its hours and their parts only.
func hoursNull(_ *builtinFunc, args []dialect.Operand) catalog.NullRule {
	if l := args[1].Literal; classOf(args[0].Type) == timeClass && l != nil && hoursFormat.MatchString(l.Text) {
		return catalog.NullStrict
	}
	return catalog.NullStrictPartial
}

var hoursFormat = regexp.MustCompile(`^(?:[ :.-]|%[HhIikSsTf])+$`)

// hexNull: what is no hexadecimal digit has no byte.
func hexNull(_ *builtinFunc, args []dialect.Operand) catalog.NullRule {
	if l := args[0].Literal; l != nil && l.Kind == ir.String && hexDigits.MatchString(l.Text) {
		return catalog.NullStrict
	}
	return catalog.NullStrictPartial
}

var hexDigits = regexp.MustCompile(`^(?:[0-9A-Fa-f]{2})+$`)

// literalNull: the arguments that can make the result NULL are literals that do not.
func literalNull(f *builtinFunc, args []dialect.Operand) catalog.NullRule {
	fits := nonZero
	if d, ok := domains[f.name]; ok {
		fits = func(a dialect.Operand) bool { return within(a, d) }
	}
	for i, a := range args {
		if k := f.arg(i).kind; k == '2' && !fits(a) || k == 'f' && !filled(a) {
			return catalog.NullStrictPartial
		}
	}
	return catalog.NullStrict
}

// digitsNull: an empty string has no digits to convert; a number has.
func digitsNull(f *builtinFunc, args []dialect.Operand) catalog.NullRule {
	switch classOf(args[0].Type) {
	case intClass, decimalClass, floatClass:
	default:
		if !filled(args[0]) && !args[0].Param {
			return catalog.NullStrictPartial
		}
	}
	return literalNull(f, args)
}

// filled tells whether an operand is a literal that is not empty.
func filled(a dialect.Operand) bool { return a.Literal != nil && a.Literal.Text != "" }

// domains are the numbers outside of which functions give NULL: from, to and, where not all
// between are good, which. A string longer than the client's packet is NULL too; lengths
// up to 64 KB are safe.
var domains = map[string][]int{
	"conv": {2, 36}, "sha2": {0, 512, 0, 224, 256, 384, 512}, "lpad": {0, 1 << 16}, "rpad": {0, 1 << 16},
	"repeat": {0, 1 << 16}, "space": {0, 1 << 16},
}

// within tells whether an operand is an integer literal of the domain.
func within(a dialect.Operand, domain []int) bool {
	if a.Literal == nil || a.Literal.Kind != ir.Integer {
		return false
	}
	n, err := strconv.Atoi(a.Literal.Text)
	if err != nil || n < domain[0] || n > domain[1] {
		return false
	}
	return len(domain) == 2 || slices.Contains(domain[2:], n)
}

// nonZero tells whether an operand is a literal number other than 0.
func nonZero(a dialect.Operand) bool {
	l := a.Literal
	if l == nil || l.Kind != ir.Integer && l.Kind != ir.Decimal && l.Kind != ir.Float {
		return false
	}
	f, _ := strconv.ParseFloat(l.Text, 64) // 1e-400 is zero to the server too
	return f != 0
}

// jsonNull: JSON_SET and its like are NULL where the document or a path is; a NULL value
// becomes JSON's null.
func jsonNull(_ *builtinFunc, args []dialect.Operand) catalog.NullRule {
	for i := 1; i < len(args); i += 2 {
		if !args[i].Null.IsNever() {
			return catalog.NullMaybe
		}
	}
	return catalog.NullFirst
}

// quantifiedNull: MariaDB answers NULL to a word that is neither one nor all.
func quantifiedNull(_ *builtinFunc, args []dialect.Operand) catalog.NullRule {
	if len(args) > 3 { // found at one path, the next does not matter
		for _, a := range args[3:] {
			if a.Literal == nil || a.Literal.Kind == ir.Null {
				return catalog.NullMaybe
			}
		}
	}
	if l := args[1].Literal; l != nil && (strings.EqualFold(l.Text, "one") || strings.EqualFold(l.Text, "all")) {
		return catalog.NullStrict
	}
	return catalog.NullStrictPartial
}

// removedNull: of a document whose root is removed MariaDB leaves NULL.
func removedNull(_ *builtinFunc, args []dialect.Operand) catalog.NullRule {
	for _, a := range args[1:] {
		if a.Literal == nil || !strings.ContainsAny(a.Literal.Text, ".[") {
			return catalog.NullStrictPartial
		}
	}
	return catalog.NullStrict
}
