package postgres

// clauses are the tokens at which a query's clauses start, -1 for those it has not.
type clauses struct {
	with                        int
	core                        int // SELECT, VALUES, TABLE, or the first operand of a set operation
	into, from, where           int
	group, having, window       int
	order, limit, offset, fetch int
	locks                       []int
	splits                      []int // UNION, INTERSECT and EXCEPT
	end                         int   // the last token before the tail, on the level of core
}

// clausesOf finds the clauses of the query in r, going down into brackets that are around
// all of it: the tree has one node for (SELECT …) ORDER BY x.
func (l *lowerer) clausesOf(r rng, ctes int) clauses {
	c := clauses{with: -1, core: r.lo, into: -1, from: -1, where: -1, group: -1, having: -1, window: -1, order: -1, limit: -1, offset: -1, fetch: -1}
	for {
		i := r.lo
		if l.is(i, "WITH") {
			c.with = i
			i = l.afterWith(i, ctes)
		}
		c.core, c.end = i, r.hi
		if l.char(i) == '(' {
			l.scan(&c, l.closing(i)+1, r.hi)
			if len(c.splits) == 0 {
				r = rng{i + 1, l.closing(i) - 1}
				continue
			}
			return c
		}
		l.scan(&c, i+1, r.hi)
		return c
	}
}

// scan notes the clauses between two tokens of one level.
func (l *lowerer) scan(c *clauses, i, hi int) {
	tail := func(at int) { c.end = min(c.end, at-1) }
	for ; i <= hi && i < l.n; i++ {
		t := l.tok[i]
		if t.End-t.Start < 3 {
			if ch := l.char(i); ch == '(' || ch == '[' {
				i = int(l.match[i])
			}
			continue
		}
		if len(c.splits) > 0 {
			switch l.s.Text[t.Start] | 0x20 {
			case 'u', 'i', 'e', 'o', 'l', 'f':
			default:
				continue
			}
		}
		switch l.s.Text[t.Start] | 0x20 {
		case 'f':
			switch {
			case c.from < 0 && l.is(i, "FROM") && !l.label(i) && !(l.is(i-1, "DISTINCT") && l.isAny(i-2, "IS", "NOT")):
				c.from = i
			case l.is(i, "FETCH") && !l.label(i):
				c.fetch = i
				tail(i)
			case l.is(i, "FOR") && !l.label(i) && !l.is(i-1, "COLLATION"):
				c.locks = append(c.locks, i)
				tail(i)
			}
		case 'w':
			switch {
			case c.where < 0 && l.is(i, "WHERE") && !l.label(i):
				c.where = i
			case c.window < 0 && l.is(i, "WINDOW") && !l.label(i):
				c.window = i
			}
		case 'g':
			if c.group < 0 && l.is(i, "GROUP") && !l.label(i) && !l.is(i-1, "WITHIN") {
				c.group = i
			}
		case 'h':
			if c.having < 0 && l.is(i, "HAVING") && !l.label(i) {
				c.having = i
			}
		case 'o':
			switch {
			case l.is(i, "ORDER") && !l.label(i):
				c.order = i
				tail(i)
			case l.is(i, "OFFSET") && !l.label(i):
				c.offset = i
				tail(i)
			}
		case 'l':
			if l.is(i, "LIMIT") && !l.label(i) {
				c.limit = i
				tail(i)
			}
		case 'u':
			if l.is(i, "UNION") && !l.label(i) {
				c.splits = append(c.splits, i)
			}
		case 'e':
			if l.is(i, "EXCEPT") && !l.label(i) {
				c.splits = append(c.splits, i)
			}
		case 'i':
			switch {
			case l.is(i, "INTERSECT") && !l.label(i):
				c.splits = append(c.splits, i)
			case c.into < 0 && c.from < 0 && l.is(i, "INTO") && !l.label(i):
				c.into = i
			}
		}
	}
}

// label tells whether the word at i is a name: after a dot or AS.
func (l *lowerer) label(i int) bool { return l.char(i-1) == '.' || l.is(i-1, "AS") }

// afterWith is the first token behind a WITH clause of n expressions that starts at i.
func (l *lowerer) afterWith(i, n int) int {
	i++
	if l.is(i, "RECURSIVE") {
		i++
	}
	for range n {
		i++ // the name
		if l.char(i) == '(' {
			i = l.closing(i) + 1
		}
		for l.isAny(i, "AS", "NOT", "MATERIALIZED") {
			i++
		}
		if l.char(i) == '(' {
			i = l.closing(i) + 1
		}
		if l.is(i, "SEARCH") {
			i = max(l.find(i, l.n-1, "SET")+2, i)
		}
		if l.is(i, "CYCLE") {
			i = max(l.find(i, l.n-1, "USING")+2, i)
		}
		if l.char(i) == ',' {
			i++
		}
	}
	return min(i, l.n-1)
}
