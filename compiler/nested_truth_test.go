package compiler

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/internal/testkit"
)

const randomSchema = `
CREATE TABLE t0 (id INTEGER PRIMARY KEY, u INTEGER UNIQUE, n INTEGER NOT NULL, r INTEGER);
CREATE TABLE t1 (id INTEGER PRIMARY KEY, u INTEGER UNIQUE, n INTEGER NOT NULL UNIQUE, r INTEGER);
CREATE TABLE t2 (id INTEGER NOT NULL, u INTEGER, n INTEGER NOT NULL, r INTEGER, PRIMARY KEY (id, n));
CREATE TABLE t3 (id INTEGER PRIMARY KEY, u INTEGER NOT NULL UNIQUE, n INTEGER NOT NULL, r INTEGER);
`

// randomNest makes queries with nests over joins of any kinds.
type randomNest struct {
	*rand.Rand
	aliases []string
}

func (g *randomNest) pick(of ...string) string { return of[g.Intn(len(of))] }

func (g *randomNest) column(aliases []string) string {
	return g.pick(aliases...) + "." + g.pick("id", "u", "n", "r")
}

func (g *randomNest) condition(l, r []string) string {
	all := append(append([]string{}, l...), r...)
	switch g.Intn(12) {
	case 0:
		return g.column(l) + " IS " + g.column(r)
	case 1:
		return g.column(all) + " IS NULL"
	case 2:
		return g.column(l) + " < " + g.column(r)
	case 3:
		return g.column(r) + " = 1"
	case 4:
		return g.column(l) + " = " + g.column(r) + " OR " + g.column(all) + " = 2"
	case 5:
		return g.column(l) + " = " + g.column(r) + " AND " + g.column(all) + " > 1"
	case 6:
		return "random() > 0 AND " + g.column(l) + " = " + g.column(r)
	}
	return g.pick(l...) + "." + g.pick("id", "u", "r", "r", "r") + " = " + g.pick(r...) + "." + g.pick("id", "id", "id", "u", "r")
}

func (g *randomNest) from(n int) (text string, aliases []string) {
	if n == 1 {
		a := string(rune('a' + len(g.aliases)))
		g.aliases = append(g.aliases, a)
		table := "t" + strconv.Itoa(g.Intn(4))
		if g.Intn(8) == 0 {
			return "(SELECT * FROM " + table + " LIMIT 3) " + a, []string{a}
		}
		return table + " " + a, []string{a}
	}
	left := n - 1
	if g.Intn(4) == 0 {
		left = 1 + g.Intn(n-1)
	}
	l, la := g.from(left)
	r, ra := g.from(n - left)
	if n-left > 1 {
		r = "(" + r + ")"
	}
	kind := g.pick("JOIN", "LEFT JOIN", "LEFT JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")
	return l + " " + kind + " " + r + " ON " + g.condition(la, ra), append(la, ra...)
}

func (g *randomNest) query() string {
	g.aliases = nil
	from, aliases := g.from(2 + g.Intn(3))
	g.Shuffle(len(aliases), func(i, j int) { aliases[i], aliases[j] = aliases[j], aliases[i] })
	var lines, items []string
	if g.Intn(10) == 0 { // children with an aggregate
		a, b := aliases[0], aliases[1]
		by := []string{a + ".id", b + ".id"}
		if g.Intn(2) == 0 {
			by = append(by, a+".n", b+".n")
		}
		return nestedQuery("many", "k", fmt.Sprintf(`SELECT %s.id, %[1]s.n, %s.id AS "k.id", %[2]s.n AS "k.n", count(*) AS "k.c" FROM %s GROUP BY %s ORDER BY %[5]s`,
			a, b, from, strings.Join(by, ", "), g.column(aliases[:1])))
	}
	root := 1
	if len(aliases) > 2 && g.Intn(4) == 0 {
		root = 2
	}
	for _, a := range aliases[:root] {
		if g.Intn(2) == 0 {
			items = append(items, a+".*")
		} else {
			items = append(items, a+".id", a+"."+g.pick("n", "u", "r"), "-"+g.column(aliases[:root]))
		}
	}
	paths := []string{}
	for i, a := range aliases[root:] {
		if g.Intn(8) == 0 {
			continue
		}
		path := strings.ToUpper(a)
		if i > 0 && len(paths) > 0 && g.Intn(2) == 0 {
			path = g.pick(paths...) + "." + path
		}
		form := g.pick("", "", "", "", " :maybe", " :one")
		if g.Intn(4) == 0 {
			lines = append(lines, path+form)
			for _, c := range []string{"id", "n", "u"} {
				items = append(items, fmt.Sprintf(`%s.%s AS "%s.%s"`, a, c, path, c))
			}
		} else {
			lines = append(lines, a+" as "+path+form)
			items = append(items, "sqlc.embed("+a+")")
		}
		paths = append(paths, path)
	}
	if len(lines) == 0 {
		return ""
	}
	q := "SELECT " + g.pick("", "", "", "DISTINCT ") + strings.Join(items, ", ") + " FROM " + from
	if g.Intn(4) == 0 {
		q += " WHERE " + g.column(aliases) + g.pick(" IS NOT NULL", " = 1", " > 1", " IS NULL")
	}
	if g.Intn(3) > 0 {
		var by []string
		for range 1 + g.Intn(3) {
			by = append(by, g.column(aliases[:1+g.Intn(len(aliases))])+g.pick("", " DESC"))
		}
		q += " ORDER BY " + strings.Join(by, ", ")
	}
	if g.Intn(12) == 0 {
		q += " LIMIT 3"
	}
	return nestedQuery("many", strings.Join(lines, ";"), q)
}

// What is proved of nests holds on a server, whatever the rows: keys tell parents and children apart, a column tells
// whether a child is there, children have their parents, rows that are said to follow each other do.
func TestWhatIsProvedOfNestsHoldsOnSQLite(t *testing.T) {
	seed := int64(1)
	n := 1500
	if s := os.Getenv("NESTED_SEED"); s != "" {
		seed, _ = strconv.ParseInt(s, 10, 64)
		n = 20000
	}
	g := &randomNest{Rand: rand.New(rand.NewSource(seed))}
	server := testkit.SQLite(t)
	name := server.NewDatabase(t)
	server.Exec(t, name, randomSchema)
	db := server.Open(t, name)
	db.SetMaxOpenConns(1)
	texts, place := []string{}, map[string]string{}
	var all strings.Builder
	for i := range n {
		q := g.query()
		if q == "" {
			continue
		}
		name := "Q" + strconv.Itoa(i)
		q = strings.Replace(q, "name: Q ", "name: "+name+" ", 1)
		place[name] = q
		texts = append(texts, q)
		all.WriteString(q)
	}
	p := programWith(t, "covetsql.yaml", "", "sqlite", randomSchema, all.String())
	for _, d := range p.Diagnostics {
		if d.Code.ID != "CV0121" && d.Code.ID != "CV0120" && d.Severity.String() == "error" {
			t.Fatalf("%v\n%s", d, place[d.Query])
		}
	}
	queries := p.Packages[0].Queries()
	t.Logf("%d of %d queries are proved", len(queries), len(texts))
	if len(queries) < len(texts)/8 {
		t.Error("too few to learn from")
	}
	for range 6 {
		fillRandomly(t, g, db)
		for _, q := range queries {
			if problem := holds(q, rowsOf(t, db, q.SQL)); problem != "" {
				t.Fatalf("%s\n%s\n%s", problem, place[q.Name], proved(q.Nested))
			}
		}
	}
}

func fillRandomly(t *testing.T, g *randomNest, db *sql.DB) {
	value := func(null bool) any {
		if null && g.Intn(3) == 0 {
			return nil
		}
		return g.Intn(4)
	}
	for i := range 4 {
		table := "t" + strconv.Itoa(i)
		if _, err := db.Exec("DELETE FROM " + table); err != nil {
			t.Fatal(err)
		}
		for range g.Intn(5) {
			if _, err := db.Exec("INSERT OR IGNORE INTO "+table+" VALUES (?, ?, ?, ?)", value(false), value(i != 3), value(false), value(true)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func rowsOf(t *testing.T, db *sql.DB, text string) (out [][]any) {
	rows, err := db.QueryContext(context.Background(), text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	defer rows.Close()
	cols, _ := rows.Columns()
	for rows.Next() {
		row, to := make([]any, len(cols)), make([]any, len(cols))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	return out
}

// holds says what is proved of a query's nests and not so in some rows.
func holds(q *facts.Query, rows [][]any) string {
	n := q.Nested
	of := func(row []any, columns []int) string {
		var out []any
		for _, c := range columns {
			out = append(out, row[c])
		}
		return fmt.Sprint(out)
	}
	nested := map[int]bool{}
	for _, c := range n.Nests {
		for _, i := range c.Columns {
			nested[i] = true
		}
	}
	var root []int
	for i := range q.Columns {
		if !nested[i] {
			root = append(root, i)
		}
	}
	for _, key := range n.Keys {
		parents, last := map[string]string{}, ""
		for at, row := range rows {
			for _, c := range key {
				if row[c] == nil {
					return "a key is NULL"
				}
			}
			k, all := of(row, key), of(row, root)
			if old, ok := parents[k]; ok && old != all {
				return "a key is of two parents"
			} else if ok && n.Together && at > 0 && last != k {
				return "a parent's rows do not follow each other"
			}
			parents[k], last = all, k
		}
		if n.Single && len(parents) > 1 {
			return "there are two parents"
		}
	}
	// where is what a row's nest is held by.
	there := func(row []any, c *facts.Nest) bool { return c.Present < 0 || row[c.Present] != nil }
	var where func(row []any, i int) string
	where = func(row []any, i int) string {
		if i < 0 {
			return of(row, n.Keys[0])
		}
		return where(row, n.Nests[i].Parent) + of(row, n.Nests[i].Columns)
	}
	for i := range n.Nests {
		c := &n.Nests[i]
		counts, tuples := map[string]int{}, map[string]bool{}
		children := map[string]string{}
		for _, row := range rows {
			held := c.Parent < 0
			for p := c.Parent; p >= 0; p = n.Nests[p].Parent {
				held = there(row, &n.Nests[p])
				if !held {
					break
				}
			}
			if !there(row, c) {
				for _, j := range c.Columns {
					if row[j] != nil && q.Columns[j].Source != nil {
						return "what is not there has values"
					}
				}
				if held && c.Form == "one" {
					return "one is not there"
				}
				continue
			}
			if !held {
				if c.Present < 0 { // it is where what holds it is
					continue
				}
				return "nothing holds what is there"
			}
			for k, j := range c.Columns {
				if c.Never[k] && row[j] == nil {
					return "a value is NULL in what is there"
				}
			}
			in, all := where(row, c.Parent), of(row, c.Columns)
			counts[in+all]++
			if !c.Repeats && counts[in+all] > 1 {
				return "a row comes again"
			}
			if !tuples[in+all] && c.Form != "many" && counts[in] > 0 {
				return "there are two"
			}
			tuples[in+all] = true
			counts[in]++
			for _, key := range c.Keys {
				k := in + fmt.Sprint(key) + of(row, key)
				if old, ok := children[k]; ok && old != all {
					return "a key is of two children"
				}
				children[k] = all
			}
		}
	}
	return ""
}
