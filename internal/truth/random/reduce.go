package random

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/covetsql/covetsql/internal/truth"
)

// Case is a finding with all that shows it.
type Case struct {
	Language string
	Finding  truth.Finding
	Schema   []string
	// Rows are INSERT statements.
	Rows  []string
	Query string
	// Seed makes the statement again, over the schema that the campaign made.
	Seed int
}

// String is the case as a file of SQL.
func (c *Case) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- %s: %s\n-- ours: %s\n-- the server's: %s\n", c.Language, c.Finding.Kind+" "+truth.Kind(c.Finding.What), line(c.Finding.Ours), line(c.Finding.Theirs))
	for _, s := range slices.Concat(c.Schema, c.Rows, []string{c.Query}) {
		b.WriteString(s + ";\n")
	}
	return b.String()
}

func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// reduce drops from a case's schema what its statement does not need: views, tables, then
// columns, keys and constraints one by one, as long as the finding stays.
func (r *round) reduce(ctx context.Context, c *Case) {
	still := func(s *schema) bool {
		small, err := begin(ctx, r.lab, s, 1)
		if err != nil {
			return false
		}
		// Rows are random: a finding about them may need some tries.
		for range 3 {
			for _, f := range small.hold(ctx, c.Query).found {
				if class(f) == class(c.Finding) {
					c.Finding = f
					return true
				}
			}
		}
		return false
	}
	r.cut(ctx, c)
	best := r.schema
	if still(best) {
		for changed := true; changed; {
			changed = false
			for n := 0; ; n++ {
				smaller, ok := best.without(n)
				if !ok {
					break
				}
				if smaller != nil && still(smaller) {
					best, changed = smaller, true
					n--
				}
			}
		}
		c.Schema = best.statements()
	}
	// The round's databases are as they were before.
	if again, err := begin(ctx, r.lab, r.schema, 1); err == nil {
		r.sets, r.random = again.sets, again.random
		r.pkg, r.session = again.pkg, again.session
	}
}

// without is the schema without its n-th piece; false where there are no more pieces, nil
// where the piece can not be missed.
func (s *schema) without(n int) (*schema, bool) {
	c := s.clone()
	if n < len(c.creates) {
		c.creates, c.views = slices.Delete(c.creates, n, n+1), slices.Delete(c.views, n, n+1)
		return c, true
	}
	n -= len(c.creates)
	for i, t := range c.tables {
		if n == 0 {
			c.tables = slices.Delete(c.tables, i, i+1)
			return c, true
		}
		n--
		if found, changed := t.drop(&n); changed {
			return c, true
		} else if found {
			return nil, true
		}
	}
	if n < len(c.prelude) {
		c.prelude = slices.Delete(c.prelude, n, n+1)
		return c, true
	}
	return nil, false
}

// drop takes the n-th piece off, or counts n down by the pieces that there are. A piece that is
// found may not be there to take.
func (t *table) drop(n *int) (found, changed bool) {
	pieces := []struct {
		count int
		cut   func(i int)
	}{
		{len(t.constraints), func(i int) { t.constraints = slices.Delete(t.constraints, i, i+1) }},
		{len(t.foreign), func(i int) { t.foreign = slices.Delete(t.foreign, i, i+1) }},
		{len(t.keys), func(i int) {
			if slices.Equal(t.keys[i], t.primary) {
				t.primary = nil
			}
			t.keys = slices.Delete(t.keys, i, i+1)
		}},
		{len(t.columns), func(i int) { t.columns = slices.Delete(t.columns, i, i+1) }},
		{len(t.columns), func(i int) { t.columns[i].clause = "" }},
		{1, func(int) { t.tail = "" }},
		{len(t.indexes), func(i int) { t.indexes = slices.Delete(t.indexes, i, i+1) }},
	}
	for p, piece := range pieces {
		if *n >= piece.count {
			*n -= piece.count
			continue
		}
		if p == 4 && t.columns[*n].clause == "" || p == 5 && t.tail == "" {
			return true, false
		}
		piece.cut(*n)
		return true, true
	}
	return false, false
}

func (s *schema) clone() *schema {
	c := &schema{prelude: slices.Clone(s.prelude), views: slices.Clone(s.views), creates: slices.Clone(s.creates)}
	to := map[*table]*table{}
	for _, t := range s.tables {
		n := *t
		n.columns, n.constraints, n.keys, n.foreign, n.indexes = slices.Clone(t.columns), slices.Clone(t.constraints), slices.Clone(t.keys), slices.Clone(t.foreign), slices.Clone(t.indexes)
		to[t] = &n
		for i := range n.foreign {
			if p := to[n.foreign[i].to]; p != nil {
				n.foreign[i].to = p
			}
		}
		c.tables = append(c.tables, &n)
	}
	return c
}

var tokens = regexp.MustCompile(`'(?:[^']|'')*'|[\w.]+|::|[^\s\w]`)

// cut drops runs of tokens from a case's statement, long ones first, and puts what stands in
// parentheses in their place, as long as the finding stays.
func (r *round) cut(ctx context.Context, c *Case) {
	still := func(text string) bool {
		for _, f := range r.hold(ctx, text).found {
			if class(f) == class(c.Finding) {
				c.Finding, c.Query = f, text
				return true
			}
		}
		return false
	}
	deadline := time.Now().Add(cutTime)
	for size := len(tokens.FindAllString(c.Query, -1)) / 2; size > 0; size /= 2 {
		words := tokens.FindAllString(c.Query, -1)
		for at := 0; at+size <= len(words) && time.Now().Before(deadline); {
			shorter := slices.Delete(slices.Clone(words), at, at+size)
			if still(sentence(shorter)) {
				words = shorter
			} else {
				at += max(1, size/2)
			}
		}
	}
	for again := true; again && time.Now().Before(deadline); {
		again = false
		words := tokens.FindAllString(c.Query, -1)
		for at, w := range words {
			if w != "(" {
				continue
			}
			end := closing(words, at)
			for _, with := range []string{"NULL", "1", "t1", sentence(words[at+1 : end])} {
				for _, from := range []int{at, at - 1} { // the parentheses, or a call's name too
					if from < 0 || end-from < 3 && len(with) > 2 {
						continue
					}
					text := sentence(slices.Concat(words[:from], []string{with}, words[end+1:]))
					if len(text) < len(c.Query) && still(text) {
						again = true
						break
					}
				}
				if again {
					break
				}
			}
			if again {
				break
			}
		}
	}
}

// sentence joins tokens as a person would.
func sentence(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && !strings.ContainsAny(w, "),") && !strings.Contains(":: [ ]", w) && words[i-1] != "(" && words[i-1] != "::" && words[i-1] != "[" {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// class tells apart what findings of one kind are about: the servers' words without names.
func class(f truth.Finding) string {
	words := f.Theirs
	if f.Kind == Refused || f.Kind == Broken {
		words = f.What + f.Ours
	}
	switch f.Kind {
	case truth.UnsoundNull, truth.WrongAlways, truth.UnsoundRows, truth.UnsoundRead, truth.UnsoundKey:
		words = ""
	}
	return string(f.Kind) + " " + names.ReplaceAllString(words, "…")
}

var names = regexp.MustCompile("[\"'`].*?[\"'`]|\\d+")

const cutTime = 20 * time.Second

// closing is where the parenthesis that opens at a token closes.
func closing(words []string, at int) int {
	depth := 0
	for i := at; i < len(words); i++ {
		switch words[i] {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(words) - 1
}
