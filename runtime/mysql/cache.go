package mysql

import (
	"container/list"

	"github.com/covetsql/covetsql/runtime/plan"
)

// cache keeps what a connection has prepared: the statements of queries whose text never changes at the query's number, all others by text,
// the least used of which is closed when there are too many.
type cache struct {
	byNumber []*prepared
	byText   map[string]*list.Element
	recent   list.List // of *entry, the one used last first
	max      int
}

type entry struct {
	text string
	stmt *prepared
}

func (c *cache) get(q *plan.Query, text string) *prepared {
	if q != nil && q.SQL == text {
		if n := q.Number(); n < len(c.byNumber) {
			return c.byNumber[n]
		}
		return nil
	}
	if e := c.byText[text]; e != nil {
		c.recent.MoveToFront(e)
		return e.Value.(*entry).stmt
	}
	return nil
}

func (c *cache) put(q *plan.Query, text string, s *prepared) error {
	if q != nil && q.SQL == text {
		n := q.Number()
		if n >= len(c.byNumber) {
			c.byNumber = append(c.byNumber, make([]*prepared, max(plan.Count(), n+1)-len(c.byNumber))...)
		}
		c.byNumber[n] = s
		return nil
	}
	if c.byText == nil {
		c.byText = map[string]*list.Element{}
	}
	c.byText[text] = c.recent.PushFront(&entry{text, s})
	if len(c.byText) <= max(c.max, 1) {
		return nil
	}
	old := c.recent.Remove(c.recent.Back()).(*entry)
	delete(c.byText, old.text)
	return old.stmt.Close()
}

// forget closes a statement that is to be prepared anew.
func (c *cache) forget(q *plan.Query, text string) error {
	s := c.get(q, text)
	if s == nil {
		return nil
	}
	if q != nil && q.SQL == text {
		c.byNumber[q.Number()] = nil
	} else {
		c.recent.Remove(c.byText[text])
		delete(c.byText, text)
	}
	return s.Close()
}
