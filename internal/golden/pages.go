package golden

import (
	"fmt"
	"testing"
)

// Walk reads a query's pages of several sizes, forward and backward, by cursors that were texts, and holds them against all
// rows, which it returns. read gives a page's items, the cursors of the first and the last, and whether there are more.
func Walk[I any, C fmt.Stringer](t testing.TB, parse func(string) (C, error), read func(after, before *C, size int) ([]I, *C, *C, bool, error)) []I {
	t.Helper()
	page := func(after, before *C, size int) ([]I, *C, *C, bool) {
		t.Helper()
		for _, c := range []*C{after, before} {
			if c != nil {
				again, err := parse((*c).String())
				OK(t, err)
				*c = again
			}
		}
		items, first, last, more, err := read(after, before, size)
		OK(t, err)
		if len(items) > size || (first == nil) != (len(items) == 0) || (last == nil) != (first == nil) {
			t.Fatalf("a page of %d has %d items, and the cursors %v and %v", size, len(items), first, last)
		}
		return items, first, last, more
	}
	all, _, end, more := page(nil, nil, 1000)
	if more {
		t.Fatal("there are more than 1000 rows")
	}
	for _, size := range []int{1, 2, 7, len(all), len(all) + 1} {
		if size == 0 {
			continue
		}
		var forward []I
		var at *C
		for more := true; more; {
			var items []I
			items, _, at, more = page(at, nil, size)
			forward = append(forward, items...)
			if len(forward) > len(all) {
				t.Fatalf("pages of %d go on behind all rows", size)
			}
		}
		Same(t, forward, all)
		if end == nil {
			continue
		}
		var backward []I
		at = end
		for more := true; more; {
			var items []I
			items, at, _, more = page(nil, at, size)
			backward = append(items, backward...)
			if len(backward) > len(all) {
				t.Fatalf("pages of %d go on before all rows", size)
			}
		}
		if len(all) > 1 {
			Same(t, backward, all[:len(all)-1])
		}
	}
	return all
}
