package sqlite

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// function is one signature of a function.
type function struct {
	name     string
	args     []types.Type // any: nothing is asked of the argument
	min      int          // arguments that must be given
	variadic bool         // the last of args repeats
	result   string       // a type's name, or a rule of resultTypes
	null     catalog.NullRule
	kind     catalog.FuncKind
	// volatility is "immutable" unless the line says otherwise.
	volatility string
	// optional functions are not in every build: extensions that ship with SQLite's source.
	optional  bool
	subtypes  bool // see Signature
	magnitude magnitude
}

// String is the signature as a message shows it: substr(TEXT, INTEGER).
func (f *function) String() string {
	var b strings.Builder
	b.WriteString(f.name + "(")
	for i, a := range f.args {
		if i >= f.min {
			b.WriteString("[")
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(a.Name)
		if f.variadic && i == len(f.args)-1 {
			b.WriteString(" …")
		}
	}
	b.WriteString(strings.Repeat("]", max(len(f.args)-f.min, 0)) + ")")
	return b.String()
}

// takes tells whether n arguments fit.
func (f *function) takes(n int) bool {
	return n >= f.min && (f.variadic || n <= len(f.args))
}

// argument is the type asked of argument i.
func (f *function) argument(i int) types.Type {
	if len(f.args) == 0 {
		return anyType
	}
	return f.args[min(i, len(f.args)-1)]
}

// functions are all signatures by lower-case name.
var functions = parseFunctions(functionLines)

var nullRules = map[string]catalog.NullRule{
	"maybe": catalog.NullMaybe, "strict": catalog.NullStrict, "partial": catalog.NullStrictPartial,
	"never": catalog.NullNever, "coalesce": catalog.NullCoalesce, "first": catalog.NullFirst,
	"aggregate": catalog.NullAggregate, "joined": catalog.NullAggregateFirst, "rows": catalog.NullAggregateRows, "nullif": catalog.NullNullif,
	"lag": catalog.NullLag, "frame": catalog.NullFrameValue, "iif": catalog.NullIfThenElse, "always": catalog.NullAlways,
}

var typeNames = map[string]types.Type{
	"INTEGER": integer, "REAL": real, "TEXT": text, "BLOB": blob, "NUMERIC": numeric, anyName: anyType,
}

// parseFunctions reads the table below; a mistake in it is a programming error.
func parseFunctions(lines string) map[string][]*function {
	out := map[string][]*function{}
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		line, _, _ = strings.Cut(line, "//")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, rest, _ := strings.Cut(line, "(")
		args, rest, ok := strings.Cut(rest, ")")
		words := strings.Fields(rest)
		if !ok || len(words) < 2 {
			panic("sqlite: bad line in the table of functions: " + line)
		}
		f := &function{name: name, result: words[0], volatility: "immutable"}
		rule, ok := nullRules[words[1]]
		if !ok {
			panic("sqlite: unknown null rule: " + line)
		}
		f.null = rule
		for _, w := range words[2:] {
			switch w {
			case "agg":
				f.kind = catalog.Aggregate
			case "window":
				f.kind = catalog.WindowFunc
			case "volatile", "stable":
				f.volatility = w
			case "optional":
				f.optional = true
			case "subtypes":
				f.subtypes = true
			case "keeps", "adds", "small":
				f.magnitude = magnitudes[w]
			default:
				panic("sqlite: unknown word in the table of functions: " + line)
			}
		}
		for _, a := range strings.Split(args, ",") {
			a = strings.TrimSpace(a)
			if a == "" {
				continue
			}
			a, repeats := strings.CutSuffix(a, "*")
			a, optional := strings.CutSuffix(a, "?")
			t, ok := typeNames[a]
			if !ok {
				panic(fmt.Sprintf("sqlite: unknown type %q: %s", a, line))
			}
			f.args = append(f.args, t)
			f.variadic = repeats
			if !repeats && !optional {
				f.min = len(f.args)
			}
		}
		if _, ok := typeNames[f.result]; !ok && resultTypes[f.result] == nil {
			panic("sqlite: unknown result: " + line)
		}
		out[name] = append(out[name], f)
	}
	return out
}

// resultTypes are the results that depend on the arguments.
var resultTypes = map[string]resultRule{
	"first":  sameAsFirst,
	"number": func(ts []types.Type) types.Type { return arithmetic(ts[:1]) },
	"common": commonType,
	// Of lag and lead: the value's and the default's.
	"lag": func(ts []types.Type) types.Type {
		if len(ts) < 3 {
			return sameAsFirst(ts)
		}
		return commonType([]types.Type{ts[0], ts[2]})
	},
	// Of iif: the values between the conditions.
	"iif": func(ts []types.Type) types.Type {
		var values []types.Type
		for i, t := range ts {
			if i%2 == 1 || i == len(ts)-1 {
				values = append(values, t)
			}
		}
		return commonType(values)
	},
	// Of substr: a piece of a BLOB is a BLOB, of all else TEXT.
	"piece": func(ts []types.Type) types.Type {
		switch {
		case len(ts) > 0 && ts[0] == blob:
			return blob
		case len(ts) > 0 && ts[0] == anyType:
			return anyType
		}
		return text
	},
}

// commonType merges types, leaving out NULL and what is not known.
func commonType(ts []types.Type) types.Type {
	var out types.Type
	for _, t := range ts {
		switch {
		case t == nullType || !t.Known():
		case !out.Known():
			out = t
		default:
			out = merge(out, t)
		}
	}
	if !out.Known() {
		return anyType
	}
	return out
}

// functionLines has one line a signature: name(arguments) result null-rule words. An
// argument with ? may be left out, one with * may be given any number of times, also none.
// The tests hold the names, the numbers of arguments, the results and the null rules
// against the real engine. Kept by theme: https://www.sqlite.org/lang_corefunc.html and its
// neighbours.
const functionLines = `
abs(NUMERIC)                     number  strict keeps
changes()                        INTEGER never volatile
char(INTEGER*)                   TEXT    never
coalesce(any, any, any*)         common  coalesce keeps
concat(any, any*)                TEXT    never
concat_ws(TEXT, any, any*)       TEXT    first
format(TEXT, any*)               TEXT    partial
glob(TEXT, TEXT)                 INTEGER strict
hex(BLOB)                        TEXT    never
if(any, any, any)                iif     iif keeps
if(any, any)                     iif     iif keeps
if(any, any, any, any, any*)     iif     iif keeps
ifnull(any, any)                 common  coalesce keeps
iif(any, any, any)               iif     iif keeps
iif(any, any)                    iif     iif keeps
iif(any, any, any, any, any*)    iif     iif keeps
instr(TEXT, TEXT)                INTEGER strict
last_insert_rowid()              INTEGER never volatile
length(TEXT)                     INTEGER strict
like(TEXT, TEXT, TEXT?)          INTEGER strict
likelihood(any, REAL)            first   first keeps
likely(any)                      first   first keeps
load_extension(TEXT, TEXT?)      any     always volatile
lower(TEXT)                      TEXT    strict
ltrim(TEXT, TEXT?)               TEXT    strict
match(TEXT, any)                 INTEGER maybe
max(any, any, any*)              common  strict keeps
min(any, any, any*)              common  strict keeps
nullif(any, any)                 first   nullif keeps
octet_length(any)                INTEGER strict
printf(TEXT, any*)               TEXT    partial
quote(any)                       TEXT    never
random()                         INTEGER never volatile
randomblob(INTEGER)              BLOB    never volatile
regexp(TEXT, TEXT)               INTEGER maybe optional
replace(TEXT, TEXT, TEXT)        TEXT    strict
round(REAL, INTEGER?)            REAL    strict keeps
rtrim(TEXT, TEXT?)               TEXT    strict
sign(NUMERIC)                    INTEGER partial
soundex(TEXT)                    TEXT    never
sqlite_compileoption_get(INTEGER) TEXT   maybe
sqlite_compileoption_used(TEXT)  INTEGER strict
sqlite_log(INTEGER, TEXT)        any     always volatile
sqlite_offset(any)               INTEGER maybe
sqlite_source_id()               TEXT    never
sqlite_version()                 TEXT    never
substr(TEXT, INTEGER, INTEGER?)  piece   strict
substring(TEXT, INTEGER, INTEGER?) piece strict
subtype(any)                     INTEGER never
total_changes()                  INTEGER never volatile
trim(TEXT, TEXT?)                TEXT    strict
typeof(any)                      TEXT    never
unhex(TEXT, TEXT?)               BLOB    partial
unicode(TEXT)                    INTEGER partial
unistr(TEXT)                     TEXT    strict
unistr_quote(any)                TEXT    never
unlikely(any)                    first   first keeps
upper(TEXT)                      TEXT    strict
zeroblob(INTEGER)                BLOB    never

// Dates and times: NULL where the value or a modifier can not be understood; see dateNull.
current_date()                   TEXT    never stable
current_time()                   TEXT    never stable
current_timestamp()              TEXT    never stable
date(any?, TEXT*)                TEXT    partial stable
datetime(any?, TEXT*)            TEXT    partial stable
julianday(any?, TEXT*)           REAL    partial stable small
strftime(TEXT, any?, TEXT*)      TEXT    partial stable
time(any?, TEXT*)                TEXT    partial stable
timediff(any, any)               TEXT    partial stable
unixepoch(any?, TEXT*)           INTEGER partial stable

// Mathematics: NULL for what is no number, and outside of the function's domain.
acos(REAL)                       REAL    partial
acosh(REAL)                      REAL    partial
asin(REAL)                       REAL    partial
asinh(REAL)                      REAL    partial
atan(REAL)                       REAL    partial
atan2(REAL, REAL)                REAL    partial
atanh(REAL)                      REAL    partial
ceil(NUMERIC)                    number  partial keeps
ceiling(NUMERIC)                 number  partial keeps
cos(REAL)                        REAL    partial
cosh(REAL)                       REAL    partial
degrees(REAL)                    REAL    partial
exp(REAL)                        REAL    partial
floor(NUMERIC)                   number  partial keeps
ln(REAL)                         REAL    partial
log(REAL, REAL?)                 REAL    partial
log10(REAL)                      REAL    partial
log2(REAL)                       REAL    partial
mod(NUMERIC, NUMERIC)            REAL    partial
pi()                             REAL    never small
pow(REAL, REAL)                  REAL    partial
power(REAL, REAL)                REAL    partial
radians(REAL)                    REAL    partial
sin(REAL)                        REAL    partial
sinh(REAL)                       REAL    partial
sqrt(REAL)                       REAL    partial
tan(REAL)                        REAL    partial
tanh(REAL)                       REAL    partial
trunc(NUMERIC)                   number  partial keeps

// JSON.
json(TEXT)                       TEXT    strict
json_array(any*)                 TEXT    never
json_array_insert(TEXT, any*)    TEXT    first
json_array_length(TEXT, TEXT?)   INTEGER partial
json_error_position(TEXT)        INTEGER strict
json_extract(TEXT, TEXT*)        any     partial
json_insert(TEXT, any*)          TEXT    first
json_object(any*)                TEXT    never
json_patch(TEXT, TEXT)           TEXT    strict
json_pretty(TEXT, TEXT?)         TEXT    first
json_quote(any)                  TEXT    never
json_remove(TEXT, TEXT*)         TEXT    partial
json_replace(TEXT, any*)         TEXT    first
json_set(TEXT, any*)             TEXT    first
json_type(TEXT, TEXT?)           TEXT    partial
json_valid(TEXT, INTEGER?)       INTEGER strict
jsonb(TEXT)                      BLOB    strict
jsonb_array(any*)                BLOB    never
jsonb_array_insert(TEXT, any*)   BLOB    first
jsonb_extract(TEXT, TEXT*)       any     partial
jsonb_insert(TEXT, any*)         BLOB    first
jsonb_object(any*)               BLOB    never
jsonb_patch(TEXT, TEXT)          BLOB    strict
jsonb_remove(TEXT, TEXT*)        BLOB    partial
jsonb_replace(TEXT, any*)        BLOB    first
jsonb_set(TEXT, any*)            BLOB    first

// Aggregates.
avg(NUMERIC)                     REAL    aggregate agg adds
count()                          INTEGER never agg
count(any)                       INTEGER never agg
group_concat(any, TEXT?)         TEXT    joined agg
json_group_array(any)            TEXT    never agg subtypes
json_group_object(TEXT, any)     TEXT    never agg subtypes
jsonb_group_array(any)           BLOB    never agg subtypes
jsonb_group_object(TEXT, any)    BLOB    never agg subtypes
max(any)                         first   aggregate agg keeps
median(NUMERIC)                  REAL    aggregate agg optional
min(any)                         first   aggregate agg keeps
percentile(NUMERIC, REAL)        REAL    aggregate agg optional
percentile_cont(NUMERIC, REAL)   REAL    aggregate agg optional
percentile_disc(NUMERIC, REAL)   REAL    aggregate agg optional
string_agg(any, TEXT)            TEXT    joined agg
sum(NUMERIC)                     number  aggregate agg adds
total(NUMERIC)                   REAL    never agg adds

// Window functions.
cume_dist()                      REAL    never window small
dense_rank()                     INTEGER never window
first_value(any)                 first   frame window keeps
lag(any, INTEGER?, any?)         lag     lag window keeps
last_value(any)                  first   frame window keeps
lead(any, INTEGER?, any?)        lag     lag window keeps
nth_value(any, INTEGER)          first   maybe window keeps
ntile(INTEGER)                   INTEGER never window
percent_rank()                   REAL    never window small
rank()                           INTEGER never window
row_number()                     INTEGER never window

// FTS5, and FTS3/4 where a build has them.
bm25(any, REAL*)                 REAL    never
fts5(any)                        any     always
fts5_get_locale(any, INTEGER)    TEXT    maybe
fts5_insttoken(any)              any     maybe
fts5_locale(TEXT, TEXT)          any     maybe
fts5_source_id()                 TEXT    never
highlight(any, INTEGER, TEXT, TEXT) TEXT maybe
matchinfo(any, TEXT?)            BLOB    maybe optional
offsets(any)                     TEXT    maybe optional
optimize(any)                    TEXT    maybe optional
snippet(any, any*)               TEXT    maybe

// R-trees and geopoly.
geopoly_area(any)                REAL    partial
geopoly_bbox(any)                BLOB    partial
geopoly_blob(any)                BLOB    partial
geopoly_ccw(any)                 BLOB    partial
geopoly_contains_point(any, REAL, REAL) INTEGER partial
geopoly_debug(any)               any     always
geopoly_group_bbox(any)          BLOB    maybe agg
geopoly_json(any)                TEXT    partial
geopoly_overlap(any, any)        INTEGER partial
geopoly_regular(REAL, REAL, REAL, INTEGER) BLOB maybe
geopoly_svg(any, TEXT*)          TEXT    maybe
geopoly_within(any, any)         INTEGER partial
geopoly_xform(any, REAL, REAL, REAL, REAL, REAL, REAL) BLOB maybe
rtreecheck(TEXT, TEXT?)          TEXT    never
rtreedepth(BLOB)                 INTEGER maybe
rtreenode(INTEGER, BLOB)         TEXT    maybe

// RAISE, which the grammar reads as a form of its own, never returns.
raise(TEXT, TEXT?)               any     always optional
`
