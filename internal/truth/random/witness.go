package random

import (
	"context"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/internal/truth"
)

// mixtures is how many changes at random are tried, imagined how many states of all tables that
// a query reads.
const (
	mixtures     = 200
	imagined     = 300
	writtenTries = 30
)

// witness looks for a NULL in rows that are changed for it: a column's values gone, a table's,
// each such change alone, then some at random together.
func (r *round) witness(ctx context.Context, v *verdict) {
	done := func() bool { return len(v.found) > 0 || v.ended() || len(v.clumsy(1)) == 0 }
	for _, set := range r.sets[1:] { // every argument that may be NULL is
		args, some := nullArguments(set, v.query, r.random)
		if !some {
			break
		}
		if r.attempt(ctx, v, set, truth.Attempt{Args: args}); done() {
			return
		}
	}
	if literals := r.written(v.query); literals != nil {
		for n := range writtenTries {
			if r.attempt(ctx, v, r.sets[1+n%(len(r.sets)-1)], truth.Attempt{Args: literals(r.sets[1+n%(len(r.sets)-1)], n)}); done() {
				return
			}
		}
	}
	if whole, skip := withoutLimit(v.query); whole != nil {
		for _, set := range r.sets[1:] {
			if r.unbounded(ctx, v, whole, skip, set, truth.Attempt{Args: set.data.Arguments(v.query, 0, r.random)}); done() {
				return
			}
		}
	}
	found := func(set *dataset, try int, before ...string) bool {
		if set != nil {
			r.attempt(ctx, v, set, truth.Attempt{Args: set.data.Arguments(v.query, try, r.random), State: truth.State{Before: before}})
		}
		return done()
	}
	for _, other := range reordered(v.query) {
		for _, set := range r.sets[1:] {
			if r.unbounded(ctx, v, other, 0, set, truth.Attempt{Args: set.data.Arguments(v.query, 0, r.random)}); done() {
				return
			}
		}
	}
	tables := r.reads(v.query.SQL)
	changes := r.changes(tables)
	for n, c := range changes {
		if found(v.richest, n%3, c) || found(r.sets[1+n%(len(r.sets)-1)], n%3, c) {
			return
		}
	}
	for range min(mixtures, 4*len(changes)) {
		var some []string
		for range 1 + r.random.IntN(4) {
			some = append(some, changes[r.random.IntN(len(changes))])
		}
		if found(r.sets[1+r.random.IntN(len(r.sets)-1)], r.random.IntN(4), some...) {
			return
		}
	}
	r.imagine(ctx, v, tables, done)
}

// imagine tries states of all tables that a query reads: some without a row, or with one, their
// columns NULL here and equal to others there. Statements that a state refuses leave it as it was.
func (r *round) imagine(ctx context.Context, v *verdict, tables []*table, done func() bool) {
	if r.lab.Language.Forgiving == "" || len(tables) == 0 {
		return
	}
	whole, skip := withoutLimit(v.query)
	literals := r.written(v.query)
	for n := range imagined {
		set := r.sets[1+n%(len(r.sets)-1)]
		at := truth.Attempt{Args: set.data.Arguments(v.query, n%5, r.random)}
		switch r.random.IntN(4) {
		case 0:
			at.Args, _ = nullArguments(set, v.query, r.random)
		case 1:
			if literals != nil {
				at.Args = literals(set, n)
			}
		}
		for _, s := range r.state(tables) {
			at.State.Before = append(at.State.Before, strings.ReplaceAll(r.lab.Language.Forgiving, "$statement", s))
		}
		if whole != nil && n%2 == 0 {
			r.unbounded(ctx, v, whole, skip, set, at)
		} else {
			r.attempt(ctx, v, set, at)
		}
		if done() {
			return
		}
	}
}

// state are statements that bring tables into a state at random: of some not all rows are left,
// and each column is NULL, takes values of another one, or stays as it is.
func (r *round) state(tables []*table) []string {
	var rows, nulls, values []tableOption
	for _, o := range r.lab.Language.States {
		switch {
		case !strings.Contains(o.text, "$column"):
			rows = append(rows, o)
		case strings.Contains(o.text, "= NULL"):
			nulls = append(nulls, o)
		default:
			values = append(values, o)
		}
	}
	// How many columns of ten are NULL or as others are, and one table in how many has fewer rows.
	null, alike, few := []int{0, 1, 5, 9, 10}[r.random.IntN(5)], []int{0, 1, 3, 6}[r.random.IntN(4)], 1+r.random.IntN(8)
	var out []string
	for _, t := range tables {
		change := func(from []tableOption, i int) {
			if s := pickOne(r.random, from).over(t, &t.columns[i], tables, r.random); s != "" {
				out = append(out, s)
			}
		}
		if r.random.IntN(few) == 0 {
			out = append(out, r.released(t)...)
			change(rows, 0)
		}
		for i := range t.columns {
			switch n := r.random.IntN(10); {
			case n < null:
				change(nulls, i)
			case r.random.IntN(10) < alike:
				change(values, i)
			}
		}
	}
	return out
}

func pickOne[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// released are statements after which no row refers to a table's rows, as far as may be: references are
// NULL, or where they can not be their rows are gone.
func (r *round) released(t *table) []string { return r.freed(t, map[*table]bool{t: true}) }

func (r *round) freed(t *table, seen map[*table]bool) []string {
	var out []string
	for _, from := range r.schema.tables {
		for _, fk := range from.foreign {
			if fk.to != t {
				continue
			}
			required := slices.ContainsFunc(from.columns, func(c tableColumn) bool { return c.notNull && slices.Contains(fk.columns, c.name) })
			if !required {
				out = append(out, "UPDATE "+from.name+" SET "+strings.Join(fk.columns, " = NULL, ")+" = NULL")
			} else if !seen[from] {
				seen[from] = true
				out = append(append(out, r.freed(from, seen)...), "DELETE FROM "+from.name)
			}
		}
	}
	return out
}

// nullArguments are arguments that are NULL where the query takes it; some tells whether one is.
func nullArguments(set *dataset, q *facts.Query, random *rand.Rand) (args []truth.Arg, some bool) {
	args = set.data.Arguments(q, 1, random)
	for i, p := range q.Params {
		if p.Nullable && !args[i].Slice {
			args[i].Value, some = nil, true
		}
	}
	return args, some
}

// writtenLiteral is a text or a number in a statement; writable is what the constants for a parameter's type
// look like.
var (
	writtenLiteral = regexp.MustCompile(`'((?:[^']|'')*)'|\b\d+(?:\.\d+)?(?:e\d+)?\b`)
	writable       = []struct{ of, like *regexp.Regexp }{
		{regexp.MustCompile(`(?i)int|dec|num|real|float|double|year|bool`), regexp.MustCompile(`^-?\d+(\.\d+)?(e\d+)?$`)},
		{regexp.MustCompile(`(?i)char|text`), regexp.MustCompile(``)},
		{regexp.MustCompile(`(?i)^date$`), regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)},
		{regexp.MustCompile(`(?i)^(datetime|timestamp|timestamptz)$`), regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`)},
		{regexp.MustCompile(`(?i)^time$`), regexp.MustCompile(`^\d\d:\d\d:\d\d$`)},
	}
)

// written makes arguments of the constants that stand in a query, which its conditions may compare them
// with; nil where none is for a parameter of it.
func (r *round) written(q *facts.Query) func(set *dataset, try int) []truth.Arg {
	var literals []string
	for _, m := range writtenLiteral.FindAllStringSubmatch(q.SQL, -1) {
		if strings.HasPrefix(m[0], "'") {
			literals = append(literals, strings.ReplaceAll(m[1], "''", "'"))
		} else {
			literals = append(literals, m[0], "-"+m[0])
		}
	}
	some := false
	fitting := make([][]string, len(q.Params))
	for i, p := range q.Params {
		for _, w := range writable {
			if w.of.MatchString(p.Type.Name) {
				fitting[i] = slices.DeleteFunc(slices.Clone(literals), func(l string) bool { return !w.like.MatchString(l) })
				break
			}
		}
		some = some || len(fitting[i]) > 0
	}
	if !some {
		return nil
	}
	return func(set *dataset, try int) []truth.Arg {
		args := set.data.Arguments(q, try%5, r.random)
		for i, from := range fitting {
			if len(from) > 0 && args[i].Value != nil && r.random.IntN(3) > 0 {
				args[i].Value = &from[r.random.IntN(len(from))]
			}
		}
		return args
	}
}

// cutOff is a LIMIT at a query's end; sorted an ORDER BY before it.
var (
	cutOff = regexp.MustCompile(` (?:LIMIT (?:[1-9]\d*|(\?))(?: OFFSET (\d))?|FETCH FIRST ROW ONLY)\s*$`)
	sorted = regexp.MustCompile(` ORDER BY [\w., ]+$`)
)

// withoutLimit is a query that gives some of its rows, whichever, without that bound: each of
// the rows may be among them, where there are more than skip. Nil where there is no such bound.
func withoutLimit(q *facts.Query) (whole *facts.Query, skip int) {
	m := cutOff.FindStringSubmatchIndex(q.SQL)
	if m == nil || sorted.MatchString(q.SQL[:m[0]]) {
		return nil, 0
	}
	if m[4] >= 0 {
		skip = int(q.SQL[m[4]] - '0')
	}
	copy := *q
	copy.SQL = q.SQL[:m[0]]
	if m[2] >= 0 { // the last placeholder goes with it
		copy.Placeholders = q.Placeholders[:len(q.Placeholders)-1]
	}
	return &copy, skip
}

// someRows is a LIMIT within a query or at its end.
var someRows = regexp.MustCompile(` LIMIT [1-9]`)

// reordered are the ways to write a query in which each LIMIT that takes some of the rows, whichever, takes
// the first or last ones by a column: what they give the query itself may give.
func reordered(q *facts.Query) []*facts.Query {
	var ways []*facts.Query
	for _, order := range []string{"1", "1 DESC", "2", "2 DESC", "3", "3 DESC"} {
		var out strings.Builder
		last, free := 0, false
		for _, m := range someRows.FindAllStringIndex(q.SQL, -1) {
			out.WriteString(q.SQL[last:m[0]])
			if last = m[0]; !sorted.MatchString(q.SQL[:m[0]]) {
				out.WriteString(" ORDER BY " + order)
				free = true
			}
		}
		if !free {
			return nil
		}
		copy := *q
		copy.SQL = out.String() + q.SQL[last:]
		ways = append(ways, &copy)
	}
	return ways
}

// unbounded runs a query as it may be written, without its bound and the like, and takes what is NULL there for seen.
func (r *round) unbounded(ctx context.Context, v *verdict, whole *facts.Query, skip int, set *dataset, at truth.Attempt) {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a, err := set.server.Try(bounded, whole, at)
	switch {
	case err != nil:
		v.lost, v.slow = v.lost || r.lab.lost(err), v.slow || tooLong(err)
		r.lost = r.lost || v.lost
	case len(a.Rows) > skip:
		v.seen.Add(a)
	}
}

// reads are the tables that a query reads, also by views.
func (r *round) reads(text string) []*table {
	views := slices.Clone(r.schema.views)
	for i := len(views) - 1; i >= 0; i-- { // a view reads those before it
		if word(views[i].name).MatchString(text) {
			text += r.schema.creates[i]
		}
	}
	var out []*table
	for _, t := range r.schema.tables {
		if word(t.name).MatchString(text) {
			out = append(out, t)
		}
	}
	return out
}

func word(name string) *regexp.Regexp { return regexp.MustCompile(`\b` + name + `\b`) }

// changes are the language's witnesses over tables.
func (r *round) changes(tables []*table) []string {
	var out []string
	for _, t := range tables {
		for _, o := range r.lab.Language.Witnesses {
			for i := range t.columns {
				if i == 0 || strings.Contains(o.text, "$column") {
					if w := o.over(t, &t.columns[i], tables, r.random); w != "" {
						out = append(out, w)
					}
				}
			}
		}
	}
	return out
}

// over writes an option for a table and one of its columns; "" where it is not for them. tables
// are those that other columns may come from.
func (o tableOption) over(t *table, c *tableColumn, tables []*table, r *rand.Rand) string {
	if strings.Contains(o.text, "$column") && (c.generated() || !o.takes(c.sort) || c.notNull && strings.Contains(o.text, "$column = NULL")) {
		return ""
	}
	text := strings.NewReplacer("$table", t.name, "$column", c.name, "#", c.sort.Literals[r.IntN(len(c.sort.Literals))], "$seed", strconv.Itoa(r.IntN(1000))).Replace(o.text)
	if strings.Contains(text, "$nulls") {
		nulls := t.nulls()
		if nulls == "" {
			return ""
		}
		text = strings.ReplaceAll(text, "$nulls", nulls)
	}
	if strings.Contains(text, "$other") {
		var others []string
		for _, other := range t.columns {
			if other.sort == c.sort && other.name != c.name {
				others = append(others, other.name)
			}
		}
		if others == nil {
			return ""
		}
		text = strings.ReplaceAll(text, "$other", others[r.IntN(len(others))])
	}
	if strings.Contains(text, "$that") {
		var those [][2]string
		for _, there := range tables {
			for _, that := range there.columns {
				if that.sort == c.sort && (there != t || that.name != c.name) {
					those = append(those, [2]string{there.name, that.name})
				}
			}
		}
		if those == nil {
			return ""
		}
		that := those[r.IntN(len(those))]
		text = strings.NewReplacer("$there", that[0], "$that", that[1]).Replace(text)
	}
	return text
}
