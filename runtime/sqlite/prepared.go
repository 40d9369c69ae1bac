package sqlite

import (
	"container/list"

	"github.com/covetsql/covetsql/runtime/plan"
)

// prepared keeps the prepared statements of a connection: those of queries whose text never changes at the query's number, all others by text,
// the least used of which goes when there are too many.
type prepared struct {
	byNumber []*statement
	byText   map[string]*list.Element
	recent   list.List // of *entry, the one used last first
	max      int
}

type entry struct {
	text string
	s    *statement
}

// get gives a statement that is prepared and not in use.
func (c *prepared) get(q *plan.Query, text string) *statement {
	var s *statement
	if q != nil && q.SQL == text {
		if n := q.Number(); n < len(c.byNumber) {
			s = c.byNumber[n]
		}
	} else if e := c.byText[text]; e != nil {
		c.recent.MoveToFront(e)
		s = e.Value.(*entry).s
	}
	if s == nil || s.busy {
		return nil
	}
	s.busy = true
	return s
}

// put keeps a statement, where there is none yet for its text.
func (c *prepared) put(q *plan.Query, text string, s *statement) {
	if q != nil && q.SQL == text {
		n := q.Number()
		if n >= len(c.byNumber) {
			c.byNumber = append(c.byNumber, make([]*statement, max(plan.Count(), n+1)-len(c.byNumber))...)
		}
		if c.byNumber[n] == nil {
			c.byNumber[n], s.kept = s, true
		}
		return
	}
	if c.byText[text] != nil || c.max <= 0 {
		return
	}
	if c.byText == nil {
		c.byText = map[string]*list.Element{}
	}
	c.byText[text], s.kept = c.recent.PushFront(&entry{text, s}), true
	for len(c.byText) > c.max {
		last := c.recent.Back()
		old := c.recent.Remove(last).(*entry)
		delete(c.byText, old.text)
		if old.s.kept = false; !old.s.busy {
			old.s.close()
		}
	}
}

func (c *prepared) closeAll() {
	for _, s := range c.byNumber {
		if s != nil {
			s.close()
		}
	}
	for _, e := range c.byText {
		e.Value.(*entry).s.close()
	}
	c.byNumber, c.byText = nil, nil
}
